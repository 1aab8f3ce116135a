"""The intern's own manager says whether the workplace agrees."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ConsentGiven, ConsentRefused
from ipraktik_registration.domain import life
from ipraktik_registration.domain.history import MANAGER
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import contacts, history, participants
from ipraktik_registration.usecases.become_registered import become_registered
from ipraktik_registration.usecases.speaking import request


async def answer_consent(tx: Transaction, *, participant_id: UUID, agree: bool) -> life.State:
    """Answer; the state the sign-up is in then. Repeating changes nothing. Raises Refused for a contradiction."""
    sign_up = await participants.locked(tx.conn, participant_id=participant_id)
    if sign_up is None:
        raise Refused("unknown_sign_up")
    step = life.answer_consent(sign_up.standing, agree=agree, now=tx.now)
    if step is None:
        return sign_up.state
    await history.note(
        tx.conn, participant_id, act="consented" if agree else "refused", actor=MANAGER, now=tx.now
    )
    own = (await contacts.by_relation(tx.conn, participant_id=participant_id))["self"]
    outcome = ConsentGiven if agree else ConsentRefused
    await tx.emit(request(outcome, now=tx.now, participant_id=participant_id, contact_id=own.contact_id))
    if agree:
        await become_registered(tx, sign_up=sign_up, consent=True)
    else:
        await participants.take_step(tx.conn, participant_id, step=step, now=tx.now, consent=False)
    return step.state
