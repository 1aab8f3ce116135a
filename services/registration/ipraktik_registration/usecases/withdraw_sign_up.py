"""A sign-up is taken back, by the person or a coordinator. What was proposed or agreed for it is ended by matching, not here."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ParticipantWithdrawn
from ipraktik_registration.domain import life
from ipraktik_registration.domain.history import PERSON, Actor
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.domain.withdrawal import ReasonOnBehalf
from ipraktik_registration.store import history, participants


async def withdraw_sign_up(
    tx: Transaction, *, participant_id: UUID, reason: ReasonOnBehalf, actor: Actor = PERSON
) -> life.State:
    """Withdraw. Repeating changes nothing, the first reason stands. Raises Refused where it has ended otherwise."""
    sign_up = await participants.locked(tx.conn, participant_id=participant_id)
    if sign_up is None:
        raise Refused("unknown_sign_up")
    step = life.withdraw(sign_up.standing, now=tx.now)
    if step is not None:
        await participants.take_step(tx.conn, participant_id, step=step, now=tx.now)
        await history.note(tx.conn, participant_id, act="withdrawn", actor=actor, now=tx.now, reason=reason)
        if sign_up.state == "registered":
            await tx.emit(
                ParticipantWithdrawn(
                    participant_id=participant_id, edition_id=sign_up.edition_id, reason=reason
                )
            )
    return "withdrawn"
