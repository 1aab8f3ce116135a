"""The feed as its OpenAPI document describes it: the batch, its headers, its problems, and an example of each."""

from typing import Any, Final

from ipraktik_notify.domain.scope import TYPES
from ipraktik_notify.web.problems import Responses, problems

_TEXT: Final = {"type": "string"}
CLOUD_EVENT: Final[dict[str, Any]] = {
    "type": "object",
    "title": "CloudEvent",
    "description": "CloudEvents 1.0 in structured mode. Attributes and fields that are not named here may come: leave them alone.",
    "required": [
        "specversion",
        "id",
        "type",
        "source",
        "subject",
        "time",
        "sequence",
        "datacontenttype",
        "data",
    ],
    "properties": {
        "specversion": {"const": "1.0", "description": "Of CloudEvents."},
        "id": {"type": "string", "format": "uuid", "description": "The same at every repetition: keep it."},
        "type": {**_TEXT, "description": "The event and its major version.", "examples": [TYPES[0]]},
        "source": {**_TEXT, "description": "urn:innovationspraktik:<organiser>:<service>"},
        "subject": {**_TEXT, "description": "The aggregate's id: order holds within it."},
        "partitionkey": {**_TEXT, "description": "The same as subject."},
        "time": {"type": "string", "format": "date-time", "description": "When it was recorded."},
        "sequence": {
            "type": "string",
            "pattern": "^[0-9]{10,18}$",
            "description": "Counts per subject and topic from 1 without a gap; sorts as text.",
        },
        "dataschema": {**_TEXT, "description": "The JSON Schema that `data` follows."},
        "datacontenttype": {**_TEXT, "description": "Of `data`.", "examples": ["application/json"]},
        "correlationid": {**_TEXT, "description": "The same for everything that one act led to."},
        "causationid": {**_TEXT, "description": "The id of the event that led to this one."},
        "traceparent": {**_TEXT, "description": "W3C Trace Context of the act that led to it."},
        "data": {"type": "object", "description": "The event itself, byte for byte as it was said."},
    },
    "additionalProperties": True,
}
EXAMPLE: Final[dict[str, Any]] = {
    "specversion": "1.0",
    "id": "0199a3a0-7c1e-7b02-8d4e-5f2a9c0d1e11",
    "type": "dk.innovationspraktik.AgreementSigned.v1",
    "source": "urn:innovationspraktik:coi:matching",
    "subject": "0199a39f-11aa-7c40-9a55-0c2b7f3e4d22",
    "partitionkey": "0199a39f-11aa-7c40-9a55-0c2b7f3e4d22",
    "time": "2018-06-21T09:12:44.120000Z",
    "sequence": "0000000007",
    "dataschema": "https://innovationspraktik.dk/schemas/AgreementSigned.v1.json",
    "datacontenttype": "application/json",
    "correlationid": "4bf92f3577b34da6a3ce929d0e0e4736",
    "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "data": {
        "placement_id": "0199a39f-11aa-7c40-9a55-0c2b7f3e4d22",
        "edition_id": "01999f00-0000-7000-8000-000000000001",
        "intern_id": "01999f10-0000-7000-8000-000000000002",
        "host_id": "01999f20-0000-7000-8000-000000000003",
        "group_id": "01999f30-0000-7000-8000-000000000004",
        "version": 1,
        "fingerprint": "a" * 64,
        "first_day": "2018-09-10",
        "last_day": "2018-09-12",
    },
}
CURSOR: Final = "1843.9c0d1e11"
_HEADERS: Final[dict[str, Any]] = {
    "Link": {
        "description": "The address of the following batch, relative to this one.",
        "schema": _TEXT,
        "example": f'<?after={CURSOR}&limit=100>; rel="next"',
    },
    "Feed-Cursor": {
        "description": "The `after` of the following batch.",
        "schema": _TEXT,
        "example": CURSOR,
    },
    "Feed-Behind": {
        "description": "How many events of the log come after this batch, of whatever type. 0: you have everything.",
        "schema": {"type": "integer"},
        "example": 0,
    },
    "ETag": {"description": "For `If-None-Match`.", "schema": _TEXT},
}
FEED_RESPONSES: Final[Responses] = {
    200: {
        "description": "Events in the order of the log; an empty batch where there is nothing (yet).",
        "headers": _HEADERS,
        "content": {
            "application/cloudevents-batch+json": {
                "schema": {"type": "array", "items": CLOUD_EVENT},
                "example": [EXAMPLE],
            }
        },
    },
    304: {"description": "Nothing has changed since the answer with that ETag.", "headers": _HEADERS},
    **problems(
        {
            409: "The cursor is not of this log: it lies ahead of it, or names another event than the log has there.",
            429: "Too many requests, or too many that wait, with this token; `Retry-After` says when to ask again.",
        }
    ),
}
