"""A person changes the sign-up: always the whole of it, but for edition and role.

A new address raises the contact's epoch, which voids every link mailed before. In public something is said only where the
public body has changed.
"""

from dataclasses import replace
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ParticipantUpdated
from ipraktik_registration.domain import life
from ipraktik_registration.domain.details import Details
from ipraktik_registration.domain.history import PERSON, Actor
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import contacts, history, named, participants, registry
from ipraktik_registration.store.named import Named
from ipraktik_registration.store.participants import SignUp
from ipraktik_registration.usecases.become_registered import place_at_work
from ipraktik_registration.usecases.change_people import change_people
from ipraktik_registration.usecases.forget_people import forget_contacts
from ipraktik_registration.usecases.introduce import introduce
from ipraktik_registration.usecases.speaking import body_of, say_updated


async def update_sign_up(
    tx: Transaction, *, participant_id: UUID, details: Details, namespace: str, actor: Actor = PERSON
) -> None:
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
    named_anew = await _change_mentions(tx, after, details, namespace)
    gone = set(await contacts.by_relation(tx.conn, participant_id=participant_id)) - set(details.people)
    told = await change_people(tx, before=before, after=after, details=details, namespace=namespace)
    if after != before or named_anew or told or gone:
        await history.note(tx.conn, participant_id, act="changed", actor=actor, now=tx.now)
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


async def _change_mentions(tx: Transaction, sign_up: SignUp, details: Details, namespace: str) -> bool:
    """Make those whom the sign-up names the ones that the details name; whether that changed anything."""
    changed = False
    standing = await named.of(tx.conn, participant_id=sign_up.participant_id)
    wanted = {mention.kind: mention for mention in details.mentions}
    for kind, known in standing.items():
        mention = wanted.get(kind)
        if mention is not None and mention.same_person(email=known.email, other_id=known.other_id):
            if mention.name != known.name:
                changed = True
                await named.rename(
                    tx.conn, participant_id=sign_up.participant_id, kind=kind, name=mention.name
                )
            del wanted[kind]
            continue
        changed = True
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
    return changed or bool(wanted)
