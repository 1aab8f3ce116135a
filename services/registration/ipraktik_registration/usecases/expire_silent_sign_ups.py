"""Fourteen days of silence, at either step, end a sign-up; its owner is told."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import SignUpExpired
from ipraktik_registration.domain import life
from ipraktik_registration.domain.history import CLOCK
from ipraktik_registration.store import contacts, editions, history, participants
from ipraktik_registration.usecases.speaking import request


async def expire_silent_sign_ups(tx: Transaction, *, limit: int) -> int:
    """End those whose time is out; how many were looked at."""
    due = await participants.silent(tx.conn, now=tx.now, limit=limit)
    if not due:
        return 0
    await editions.lock(tx.conn, *sorted({edition_id for _, edition_id in due}))
    standing = await participants.many_locked(tx.conn, participant_ids=[one for one, _ in due])
    ended = [one.participant_id for one in standing if life.expire(one.standing, now=tx.now)]
    step = life.Step("expired", forget_at=tx.now + life.KEPT_AFTER_END)
    await participants.take_step(tx.conn, *ended, step=step, now=tx.now)
    await history.note(tx.conn, *ended, act="expired", actor=CLOCK, now=tx.now)
    own = [one for one in await contacts.of(tx.conn, *ended) if one.relation == "self"]
    await tx.emit(
        *(
            request(SignUpExpired, now=tx.now, participant_id=one.participant_id, contact_id=one.contact_id)
            for one in own
        )
    )
    return len(due)
