"""CloudEvents' JSON format: attributes and body in one JSON object. What structured mode carries, and what goes over HTTP.

Invariants: the names are those of the binary headers without `ce_`; the body is the same as in binary mode, byte for byte
once it is written anew; what is not one JSON event is refused, never half taken.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from .errors import MalformedRecord

CONTENT_TYPE: Final = "application/cloudevents+json"
MAX_BYTES: Final = 65_536 + 8_192
"""A body of 64 KiB and its attributes."""
_ANY: Final = "application/cloudevents"


def is_structured(content_type: str | None) -> bool:
    """Whether the record says that it is in structured mode, ours or another's."""
    return content_type is not None and content_type.strip().lower().startswith(_ANY)


def one_object(attributes: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The event as one JSON object, from its attributes (without `ce_`) and its body."""
    return {**attributes, "datacontenttype": "application/json", "data": json.loads(body)}


def parsed(content_type: str, value: bytes | None) -> dict[str, Any]:
    """The JSON object of a record in structured mode. Raises MalformedRecord."""
    if content_type.partition(";")[0].strip().lower() != CONTENT_TYPE:
        raise MalformedRecord(f"the content-type is another than {CONTENT_TYPE}; one event as JSON is taken")
    if value is None:
        raise MalformedRecord("a tombstone carries no event")
    if len(value) > MAX_BYTES:
        raise MalformedRecord(f"a structured event of {len(value)} bytes; one may have {MAX_BYTES}")
    try:
        made = json.loads(value)
    except (ValueError, RecursionError):
        raise MalformedRecord("the structured event is not JSON") from None
    if not isinstance(made, dict):
        raise MalformedRecord("the structured event is not a JSON object")
    return made


def body_of(made: Mapping[str, Any]) -> bytes:
    """The body of the event in the object. Raises MalformedRecord."""
    if "data_base64" in made:
        raise MalformedRecord("data_base64 is not taken; data holds the body as JSON")
    if made.get("data") is None:
        raise MalformedRecord("the structured event has no data")
    if made.get("datacontenttype") not in (None, "application/json"):
        raise MalformedRecord("datacontenttype is another than application/json")
    try:
        return json.dumps(made["data"], ensure_ascii=False, separators=(",", ":")).encode()
    except (UnicodeEncodeError, RecursionError):
        raise MalformedRecord("the data of the structured event is not Unicode text") from None
