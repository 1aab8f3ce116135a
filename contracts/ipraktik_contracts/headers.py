"""The record's headers as JSON Schema, in the same two views as the bodies. Values are UTF-8 text.

Producers' view: exactly what we write. Readers' view: what a subscriber may count on and must find to read a record.
"""

from typing import Any, Final

from .events import Event
from .events.event import SCHEMA_PREFIX
from .schemas import DIALECT, View

_UUID: Final[dict[str, Any]] = {"type": "string", "format": "uuid"}
_ALWAYS: Final[dict[str, dict[str, Any]]] = {
    "ce_specversion": {"type": "string", "const": "1.0", "description": "Version of CloudEvents."},
    "ce_id": _UUID
    | {"description": "The event. The same on every delivery: keep it to take each event in once. A UUIDv7."},
    "ce_type": {
        "type": "string",
        "pattern": r"^dk\.innovationspraktik\.[A-Za-z]+\.v[0-9]{1,9}$",
        "description": "What happened, with the major version.",
    },
    "ce_source": {
        "type": "string",
        "pattern": "^urn:innovationspraktik:[a-z][a-z0-9-]{0,30}:[a-z]+$",
        "description": "Organiser and service that say it.",
    },
    "ce_subject": _UUID | {"description": "The aggregate: the same as the record's key."},
    "ce_partitionkey": _UUID | {"description": "The same as the record's key."},
    "ce_time": {
        "type": "string",
        "format": "date-time",
        "description": "When it became true, in UTC with microseconds. The record's own time is when the broker took it.",
    },
    "ce_sequence": {
        "type": "string",
        "pattern": "^[0-9]{10,18}$",
        "description": "Counts 1, 2, 3 … per topic and key without a gap, padded with zeros.",
    },
    "ce_dataschema": {
        "type": "string",
        "format": "uri",
        "pattern": rf"^{SCHEMA_PREFIX.replace('.', '[.]')}/[A-Za-z]+\.v[0-9]{{1,9}}\.json$",
        "description": "The schema that the body follows, in the producers' view.",
    },
    "content-type": {"type": "string", "const": "application/json", "description": "Of the body."},
}
_SOMETIMES: Final[dict[str, dict[str, Any]]] = {
    "ce_correlationid": {
        "type": "string",
        "maxLength": 1024,
        "description": "What this belongs to: one act and all that follows.",
    },
    "ce_causationid": {
        "type": "string",
        "maxLength": 1024,
        "description": "The event that this one follows from.",
    },
    "traceparent": {"type": "string", "maxLength": 1024, "description": "W3C trace context."},
}
_NEEDED: Final = ("ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_sequence")


def headers_schema(*, view: View) -> dict[str, Any]:
    """The schema of the headers of any record in binary mode."""
    folder = "" if view == "producers" else "readers/"
    made: dict[str, Any] = {
        "$schema": DIALECT,
        "$id": f"{SCHEMA_PREFIX}/{folder}Headers.v1.json",
        "title": "Headers",
        "description": "The headers of a record: CloudEvents 1.0 in Kafka's binary mode, as text.",
        "type": "object",
        "properties": {**_ALWAYS, **_SOMETIMES},
        "required": list(_ALWAYS if view == "producers" else _NEEDED),
    }
    if view == "producers":
        made["additionalProperties"] = False
    return made


def own_headers(event_class: type[Event]) -> dict[str, Any]:
    """What the headers of one type have of their own."""
    return {
        "type": "object",
        "properties": {
            "ce_type": {"type": "string", "const": event_class.ce_type()},
            "ce_dataschema": {"type": "string", "const": event_class.schema_id()},
        },
    }
