"""What the three parties agree on: the terms of one version, their canonical text and its fingerprint.

Invariants: terms that exist are within their bounds; the canonical text is UTF-8 JSON with sorted keys and no spaces, dates
as ISO 8601 and no numbers with fractions, so the same terms give the same fingerprint on every machine and in every language.
The version's number is part of the text: two versions never share a fingerprint. Practical needs are no terms. A term that came
later stands in the text only where it says something else than the texts before it did, so those keep their fingerprints.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final, Self
from uuid import UUID

MAX_TEXT: Final = 2000
MAX_VERSION: Final = 9999
STANDING_POINTS_NOW: Final = 1
"""The wording of the points that the programme puts into every agreement. Whoever words them anew gives the wording the next number,
and this one follows a release later, when the version before knows that wording too: the next release makes it 2."""
TEXTS: Final = ("meeting_place", "goals_intern", "goals_manager", "goals_host", "programme", "follow_up")
"""The terms that people write themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One version's terms. The host's people are named by contact id, never by name."""

    placement_id: UUID
    version: int
    first_day: date
    last_day: date
    meeting_place: str
    host_contact_id: UUID | None
    host_reserve_id: UUID | None
    goals_intern: str
    goals_manager: str
    goals_host: str
    programme: str
    follow_up: str
    hr_asked: bool
    confidentiality_declaration: bool
    standing_points: int = STANDING_POINTS_NOW

    def __post_init__(self) -> None:
        if not 1 <= self.version <= MAX_VERSION:
            raise ValueError(f"a version is a number from 1 to {MAX_VERSION}")
        if self.last_day < self.first_day:
            raise ValueError("the last day lies before the first")
        for name in TEXTS:
            if len(getattr(self, name)) > MAX_TEXT:
                raise ValueError(f"{name} may have {MAX_TEXT} characters")

    def canonical(self) -> str:
        """The text that is fingerprinted and kept."""
        return json.dumps(
            {
                name: _plain(value)
                for name in _NAMES
                if (value := getattr(self, name)) != _LATER.get(name, _ALWAYS)
            },
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
        )

    def fingerprint(self) -> str:
        """SHA-256 of the canonical text, in lower-case hexadecimal."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def blanked(self) -> "Terms":
        """The terms without what people wrote, for erasure. The fingerprint on record stays that of the full text."""
        return replace(
            self,
            meeting_place="",
            goals_intern="",
            goals_manager="",
            goals_host="",
            programme="",
            follow_up="",
        )

    @classmethod
    def from_canonical(cls, text: str) -> Self:
        """The terms that a canonical text holds."""
        found: Mapping[str, Any] = json.loads(text)
        known = {**_LATER, **found}
        return cls(**{name: _READ.get(name, _as_it_is)(known[name]) for name in _NAMES})


def changed(before: Terms, after: Terms) -> tuple[str, ...]:
    """The names of the terms that differ. The version's number and the programme's own fixed points are no party's doing."""
    return tuple(
        name for name in _NAMES if name not in _NO_PARTYS and getattr(before, name) != getattr(after, name)
    )


_NAMES: Final = tuple(field.name for field in fields(Terms))
_NO_PARTYS: Final = ("version", "standing_points")
_LATER: Final[Mapping[str, Any]] = {"standing_points": 1}
"""Terms that came later, and what texts without them say."""
_ALWAYS: Final = object()


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _as_it_is(value: Any) -> Any:
    return value


def _uuid_or_none(value: Any) -> Any:
    return None if value is None else UUID(value)


_READ: Final[dict[str, Callable[[Any], Any]]] = {
    "placement_id": UUID,
    "first_day": date.fromisoformat,
    "last_day": date.fromisoformat,
    "host_contact_id": _uuid_or_none,
    "host_reserve_id": _uuid_or_none,
}
