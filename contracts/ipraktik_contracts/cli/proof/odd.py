"""The long way to read a record: everything that is wrong with it alone, by name, and what can still be read of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...envelope import MAX_BODY_BYTES, DecodingError, MalformedRecord, decode
from ...events import Event
from ..records import Taken
from .attributes import DIGITS_AT_MOST, UUID_TEXT, Breach, envelope_breaches, read_attributes
from .kinds import Kind

_OF_A_TYPE: Final = re.compile(r"[A-Za-z]+: (?P<said>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Odd:
    """A record as far as it can be read. `unknown` is its type where this build does not know it."""

    kind: Kind | None
    data: Event | None
    unknown: str
    breaches: tuple[Breach, ...]
    id: bytes | None
    number: int | None
    source: bytes
    digest: int

    @property
    def has_place(self) -> bool:
        """Whether it can be told where in which line it belongs."""
        return self.id is not None and self.number is not None


def read_oddly(record: Taken, kinds: Mapping[bytes, Kind]) -> Odd:
    """Read it attribute by attribute and ask `decode` about the rest."""
    attributes = read_attributes(record)
    breaches = list(envelope_breaches(record, attributes))
    kind = kinds.get(attributes.get("ce_type", b""))
    data: Event | None = None
    unknown = ""
    try:
        data = decode(record.headers, record.value).data
    except MalformedRecord as error:
        breach = _of_the_body(record, str(error))
        if breach is not None or not breaches:
            breaches.append(breach or ("envelope", str(error)))
    except DecodingError:  # a type or a major that this build does not know
        unknown = attributes.get("ce_type", b"in structured mode").decode("utf-8", "replace")[:200]
        breaches += [] if (breach := _of_any_body(record)) is None else [breach]
    if data is not None and data.AUDIENCE != "public":
        breaches.append(("topic", f"{type(data).__name__} is internal and must never lie on a public topic"))
    if kind is not None and record.topic != kind.topic:
        breaches.append(("topic", f"{kind.name} belongs on {kind.topic}"))
    if data is not None and record.key is not None and data.key.encode() != record.key:
        breaches.append(("key", f"the body's {type(data).KEY} is not the record's key"))
    return Odd(
        kind=kind,
        data=data,
        unknown=unknown,
        breaches=tuple(dict.fromkeys(breaches)),
        id=attributes.get("ce_id"),
        number=_number(attributes) if _is_aggregate(record.key) else None,
        source=attributes.get("ce_source", b""),
        digest=digest_of(
            record.value, attributes.get("ce_type"), attributes.get("ce_time"), attributes.get("ce_source")
        ),
    )


def digest_of(value: bytes | None, ce_type: bytes | None, told: bytes | None, source: bytes | None) -> int:
    """What two tellings of one event have in common. Of this run only: Python salts it."""
    return hash((value, ce_type, told, source))


def _of_the_body(record: Taken, said: str) -> Breach | None:
    """The rule about the body that a malformed record breaks; None where it is the envelope's fault, which is named elsewhere."""
    if (breach := _of_any_body(record)) is not None:
        return breach
    explained = None if said.startswith(("header ", "attribute ", "ce_")) else _OF_A_TYPE.fullmatch(said)
    if explained is None:
        return None
    about_the_key = explained["said"].startswith("ce_subject")
    return ("key", explained["said"]) if about_the_key else ("schema", said)


def _of_any_body(record: Taken) -> Breach | None:
    if record.value is None:
        return "tombstone", "the record has no body"
    if len(record.value) > MAX_BODY_BYTES:
        return "size", f"the body has {len(record.value)} bytes; an event may have {MAX_BODY_BYTES}"
    return None


def _number(attributes: Mapping[str, bytes]) -> int | None:
    """The number, as far as it can be read at all: one in a wrong form still takes up its place."""
    raw = attributes.get("ce_sequence", b"")
    return int(raw) or None if raw.isdigit() and len(raw) <= DIGITS_AT_MOST else None


def _is_aggregate(key: object) -> bool:
    return isinstance(key, bytes) and UUID_TEXT.fullmatch(key) is not None
