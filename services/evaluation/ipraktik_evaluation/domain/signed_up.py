"""Sign-ups and stays as the report sees them: ids and the facts of workplaces, nothing of a person."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SignUp:
    """A sign-up: its role and its workplace's facts. None where they have not been heard."""

    participant_id: UUID
    role: str | None
    withdrawn: bool
    organisation_id: UUID | None
    workplace_id: UUID | None
    municipality_code: str | None
    ministerial_area: str | None
    sector: str | None = None
    ownership: str | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """A completed stay."""

    intern_id: UUID
    host_id: UUID
    first_day: date
