"""What a sign-up holds when it is sent, and the rules that span several fields. Becomes `domain.details.Details`."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from ipraktik_chassis.mends import Misfit
from ipraktik_contracts.codes import PUBLIC_SECTORS
from ipraktik_contracts.fields import JourneyType, Language
from ipraktik_registration.domain.acquaintance import Kind
from ipraktik_registration.domain.details import Details, Mention, OwnRelation, Person
from ipraktik_registration.domain.names import email_key
from ipraktik_registration.web.fields import Email, FieldOfWork, Line, Name, Presentation, Sent
from ipraktik_registration.web.sign_up_parts import (
    DaysSent,
    HostByIdSent,
    HostWishesSent,
    InternWishesSent,
    ManagerSent,
    PeriodSent,
    PersonSent,
    WorkplaceSent,
)


class _DetailsSent(Sent):
    name: Name = Field(description="The person who signs up.", examples=["Alma Prøve"])
    email: Email = Field(
        description="Where every mail goes. It is confirmed by a link before anything else happens.",
        examples=["alma.proeve@example.org"],
    )
    language: Language = Field(default="da", description="Of the mails and pages: da or en.")
    job_title: Line = Field(
        default="",
        description="What the person works as. Only the other party of a placement reads it.",
        examples=["Bibliotekar"],
    )
    workplace: WorkplaceSent = Field(description="Where the person works.")
    field: FieldOfWork = Field(description="Field of work of the person's own workplace, a code.")
    days: DaysSent = Field(default=DaysSent(), description="How many days a stay may last, 2 to 5.")
    available: Annotated[tuple[PeriodSent, ...], Field(max_length=20)] = Field(
        default=(), description="When it suits; empty: on any day of the edition."
    )

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

    manager: ManagerSent = Field(
        description="Who must agree before the sign-up is valid. The person is asked by mail."
    )
    motivation: Presentation = Field(
        default="",
        description="Why you want to go and what you hope to learn. Hosts who are proposed read it.",
        examples=["Jeg vil se, hvordan I får unge til at bruge biblioteket."],
    )
    wishes: InternWishesSent = Field(
        default=InternWishesSent(), description="Where to go. Wishes are soft: none excludes a host."
    )
    journey_type: JourneyType = Field(
        description="tourist: 2 days close to home; business_traveller: 3 to 4 days with one purpose; adventurer: 4 to 5 days somewhere quite different; own_idea: something else."
    )
    companion: PersonSent | None = Field(
        default=None,
        description="A colleague who wants to go to the same host. It holds when the colleague signs up and says the same; null: nobody.",
    )
    self_found_host: PersonSent | None = Field(
        default=None,
        description="A host who has said yes already: the two of you are proposed to each other at once, when the host says the same; null: none.",
    )
    host_in_mind: HostByIdSent | PersonSent | None = Field(
        default=None,
        description="A host to be asked, from the registry by participant_id, or by name and address; null: none.",
    )
    unplaced_before: bool = Field(
        default=False,
        description="true: signed up in an earlier edition and got no place. It counts a little.",
    )

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

    reserve: PersonSent | None = Field(
        default=None,
        description="Who else at the workplace may answer and approve for the host, and is told of a signed agreement; null: nobody.",
    )
    offer: Presentation = Field(
        default="",
        description="What an intern can see and do. Interns who are proposed read it, and so does everybody in the host registry.",
        examples=["Du følger en projektleder i hverdagen."],
    )
    wishes: HostWishesSent = Field(
        default=HostWishesSent(), description="Whom to receive. Wishes are soft: none excludes an intern."
    )
    capacity: Annotated[int, Field(ge=1, le=3)] = Field(
        default=1, description="How many interns at a time, 1 to 3."
    )
    self_found_intern: PersonSent | None = Field(
        default=None,
        description="An intern you have agreed with already: you are proposed to each other at once, when the intern says the same; null: none.",
    )

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
