"""Somebody is about to answer: the evaluation, locked, if it still takes an answer of theirs."""

from typing import Literal
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_evaluation.store import evaluations
from ipraktik_evaluation.store.evaluations import Evaluation


class CannotAnswer(Exception):
    """The evaluation takes no answer: it is unknown, somebody else's, too late, of an erased person, or answered otherwise."""

    def __init__(self, reason: Literal["unknown", "not_yours", "late", "erased", "answered"]) -> None:
        super().__init__(reason)
        self.reason = reason


async def open_evaluation(tx: Transaction, *, evaluation_id: UUID, participant_id: UUID) -> Evaluation:
    """The open evaluation of one of the sign-up's people. Raises CannotAnswer, `answered` where it is sent."""
    found = await lock_for(tx, evaluation_id=evaluation_id, participant_id=participant_id)
    if found.state == "submitted":
        raise CannotAnswer("answered")
    return found


async def lock_for(tx: Transaction, *, evaluation_id: UUID, participant_id: UUID) -> Evaluation:
    """The evaluation, open or sent. Raises CannotAnswer."""
    found = await evaluations.lock_evaluation(tx.conn, evaluation_id=evaluation_id)
    if found is None:
        raise CannotAnswer("unknown")
    if found.asked_id != participant_id:
        raise CannotAnswer("not_yours")
    if found.asked_erased:
        raise CannotAnswer("erased")
    if found.state != "submitted" and (found.state == "expired" or tx.now >= found.request.answer_by):
        raise CannotAnswer("late")
    return found
