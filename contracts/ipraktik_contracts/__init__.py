"""Innovationspraktik's event contract: the events, their envelope, the topics and the code lists.

Install this package alone to subscribe: it needs pydantic and nothing else. Start with `decode(headers, value)`.
"""

from .envelope import (
    CloudEvent,
    DecodingError,
    MalformedRecord,
    NewerMajor,
    Record,
    TooLarge,
    UnknownType,
    decode,
    encode,
    encode_structured,
    to_structured,
)
from .events import Event
from .topics import TOPICS, TopicDeclaration

__all__ = [
    "TOPICS",
    "CloudEvent",
    "DecodingError",
    "Event",
    "MalformedRecord",
    "NewerMajor",
    "Record",
    "TooLarge",
    "TopicDeclaration",
    "UnknownType",
    "decode",
    "encode",
    "encode_structured",
    "to_structured",
]
