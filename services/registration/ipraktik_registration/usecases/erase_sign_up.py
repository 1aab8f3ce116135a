"""A person wants everything about the sign-up deleted. The bare id stays as erased and never comes back to life."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ParticipantErased
from ipraktik_registration.domain.history import PERSON, Actor
from ipraktik_registration.domain.life import Step
from ipraktik_registration.domain.names import email_key
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import contacts, history, imports, named, participants
from ipraktik_registration.usecases.forget_people import forget_contacts, forget_people
from ipraktik_registration.usecases.speaking import say_updated


async def erase_sign_up(
    tx: Transaction, *, participant_id: UUID, namespace: str, actor: Actor = PERSON
) -> None:
    """Erase. Repeating changes nothing.

    Others who named this person no longer do, and say so; who was invited at the same address is forgotten with it, and so is a
    list with that address that a coordinator has brought and not yet taken in.
    ParticipantErased is said of sign-ups that never became valid too: notify knows those as well.
    """
    sign_up = await participants.locked(tx.conn, participant_id=participant_id)
    if sign_up is None:
        raise Refused("unknown_sign_up")
    if sign_up.state == "erased":
        return
    own = (await contacts.by_relation(tx.conn, participant_id=participant_id)).get("self")
    key = None if own is None else email_key(own.email)
    invited = await contacts.invited_as(
        tx.conn, participant_id=participant_id, key=key, edition_id=sign_up.edition_id
    )
    await forget_contacts(
        tx, [one for one in invited if one.participant_id != participant_id], namespace=namespace
    )
    tied = await named.remove_mentions(
        tx.conn, participant_id=participant_id, edition_id=sign_up.edition_id, key=key
    )
    if key is not None:
        await imports.forget(tx.conn, key=key)
    await participants.take_step(tx.conn, participant_id, step=Step("erased"), now=tx.now)
    await history.note(tx.conn, participant_id, act="erased", actor=actor, now=tx.now)
    await forget_people(tx, participant_ids=[participant_id], namespace=namespace, erased=True)
    await tx.emit(ParticipantErased(participant_id=participant_id, edition_id=sign_up.edition_id))
    await say_updated(tx, *(set(tied) - {participant_id}))
