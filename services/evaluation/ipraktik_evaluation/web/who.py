"""Who opens a page here: the contact behind a link, by this service's own table."""

from typing import Any
from uuid import UUID

from fastapi import Request

from ipraktik_chassis import access
from ipraktik_chassis.links import Link, LinkRefused
from ipraktik_evaluation.store.contacts import find_contact

ACT = "evaluate"


async def epoch_of(conn: Any, contact_id: UUID) -> int | None:
    """The contact's epoch; None before it is known here, ERASED where it is gone."""
    contact = await find_contact(conn, contact_id=contact_id)
    if contact is None:
        return None
    return access.ERASED if contact.erased else contact.epoch


async def name_of(conn: Any, link: Link) -> tuple[str, str] | None:
    """Name and language of the person a link is for."""
    contact = await find_contact(conn, contact_id=link.contact_id)
    return None if contact is None or contact.erased else (contact.name, contact.language)


async def asked_person(request: Request, *, evaluation_id: UUID) -> Link:
    """The person who asks, allowed to open this evaluation. Raises Problem."""
    link = await access.person(request, epoch_of=epoch_of)
    if not link.opens(ACT, evaluation_id):
        raise access.refusal(LinkRefused("not_allowed"))
    return link
