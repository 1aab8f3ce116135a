"""The address of a sign-up is confirmed. A host is then valid; an intern's own manager is asked."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ConsentRequested
from ipraktik_registration.domain import life
from ipraktik_registration.domain.history import PERSON
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import contacts, history, participants
from ipraktik_registration.store.participants import SignUp
from ipraktik_registration.usecases.become_registered import become_registered
from ipraktik_registration.usecases.speaking import request


async def confirm_sign_up(tx: Transaction, *, participant_id: UUID) -> SignUp:
    """Confirm. Repeating changes nothing. Raises Refused where the sign-up has run out or is gone."""
    sign_up = await participants.locked(tx.conn, participant_id=participant_id)
    if sign_up is None:
        raise Refused("unknown_sign_up")
    twin = sign_up.state == "unconfirmed" and await participants.has_active_twin(tx.conn, sign_up=sign_up)
    step = life.confirm(sign_up.standing, now=tx.now, signed_up_already=twin)
    if step is None:
        return sign_up
    await history.note(
        tx.conn,
        participant_id,
        act="confirmed",
        actor=PERSON,
        now=tx.now,
        reason="signed_up_already" if twin else None,
    )
    if step.state == "registered":
        return await become_registered(tx, sign_up=sign_up)
    await participants.take_step(tx.conn, participant_id, step=step, now=tx.now, duplicate=twin)
    if step.state == "awaiting_consent":
        manager = (await contacts.by_relation(tx.conn, participant_id=participant_id))["manager"]
        await tx.emit(
            request(
                ConsentRequested,
                now=tx.now,
                participant_id=participant_id,
                contact_id=manager.contact_id,
                respond_by=step.respond_by,
            )
        )
    changed = await participants.one(tx.conn, participant_id=participant_id)
    if changed is None:
        raise Refused("unknown_sign_up")
    return changed
