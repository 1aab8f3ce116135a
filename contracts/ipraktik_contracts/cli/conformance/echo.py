"""The echo: a line of JSON for every event that a subscriber has taken in, `{"id": ce_id, "sequence": number, ...}`.

The subscriber writes it when the event is in its own database and before it commits the offset to Kafka: then an offset that is
committed and not echoed is an event that a crash would lose.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from ..refusal import CannotDo

MAX_LINE_BYTES: Final = 4096
_READ_BYTES: Final = 1024 * 1024
_MOST_LINES: Final = 5_000_000


@dataclass(frozen=True, slots=True)
class Shown:
    """One event as the subscriber shows it."""

    id: UUID
    sequence: int


class Unreadable(ValueError):
    """A line that is no echo. `str()` says what is wrong with it."""


def shown_in(line: bytes) -> Shown:
    """Read a line. Raises Unreadable."""
    if len(line) > MAX_LINE_BYTES:
        raise Unreadable(f"it is longer than {MAX_LINE_BYTES} bytes")
    try:
        read: Any = json.loads(line)
        id, sequence = read["id"], read["sequence"]
        return Shown(UUID(id), int(sequence))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Unreadable('it is not JSON with "id" and "sequence"') from None


@dataclass
class Echo:
    """Everything shown so far, in the order in which it was."""

    shown: list[Shown] = field(default_factory=list)
    ids: set[UUID] = field(default_factory=set)
    unreadable: list[str] = field(default_factory=list)
    lines: int = 0

    def take(self, line: bytes) -> None:
        """Take in a line."""
        self.lines += 1
        if self.lines > _MOST_LINES:
            raise CannotDo(f"The echo has more than {_MOST_LINES} lines; that is no echo of this stream")
        if not line.strip():
            return
        try:
            one = shown_in(line)
        except Unreadable as error:
            self.unreadable.append(f"line {self.lines}: {error}")
        else:
            self.shown.append(one)
            self.ids.add(one.id)


class EchoFile:
    """Follows a file that the subscriber appends to, from its end when this began. A last line without its line feed waits."""

    def __init__(self, path: Path, echo: Echo) -> None:
        self._path = path
        self._echo = echo
        self._read_to = path.stat().st_size if path.exists() else 0
        self._rest = b""

    def read_more(self) -> None:
        """Take in what was appended since. Raises CannotDo where the file was cut."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            if file.seek(0, 2) < self._read_to:
                raise CannotDo(
                    f"{self._path} became shorter: the subscriber must append to its echo, not write it anew"
                )
            file.seek(self._read_to)
            while read := file.read(_READ_BYTES):
                self._read_to += len(read)
                *lines, self._rest = (self._rest + read).split(b"\n")
                for line in lines:
                    self._echo.take(line)
                if len(self._rest) > _READ_BYTES:
                    raise CannotDo(
                        f"{self._path} has a line without an end; the echo is one JSON object a line"
                    )
