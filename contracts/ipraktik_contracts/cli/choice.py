"""Which events somebody wants to see: by type, edition and municipality.

Types and editions stand in every event. Municipalities stand in sign-ups only; for the rest one must know who is where, so the choice
remembers it from the sign-ups it has seen: a placement lies where its intern works and where its host is, and so do its evaluations.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from ..events import Event
from ..lifecycle import LIFECYCLES
from ..municipalities import MUNICIPALITIES
from .refusal import CannotDo

PUBLIC_TYPES: Final = {
    event_class.__name__: event_class for lifecycle in LIFECYCLES for event_class in lifecycle.event_classes()
}
_MOST: Final = 100


@dataclass
class Choice:
    """What is wanted; an empty set wants everything."""

    types: frozenset[type[Event]] = frozenset()
    editions: frozenset[UUID] = frozenset()
    municipalities: frozenset[str] = frozenset()
    _where: dict[UUID, str | None] = field(default_factory=dict)
    _pairs: dict[UUID, tuple[UUID, UUID]] = field(default_factory=dict)

    def learn(self, event: Event) -> None:
        """Remember where the event's aggregate lies."""
        data: Any = event
        if hasattr(data, "workplace"):
            self._where[data.participant_id] = data.workplace.municipality_code
        elif hasattr(data, "intern_id"):
            # who they are, not where: of two topics either may be read first
            self._pairs[data.placement_id] = data.intern_id, data.host_id

    def wants(self, event: Event) -> bool:
        """Whether the event is wanted."""
        data: Any = event
        if self.types and type(event) not in self.types:
            return False
        if self.editions and data.edition_id not in self.editions:
            return False
        if not self.municipalities:
            return True
        return bool(self._codes(data) & self.municipalities)

    def _codes(self, data: Any) -> frozenset[str]:
        """The municipalities in which what the event is about lies."""
        people: tuple[UUID, ...] = ()
        if hasattr(data, "placement_id"):
            people = self._pairs.get(data.placement_id, ())
        elif hasattr(data, "participant_id"):
            people = (data.participant_id,)
        return frozenset(code for who in people if (code := self._where.get(who)) is not None)


def choice_of(types: Sequence[str], editions: Sequence[str], municipalities: Sequence[str] = ()) -> Choice:
    """Read what was asked for. Raises CannotDo with what there is instead."""
    for words in (types, editions, municipalities):
        if len(words) > _MOST:
            raise CannotDo(f"At most {_MOST} of an option are read")
    return Choice(
        frozenset(map(_type, types)),
        frozenset(map(_edition, editions)),
        frozenset(map(_code, municipalities)),
    )


def _type(word: str) -> type[Event]:
    name = word.removeprefix("dk.innovationspraktik.").removesuffix(".v1")
    if name in PUBLIC_TYPES:
        return PUBLIC_TYPES[name]
    near = difflib.get_close_matches(name, PUBLIC_TYPES, 3)
    raise CannotDo(f"There is no public event {word[:80]!r}; " + _instead(near or list(PUBLIC_TYPES)))


def _edition(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        raise CannotDo(
            f"{word[:80]!r} is no edition's id; it is a UUID, as in edition_id of any event"
        ) from None


def _code(word: str) -> str:
    if word in MUNICIPALITIES:
        return word
    by_name = {name.casefold(): code for code, name in MUNICIPALITIES.items()}
    if word.casefold() in by_name:
        return by_name[word.casefold()]
    near = difflib.get_close_matches(word, MUNICIPALITIES.values(), 3)
    raise CannotDo(
        f"There is no municipality {word[:80]!r}; give its code such as 0751, or " + _instead(near)
    )


def _instead(names: Sequence[str]) -> str:
    return f"did you mean {', '.join(names)}?" if names else "its name"
