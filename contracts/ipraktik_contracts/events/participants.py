"""Events of registration about editions and sign-ups. Topic `innovationspraktik.participants.v1`.

A participant is one sign-up: one person in one edition in one role. Hosts are participants too.
"""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ..fields import Code, Days, JourneyType, Period, Role, Window, Wishes, Workplace
from .event import Event


class _ParticipantsEvent(Event):
    TOPIC: ClassVar[str] = "innovationspraktik.participants.v1"
    KEY: ClassVar[str] = "participant_id"
    OWNER: ClassVar[str] = "registration"


class EditionChanged(_ParticipantsEvent):
    """An edition was opened or its frame changed; always the whole frame."""

    KEY: ClassVar[str] = "edition_id"

    edition_id: UUID = Field(description="The edition: one round of the programme.")
    name: str = Field(min_length=1, max_length=100, description="What the edition is called in public.")
    mode: Literal["campaign", "rolling"] = Field(
        description="campaign: one window and one fixed week; rolling: all year, dates agreed by the parties."
    )
    window: Window = Field(description="When sign-ups are taken.")
    dates: Period = Field(
        description="The days on which stays may lie; in a campaign the fixed week, Monday to Friday."
    )
    answer_days: int = Field(ge=1, le=60, description="Days a party has to answer a proposal.")
    sign_days: int = Field(ge=1, le=90, description="Days the three parties have to approve an agreement.")
    follow_up: int = Field(ge=1, le=24, description="Months from the end of a stay to the second evaluation.")
    hold_mails: bool = Field(
        description="True while mails of this edition wait for a coordinator to let them go."
    )


class _ParticipantBody(_ParticipantsEvent):
    participant_id: UUID = Field(description="The sign-up. Not the id of a person; never reused.")
    edition_id: UUID = Field(description="The edition signed up for.")
    role: Role = Field(description="intern: wants to travel; host: wants to receive.")
    workplace: Workplace = Field(description="Where the participant works, or the workplace that receives.")
    field: Code = Field(description="The participant's own field of work.")
    wishes: Wishes = Field(description="intern: where to; host: from where.")
    journey_type: JourneyType | None = Field(description="intern: the journey type; host: null.")
    days: Days = Field(description="How many days the stay may last.")
    available: tuple[Period, ...] = Field(
        default=(), max_length=20, description="When the participant can; empty: any of the edition's days."
    )
    capacity: int | None = Field(
        default=None, ge=1, le=3, description="host: how many interns at a time; intern: null."
    )
    companion_id: UUID | None = Field(
        default=None, description="intern: the travel companion's sign-up. Holds when both name each other."
    )
    self_found_with: UUID | None = Field(
        default=None,
        description="The sign-up of the other half of a self-found pair. Holds when both name each other.",
    )
    host_in_mind_id: UUID | None = Field(
        default=None, description="intern: a host the intern hopes for, without having agreed it."
    )
    unplaced_before: bool = Field(
        default=False, description="intern: true where an earlier edition ended without a place."
    )
    lot: str = Field(
        pattern=r"^[0-9a-f]{64}$",
        description="The drawn lot that breaks ties in the puzzle: SHA-256, lower-case hexadecimal.",
    )


class ParticipantRegistered(_ParticipantBody):
    """A sign-up became valid: the address is confirmed and, for an intern, the own manager agrees."""


class ParticipantUpdated(_ParticipantBody):
    """A valid sign-up was changed; always the whole body as it stands now."""


class ParticipantWithdrawn(_ParticipantsEvent):
    """The sign-up was taken back. What was proposed or agreed for it ends by events of matching."""

    participant_id: UUID = Field(description="The sign-up.")
    edition_id: UUID = Field(description="Its edition.")
    reason: Code = Field(
        description="Why, as a code from a list that may grow; treat an unknown one as `other`."
    )


class ParticipantErased(_ParticipantsEvent):
    """Everything personal about the sign-up was deleted. Delete what you keep under this id; it never returns."""

    participant_id: UUID = Field(description="The sign-up.")
    edition_id: UUID = Field(description="Its edition.")
