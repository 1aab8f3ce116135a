"""Makes a stream as hostile as the contract allows. What comes out is legal: a good subscriber ends as if nothing had been added.

Repeats, types and majors that nobody knows yet, bodies of newer and of older minor versions, bodies close to the limit of size. Never
a gap, a wrong order or a broken body: those would be our fault and not a subscriber's.
"""

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from ...envelope import MAX_BODY_BYTES, CloudEvent, Header, Record, encode
from ...events.event import SCHEMA_PREFIX, TYPE_PREFIX
from ...registry import EVENT_CLASSES
from ...topics import PLACEMENTS

_UNKNOWN_TYPES: Final = ("WorkshopBooked.v1", "AgreementSigned.v2", "InternshipPostponed.v1")
_NEAR: Final = 20
_DEFAULTS: Final = {
    one.ce_type().encode(): {
        name: value
        for name, value in one.model_construct().model_dump(mode="json").items()
        if not one.model_fields[name].is_required()
    }
    for one in EVENT_CLASSES
}


@dataclass(frozen=True, slots=True)
class Hostility:
    """How much of each. Shares are of the events, from 0 to 1."""

    repeats: float = 0.1
    unknown: float = 0.03
    newer: float = 0.1
    older: float = 0.05
    large: float = 0.002
    unknown_within: bool = False
    """Whether an unknown type may also stand in the line of an aggregate that is known, and take up a number there."""


PEACE: Final = Hostility(0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Play:
    """A record to be sent. `known`: a subscriber of this version must take it in. `repeat`: it was sent before."""

    record: Record
    id: UUID
    sequence: int
    known: bool = True
    repeat: bool = False


def hostile(events: Sequence[CloudEvent], *, seed: int, hostility: Hostility) -> list[Play]:
    """The stream with everything added. The same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - must be repeatable, not secret
    plays: list[Play] = []
    shift: defaultdict[tuple[str, str], int] = defaultdict(int)
    for event in events:
        place = (event.data.TOPIC, event.data.key)
        event = replace(event, sequence=event.sequence + shift[place])  # noqa: PLW2901 - its number in the stream as played
        plays.append(Play(_changed(encode(event), chance, hostility), event.id, event.sequence))
        if chance.random() < hostility.unknown:
            within = hostility.unknown_within and chance.random() < 0.5
            shift[place] += within
            plays += _unknown(event, chance, within=within)
    return _with_repeats(plays, chance, hostility.repeats)


def _changed(record: Record, chance: random.Random, hostility: Hostility) -> Record:
    """As a newer or an older minor version of us would write it."""
    drawn = chance.random()
    body: dict[str, Any] = json.loads(record.value)
    if drawn < hostility.large:
        room = MAX_BODY_BYTES - len(record.value) - 64
        return _with_body(record, body | {"added_at_length": "æ" * (room // 2)})
    drawn -= hostility.large
    if drawn < hostility.newer:
        return _with_body(record, _newer(body), ("ce_addedtomorrow", b"1"))
    if drawn - hostility.newer < hostility.older:
        return _with_body(record, _older(record, body))
    return record


def _newer(body: dict[str, Any]) -> dict[str, Any]:
    """Fields that nobody knows, at the top, inside and first; a new code in a list that may grow."""
    changed = {"added_tomorrow": {"deep": [1, None, "x"]}} | body | {"added_too": None}
    for name in ("workplace", "wishes", "dates"):
        if isinstance(changed.get(name), dict):
            changed[name] = changed[name] | {"added_inside": 1.5}
    if isinstance(changed.get("reasons"), list):
        changed["reasons"] = [*changed["reasons"], "reason_of_tomorrow"]
    if "field" in changed:
        changed["field"] = "field_of_tomorrow"
    return changed


def _older(record: Record, body: dict[str, Any]) -> dict[str, Any]:
    """Without the optional fields that say nothing here: an older minor version did not know them."""
    defaults = _DEFAULTS[dict(record.headers)["ce_type"]]
    return {name: value for name, value in body.items() if name not in defaults or defaults[name] != value}


def _with_body(record: Record, body: dict[str, Any], *headers: Header) -> Record:
    value = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return replace(record, value=value, headers=(*record.headers, *headers))


def _unknown(event: CloudEvent, chance: random.Random, *, within: bool) -> list[Play]:
    """An event of a type that this version does not know: about an aggregate of its own, or within the line of a known one."""
    name = chance.choice(_UNKNOWN_TYPES)
    key = event.data.key if within else str(_drawn_id(event, chance))
    topic = event.data.TOPIC if within else PLACEMENTS.name
    first = event.sequence + 1 if within else 1
    return [
        Play(_unknown_record(event, name, topic, key, id, number), id, number, known=False)
        for number in range(first, first + (1 if within else chance.randint(1, 3)))
        for id in (_drawn_id(event, chance),)
    ]


def _unknown_record(event: CloudEvent, name: str, topic: str, key: str, id: UUID, number: int) -> Record:
    changed = {
        "ce_id": str(id).encode(),
        "ce_type": f"{TYPE_PREFIX}.{name}".encode(),
        "ce_subject": key.encode(),
        "ce_partitionkey": key.encode(),
        "ce_sequence": b"%010d" % number,
        "ce_dataschema": f"{SCHEMA_PREFIX}/{name}.json".encode(),
    }
    headers: Sequence[Header] = [(one, changed.get(one, raw)) for one, raw in encode(event).headers]
    return Record(topic, key.encode(), tuple(headers), b'{"of": "tomorrow", "placement_id": 7}')


def _drawn_id(event: CloudEvent, chance: random.Random) -> UUID:
    """A UUIDv7 beside the event's."""
    bits = chance.getrandbits(74)
    return UUID(
        int=event.id.int >> 80 << 80 | 0x7 << 76 | bits >> 62 << 64 | 0b10 << 62 | bits & (1 << 62) - 1
    )


def _with_repeats(plays: list[Play], chance: random.Random, share: float) -> list[Play]:
    """Records sent twice: soon after, as by a relay that lost its connection, or long after, as by one that was restored."""
    copies: defaultdict[int, list[Play]] = defaultdict(list)
    for place, play in enumerate(plays):
        if chance.random() < share:
            to = (
                place + chance.randint(1, _NEAR)
                if chance.random() < 0.8
                else chance.randrange(place, len(plays))
            )
            copies[min(to, len(plays) - 1)].append(replace(play, repeat=True))
    return [one for place, play in enumerate(plays) for one in (play, *copies[place])]
