"""Who opens a page here: the contact behind a link, by this service's own table, and which evaluations are theirs."""

from typing import Any, Final
from uuid import UUID

from fastapi import Request

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.links import Link, LinkRefused
from ipraktik_chassis.texts import language_named
from ipraktik_evaluation.domain.questions import Party
from ipraktik_evaluation.store.contacts import find_contact
from ipraktik_evaluation.store.evaluations import Evaluation, find_evaluation
from ipraktik_evaluation.usecases.open_evaluation import CannotAnswer
from ipraktik_evaluation.web.problems import cannot_answer

ACT: Final = "evaluate"
PARTIES_OF: Final[dict[str, frozenset[Party]]] = {
    "self": frozenset({"intern", "host"}),
    "manager": frozenset({"manager"}),
}
"""As which parties a contact of a sign-up is asked."""


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


async def asked_person(request: Request, *, evaluation_id: UUID) -> tuple[Link, Evaluation]:
    """The person who asks, and the evaluation that is theirs to answer. Raises Problem.

    A link opens the evaluation that its mail is about, and one that opens everything of a sign-up opens each evaluation that
    the sign-up's person is asked for: the manager's are not the intern's.
    """
    link = await access.person(request, epoch_of=epoch_of)
    async with context_of(request).database.reading() as conn:
        contact = await find_contact(conn, contact_id=link.contact_id)
        found = await find_evaluation(conn, evaluation_id=evaluation_id)
    request.state.language = language_named(contact.language if contact else None)
    if not link.opens(ACT, evaluation_id):
        relation = "" if contact is None or contact.relation is None else contact.relation
        broad = link.opens(ACT, link.participant_id) and found is not None
        if not broad or found is None or found.request.party not in PARTIES_OF.get(relation, ()):
            raise access.refusal(LinkRefused("not_allowed"))
    if found is None:
        raise cannot_answer(CannotAnswer("unknown"))
    if found.asked_id != link.participant_id:
        raise cannot_answer(CannotAnswer("not_yours"))
    return link, found
