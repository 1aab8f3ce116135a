"""A person of a sign-up gets another name, address or language, comes or goes.

A new address raises the contact's epoch, which voids every link mailed before; so does another person at the same address. Who has
a new address gets a link there, and who has not yet answered a question is asked it there, with the full time.
"""

from dataclasses import replace

from ipraktik_chassis.ids import new_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ConfirmationRequested, ConsentRequested, Event, LinkRequested
from ipraktik_registration.domain import life
from ipraktik_registration.domain.details import Details, OwnRelation, Person
from ipraktik_registration.domain.names import email_key
from ipraktik_registration.store import contacts, participants
from ipraktik_registration.store.contacts import Contact
from ipraktik_registration.store.participants import SignUp
from ipraktik_registration.usecases.forget_people import forget_contacts
from ipraktik_registration.usecases.speaking import contact_changed, request

_RELATIONS: tuple[OwnRelation, ...] = ("self", "manager", "reserve")


async def change_people(
    tx: Transaction, *, before: SignUp, after: SignUp, details: Details, namespace: str
) -> list[Event]:
    """Make the people of the sign-up those that the details name; what is to be said about it."""
    standing = await contacts.by_relation(tx.conn, participant_id=after.participant_id)
    events: list[Event] = []
    for relation in _RELATIONS:
        person, known = details.people.get(relation), standing.get(relation)
        if person is None:
            if known is not None:
                await forget_contacts(tx, [known], namespace=namespace)
            continue
        if known is None:
            contact = Contact(
                new_id(tx.now), after.participant_id, relation, person.name, person.email, person.language
            )
            await contacts.add(tx.conn, contact)
            events.append(contact_changed(contact, role=after.role, told=after))
            continue
        events += await change_person(tx, before=before, after=after, known=known, person=person)
    return events


async def change_person(
    tx: Transaction,
    *,
    before: SignUp,
    after: SignUp,
    known: Contact,
    person: Person,
    somebody_else: bool = False,
) -> list[Event]:
    """Change one contact; `somebody_else` where another person takes the place, so that the first one's links are void."""
    moved = somebody_else or email_key(person.email) != email_key(known.email)
    contact = replace(
        known,
        name=person.name,
        email=person.email,
        language=person.language,
        epoch=known.epoch + moved,
    )
    if contact != known:
        await contacts.change(tx.conn, contact)
    told = contact_changed(contact, role=after.role, told=after)
    events: list[Event] = []
    if told != contact_changed(known, role=before.role, told=before):
        events.append(told)
    if moved:
        events += await _new_address(tx, after, contact)
    return events


async def _new_address(tx: Transaction, sign_up: SignUp, contact: Contact) -> list[Event]:
    waits_for = {"unconfirmed": "self", "awaiting_consent": "manager"}.get(sign_up.state)
    if contact.relation == waits_for:
        respond_by = tx.now + life.SILENCE
        await participants.set_respond_by(
            tx.conn, participant_id=sign_up.participant_id, respond_by=respond_by
        )
        question = ConfirmationRequested if contact.relation == "self" else ConsentRequested
        return [
            request(
                question,
                now=tx.now,
                participant_id=sign_up.participant_id,
                contact_id=contact.contact_id,
                respond_by=respond_by,
            )
        ]
    if contact.relation == "self":
        return [
            request(
                LinkRequested,
                now=tx.now,
                participant_id=sign_up.participant_id,
                contact_id=contact.contact_id,
            )
        ]
    return []
