"""A party has answered a page and goes on, or comes back later. Nothing counts until it is sent.

What was saved elsewhere after this page was shown is not overwritten unseen: such a save is refused once, with what differs.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_evaluation.domain.answers import Answers, Given, check_answers
from ipraktik_evaluation.domain.question_sets import QUESTION_SETS
from ipraktik_evaluation.domain.steps import Step, lost, put, questions_in, unforced
from ipraktik_evaluation.store import drafts
from ipraktik_evaluation.store.drafts import Draft
from ipraktik_evaluation.usecases.open_evaluation import open_evaluation


class SavedElsewhere(Exception):
    """Another window saved other answers to this page meanwhile; `questions` are those that differ from `draft`."""

    def __init__(self, draft: Draft, questions: Sequence[str]) -> None:
        super().__init__(f"{len(questions)} answers were saved elsewhere")
        self.draft = draft
        self.questions = tuple(questions)


async def save_draft(
    tx: Transaction,
    *,
    evaluation_id: UUID,
    participant_id: UUID,
    step: Step,
    given: Mapping[str, Given],
    based_on: int,
    whole: bool,
) -> Answers:
    """The draft as it now stands. `whole` asks for every required answer of the page.

    Raises CannotAnswer, AnswersRefused or SavedElsewhere.
    """
    found = await open_evaluation(tx, evaluation_id=evaluation_id, participant_id=participant_id)
    request = found.request
    form = QUESTION_SETS[request.question_set_version].form(request.party, request.wave)
    of_step = questions_in(form, step)
    fresh = check_answers(of_step if whole else unforced(of_step), given)
    if found.texts_erased:
        fresh = Answers(fresh.choices)
    draft = await drafts.find_draft(tx.conn, evaluation_id=evaluation_id)
    if draft.revision > based_on and (differing := lost(draft.answers, of_step, fresh)):
        raise SavedElsewhere(draft, differing)
    answers = put(draft.answers, of_step, fresh)
    if answers != draft.answers or draft.revision == 0:
        await drafts.save_draft(tx.conn, evaluation_id=evaluation_id, answers=answers, now=tx.now)
    return answers
