"""CloudEvents 1.0 over Kafka, both ways. We write binary mode: the attributes are headers, the event is the JSON body.

Structured mode (content-type `application/cloudevents+json`) is read as well, and written where one object is wanted.
Invariants: the key, `ce_subject` and `ce_partitionkey` are the aggregate's id; `ce_sequence` is ten digits, so that it sorts
as text; what cannot be decoded raises one of three errors that say whose fault it is.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from . import structured
from .errors import DecodingError, MalformedRecord, NewerMajor, TooLarge, UnknownType
from .events import Event
from .events.event import MAJOR
from .registry import BY_TYPE, split_type

__all__ = [
    "MAX_BODY_BYTES",
    "CloudEvent",
    "DecodingError",
    "MalformedRecord",
    "NewerMajor",
    "Record",
    "TooLarge",
    "UnknownType",
    "decode",
    "encode",
    "encode_structured",
    "instant_text",
    "source_urn",
    "to_structured",
]

MAX_BODY_BYTES: Final = 65_536
MAX_HEADER_BYTES: Final = 1_024
CONTENT_TYPE: Final = b"application/json"
_SEQUENCE_DIGITS: Final = 18
_REQUIRED: Final = ("ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_sequence")

_READ: Final = frozenset(
    {*_REQUIRED, "ce_correlationid", "ce_causationid", "traceparent", "content-type"},
)
"""The headers that a reader looks at; others, of ours or of anybody, do not matter."""

Header = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """An event in its envelope: what happened, when, as which in line, and because of what."""

    id: UUID
    source: str
    time: datetime
    sequence: int
    data: Event
    correlation_id: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None

    @property
    def key(self) -> str:
        """The aggregate's id."""
        return self.data.key


@dataclass(frozen=True, slots=True)
class Record:
    """What goes to Kafka: topic (without namespace), key, headers in a fixed order, body."""

    topic: str
    key: bytes
    headers: tuple[Header, ...]
    value: bytes


def source_urn(organiser: str, service: str) -> str:
    """`ce_source` of a service: `urn:innovationspraktik:<organiser>:<service>`."""
    return f"urn:innovationspraktik:{organiser}:{service}"


def encode(event: CloudEvent) -> Record:
    """The record that carries the event. Raises TooLarge above 64 KiB."""
    data = event.data
    value = data.model_dump_json().encode()
    if len(value) > MAX_BODY_BYTES:
        raise TooLarge(f"{type(data).__name__}: {len(value)} bytes; an event may have {MAX_BODY_BYTES}")
    key = data.key.encode()
    headers: list[Header] = [
        ("ce_specversion", b"1.0"),
        ("ce_id", str(event.id).encode()),
        ("ce_type", data.ce_type().encode()),
        ("ce_source", event.source.encode()),
        ("ce_subject", key),
        ("ce_partitionkey", key),
        ("ce_time", instant_text(event.time).encode()),
        ("ce_sequence", b"%010d" % event.sequence),
        ("ce_dataschema", data.schema_id().encode()),
        ("content-type", CONTENT_TYPE),
    ]
    for name, text in (
        ("ce_correlationid", event.correlation_id),
        ("ce_causationid", event.causation_id),
        ("traceparent", event.traceparent),
    ):
        if text is not None:
            headers.append((name, text.encode()))
    return Record(data.TOPIC, key, tuple(headers), value)


def to_structured(event: CloudEvent) -> dict[str, Any]:
    """The event as one JSON object in CloudEvents' JSON format. Raises TooLarge."""
    record = encode(event)
    attributes = {
        name.removeprefix("ce_"): raw.decode() for name, raw in record.headers if name != "content-type"
    }
    return structured.one_object(attributes, record.value)


def encode_structured(event: CloudEvent) -> Record:
    """The record that carries the event in structured mode. Our services write binary mode. Raises TooLarge."""
    made = to_structured(event)
    value = json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()
    headers = (("content-type", structured.CONTENT_TYPE.encode()),)
    return Record(event.data.TOPIC, event.key.encode(), headers, value)


