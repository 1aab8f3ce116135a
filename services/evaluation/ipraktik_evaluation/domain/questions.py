"""What a question is. A question set has a version; a version that was ever used never changes, since answers carry it.

Invariants: codes are unique within a form; a choice has options; a text has none and is never required.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ipraktik_contracts.codes import Label

Party = Literal["intern", "manager", "host"]
Wave = Literal["after", "follow_up"]
Kind = Literal["one", "many", "text"]

PARTIES: Final[tuple[Party, ...]] = ("intern", "manager", "host")
WAVES: Final[tuple[Wave, ...]] = ("after", "follow_up")
MAX_TEXT: Final = 2000
NO_OPINION: Final = frozenset({"dont_know", "too_early"})
"""Options of a scale that are no point on it; they stand apart from the others."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. An option that stands `alone` cannot be combined with others."""

    code: str
    label: Label
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question: choose one, choose several, or write."""

    code: str
    kind: Kind
    label: Label
    options: tuple[Option, ...] = ()
    required: bool = True

    def __post_init__(self) -> None:
        if (self.kind == "text") != (not self.options):
            raise ValueError(f"{self.code}: a choice has options and a text has none")
        if self.kind == "text" and self.required:
            raise ValueError(f"{self.code}: nobody has to write")
        if len({option.code for option in self.options}) != len(self.options):
            raise ValueError(f"{self.code}: two options have the same code")


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """One version of all forms: the questions each party gets in each wave."""

    version: int
    forms: Mapping[tuple[Party, Wave], tuple[Question, ...]]

    def __post_init__(self) -> None:
        for form, questions in self.forms.items():
            if len({question.code for question in questions}) != len(questions):
                raise ValueError(f"{form}: two questions have the same code")
        if set(self.forms) != {(party, wave) for party in PARTIES for wave in WAVES}:
            raise ValueError("a question set asks every party in every wave")

    def form(self, party: Party, wave: Wave) -> tuple[Question, ...]:
        """The questions of one party in one wave, in order."""
        return self.forms[party, wave]
