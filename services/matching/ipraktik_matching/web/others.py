"""What a party reads about the others: the organisation's public facts, and the texts that their contacts wrote for them."""

from collections.abc import Mapping
from typing import Any, Literal

from ipraktik_matching.store import contacts, participants
from ipraktik_matching.store.contacts import Contact
from ipraktik_matching.web.models import OtherParty
from ipraktik_matching.web.parties import Asking

Side = Literal["intern", "host"]
_SIDES: Mapping[str, tuple[Side, ...]] = {
    "intern": ("host",),
    "host": ("intern",),
    "manager": ("intern", "host"),
}


async def others_of(conn: Any, asking: Asking) -> dict[Side, OtherParty]:
    """The other parties, as far as they are known here. Names are given once there is an agreement to make."""
    placement = asking.placement
    ids = {"intern": placement.intern_id, "host": placement.host_id}
    bodies = await participants.find(conn, participant_ids=list(ids.values()))
    people = await contacts.of_participants(conn, participant_ids=list(ids.values()))
    selves = {contact.participant_id: contact for contact in people if contact.relation == "self"}
    found: dict[Side, OtherParty] = {}
    for side in _SIDES[asking.party]:
        body = bodies.get(ids[side])
        if body is None:
            continue
        contact = selves.get(ids[side])
        found[side] = OtherParty(
            organisation_name=body.workplace.organisation_name,
            unit_name=contact.unit_name if contact else "",
            municipality_code=body.workplace.municipality_code,
            field=body.field,
            name=contact.name if contact and placement.current else "",
            job_title=contact.job_title if contact else "",
            text=_text(contact, side),
        )
    return found


async def host_people(conn: Any, asking: Asking) -> list[Contact]:
    """The host's contact person and reserve, to choose from."""
    people = await contacts.of_participants(conn, participant_ids=[asking.placement.host_id])
    return [contact for contact in people if contact.relation in ("self", "reserve")]


def _text(contact: Contact | None, side: Side) -> str:
    if contact is None:
        return ""
    return contact.offer if side == "host" else contact.motivation
