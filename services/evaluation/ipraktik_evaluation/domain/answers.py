"""Answers held against their questions. Choices and texts are kept apart, because an erasure takes the texts and no count.

Invariant: two ways of sending the same answers (form or JSON, any order of choices, any line ends) give equal `Answers`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ipraktik_contracts.codes import Label
from ipraktik_evaluation.domain.questions import MAX_TEXT, Question

Given = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Answers:
    """What one party answered: codes of options by question, and texts by question."""

    choices: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A question whose answer does not fit, and how to mend it."""

    question: str
    sentence: Label


class AnswersRefused(Exception):
    """The answers do not fit the questions; each mistake names its question."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(f"{len(mistakes)} answers do not fit")
        self.mistakes = tuple(mistakes)


_UNKNOWN = Label(
    "Spørgsmålet hører ikke til her. Tag det ud.", "There is no such question here. Leave it out."
)
_ONE = Label("Vælg ét af svarene.", "Choose one of the answers.")
_MANY = Label("Vælg mindst ét af svarene.", "Choose at least one of the answers.")
_ALONE = Label(
    "Det sidste svar kan ikke vælges sammen med de andre.", "The last answer cannot go with the others."
)
_TEXT = Label(f"Skriv højst {MAX_TEXT} tegn.", f"Write at most {MAX_TEXT} characters.")


def check_answers(questions: Sequence[Question], given: Mapping[str, Given]) -> Answers:
    """The answers in their one form. Raises AnswersRefused with every mistake, in the order of the questions."""
    choices: dict[str, str | tuple[str, ...]] = {}
    texts: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for question in questions:
        answer = given.get(question.code, ())
        if question.kind == "text":
            text = _text(answer)
            if text is None:
                mistakes.append(Mistake(question.code, _TEXT))
            elif text:
                texts[question.code] = text
            continue
        chosen = _chosen(question, answer)
        if isinstance(chosen, Label):
            mistakes.append(Mistake(question.code, chosen))
        elif chosen:
            choices[question.code] = chosen[0] if question.kind == "one" else chosen
    known = {question.code for question in questions}
    mistakes.extend(Mistake(code, _UNKNOWN) for code in sorted(set(given) - known))
    if mistakes:
        raise AnswersRefused(mistakes)
    return Answers(choices, texts)


def _chosen(question: Question, answer: Given) -> tuple[str, ...] | Label:
    wanted = {answer} - {""} if isinstance(answer, str) else set(answer)
    hint = _ONE if question.kind == "one" else _MANY
    if not wanted:
        return hint if question.required else ()
    chosen = tuple(option.code for option in question.options if option.code in wanted)
    if len(chosen) != len(wanted) or (question.kind == "one" and len(chosen) > 1):
        return hint
    if len(chosen) > 1 and any(option.alone for option in question.options if option.code in wanted):
        return _ALONE
    return chosen


def _text(answer: Given) -> str | None:
    if not isinstance(answer, str):
        return None if answer else ""
    text = answer.replace("\r\n", "\n").replace("\r", "\n").strip()
    return None if len(text) > MAX_TEXT or "\x00" in text else text
