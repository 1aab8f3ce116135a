"""Who is signed in here, and what notify holds of them: their contact, and their part of the mail log."""

import json
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import ERASED, context_of
from ipraktik_chassis.links import Link
from ipraktik_chassis.pages import links_router
from ipraktik_notify.domain.kinds import PERSON_ACTS
from ipraktik_notify.store import mail_list, people
from ipraktik_notify.web.pages import PAGES

router: Final = APIRouter(include_in_schema=False)


async def epoch_of(conn: Any, contact_id: UUID) -> int | None:
    """The epoch of a contact's links, as the chassis asks for it."""
    found = await people.epoch(conn, contact_id=contact_id)
    if found is None:
        return None
    return ERASED if found[1] else found[0]


async def _name_of(conn: Any, link: Link) -> tuple[str, str] | None:
    contact = (await people.contacts_by_id(conn, contact_ids=[link.contact_id])).get(link.contact_id)
    return None if contact is None else (contact.name, contact.language)


def _landing(_: Link) -> str:
    return "/notify/preparation"


_ACTS: Final = {act for acts in PERSON_ACTS.values() for act in acts}
LINKS: Final = links_router(
    PAGES, service="notify", epoch_of=epoch_of, name_of=_name_of, landing=dict.fromkeys(_ACTS, _landing)
)


@router.get("/notify/my-data")
async def my_data(request: Request) -> Response:
    """A download: the person's own contact and the mails to them. Of others it says nothing."""
    link = await access.person(request, epoch_of=epoch_of)
    async with context_of(request).database.reading() as conn:
        contact = (await people.contacts_by_id(conn, contact_ids=[link.contact_id])).get(link.contact_id)
        mails = await mail_list.of_contact(conn, contact_id=link.contact_id)
    held = {
        "service": "notify",
        "contact": None
        if contact is None
        else {
            "contact_id": contact.contact_id,
            "participant_id": contact.participant_id,
            "relation": contact.relation,
            "name": contact.name,
            "email": contact.email,
            "language": contact.language,
            "unit_name": contact.unit_name,
            "role": contact.role,
        },
        "mails": mails,
    }
    return Response(
        json.dumps(held, ensure_ascii=False, indent=2, default=str),
        media_type="application/json",
        headers={"content-disposition": 'attachment; filename="innovationspraktik-mails.json"'},
    )
