"""What a sign-up holds when it is sent, and the rules that span several fields. Becomes `domain.details.Details`."""

from datetime import date
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import Field, model_validator

from ipraktik_chassis.mends import Misfit
from ipraktik_contracts.codes import PUBLIC_SECTORS
from ipraktik_contracts.fields import CountryCode, JourneyType, Language, Ownership, Sector
from ipraktik_registration.domain.acquaintance import Kind
from ipraktik_registration.domain.details import Details, Mention, OwnRelation, Person
from ipraktik_registration.domain.names import email_key
from ipraktik_registration.web.fields import (
    Day,
    Email,
    FieldOfWork,
    Line,
    MinisterialArea,
    Municipality,
    Name,
    Presentation,
    Sent,
    WishedArea,
)

_DENMARK: Final = "DK"


class WorkplaceSent(Sent):
    """Where somebody works. Organisation and unit are merged with those known, by name."""

    organisation_name: Name
    unit_name: Line = ""
    sector: Sector
    ownership: Ownership
    municipality_code: Municipality | None = Field(default=None, description="Null outside Denmark only.")
    country: CountryCode = _DENMARK
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

    name: Name
    email: Email


class ManagerSent(PersonSent):
    """The intern's own nearest manager, who must agree."""

    language: Language | None = Field(default=None, description="Null: the same as the intern's.")


class HostByIdSent(Sent):
    """A host from the registry."""

    participant_id: UUID


class InternWishesSent(Sent):
    """Where the intern would like to go; an empty list means open for everything."""

    fields: Annotated[tuple[FieldOfWork, ...], Field(max_length=10)] = ()
    sectors: Annotated[tuple[Sector, ...], Field(max_length=5)] = ()
    areas: Annotated[tuple[WishedArea, ...], Field(max_length=20)] = ()
    own_organisation: bool = False


class HostWishesSent(Sent):
    """Whom the host would like to receive; an empty list means open for everybody."""

    fields: Annotated[tuple[FieldOfWork, ...], Field(max_length=10)] = ()
    sectors: Annotated[tuple[Sector, ...], Field(max_length=5)] = ()
    areas: Annotated[tuple[WishedArea, ...], Field(max_length=20)] = ()


class DaysSent(Sent):
    """How long a stay may be."""

    min: Annotated[int, Field(ge=2, le=5)] = 2
    max: Annotated[int, Field(ge=2, le=5)] = 5

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.max < self.min:
            raise Misfit("max", "this lies below min; give the same or more")
        return self


class PeriodSent(Sent):
    """Days on which somebody can, both ends included."""

    first_day: Day
    last_day: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_day < self.first_day:
            raise Misfit("last_day", "this lies before first_day; give the same day or a later one")
        return self


class _DetailsSent(Sent):
    name: Name
    email: Email
    language: Language = "da"
    job_title: Line = ""
    workplace: WorkplaceSent
    field: FieldOfWork
    days: DaysSent = DaysSent()
    available: Annotated[tuple[PeriodSent, ...], Field(max_length=20)] = ()

    def _facts(self) -> dict[str, Any]:
        workplace = self.workplace.model_dump()
        del workplace["unit_name"]
        return {
            "workplace": workplace,
            "field": self.field,
            "days": self.days.model_dump(),
            "available": [
                {"first_day": _text(one.first_day), "last_day": _text(one.last_day)} for one in self.available
            ],
        }

    def _own(self) -> Person:
        return Person(self.name, self.email, self.language)

    def _not_oneself(self, **others: PersonSent | HostByIdSent | None) -> None:
        for what, other in others.items():
            if isinstance(other, PersonSent) and email_key(other.email) == email_key(self.email):
                raise Misfit(f"{what}.email", "this is your own address; give that of the other person")


class InternDetailsSent(_DetailsSent):
    """An intern: somebody from a public workplace who wants to travel."""

    manager: ManagerSent
    motivation: Presentation = ""
    wishes: InternWishesSent = InternWishesSent()
    journey_type: JourneyType
    companion: PersonSent | None = None
    self_found_host: PersonSent | None = None
    host_in_mind: HostByIdSent | PersonSent | None = None
    unplaced_before: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.workplace.sector not in PUBLIC_SECTORS:
            raise Misfit("workplace.sector", "interns come from municipal, regional or state workplaces")
        self._not_oneself(
            manager=self.manager,
            companion=self.companion,
            self_found_host=self.self_found_host,
            host_in_mind=self.host_in_mind,
        )
        return self

    def details(self) -> Details:
        """As the domain has it."""
        own, manager = self._own(), self.manager
        return Details(
            body={
                **self._facts(),
                "wishes": self.wishes.model_dump(mode="json"),
                "journey_type": self.journey_type,
                "capacity": None,
                "unplaced_before": self.unplaced_before,
            },
            job_title=self.job_title,
            unit_name=self.workplace.unit_name,
            presentation=self.motivation,
            people={
                "self": own,
                "manager": Person(manager.name, manager.email, manager.language or own.language),
            },
            mentions=_mentions(
                companion=self.companion, self_found=self.self_found_host, host_in_mind=self.host_in_mind
            ),
        )


class HostDetailsSent(_DetailsSent):
    """A host: a workplace that wants to receive one to three interns at a time."""

    reserve: PersonSent | None = None
    offer: Presentation = ""
    wishes: HostWishesSent = HostWishesSent()
    capacity: Annotated[int, Field(ge=1, le=3)] = 1
    self_found_intern: PersonSent | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        self._not_oneself(reserve=self.reserve, self_found_intern=self.self_found_intern)
        return self

    def details(self) -> Details:
        """As the domain has it."""
        own, reserve = self._own(), self.reserve
        people: dict[OwnRelation, Person] = {"self": own}
        if reserve is not None:
            people["reserve"] = Person(reserve.name, reserve.email, own.language)
        return Details(
            body={
                **self._facts(),
                "wishes": {**self.wishes.model_dump(mode="json"), "own_organisation": False},
                "journey_type": None,
                "capacity": self.capacity,
                "unplaced_before": False,
            },
            job_title=self.job_title,
            unit_name=self.workplace.unit_name,
            presentation=self.offer,
            people=people,
            mentions=_mentions(companion=None, self_found=self.self_found_intern, host_in_mind=None),
        )


class InternSent(InternDetailsSent):
    """An intern's sign-up."""

    edition_id: UUID | None = Field(default=None, description="Null: the one edition that is open.")


class HostSent(HostDetailsSent):
    """A host's sign-up."""

    edition_id: UUID | None = Field(default=None, description="Null: the one edition that is open.")


def _text(day: date) -> str:
    return day.isoformat()


def _mentions(**named: PersonSent | HostByIdSent | None) -> tuple[Mention, ...]:
    kinds: tuple[Kind, ...] = ("companion", "self_found", "host_in_mind")
    mentions = []
    for kind in kinds:
        match named[kind]:
            case PersonSent(name=name, email=email):
                mentions.append(Mention(kind, name, email))
            case HostByIdSent(participant_id=other_id):
                mentions.append(Mention(kind, other_id=other_id))
            case _:
                continue
    return tuple(mentions)
