"""A record as it lies on a topic, wherever it was read from, and the way its place is written: `topic[partition]@offset`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from .refusal import CannotDo

_PLACE: Final = re.compile(
    r"(?P<topic>[A-Za-z0-9._-]{1,249})\[(?P<partition>[0-9]{1,6})\]@(?P<offset>[0-9]{1,18})"
)


class Taken(Protocol):
    """What is read of a record: aiokafka's has it, and so has ours from a file."""

    topic: str
    partition: int
    offset: int
    key: Any
    value: Any
    headers: Sequence[tuple[str, Any]]


@dataclass(slots=True)
class RawRecord:
    """A record from a file or about to be played. Not frozen: it stands in for aiokafka's, and is made by the million."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True)
class Place:
    """One position of one partition; `topic` with its namespace."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}[{self.partition}]@{self.offset}"


def place_of(record: Taken) -> Place:
    """Where the record lies."""
    return Place(record.topic, record.partition, record.offset)


def place_from(text: str) -> Place:
    """Read a place as this command writes it. Raises CannotDo."""
    found = _PLACE.fullmatch(text)
    if found is None:
        raise CannotDo(f"{text!r} is no place; write it as topic[partition]@offset")
    return Place(found["topic"], int(found["partition"]), int(found["offset"]))
