"""Between answers and what stands on the answering pages: fields of forms one way, the reader's words the other."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import Request

from ipraktik_chassis.addresses import link
from ipraktik_chassis.forms import Form
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.texts import N_, Speech
from ipraktik_evaluation.domain.answers import Answers, AnswersRefused, Given
from ipraktik_evaluation.domain.indicators import INDICATORS
from ipraktik_evaluation.domain.questions import Question, Wave
from ipraktik_evaluation.domain.steps import CHECK, Step, given_of, questions_in
from ipraktik_evaluation.store.told import Told

_NOT_ANSWERED: Final = N_("Ikke besvaret")
_OF: Final = N_("{part} ud af {whole}")
_HALF: Final = N_("mindst halvdelen")
_AT_LEAST: Final = N_("mindst {part} ud af {whole}")
_MOST: Final = 2_000_000_000
_PERCENT_FROM: Final = 20


def given_in(form: Form, questions: Sequence[Question]) -> dict[str, Given]:
    """A page's fields as answers."""
    return {
        question.code: form.all(question.code) if question.kind == "many" else form.get(question.code, "")
        for question in questions
    }


def values_of(answers: Answers) -> dict[str, str | Sequence[str]]:
    """Answers as the values of a form."""
    return dict(given_of(answers))


def revision_in(form: Form, name: str = "revision") -> int:
    """What the page was based on; a page that does not say so was based on nothing."""
    text = form.filled(name)
    return min(int(text), _MOST) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def mends_of(refused: AnswersRefused, questions: Sequence[Question], say: Speech) -> dict[str, str]:
    """What to mend, by question: each sentence names its question, for in the summary several stand together."""
    sentences = {one.question: say.label(one.sentence).removesuffix(".") for one in refused.mistakes}
    return {
        question.code: f"{sentences[question.code]}: {say.label(question.label)}"
        for question in questions
        if question.code in sentences
    }


def words_of(question: Question, answers: Answers, say: Speech) -> list[str]:
    """What was answered to a question; empty where nothing was."""
    chosen = given_of(answers).get(question.code, ())
    if question.kind == "text":
        return [chosen] if isinstance(chosen, str) and chosen else []
    codes = (chosen,) if isinstance(chosen, str) else tuple(chosen)
    return [say.label(option.label) for option in question.options if option.code in codes]


def checked_rows(
    questions: Sequence[Question], answers: Answers, *, steps: Sequence[Step], here: str, request: Request
) -> list[tuple[str, str | list[str], str]]:
    """Each question with its answer and the way to change it."""
    say = speech_of(request)
    rows: list[tuple[str, str | list[str], str]] = []
    for step in steps:
        for question in questions_in(questions, step):
            words = words_of(question, answers, say) or [say(_NOT_ANSWERED)]
            change = link(request, f"{here}/{step}#{question.code}", back=CHECK)
            rows.append((say.label(question.label), words if len(words) > 1 else words[0], change))
    return rows


def elsewhere(
    questions: Sequence[Question], saved: Answers, *, codes: Sequence[str], say: Speech
) -> list[tuple[str, list[str]]]:
    """These questions with what another window saved."""
    return [
        (say.label(question.label), words_of(question, saved, say) or [say(_NOT_ANSWERED)])
        for question in questions
        if question.code in codes
    ]


def share_text(*, part: int | None, whole: int, say: Speech) -> str:
    """A share in words: whole percent, or "14 of 18" where there are too few answers for percent. Empty where it is silent."""
    if part is None:
        return ""
    if whole < _PERCENT_FROM:
        return say(_OF).format(part=say.number(part), whole=say.number(whole))
    return percent(part / whole, say)


def percent(share: float, say: Speech) -> str:
    """A share as whole percent."""
    return f"{say.number(round(share * 100))} %"


def others_say(told: Sequence[Told], *, wave: Wave, say: Speech) -> list[tuple[str, str]]:
    """What may be told of a wave's answers on the way to the report, as label and words."""
    known = {one.code: one.at_least for one in told}
    lines = []
    for definition in INDICATORS:
        at_least = known.get(definition.code)
        if definition.wave == wave and at_least is not None:
            part, whole = at_least.as_integer_ratio()
            words = say(_HALF) if whole == 2 else say(_AT_LEAST).format(part=part, whole=whole)
            lines.append((say.label(definition.label), words))
    return lines


def report_says(body: Mapping[str, Any] | None, *, wave: Wave, say: Speech) -> list[tuple[str, str]]:
    """What a published report tells of a wave's answers, as label and words."""
    known = {one["code"]: one for one in body["indicators"]} if body else {}
    return [
        (say.label(definition.label), share_text(part=one["yes"], whole=one["n"], say=say))
        for definition in INDICATORS
        if definition.wave == wave and (one := known.get(definition.code)) and one["share"] is not None
    ]
