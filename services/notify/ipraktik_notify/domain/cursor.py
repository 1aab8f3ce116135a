"""Where a reader of the event log stands. To readers it is a text that they give back as they got it.

It names a position and, by the end of the id of the event there, which event that was. So a cursor that does not belong to this
log (from another system, or from before a database was restored) is refused and never skips a thing in silence.
"""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

PATTERN: Final = r"^(0|[1-9][0-9]{0,17}\.[0-9a-f]{8})$"
MAX_CHARS: Final = 27


class CursorRefused(Exception):
    """The cursor is not of this log."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Everything up to `position` was read; `mark` is the end of the id of the event there."""

    position: int
    mark: str = ""

    @classmethod
    def at(cls, position: int, event_id: UUID) -> "Cursor":
        """The cursor of whoever has read this event and all before it."""
        return cls(position, event_id.hex[-8:])

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """The cursor a text stands for. Raises ValueError where it is none."""
        if re.fullmatch(PATTERN, text) is None:
            raise ValueError("a cursor is what the last answer gave, or 0 for the beginning")
        position, _, mark = text.partition(".")
        return cls(int(position), mark)

    def __str__(self) -> str:
        return f"{self.position}.{self.mark}" if self.position else "0"


START: Final = Cursor(0)