def decode(headers: Iterable[tuple[str, bytes | None]], value: bytes | None) -> CloudEvent:
    """The event that a record carries, in binary or structured mode, read with the open view: unknown fields are ignored.

    Raises MalformedRecord, UnknownType or NewerMajor.
    """
    attributes = _attributes(headers)
    content_type, made = attributes.get("content-type"), None
    if content_type is not None and structured.is_structured(content_type):
        # headers beside a structured event are copies and do not matter
        made = structured.parsed(content_type, value)
        attributes = _named(made)
    missing = [name for name in _REQUIRED if name not in attributes]
    if missing:
        kind = f"header {missing[0]}" if made is None else f"attribute {missing[0].removeprefix('ce_')}"
        raise MalformedRecord(f"{kind} is missing")
    if attributes["ce_specversion"] != "1.0":
        raise MalformedRecord("ce_specversion is not 1.0")
    event_class = _class_of(attributes["ce_type"])
    if made is not None:
        value = structured.body_of(made)
    if value is None:
        raise MalformedRecord("a tombstone carries no event")
    if len(value) > MAX_BODY_BYTES:
        raise MalformedRecord(f"body of {len(value)} bytes; an event may have {MAX_BODY_BYTES}")
    try:
        data = event_class.model_validate_json(value, extra="ignore")
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise MalformedRecord(f"{event_class.__name__}: {where}: {first['type']}") from None
    if data.key != attributes["ce_subject"]:
        raise MalformedRecord(f"{event_class.__name__}: ce_subject is not the {event_class.KEY} of the body")
    return CloudEvent(
        id=_uuid(attributes["ce_id"]),
        source=attributes["ce_source"],
        time=_instant(attributes["ce_time"]),
        sequence=_sequence(attributes["ce_sequence"]),
        data=data,
        correlation_id=attributes.get("ce_correlationid"),
        causation_id=attributes.get("ce_causationid"),
        traceparent=attributes.get("traceparent"),
    )


def instant_text(instant: datetime) -> str:
    """RFC 3339 in UTC with microseconds and Z."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _attributes(headers: Iterable[tuple[str, bytes | None]]) -> Mapping[str, str]:
    attributes: dict[str, str] = {}
    for name, raw in headers:
        if name not in _READ:
            continue
        if raw is None:
            raise MalformedRecord(f"header {name} is null")
        if len(raw) > MAX_HEADER_BYTES:
            raise MalformedRecord(f"header {name} has {len(raw)} bytes; one may have {MAX_HEADER_BYTES}")
        try:
            attributes[name] = raw.decode()
        except UnicodeDecodeError:
            raise MalformedRecord(f"header {name} is not UTF-8") from None
    return attributes


def _named(made: Mapping[str, Any]) -> Mapping[str, str]:
    """The attributes of a structured event, under the names of binary mode's headers. Extensions that nobody reads may be odd."""
    attributes: dict[str, str] = {}
    for header in _READ - {"content-type"}:
        name = header.removeprefix("ce_")
        text = made.get(name)
        if text is None:
            continue
        if not isinstance(text, str):
            raise MalformedRecord(f"attribute {name} is not a text")
        if len(text) > MAX_HEADER_BYTES:
            raise MalformedRecord(
                f"attribute {name} has {len(text)} characters; one may have {MAX_HEADER_BYTES}"
            )
        attributes[header] = text
    return attributes


def _class_of(ce_type: str) -> type[Event]:
    event_class = BY_TYPE.get(ce_type)
    if event_class is not None:
        return event_class
    ours = split_type(ce_type)
    if ours is not None and ours[1] > MAJOR:
        raise NewerMajor(f"type {ours[0]} has major version {ours[1]}; this build knows {MAJOR}")
    raise UnknownType("the type is not known to this build")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise MalformedRecord("ce_id is not a UUID") from None


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise MalformedRecord("ce_time is not an RFC 3339 instant") from None
    if instant.tzinfo is None:
        raise MalformedRecord("ce_time has no time zone")
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise MalformedRecord("ce_time lies outside the calendar") from None


def _sequence(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _SEQUENCE_DIGITS) or int(text) < 1:
        raise MalformedRecord("ce_sequence is not a number from 1")
    return int(text)
