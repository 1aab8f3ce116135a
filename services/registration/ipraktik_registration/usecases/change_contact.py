"""A coordinator gives one person of a sign-up another address, because mail to the first does not arrive.

As when the person does it: links mailed before are void, and what was asked is asked at the new address. Unlike the person, a
coordinator may do it before the address is confirmed, which is when a wrong one shows.
"""

from dataclasses import replace
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import LinkRequested
from ipraktik_registration.domain import life
from ipraktik_registration.domain.details import OwnRelation, Person
from ipraktik_registration.domain.history import Act, Actor
from ipraktik_registration.domain.names import email_key
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import contacts, history, participants
from ipraktik_registration.store.contacts import Contact
from ipraktik_registration.store.participants import SignUp
from ipraktik_registration.usecases.change_people import change_person
from ipraktik_registration.usecases.introduce import introduce
from ipraktik_registration.usecases.speaking import request, say_updated


async def change_contact(
    tx: Transaction, *, participant_id: UUID, relation: OwnRelation, email: str, actor: Actor
) -> None:
    """Change the address. The same address again changes and says nothing. Raises Refused."""
    sign_up = await _reachable(tx, participant_id)
    known = (await contacts.by_relation(tx.conn, participant_id=participant_id)).get(relation)
    if known is None:
        raise Refused("nobody_there")
    if email_key(known.email) == email_key(email):
        return
    told = await change_person(
        tx, before=sign_up, after=sign_up, known=known, person=Person(known.name, email, known.language)
    )
    await _note(tx, participant_id, "address_changed", actor, relation)
    if sign_up.state != "registered":
        await tx.emit(*told)
        return
    if relation != "self":
        await tx.emit(*told, _link_for(tx, known))
        return
    changed, questions = await introduce(tx, sign_up=sign_up, own=replace(known, email=email))
    await say_updated(tx, *changed)
    await tx.emit(*told, *questions)


async def name_deputy(tx: Transaction, *, participant_id: UUID, deputy: Person, actor: Actor) -> None:
    """Somebody else stands in for the intern's manager, in every question that is out and every one to come.

    The contact stays, so others know whose place it is; its links are void, whoever the deputy is. The same deputy again changes
    nothing. Raises Refused.
    """
    sign_up = await _reachable(tx, participant_id)
    known = (await contacts.by_relation(tx.conn, participant_id=participant_id)).get("manager")
    if known is None:
        raise Refused("nobody_there")
    if Person(known.name, known.email, known.language) == deputy:
        return
    told = await change_person(
        tx, before=sign_up, after=sign_up, known=known, person=deputy, somebody_else=True
    )
    await _note(tx, participant_id, "deputy_named", actor, "manager")
    await tx.emit(*told, *([_link_for(tx, known)] if sign_up.state == "registered" else []))


def _link_for(tx: Transaction, contact: Contact) -> LinkRequested:
    """No question of ours is out to somebody beside a valid sign-up, but another service's may be: the new link leads to it."""
    return request(
        LinkRequested,
        now=tx.now,
        participant_id=contact.participant_id,
        contact_id=contact.contact_id,
    )


async def _reachable(tx: Transaction, participant_id: UUID) -> SignUp:
    sign_up = await participants.locked(tx.conn, participant_id=participant_id)
    if sign_up is None:
        raise Refused("unknown_sign_up")
    life.may_be_reached_anew(sign_up.standing, now=tx.now)
    return sign_up


async def _note(tx: Transaction, participant_id: UUID, act: Act, actor: Actor, relation: OwnRelation) -> None:
    await history.note(tx.conn, participant_id, act=act, actor=actor, now=tx.now, reason=relation)
