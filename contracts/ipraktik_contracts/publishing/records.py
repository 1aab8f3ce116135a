"""The example records: every event once as it lies on its topic, and once in structured mode."""

import json
from typing import Any

from ..envelope import CloudEvent, Record, encode, encode_structured


def example_document(event: CloudEvent) -> dict[str, Any]:
    """The event as we write it: headers as text, body as JSON."""
    return _shown(encode(event))


def structured_example(event: CloudEvent) -> dict[str, Any]:
    """The event in structured mode: everything in the body."""
    return _shown(encode_structured(event))


def _shown(record: Record) -> dict[str, Any]:
    return {
        "topic": record.topic,
        "key": record.key.decode(),
        "headers": {name: value.decode() for name, value in record.headers},
        "body": json.loads(record.value),
    }
