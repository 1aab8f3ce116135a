"""A party answers. Final: the same answers again change nothing, other ones are refused."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import EvaluationSubmitted
from ipraktik_evaluation.domain.answers import Answers, Given, check_answers
from ipraktik_evaluation.domain.question_sets import QUESTION_SETS
from ipraktik_evaluation.store import evaluations
from ipraktik_evaluation.store.evaluations import Evaluation
from ipraktik_evaluation.usecases.fields_of import fields_of


class CannotAnswer(Exception):
    """The evaluation takes no answer: it is unknown, somebody else's, too late, of an erased person, or answered otherwise."""

    def __init__(self, reason: Literal["unknown", "not_yours", "late", "erased", "answered"]) -> None:
        super().__init__(reason)
        self.reason = reason


async def submit_evaluation(
    tx: Transaction, *, evaluation_id: UUID, participant_id: UUID, given: Mapping[str, Given]
) -> Evaluation:
    """Take the answers of one of the sign-up's people. Raises CannotAnswer or AnswersRefused."""
    found = await evaluations.lock_evaluation(tx.conn, evaluation_id=evaluation_id)
    if found is None:
        raise CannotAnswer("unknown")
    if found.asked_id != participant_id:
        raise CannotAnswer("not_yours")
    if found.asked_erased:
        raise CannotAnswer("erased")
    request = found.request
    if found.state != "submitted" and (found.state == "expired" or tx.now >= request.answer_by):
        raise CannotAnswer("late")
    form = QUESTION_SETS[request.question_set_version].form(request.party, request.wave)
    answers = check_answers(form, given)
    if found.texts_erased:
        answers = Answers(answers.choices)
    if found.answers is not None:
        if answers != found.answers:
            raise CannotAnswer("answered")
        return found
    await evaluations.save_answers(tx.conn, evaluation_id=evaluation_id, answers=answers, now=tx.now)
    await tx.emit(EvaluationSubmitted(**fields_of(request)))
    return replace(found, state="submitted", closed_at=tx.now, answers=answers)
