"""A party answers. Final: the same answers again change nothing, other ones are refused."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import EvaluationSubmitted
from ipraktik_evaluation.domain.answers import Answers, Given, check_answers
from ipraktik_evaluation.domain.question_sets import QUESTION_SETS
from ipraktik_evaluation.domain.steps import given_of
from ipraktik_evaluation.store import drafts, evaluations
from ipraktik_evaluation.store.evaluations import Evaluation
from ipraktik_evaluation.usecases.fields_of import fields_of
from ipraktik_evaluation.usecases.open_evaluation import CannotAnswer, lock_for
from ipraktik_evaluation.usecases.save_draft import SavedElsewhere
from ipraktik_evaluation.usecases.tell_others import tell_others

__all__ = ["CannotAnswer", "submit_evaluation"]


async def submit_evaluation(
    tx: Transaction,
    *,
    evaluation_id: UUID,
    participant_id: UUID,
    given: Mapping[str, Given],
    draft_checked: int | None = None,
) -> Evaluation:
    """Take the answers of one of the sign-up's people; with `draft_checked` over the draft that they have seen as that revision.

    Raises CannotAnswer or AnswersRefused, or SavedElsewhere where the draft has changed since they saw it.
    """
    found = await lock_for(tx, evaluation_id=evaluation_id, participant_id=participant_id)
    request = found.request
    if draft_checked is not None:
        draft = await drafts.find_draft(tx.conn, evaluation_id=evaluation_id)
        given = {**given_of(draft.answers), **given}
        if found.answers is not None and not given:
            return found  # the draft was sent a moment ago: the button was pressed twice
        if draft.revision > draft_checked:
            raise SavedElsewhere(draft, ())
    form = QUESTION_SETS[request.question_set_version].form(request.party, request.wave)
    answers = check_answers(form, given)
    if found.texts_erased:
        answers = Answers(answers.choices)
    if found.answers is not None:
        if answers != found.answers:
            raise CannotAnswer("answered")
        return found
    await evaluations.save_answers(tx.conn, evaluation_id=evaluation_id, answers=answers, now=tx.now)
    await drafts.forget_drafts(tx.conn, evaluation_ids=[evaluation_id])
    await tx.emit(EvaluationSubmitted(**fields_of(request)))
    await tell_others(tx, edition_id=request.edition_id, wave=request.wave)
    return replace(found, state="submitted", closed_at=tx.now, answers=answers)
