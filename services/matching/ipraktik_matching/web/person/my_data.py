"""What matching keeps about a person, as JSON for that person alone: their sign-up here, their placements, what they wrote and did.

The note about practical needs is left out: it is read and deleted on its own page, and this file may be handed on.
"""

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.links import LinkRefused
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.store import (
    approvals,
    contacts,
    history,
    needs,
    pair_rules,
    participants,
    placements,
    versions,
)
from ipraktik_matching.store.contacts import Contact
from ipraktik_matching.web.parties import epoch_of, party_of

router = APIRouter(prefix="/matching", include_in_schema=False)


@router.get("/my-data")
async def my_data(request: Request) -> Response:
    """The download."""
    link = await access.person(request, epoch_of=epoch_of)
    async with context_of(request).database.reading() as conn:
        contact = await contacts.find(conn, contact_id=link.contact_id)
        if contact is None:
            raise access.refusal(LinkRefused("not_allowed"))
        kept = await _kept(conn, contact)
    return Response(
        json.dumps(kept, ensure_ascii=False, indent=2, default=str),
        media_type="application/json",
        headers={"content-disposition": 'attachment; filename="matching.json"'},
    )


async def _kept(conn: Any, contact: Contact) -> dict[str, Any]:
    bodies = await participants.find(conn, participant_ids=[contact.participant_id])
    body = bodies.get(contact.participant_id)
    mine = await placements.of_participant(conn, participant_id=contact.participant_id)
    own = contact.relation == "self"
    return {
        "service": "matching",
        "contact": {
            "contact_id": contact.contact_id,
            "participant_id": contact.participant_id,
            "relation": contact.relation,
            "name": contact.name,
            "language": contact.language,
            "job_title": contact.job_title,
            "unit_name": contact.unit_name,
            "motivation": contact.motivation,
            "offer": contact.offer,
        },
        "sign_up": body.model_dump(mode="json") if own and body else None,
        "ruled_about_you": [
            {"kind": one.kind, "reason": one.reason, "comment": one.comment, "at": one.made_at.isoformat()}
            for one in await pair_rules.about(conn, participant_id=contact.participant_id)
            if own
        ],
        "placements": [await _placement(conn, one, contact) for one in mine if party_of(contact, one)],
    }


async def _placement(conn: Any, placement: Placement, contact: Contact) -> dict[str, Any]:
    placement_id = placement.placement_id
    party = party_of(contact, placement)
    shown: dict[str, Any] = {
        "placement_id": placement_id,
        "party": party,
        "state": placement.state,
        "first_day": placement.first_day,
        "last_day": placement.last_day,
        "reasons": list(placement.reasons),
        "agreement": [
            {
                "version": version.number,
                "fingerprint": version.fingerprint,
                "terms": json.loads(version.terms.canonical()),
                "approved": sorted(version.approved),
                "refused": sorted(version.refused),
            }
            for version in await versions.of_placement(conn, placement_id=placement_id)
        ],
        "your_approvals": [
            {"version": one.version, "name": one.name, "at": one.at.isoformat()}
            for one in await approvals.of_placement(conn, placement_id=placement_id)
            if one.party == party
        ],
        "your_acts": [
            {
                "act": line["act"],
                "at": line["at"].isoformat(),
                "version": line["version"],
                "comment": line["comment"],
                "reason": line["reason"],
            }
            for line in await history.of_placement(conn, placement_id=placement_id)
            if line["actor"] == str(contact.contact_id)
        ],
    }
    if party == "intern" and await needs.find(conn, placement_id=placement_id) is not None:
        shown["practical_needs"] = f"/matching/placements/{placement_id}/needs"
    return shown
