"""Evaluations whose time has run out unanswered."""

from typing import Final

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import EvaluationExpired
from ipraktik_evaluation.store import drafts, evaluations
from ipraktik_evaluation.usecases.fields_of import fields_of

_AT_A_TIME: Final = 100


async def expire_evaluations(tx: Transaction) -> int:
    """Close the next hundred at most and say so; returns how many."""
    expired = await evaluations.expire_due(tx.conn, now=tx.now, limit=_AT_A_TIME)
    if expired:
        await drafts.forget_closed(tx.conn)
    await tx.emit(*(EvaluationExpired(**fields_of(request)) for request in expired))
    return len(expired)
