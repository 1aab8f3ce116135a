"""What a person tells at sign-up and may change later, without edition and role."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from ipraktik_registration.domain.acquaintance import Kind
from ipraktik_registration.domain.names import email_key

Language = Literal["da", "en"]
OwnRelation = Literal["self", "manager", "reserve"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to write to."""

    name: str
    email: str
    language: Language


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody who is named: by address, or a registered host by id."""

    kind: Kind
    name: str = ""
    email: str | None = None
    other_id: UUID | None = None

    def same_person(self, *, email: str | None, other_id: UUID | None) -> bool:
        """Whether a naming that stands means the same."""
        if self.email is None or email is None:
            return self.email is email and self.other_id == other_id
        return email_key(self.email) == email_key(email)


@dataclass(frozen=True, slots=True)
class Details:
    """The whole of it. `body` holds the facts without people, as they go into public events (but for the ids)."""

    body: dict[str, Any]
    job_title: str
    unit_name: str
    presentation: str
    people: dict[OwnRelation, Person]
    mentions: tuple[Mention, ...]
