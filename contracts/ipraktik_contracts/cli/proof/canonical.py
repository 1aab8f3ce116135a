"""The hashes by which two copies of the stream are compared, whoever made them and in whichever language.

**Hash of an aggregate kind.** One line per aggregate of the kind that was told of in types this build knows:

    <id> <edition_id> <state> <last number> LF

Ids are UUIDs in lower case, `state` is a word of the lifecycle, the last number is decimal without zeros in front; one space between,
one line feed (0A) after each line, ASCII. Sort the lines by their bytes, put them together, SHA-256, lower-case hexadecimal.

**State hash.** One line per kind that has any aggregate, sorted and hashed the same way:

    <kind> <hash of the kind> LF

The kinds are edition, participant, placement, search, evaluation, report: the lifecycles' words.

**Events hash.** One line per key of a public topic, sorted and hashed the same way:

    <topic without namespace> <key> <ce_id of number 1> <ce_id of number 2> ... LF

It says which events there are, in the order of each aggregate; that an id stands for one content is what the proof adds. Records of types
that this build does not know are in it, and take up their number in the lines above; repeats are not. Nothing at all gives the SHA-256
of nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from .ledger import Ledger
from .lines import Line


class Aggregate(NamedTuple):
    """One row of the state: where an aggregate stands after its last event. `people` are the sign-ups it is about.

    A tuple, since there are as many as aggregates and a frozen dataclass takes five times as long to make.
    """

    aggregate: str
    id: str
    edition_id: str
    state: str
    last_sequence: int
    people: tuple[int, ...] = ()

    @property
    def line(self) -> bytes:
        """Its line of the hash of its kind."""
        return f"{self.id} {self.edition_id} {self.state} {self.last_sequence}\n".encode("ascii")


def aggregates_of(ledger: Ledger) -> list[Aggregate]:
    """Every aggregate, by kind and id."""
    editions: dict[int, str] = {}  # few, and their text is asked for often
    rows = []
    for line in ledger.all_lines():
        lifecycle, state, edition = line.lifecycle, line.state, line.edition
        if lifecycle is None or state is None or edition is None:
            continue
        text = editions.get(edition.int) or editions.setdefault(edition.int, str(edition))
        kind = lifecycle.aggregate
        rows.append(Aggregate(kind, line.key.decode(), text, state, line.last, _people(line, kind)))
    rows.sort()
    return rows


def without_erased(rows: Sequence[Aggregate]) -> list[Aggregate]:
    """As a subscriber keeps it who deletes, with an erased sign-up, everything under its id: the sign-up itself, its search, and the
    placements in which it is intern or host. Evaluations name no sign-up and stay."""
    erased = {UUID(row.id).int for row in rows if row.aggregate == "participant" and row.state == "erased"}
    return [row for row in rows if erased.isdisjoint(row.people)]


def kind_hashes(rows: Iterable[Aggregate]) -> dict[str, str]:
    """The hash of each kind among these."""
    lines: dict[str, list[bytes]] = {}
    for row in rows:
        lines.setdefault(row.aggregate, []).append(row.line)
    return {kind: _hash(sorted(found)) for kind, found in sorted(lines.items())}


def state_hash(hashes: dict[str, str]) -> str:
    """The state hash, from the hashes of the kinds."""
    return _hash(sorted(f"{kind} {made}\n".encode() for kind, made in hashes.items()))


def events_hash(ledger: Ledger) -> str:
    """The events hash of everything in the ledger."""
    return _hash(sorted(_event_lines(ledger)))


def _people(line: Line, kind: str) -> tuple[int, ...]:
    if isinstance(line.identity, tuple):
        return line.identity[1:3]
    return (line.number,) if kind in ("participant", "search") else ()


def _event_lines(ledger: Ledger) -> Iterator[bytes]:
    for topic, lines in ledger.lines.items():
        name = topic.removeprefix(ledger.namespace).encode()
        for line in lines.values():
            yield b"%b %b %b\n" % (name, line.key, b" ".join(line.all_ids()))


def _hash(lines: Iterable[bytes]) -> str:
    made = hashlib.sha256()
    for line in lines:
        made.update(line)
    return made.hexdigest()
