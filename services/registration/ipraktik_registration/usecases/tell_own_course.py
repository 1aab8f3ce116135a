"""What a person's own page shows beyond the sign-up itself: how far it has come, who has asked, and the edition it is in."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from ipraktik_registration.domain.acquaintance import Kind
from ipraktik_registration.domain.course import Entry, Evaluation, Party, Placement
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import contacts, editions, named, overview, own_data, sign_ups_of_person
from ipraktik_registration.store.contacts import Relation
from ipraktik_registration.store.editions import Edition
from ipraktik_registration.store.sign_ups_of_person import OtherSignUp
from ipraktik_registration.usecases.tell_own_sign_up import OwnSignUp, tell_own_sign_up

_ASKING: Final[tuple[Kind, ...]] = ("companion", "self_found")


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who names this person and waits for an answer."""

    kind: Kind
    participant_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class OwnCourse:
    """All that the page of one person is made from. `heard` is about evaluations and searches; placements have their own.

    `others` are further sign-ups of the same address in editions that are not over, for the owner alone.
    """

    own: OwnSignUp
    edition: Edition
    party: Party
    placements: list[Placement]
    evaluations: list[Evaluation]
    asking: list[Asking]
    heard: list[Entry]
    ended_at: datetime | None
    others: list[OtherSignUp]


async def tell_own_course(conn: Any, *, participant_id: UUID, relation: Relation, today: date) -> OwnCourse:
    """Read it for the owner, the reserve or the own manager. Raises Refused where there is no such sign-up."""
    own = await tell_own_sign_up(conn, participant_id=participant_id)
    edition = await editions.one(conn, edition_id=own.sign_up.edition_id)
    if edition is None:
        raise Refused("edition_unknown")
    party: Party = "manager" if relation == "manager" else own.sign_up.role
    evaluations = await overview.evaluations_of(conn, participant_id=participant_id, parties=[party])
    return OwnCourse(
        own=own,
        edition=edition,
        party=party,
        placements=await overview.courses_of(conn, participant_id=participant_id),
        evaluations=evaluations,
        asking=await _asking(conn, participant_id) if relation == "self" else [],
        heard=await overview.entries_about(
            conn, about_ids=[participant_id, *(one.evaluation_id for one in evaluations)]
        ),
        others=await sign_ups_of_person.others(conn, participant_id=participant_id, today=today)
        if relation == "self"
        else [],
        ended_at=await own_data.ended_at(conn, participant_id=participant_id),
    )


async def _asking(conn: Any, participant_id: UUID) -> list[Asking]:
    waiting = [
        one
        for kind in _ASKING
        for one in await named.asking(conn, kind=kind, asked_id=participant_id)
        if one.answer is None
    ]
    people = await contacts.of(conn, *(one.participant_id for one in waiting))
    names = {one.participant_id: one.name for one in people if one.relation == "self"}
    return [
        Asking(one.kind, one.participant_id, names[one.participant_id])
        for one in waiting
        if one.participant_id in names
    ]
