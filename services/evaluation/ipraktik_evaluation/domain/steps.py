"""A form in short pages: what is chosen once, what is ticked, what is written; then everything is checked and sent.

Invariant: every question of a form stands on one page, and a page without questions is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal

from ipraktik_evaluation.domain.answers import Answers, Given
from ipraktik_evaluation.domain.questions import Question

Step = Literal["stay", "outcome", "words"]
CHECK: Final = "check"
_KINDS: Final[Mapping[Step, str]] = {"stay": "one", "outcome": "many", "words": "text"}


def steps_of(questions: Sequence[Question], *, texts_taken: bool) -> tuple[Step, ...]:
    """The pages of a form, in order. Nobody is asked to write where no text is kept any more."""
    kinds = {question.kind for question in questions}
    return tuple(step for step, kind in _KINDS.items() if kind in kinds and (step != "words" or texts_taken))


def questions_in(questions: Sequence[Question], step: Step) -> tuple[Question, ...]:
    """The questions of one page."""
    return tuple(question for question in questions if question.kind == _KINDS[step])


def step_of(questions: Sequence[Question], code: str) -> Step | None:
    """The page that a question stands on."""
    return next(
        (step for step in _KINDS for question in questions_in(questions, step) if question.code == code), None
    )


def next_step(questions: Sequence[Question], answers: Answers, *, texts_taken: bool) -> Step | None:
    """The first page with a required question unanswered, else the page of texts; None where everything is answered.

    Texts are never required: a person who comes back is led past them only when one is written.
    """
    for step in steps_of(questions, texts_taken=texts_taken):
        of_step = questions_in(questions, step)
        if any(question.required and question.code not in answers.choices for question in of_step):
            return step
        if step == "words" and not answers.texts:
            return step
    return None


def unforced(questions: Sequence[Question]) -> tuple[Question, ...]:
    """The same questions, none of them required: what is kept half-way need not be whole."""
    return tuple(replace(question, required=False) for question in questions)


def given_of(answers: Answers) -> dict[str, Given]:
    """Answers as they would be given again."""
    return {**answers.choices, **answers.texts}


def put(draft: Answers, questions: Sequence[Question], fresh: Answers) -> Answers:
    """The draft with one page's answers in place of what stood there; other pages stay."""
    codes = {question.code for question in questions}
    return Answers(
        {**{code: one for code, one in draft.choices.items() if code not in codes}, **fresh.choices},
        {**{code: one for code, one in draft.texts.items() if code not in codes}, **fresh.texts},
    )


def lost(draft: Answers, questions: Sequence[Question], fresh: Answers) -> tuple[str, ...]:
    """The questions of a page whose saved answer would be replaced by another one, or by none."""
    saved, now = given_of(draft), given_of(fresh)
    return tuple(
        question.code
        for question in questions
        if question.code in saved and saved[question.code] != now.get(question.code)
    )
