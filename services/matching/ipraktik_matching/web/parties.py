"""Who asks, and as which party of the placement: intern, manager or host.

The intern's own contact answers for the intern, the manager for the sending workplace, the host's contact or reserve for the
host. The link must open the act for this placement, or for the sign-up that takes part in it, and the contact must belong to it.
Whoever registration names as manager now is the manager: a deputy acts with their own link, and what was approved stays approved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request

from ipraktik_chassis import access
from ipraktik_chassis.access import ERASED, context_of
from ipraktik_chassis.links import Link, LinkRefused
from ipraktik_chassis.problem import Problem
from ipraktik_matching.domain.facts import Party
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.store import contacts, placements
from ipraktik_matching.store.contacts import Contact
from ipraktik_matching.store.history import Actor

ACTS = ("answer", "agreement", "stay")


@dataclass(frozen=True, slots=True)
class Asking:
    """The person who asks about a placement, and the placement as it is to be read."""

    contact: Contact
    party: Party
    placement: Placement

    @property
    def actor(self) -> Actor:
        """As the history names them."""
        return Actor("contact", str(self.contact.contact_id))


async def epoch_of(conn: Any, contact_id: UUID) -> int | None:
    """The contact's epoch here."""
    return await contacts.epoch(conn, contact_id=contact_id, erased=ERASED)


async def name_of(conn: Any, link: Link) -> tuple[str, str] | None:
    """Name and language of the person a link is for."""
    contact = await contacts.find(conn, contact_id=link.contact_id)
    return None if contact is None else (contact.name, contact.language)


async def asking(request: Request, *, placement_id: UUID, acts: Sequence[str] = ACTS) -> Asking:
    """The person, if their link opens one of these acts for this placement. Raises Problem."""
    link = await access.person(request, epoch_of=epoch_of)
    opens = any(link.opens(act, one) for act in acts for one in (placement_id, link.participant_id))
    if not opens:
        raise access.refusal(LinkRefused("not_allowed"))
    async with context_of(request).database.reading() as conn:
        contact = await contacts.find(conn, contact_id=link.contact_id)
        placement = await placements.find(conn, placement_id=placement_id)
    request.state.language = None if contact is None else contact.language
    if placement is None:
        raise no_such_placement()
    party = None if contact is None else party_of(contact, placement)
    if contact is None or party is None:
        raise access.refusal(LinkRefused("not_allowed"))
    return Asking(contact, party, placement)


def no_such_placement() -> Problem:
    """The problem for an id that is none of ours."""
    return Problem(
        404,
        "Not found",
        "There is no such placement.",
        danish=("Sagen findes ikke", "Tjek adressen, eller gå til din side, og find sagen derfra."),
    )


def party_of(contact: Contact, placement: Placement) -> Party | None:
    """For which party the contact may act; None for nobody of this placement."""
    if contact.participant_id == placement.intern_id:
        return {"self": "intern", "manager": "manager"}.get(contact.relation)  # type: ignore[return-value]  # keys give parties
    if contact.participant_id == placement.host_id and contact.relation in ("self", "reserve"):
        return "host"
    return None
