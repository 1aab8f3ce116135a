"""Who is asking, and may they: the link must open the act on that sign-up, and belong to the contact whose act it is."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from fastapi import Request

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.links import Link, LinkRefused
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import contacts
from ipraktik_registration.store.contacts import Contact, Relation

_WHOSE: Final[dict[str, Relation]] = {"consent": "manager"}
"""Acts that belong to somebody else than the owner of the sign-up."""
READERS: Final[frozenset[Relation]] = frozenset({"self", "reserve", "manager"})
"""Who has a page of their own about a sign-up. What it shows differs."""


async def epoch_of(conn: Any, contact_id: UUID) -> int | None:
    """The epoch of a contact. Registration owns contacts: one that is not here is gone for good."""
    epoch = await contacts.epoch(conn, contact_id=contact_id)
    return access.ERASED if epoch is None else epoch


async def name_of(conn: Any, link: Link) -> tuple[str, str] | None:
    """Name and language of the person a link is for."""
    contact = await contacts.one(conn, contact_id=link.contact_id)
    return None if contact is None else (contact.name, contact.language)


async def signed_in(request: Request) -> tuple[Link, Contact]:
    """The person who asks, whatever the link opens. Raises Problem."""
    link = await access.person(request, epoch_of=epoch_of)
    async with context_of(request).database.reading() as conn:
        contact = await contacts.one(conn, contact_id=link.contact_id)
    if contact is None or contact.participant_id != link.participant_id:
        raise access.refusal(LinkRefused("revoked"))
    request.state.language = contact.language
    return link, contact


async def acting(
    request: Request,
    participant_id: UUID,
    act: str,
    *,
    before_sign_up: bool = False,
    by_any_link: bool = False,
    whose: Collection[Relation] = (),
) -> Contact:
    """The contact who asks, whose link opens the act on the sign-up. Raises Problem, or Refused.

    A person who was invited and is not signed up holds a link too, but can do nothing with it `before_sign_up`, only look.
    `by_any_link`: a link to the own page will do as well. `whose` are the relations that may; else the act says whose it is.
    """
    link, contact = await signed_in(request)
    if contact.relation == "invited" and before_sign_up and participant_id in link.aggregates:
        return contact
    opens = link.opens(act, participant_id) or (
        by_any_link and link.opens("overview", contact.participant_id)
    )
    if not opens:
        raise access.refusal(LinkRefused("not_allowed"))
    if contact.relation == "invited":
        raise Refused("sign_up_first")
    if contact.relation not in (whose or (_WHOSE.get(act, "self"),)):
        raise access.refusal(LinkRefused("not_allowed"))
    # a link names several aggregates and several acts, so the pair alone does not say that this one is the person's own
    if act != "invited" and contact.participant_id != participant_id:
        raise access.refusal(LinkRefused("not_allowed"))
    return contact
