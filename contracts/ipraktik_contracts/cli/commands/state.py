"""`ipraktik-events state`: every aggregate rebuilt from its events."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ...counted import counted
from ...lifecycle import LIFECYCLES
from .. import loop, options, output
from ..choice import choice_of
from ..proof.canonical import Aggregate, aggregates_of, kind_hashes, state_hash, without_erased
from ..refusal import BROKEN, HOLDS, CannotDo
from ..source import proof_from

_KINDS = tuple(lifecycle.aggregate for lifecycle in LIFECYCLES)


@dataclass(frozen=True, slots=True)
class _Wanted:
    kinds: frozenset[str]
    editions: frozenset[str]
    erased_too: bool

    def of(self, rows: Sequence[Aggregate]) -> list[Aggregate]:
        """The rows wanted."""
        return [
            row
            for row in (rows if self.erased_too else without_erased(rows))
            if (not self.kinds or row.aggregate in self.kinds)
            and (not self.editions or row.edition_id in self.editions)
        ]


def state(
    file: options.FromFile = None,
    bootstrap: options.Bootstrap = None,
    namespace: options.Namespace = None,
    aggregate: Annotated[
        list[str] | None,
        typer.Option(
            "--aggregate", metavar="KIND", help=f"Only these: {', '.join(_KINDS)}. May be repeated."
        ),
    ] = None,
    edition: options.Editions = None,
    leave_out_erased: Annotated[
        bool,
        typer.Option(
            "--without-erased",
            help="Leave out erased sign-ups, their searches, and placements in which one is intern or host: "
            "as a subscriber keeps it who deletes them, like the kit.",
        ),
    ] = False,
    as_json: options.AsJson = False,
    canonical: Annotated[
        bool,
        typer.Option(
            "--canonical", help="Print exactly the lines that the hash of one --aggregate is made over."
        ),
    ] = False,
) -> None:
    """Rebuild every aggregate from its events; print where each stands, counts and hashes.

    A subscriber that keeps the same finds by the hash whether its copy equals ours. The hash of a kind is SHA-256, in lower-case
    hexadecimal, over one line for each of its aggregates:

    `id edition_id state last_number`

    One space between, one line feed (0A) after each line, ASCII; ids are UUIDs in lower case, `state` is a word of the published
    lifecycle, the number is decimal without zeros in front. The lines are sorted by their bytes (in a shell: `LC_ALL=C sort`) and put
    together. The hash named `state` is made the same way over the lines `kind hash` of the kinds shown.

    So `state --aggregate placement --canonical | sha256sum` is the hash of `placement`, and so is, over a table in PostgreSQL whose ids are
    of type uuid (which sorts them as their text):

    `select encode(sha256(convert_to(coalesce(string_agg(placement_id || ' ' || edition_id || ' ' || state || ' ' || last_sequence || chr(10), '' order by placement_id), ''), 'UTF8')), 'hex') from placement`

    A subscriber that deletes what is erased, like the kit, compares with `--without-erased`.

    States of a placement: proposed, accepted, drafted, signed, amending, completed, not_held, declined, expired, withdrawn, lapsed,
    cancelled. Every record of an aggregate takes up a number, also one of a type that is not known yet.

    Output: a table (columns with tabs between where nobody looks on), then counts and hashes. With `--json` one object a line, the
    last of which has the key `summary`.

    Exit status: 0 rebuilt, 1 rebuilt from a stream that does not verify (see `verify`), 2 could not be tried, 130 interrupted.
    """
    kinds = frozenset(aggregate or ())
    if unknown := kinds - set(_KINDS):
        raise CannotDo(f"There is no aggregate {min(unknown)[:40]!r}; there is {', '.join(_KINDS)}")
    if canonical and len(kinds) != 1:
        raise CannotDo("--canonical prints the lines of one kind: name it with --aggregate")
    editions = frozenset(str(id) for id in choice_of((), edition or ()).editions)
    wanted = _Wanted(kinds, editions, erased_too=not leave_out_erased)
    form = "canonical" if canonical else "json" if as_json else "table"
    loop.run(_state(file, bootstrap, namespace, wanted, form))


async def _state(
    file: Path | None, bootstrap: str | None, namespace: str | None, wanted: _Wanted, form: str
) -> int:
    with output.at_work("reading"):
        ledger, proof = await proof_from(file, bootstrap=bootstrap, namespace=namespace)
    rows = wanted.of(aggregates_of(ledger))
    if form == "canonical":
        for row in rows:
            output.say_bytes(row.line[:-1])
    elif form == "json":
        _as_json(rows, proved=proof.proved)
    else:
        _as_table(rows)
    if not proof.proved:
        output.note(
            f"The stream does not verify ({counted(sum(proof.broken.values()), 'finding', 'findings')}): see ipraktik-events verify"
        )
    return HOLDS if proof.proved else BROKEN


def _as_json(rows: Sequence[Aggregate], *, proved: bool) -> None:
    for row in rows:
        output.say_json_line(
            {
                "aggregate": row.aggregate,
                "id": row.id,
                "edition_id": row.edition_id,
                "state": row.state,
                "last_sequence": row.last_sequence,
            }
        )
    hashes = kind_hashes(rows)
    summary = {"counts": _counts(rows), "hashes": hashes | {"state": state_hash(hashes)}, "proved": proved}
    output.say_json_line({"summary": summary})


def _as_table(rows: Sequence[Aggregate]) -> None:
    output.table(
        ("aggregate", "id", "edition", "state", "last number"),
        [(row.aggregate, row.id, row.edition_id, row.state, str(row.last_sequence)) for row in rows],
    )
    for kind, states in _counts(rows).items():
        held = ", ".join(f"{state} {count}" for state, count in states.items())
        output.say(f"count: {kind} {sum(states.values())}: {held}")
    hashes = kind_hashes(rows)
    for kind, made in (hashes | {"state": state_hash(hashes)}).items():
        output.say(f"hash: {kind} {made}")


def _counts(rows: Sequence[Aggregate]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(row.aggregate, Counter())[row.state] += 1
    return {kind: dict(sorted(states.items())) for kind, states in counts.items()}
