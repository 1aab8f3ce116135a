"""How registration's rows become events: the public body of a sign-up, the internal record of a contact, a request."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from ipraktik_chassis.ids import new_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import (
    ContactChanged,
    EditionChanged,
    ParticipantRegistered,
    ParticipantUpdated,
    RequestEvent,
)
from ipraktik_contracts.fields import Days, Period, Window, Wishes, Workplace
from ipraktik_registration.domain.acquaintance import Kind
from ipraktik_registration.domain.life import Role
from ipraktik_registration.store import named, participants, workplaces
from ipraktik_registration.store.contacts import Contact
from ipraktik_registration.store.editions import Edition
from ipraktik_registration.store.participants import SignUp

Body = TypeVar("Body", ParticipantRegistered, ParticipantUpdated)
Request = TypeVar("Request", bound=RequestEvent)


async def body_of(tx: Transaction, event_class: type[Body], sign_up: SignUp) -> Body:
    """The whole public body as it stands. The sign-up is valid, so its workplace is known."""
    if sign_up.organisation_id is None or sign_up.workplace_id is None:
        raise ValueError("a sign-up without a workplace is not valid; register it first")
    facts = sign_up.body
    workplace = facts["workplace"]
    names = await named.of(tx.conn, participant_id=sign_up.participant_id)
    return event_class(
        participant_id=sign_up.participant_id,
        edition_id=sign_up.edition_id,
        role=sign_up.role,
        workplace=Workplace(
            organisation_id=sign_up.organisation_id,
            workplace_id=sign_up.workplace_id,
            organisation_name=await workplaces.organisation_name(
                tx.conn, organisation_id=sign_up.organisation_id
            ),
            sector=workplace["sector"],
            ownership=workplace["ownership"],
            municipality_code=workplace["municipality_code"],
            country=workplace["country"],
            ministerial_area=workplace["ministerial_area"],
        ),
        field=facts["field"],
        wishes=Wishes(**facts["wishes"]),
        journey_type=facts["journey_type"],
        days=Days(**facts["days"]),
        available=tuple(Period(**period) for period in facts["available"]),
        capacity=facts["capacity"],
        companion_id=_tie(names, "companion"),
        self_found_with=_tie(names, "self_found"),
        host_in_mind_id=_tie(names, "host_in_mind"),
        unplaced_before=facts["unplaced_before"],
        lot=sign_up.lot,
    )


async def say_updated(tx: Transaction, *participant_ids: UUID) -> None:
    """Say the bodies of these sign-ups as they stand now, those that are valid."""
    standing = await participants.many_locked(tx.conn, participant_ids=participant_ids)
    bodies = [await body_of(tx, ParticipantUpdated, one) for one in standing if one.state == "registered"]
    await tx.emit(*bodies)


class Told(Protocol):
    """What a person tells of the own work: a sign-up or its details."""

    @property
    def job_title(self) -> str: ...
    @property
    def unit_name(self) -> str: ...
    @property
    def presentation(self) -> str: ...


def contact_changed(contact: Contact, *, role: Role, told: Told) -> ContactChanged:
    """The contact as other services keep it. What the other party reads travels with the person who wrote it."""
    own = contact.relation == "self"
    return ContactChanged(
        contact_id=contact.contact_id,
        participant_id=contact.participant_id,
        relation=contact.relation,
        name=contact.name,
        email=contact.email,
        language=contact.language,
        epoch=contact.epoch,
        motivation=told.presentation if own and role == "intern" else "",
        offer=told.presentation if own and role == "host" else "",
        job_title=told.job_title if own else "",
        unit_name=told.unit_name if own else "",
    )


def request(
    request_class: type[Request],
    *,
    now: datetime,
    participant_id: UUID,
    contact_id: UUID,
    respond_by: datetime | None = None,
) -> Request:
    """Ask or tell a contact something about a sign-up."""
    return request_class(
        request_id=new_id(now),
        participant_id=participant_id,
        contact_id=contact_id,
        aggregate_id=participant_id,
        respond_by=respond_by,
    )


def edition_changed(edition: Edition) -> EditionChanged:
    """The edition's whole frame."""
    frame = edition.frame
    return EditionChanged(
        edition_id=edition.edition_id,
        name=frame.name,
        mode=frame.mode,
        window=Window(opens_at=frame.opens_at, closes_at=frame.closes_at),
        dates=Period(first_day=frame.first_day, last_day=frame.last_day),
        answer_days=frame.answer_days,
        sign_days=frame.sign_days,
        follow_up=frame.follow_up,
        hold_mails=frame.hold_mails,
    )


def _tie(names: Mapping[Kind, named.Named], kind: Kind) -> UUID | None:
    return names[kind].other_id if kind in names else None
