"""The people of sign-ups that ended without ever being valid are forgotten once the mail about it has had time to go out."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_registration.domain.history import CLOCK
from ipraktik_registration.store import history, participants
from ipraktik_registration.usecases.forget_people import forget_people


async def forget_ended_sign_ups(tx: Transaction, *, namespace: str, limit: int) -> int:
    """Forget those whose time has come; how many."""
    due = await participants.to_forget(tx.conn, now=tx.now, limit=limit)
    if due:
        await forget_people(tx, participant_ids=due, namespace=namespace, erased=False)
        await history.note(tx.conn, *due, act="forgotten", actor=CLOCK, now=tx.now)
    return len(due)
