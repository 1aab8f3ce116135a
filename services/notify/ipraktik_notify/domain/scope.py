"""What a token or webhook opens: some public topics, some types, or everything public. Internal topics are never among them.

Topics and types add up. Whoever names a topic also gets the types that come to it later; whoever names types gets those alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ipraktik_contracts.registry import EVENT_CLASSES

TOPIC_OF: Final = {cls.ce_type(): cls.TOPIC for cls in EVENT_CLASSES if cls.AUDIENCE == "public"}
"""The topic of every public type."""
TYPES: Final = tuple(TOPIC_OF)
TOPICS: Final = tuple(dict.fromkeys(TOPIC_OF.values()))


@dataclass(frozen=True, slots=True)
class Scope:
    """Topics and types by name; both empty: everything public."""

    topics: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if strange := sorted({*self.topics} - {*TOPICS}) + sorted({*self.types} - {*TYPES}):
            raise ValueError(f"{strange[0]} is no public topic or type")

    @property
    def everything(self) -> bool:
        """Whether nothing public is left out."""
        return not self.topics and not self.types

    def opened(self) -> tuple[str, ...]:
        """The types it opens, as far as this build knows."""
        if self.everything:
            return TYPES
        return tuple(type for type in TYPES if type in self.types or TOPIC_OF[type] in self.topics)

    def covers(self, other: "Scope") -> bool:
        """Whether all that the other opens, now and later, is opened by this one too."""
        if self.everything:
            return True
        if other.everything:
            return False
        return {*other.topics} <= {*self.topics} and {*other.types} <= {*self.opened()}

    def narrowed(self, types: Sequence[str]) -> "Scope":
        """Only these types of it; the whole where none is named. Raises ValueError for one it does not open."""
        if not types:
            return self
        if closed := sorted({*types} - {*self.opened()}):
            raise ValueError(closed[0])
        return Scope(types=tuple(dict.fromkeys(types)))
