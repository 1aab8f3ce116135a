"""Field types shared by the events: small value objects with the description a subscriber reads."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A code from a list that may grow; treat an unknown one as 'other'."""

MunicipalityCode = Annotated[str, Field(pattern=r"^[0-9]{4}$")]
"""Official four-digit code of a Danish municipality, as text with leading zero."""

CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""

Area = Annotated[str, Field(pattern=r"^(municipality:[0-9]{4}|region:[a-z_]{1,40}|country:[A-Z]{2})$")]
"""A place somebody wishes for: `municipality:0751`, `region:midtjylland` or `country:SE`."""

Fingerprint = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of the canonical terms of one version of an agreement, in lower-case hexadecimal."""

Version = Annotated[int, Field(ge=1, le=9999)]
"""Version of an agreement, from 1."""

Role = Literal["intern", "host"]
Party = Literal["intern", "manager", "host"]
AnsweringParty = Literal["intern", "host"]
JourneyType = Literal["tourist", "business_traveller", "adventurer", "own_idea"]
Sector = Literal["municipal", "regional", "state", "private", "association"]
Ownership = Literal["public", "private", "association"]
Wave = Literal["after", "follow_up"]
Language = Literal["da", "en"]

DayCount = Annotated[int, Field(ge=1, le=10)]
Instant = AwareDatetime

__all__ = [
    "UUID",
    "AnsweringParty",
    "Area",
    "Code",
    "CountryCode",
    "Days",
    "Fingerprint",
    "Instant",
    "JourneyType",
    "Language",
    "MunicipalityCode",
    "Ownership",
    "Party",
    "Period",
    "Role",
    "Sector",
    "Value",
    "Version",
    "Wave",
    "Window",
    "Wishes",
    "Workplace",
    "date",
    "datetime",
]


class Value(BaseModel):
    """A part of an event: frozen, and silent about its input when it is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Period(Value):
    """A stretch of local dates, both ends included."""

    first_day: date = Field(description="First local date.")
    last_day: date = Field(description="Last local date, not before the first.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError("last_day lies before first_day")
        return self


class Window(Value):
    """The time in which sign-ups are taken, as UTC instants."""

    opens_at: Instant = Field(description="From this instant on sign-ups are taken.")
    closes_at: Instant | None = Field(
        description="Until just before this instant; null where the window stays open (rolling mode)."
    )


class Days(Value):
    """How many days a stay may last, fewest and most."""

    min: DayCount = Field(description="Fewest days.")
    max: DayCount = Field(description="Most days, not below `min`.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.max < self.min:
            raise ValueError("max lies below min")
        return self


class Workplace(Value):
    """The unit somebody works in, as far as the public may know it."""

    organisation_id: UUID = Field(description="The organisation; stable across editions.")
    workplace_id: UUID = Field(description="The unit within the organisation.")
    organisation_name: str = Field(min_length=1, max_length=200, description="Name of the organisation.")
    sector: Sector = Field(description="Sector of the organisation.")
    ownership: Ownership = Field(description="Who owns it: the public, private owners or an association.")
    municipality_code: MunicipalityCode | None = Field(
        description="Municipality in which the unit lies; null outside Denmark."
    )
    country: CountryCode = Field(description="Country in which the unit lies.")
    ministerial_area: Code | None = Field(description="Ministerial area of a state workplace; else null.")


class Wishes(Value):
    """What somebody hopes for. An empty list means: open for everything. Wishes are soft, none excludes."""

    fields: tuple[Code, ...] = Field(default=(), max_length=10, description="Fields of work wished for.")
    sectors: tuple[Sector, ...] = Field(default=(), max_length=5, description="Sectors wished for.")
    areas: tuple[Area, ...] = Field(default=(), max_length=20, description="Places wished for.")
    own_organisation: bool = Field(
        default=False, description="True where a stay inside the own organisation is asked for."
    )
