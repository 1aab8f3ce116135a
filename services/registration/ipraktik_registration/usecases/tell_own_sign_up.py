"""Everything that registration keeps about one person's sign-up, for that person."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ipraktik_registration.domain.acquaintance import Kind
from ipraktik_registration.domain.course import Evaluation
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import contacts, named, overview, participants
from ipraktik_registration.store.contacts import Contact, Relation
from ipraktik_registration.store.named import Named
from ipraktik_registration.store.overview import PlacementState
from ipraktik_registration.store.participants import SignUp


@dataclass(frozen=True, slots=True)
class OwnSignUp:
    """The sign-up with its people, whom it names, and how far it has come."""

    sign_up: SignUp
    people: dict[Relation, Contact]
    names: dict[Kind, Named]
    mutual: frozenset[Kind]
    placements: list[PlacementState]
    evaluations: list[Evaluation]
    no_place: bool | None


async def tell_own_sign_up(conn: Any, *, participant_id: UUID) -> OwnSignUp:
    """Read it all. Raises Refused where there is no such sign-up."""
    sign_up = await participants.one(conn, participant_id=participant_id)
    if sign_up is None:
        raise Refused("unknown_sign_up")
    names = await named.of(conn, participant_id=participant_id)
    said = await named.said(conn, participant_ids=[participant_id])
    return OwnSignUp(
        sign_up=sign_up,
        people=await contacts.by_relation(conn, participant_id=participant_id),
        names=names,
        mutual=frozenset(
            kind
            for kind, one in names.items()
            if one.other_id and (one.other_id, kind, participant_id) in said
        ),
        placements=await overview.placements_of(conn, participant_id=participant_id),
        evaluations=await overview.evaluations_of(conn, participant_id=participant_id),
        no_place=await overview.no_place_for(conn, participant_id=participant_id),
    )
