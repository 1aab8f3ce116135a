"""Follow-ups that have come due: ask all three parties again."""

from typing import Final

from ipraktik_chassis.transaction import Transaction
from ipraktik_evaluation.store import stays
from ipraktik_evaluation.usecases.ask_parties import ask_parties

_AT_A_TIME: Final = 100


async def request_follow_ups(tx: Transaction, *, answer_days: int) -> int:
    """Ask for the next hundred at most; returns how many stays were taken."""
    due = await stays.take_due_follow_ups(tx.conn, now=tx.now, limit=_AT_A_TIME)
    await ask_parties(tx, stays=due, wave="follow_up", answer_days=answer_days)
    return len(due)
