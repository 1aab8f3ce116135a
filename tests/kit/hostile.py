"""The same story as a subscriber may really meet it: legal in every point, and as unpleasant as the contract allows.

Only what the promise leaves open is done: repeats (at once and late), types and majors from the future with their numbers in
line, fields and headers from the future, odd headers of others, and records that keep no contract and stand in no line.
"""

import itertools
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kit.lives import Happened, Teller

from ipraktik_contracts import CloudEvent, encode
from ipraktik_contracts.events.event import SCHEMA_PREFIX, TYPE_PREFIX

Headers = tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True)
class Wire:
    """A record on its way to Kafka; `topic` without namespace. `id` only where it is a legal event."""

    topic: str
    key: bytes | None
    headers: Headers
    value: bytes | None
    id: str | None = None
    sequence: int = 0
    known: bool = True

    def header(self, name: str, value: bytes | None) -> "Wire":
        """The same with one header changed, or added at the end."""
        kept = tuple((known, value if known == name else raw) for known, raw in self.headers)
        added = () if any(known == name for known, _ in kept) else ((name, value),)
        return replace(self, headers=kept + added)

    @property
    def line(self) -> tuple[str, str]:
        """Whose number it carries."""
        return self.topic, (self.key or b"").decode()


Change = Callable[[Wire], Wire]


@dataclass(frozen=True)
class Stream:
    """What is played, in order; repeats included."""

    records: tuple[Wire, ...]

    @property
    def events(self) -> dict[str, Wire]:
        """By id, every legal event once."""
        return {record.id: record for record in self.records if record.id is not None}

    @property
    def refused(self) -> int:
        """Records that break the contract."""
        return sum(record.id is None for record in self.records)

    @property
    def unknown(self) -> int:
        """Events of types and majors that today's build does not know."""
        return sum(not record.known for record in self.events.values())

    def last_numbers(self) -> dict[tuple[str, str], int]:
        """Per line, its last number."""
        found: dict[tuple[str, str], int] = {}
        for record in self.events.values():
            found[record.line] = max(found.get(record.line, 0), record.sequence)
        return found


def hostile(happened: Happened, seed: int) -> Stream:
    """Tell the story with everything in it that a subscriber must bear."""
    chance = random.Random(seed)
    teller = Teller(chance)
    breaking = itertools.cycle(_BREAKING)
    records: list[Wire] = []
    for event in happened.told:
        number = teller.number(event.data.TOPIC, event.key)
        if chance.random() < 0.08:
            records.append(_from_the_future(teller, event, number))
            number = teller.number(event.data.TOPIC, event.key)
        wire = _wired(replace(event, sequence=number))
        if chance.random() < 0.06:
            records.append(next(breaking)(wire))
        records.append(chance.choice(_ODD)(wire) if chance.random() < 0.3 else wire)
        if chance.random() < 0.1:
            records.append(records[-1])
        if chance.random() < 0.1:
            records.append(chance.choice(records))
    return Stream(tuple(records))


def _wired(event: CloudEvent) -> Wire:
    record = encode(event)
    return Wire(record.topic, record.key, record.headers, record.value, str(event.id), event.sequence)


def _from_the_future(teller: Teller, event: CloudEvent, number: int) -> Wire:
    """A type or a major that nobody knows today, in its place in the line."""
    name = teller.chance.choice(
        ["PlacementPhotographed.v1", "MatchProposed.v2", "AgreementSigned.v3", "WorkshopBooked.v1"]
    )
    made = _wired(replace(event, id=teller.new_id(), sequence=number))
    body = teller.chance.choice([b'{"v": 2}', b"[]", b"not even JSON", b""])
    made = made.header("ce_type", f"{TYPE_PREFIX}.{name}".encode())
    made = made.header("ce_dataschema", f"{SCHEMA_PREFIX}/{name}.json".encode())
    return replace(made, value=body, known=False)


def _more_fields(wire: Wire) -> Wire:
    body = json.loads(wire.value or b"")
    body |= {"weather": "rain", "nested": {"deep": [1, 2, {"er": None}]}}
    for grows in ("reasons", "changed"):
        if grows in body:
            body[grows] = [*body[grows], "a_reason_of_tomorrow"]
    return replace(wire, value=json.dumps(body, ensure_ascii=False).encode()).header("ce_mood", b"god")


def _fewer_fields(wire: Wire) -> Wire:
    """As an older minor version wrote it, which did not know the fields that have a default."""
    body = {
        name: value for name, value in json.loads(wire.value or b"").items() if name not in _OPTIONAL or value
    }
    return replace(wire, value=json.dumps(body).encode())


_OPTIONAL: Final = {
    "standing_version",
    "companion_id",
    "self_found_with",
    "host_in_mind_id",
    "unplaced_before",
}
_ODD: Final[tuple[Change, ...]] = (
    _more_fields,
    _fewer_fields,
    lambda wire: wire.header("x-proxy", None),
    lambda wire: wire.header("x-bytes", b"\xff\xfe\x00"),
    lambda wire: wire.header("ce_tomorrow", "på en måde".encode()),
    lambda wire: replace(wire, headers=tuple(reversed(wire.headers))),
)
"""Legal, and read like any other."""


def _broken(wire: Wire) -> Wire:
    return replace(wire, id=None)


_BREAKING: Final[tuple[Change, ...]] = (
    lambda wire: replace(_broken(wire), value=None),
    lambda wire: replace(_broken(wire), value=None, headers=()),
    lambda wire: replace(_broken(wire), value=b'{"placement_id": '),
    lambda wire: replace(_broken(wire), value=b"\xff\xfe"),
    lambda wire: replace(_broken(wire), value=b"[" * 30_000 + b"]" * 30_000),
    lambda wire: replace(_broken(wire), value=b" " * 66_000 + (wire.value or b"")),
    lambda wire: replace(_broken(wire), value=b"{}"),
    lambda wire: replace(_broken(wire), headers=()),
    lambda wire: replace(_broken(wire), key=b"00000000-0000-7000-8000-000000000000"),
    lambda wire: replace(_broken(wire), key=None),
    lambda wire: _broken(wire).header("ce_type", None),
    lambda wire: _broken(wire).header("ce_id", b"\xff\xfe"),
    lambda wire: _broken(wire).header("ce_id", b"one"),
    lambda wire: _broken(wire).header("ce_sequence", b"none"),
    lambda wire: _broken(wire).header("ce_sequence", b"0"),
    lambda wire: _broken(wire).header("ce_sequence", b"9" * 30),
    lambda wire: _broken(wire).header("ce_specversion", b"0.3"),
)
"""Against the contract: each bears the number of the event that follows it, so whoever counts it loses that event."""


def in_waves(records: Sequence[Wire], waves: int) -> list[Sequence[Wire]]:
    """The stream in so many parts, for pauses between them."""
    size = -(-len(records) // waves)
    return [records[begin : begin + size] for begin in range(0, len(records), size)]


def without(stream: Stream, *lost: Wire) -> Stream:
    """The stream with these events lost for good, wherever they came."""
    ids = {one.id for one in lost}
    return Stream(tuple(record for record in stream.records if record.id not in ids))
