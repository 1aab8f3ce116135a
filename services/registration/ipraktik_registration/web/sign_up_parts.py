"""The parts that a sign-up is made of when it is sent: a workplace, other people, wishes, days. Each says what fits in it."""

from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import Field, model_validator

from ipraktik_chassis.mends import Misfit
from ipraktik_contracts.fields import CountryCode, Language, Ownership, Sector
from ipraktik_registration.web.fields import (
    Day,
    Email,
    FieldOfWork,
    Line,
    MinisterialArea,
    Municipality,
    Name,
    Sent,
    WishedArea,
)

_DENMARK: Final = "DK"


class WorkplaceSent(Sent):
    """Where somebody works. Organisation and unit are merged with those known, by name."""

    organisation_name: Name = Field(
        description="Name of the organisation, the municipality or agency itself.",
        examples=["Aarhus Kommune"],
    )
    unit_name: Line = Field(
        default="",
        description="The unit, where there is one. Stays within one unit are never proposed.",
        examples=["Hovedbiblioteket"],
    )
    sector: Sector = Field(
        description="Sector of the organisation. Interns come from municipal, regional or state ones."
    )
    ownership: Ownership = Field(description="Who owns it: the public, private owners or an association.")
    municipality_code: Municipality | None = Field(default=None, description="Null outside Denmark only.")
    country: CountryCode = Field(
        default=_DENMARK, description="Country in which the workplace lies, by ISO 3166-1.", examples=["SE"]
    )
    ministerial_area: MinisterialArea | None = Field(default=None, description="For state workplaces.")

    @model_validator(mode="after")
    def _place(self) -> Self:
        if (self.country == _DENMARK) is (self.municipality_code is None):
            raise Misfit(
                "municipality_code",
                "give the code of the municipality for a workplace in Denmark, and null for any other",
            )
        if self.ministerial_area is not None and self.sector != "state":
            raise Misfit("ministerial_area", "this belongs to state workplaces; leave it null")
        return self


class PersonSent(Sent):
    """Somebody else, by name and address."""

    name: Name = Field(description="The person's name.", examples=["Bo Prøve"])
    email: Email = Field(
        description="The address that the person is asked at; not your own.",
        examples=["bo.proeve@example.org"],
    )


class ManagerSent(PersonSent):
    """The intern's own nearest manager, who must agree."""

    language: Language | None = Field(default=None, description="Null: the same as the intern's.")


class HostByIdSent(Sent):
    """A host from the registry."""

    participant_id: UUID = Field(
        description="The participant_id that the host registry gives.",
        examples=["0199a39f-11aa-7c40-9a55-0c2b7f3e4d22"],
    )


class InternWishesSent(Sent):
    """Where the intern would like to go; an empty list means open for everything."""

    fields: Annotated[tuple[FieldOfWork, ...], Field(max_length=10)] = Field(
        default=(), description="Fields of work, at most 10.", examples=[["libraries", "digital"]]
    )
    sectors: Annotated[tuple[Sector, ...], Field(max_length=5)] = Field(
        default=(), description="Sectors of the host."
    )
    areas: Annotated[tuple[WishedArea, ...], Field(max_length=20)] = Field(
        default=(),
        description="Places of the host: a municipality, a region or a country.",
        examples=[["municipality:0751", "region:midtjylland", "country:SE"]],
    )
    own_organisation: bool = Field(
        default=False,
        description="true: a stay inside the own organisation is wished for. Else none is proposed.",
    )


class HostWishesSent(Sent):
    """Whom the host would like to receive; an empty list means open for everybody."""

    fields: Annotated[tuple[FieldOfWork, ...], Field(max_length=10)] = Field(
        default=(),
        description="Fields of work of the intern, at most 10.",
        examples=[["libraries", "digital"]],
    )
    sectors: Annotated[tuple[Sector, ...], Field(max_length=5)] = Field(
        default=(), description="Sectors that interns come from."
    )
    areas: Annotated[tuple[WishedArea, ...], Field(max_length=20)] = Field(
        default=(),
        description="Places that interns come from: a municipality, a region or a country.",
        examples=[["municipality:0751", "region:midtjylland"]],
    )


class DaysSent(Sent):
    """How long a stay may be."""

    min: Annotated[int, Field(ge=2, le=5)] = Field(default=2, description="Fewest days.")
    max: Annotated[int, Field(ge=2, le=5)] = Field(default=5, description="Most days, not below min.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.max < self.min:
            raise Misfit("max", "this lies below min; give the same or more")
        return self


class PeriodSent(Sent):
    """Days on which somebody can, both ends included."""

    first_day: Day = Field(description="First day.", examples=["2018-09-10"])
    last_day: Day = Field(description="Last day, not before the first.", examples=["2018-09-14"])

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_day < self.first_day:
            raise Misfit("last_day", "this lies before first_day; give the same day or a later one")
        return self
