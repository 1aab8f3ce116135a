"""A person changes the sign-up: always the whole of it, but for edition and role.

A new address raises the contact's epoch, which voids every link mailed before. In public something is said only where the
public body has changed.
"""

from dataclasses import replace
from uuid import UUID

from ipraktik_chassis.ids import new_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ConsentRequested, Event, LinkRequested, ParticipantUpdated
from ipraktik_registration.domain import life
from ipraktik_registration.domain.details import Details, OwnRelation
from ipraktik_registration.domain.names import email_key
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import contacts, named, participants, registry
from ipraktik_registration.store.contacts import Contact
from ipraktik_registration.store.named import Named
from ipraktik_registration.store.participants import SignUp
from ipraktik_registration.usecases.become_registered import place_at_work
from ipraktik_registration.usecases.forget_people import forget_contacts
from ipraktik_registration.usecases.introduce import introduce
from ipraktik_registration.usecases.speaking import body_of, contact_changed, request, say_updated

_RELATIONS: tuple[OwnRelation, ...] = ("self", "manager", "reserve")


async def update_sign_up(tx: Transaction, *, participant_id: UUID, details: Details, namespace: str) -> None:
    """Change the sign-up. The same details again change and say nothing. Raises Refused where it may not be changed."""
    before = await participants.locked(tx.conn, participant_id=participant_id)
    if before is None:
        raise Refused("unknown_sign_up")
    life.may_change(before.standing, now=tx.now)
    said_before = await body_of(tx, ParticipantUpdated, before) if before.state == "registered" else None
    after = replace(
        before,
        body=details.body,
        job_title=details.job_title,
        unit_name=details.unit_name,
        presentation=details.presentation,
    )
    await participants.set_details(
        tx.conn,
        participant_id=participant_id,
        body=after.body,
        job_title=after.job_title,
        unit_name=after.unit_name,
        presentation=after.presentation,
    )
    await _change_mentions(tx, after, details, namespace)
    told = await _change_people(tx, before=before, after=after, details=details, namespace=namespace)
    if said_before is None:
        await tx.emit(*told)
        return
    after = await place_at_work(tx, sign_up=after)
    own = (await contacts.by_relation(tx.conn, participant_id=participant_id))["self"]
    changed, questions = await introduce(tx, sign_up=after, own=own)
    body = await body_of(tx, ParticipantUpdated, after)
    if body != said_before:
        await tx.emit(body)
    await say_updated(tx, *(changed - {participant_id}))
    await tx.emit(*told, *questions)


async def _change_people(
    tx: Transaction, *, before: SignUp, after: SignUp, details: Details, namespace: str
) -> list[Event]:
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
        moved = email_key(person.email) != email_key(known.email)
        contact = replace(
            known,
            name=person.name,
            email=person.email,
            language=person.language,
            epoch=known.epoch + moved,
        )
        if contact != known:
            await contacts.change(tx.conn, contact)
        if contact_changed(contact, role=after.role, told=after) != contact_changed(
            known, role=before.role, told=before
        ):
            events.append(contact_changed(contact, role=after.role, told=after))
        if moved:
            events += await _new_address(tx, after, contact)
    return events


async def _new_address(tx: Transaction, sign_up: SignUp, contact: Contact) -> list[Event]:
    """Who has a new address gets a new link there; a manager who has not answered yet is asked there, with the full time."""
    if contact.relation == "self":
        return [
            request(
                LinkRequested,
                now=tx.now,
                participant_id=sign_up.participant_id,
                contact_id=contact.contact_id,
            )
        ]
    if contact.relation == "manager" and sign_up.state == "awaiting_consent":
        respond_by = tx.now + life.SILENCE
        await participants.set_respond_by(
            tx.conn, participant_id=sign_up.participant_id, respond_by=respond_by
        )
        return [
            request(
                ConsentRequested,
                now=tx.now,
                participant_id=sign_up.participant_id,
                contact_id=contact.contact_id,
                respond_by=respond_by,
            )
        ]
    return []


async def _change_mentions(tx: Transaction, sign_up: SignUp, details: Details, namespace: str) -> None:
    standing = await named.of(tx.conn, participant_id=sign_up.participant_id)
    wanted = {mention.kind: mention for mention in details.mentions}
    for kind, known in standing.items():
        mention = wanted.get(kind)
        if mention is not None and mention.same_person(email=known.email, other_id=known.other_id):
            if mention.name != known.name:
                await named.rename(
                    tx.conn, participant_id=sign_up.participant_id, kind=kind, name=mention.name
                )
            del wanted[kind]
            continue
        await named.remove(tx.conn, participant_id=sign_up.participant_id, kind=kind)
        if known.invited_id is not None:
            invited = await contacts.one(tx.conn, contact_id=known.invited_id)
            await forget_contacts(tx, [invited] if invited else [], namespace=namespace)
    for mention in wanted.values():
        if mention.other_id is not None and sign_up.edition_id != await registry.edition_of_host(
            tx.conn, participant_id=mention.other_id
        ):
            raise Refused("host_in_mind_unknown")
        await named.add(
            tx.conn,
            Named(
                sign_up.participant_id,
                mention.kind,
                mention.name,
                mention.email,
                other_id=mention.other_id,
            ),
        )
