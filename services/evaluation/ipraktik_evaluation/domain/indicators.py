"""The programme's three classic indicators and how they are worked out, exactly.

A share is yes / n over the answers of the named parties in the named wave. Every answer to the question counts in n, so
"maybe" and "too early to say" count as not yes: ours never looks better than it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final
from uuid import UUID

from ipraktik_contracts.codes import Label
from ipraktik_evaluation.domain.answers import Answers
from ipraktik_evaluation.domain.questions import Party, Wave
from ipraktik_evaluation.domain.suppression import too_few


@dataclass(frozen=True, slots=True)
class Submitted:
    """One submitted evaluation: whose sign-up answered, as which party, in which wave, and what."""

    respondent: UUID
    party: Party
    wave: Wave
    answers: Answers


@dataclass(frozen=True, slots=True)
class Published:
    """The programme's own figure of earlier years. Its base and response rate were never published."""

    label: Label
    share: float
    source: Label
    year: int


@dataclass(frozen=True, slots=True)
class IndicatorDefinition:
    """Which question, whose answers, in which wave, and which of them are a yes."""

    code: str
    question: str
    yes: frozenset[str]
    parties: frozenset[Party]
    wave: Wave
    label: Label
    published: Published | None = None


@dataclass(frozen=True, slots=True)
class IndicatorFigure:
    """An indicator worked out; `yes` and `share` are None where fewer than five people answered."""

    code: str
    n: int
    yes: int | None
    share: float | None


_SOURCE: Final = Label("COI's tal, gengivet i 2018", "COI's figures, as repeated in 2018")
_TRAVELLERS_AND_HOSTS: Final[frozenset[Party]] = frozenset({"intern", "host"})

INDICATORS: Final = (
    IndicatorDefinition(
        code="concrete_use",
        question="concrete_use",
        yes=frozenset({"yes_much", "yes_some"}),
        parties=_TRAVELLERS_AND_HOSTS,
        wave="after",
        label=Label("Har haft konkret nytte af praktikken", "Have had concrete use of the stay"),
        published=Published(Label("3 ud af 4", "3 of 4"), 0.75, _SOURCE, 2018),
    ),
    IndicatorDefinition(
        code="would_recommend",
        question="would_recommend",
        yes=frozenset({"yes"}),
        parties=_TRAVELLERS_AND_HOSTS,
        wave="after",
        label=Label("Vil anbefale Innovationspraktik til andre", "Would recommend the programme to others"),
        published=Published(Label("Mere end 9 ud af 10", "More than 9 of 10"), 0.9, _SOURCE, 2018),
    ),
    IndicatorDefinition(
        code="in_contact_afterwards",
        question="in_contact_afterwards",
        yes=frozenset({"yes"}),
        parties=_TRAVELLERS_AND_HOSTS,
        wave="follow_up",
        label=Label("Har haft kontakt efter praktikken", "Have been in contact since the stay"),
        published=Published(Label("2 ud af 3", "2 of 3"), 0.6667, _SOURCE, 2018),
    ),
    IndicatorDefinition(
        code="concrete_use_later",
        question="concrete_use",
        yes=frozenset({"yes_much", "yes_some"}),
        parties=_TRAVELLERS_AND_HOSTS,
        wave="follow_up",
        label=Label(
            "Har haft konkret nytte, spurgt igen nogle måneder efter",
            "Have had concrete use, asked again some months later",
        ),
    ),
)


def share(part: int, whole: int) -> float:
    """part / whole to four decimals, half to even, without a floating step before the rounding."""
    return round(Fraction(part * 10_000, whole)) / 10_000


def counted(definition: IndicatorDefinition, submitted: Sequence[Submitted]) -> list[tuple[UUID, bool]]:
    """Each answer that the indicator counts: whose it is, and whether it is a yes."""
    return [
        (one.respondent, answer in definition.yes)
        for one in submitted
        if one.wave == definition.wave
        and one.party in definition.parties
        and isinstance(answer := one.answers.choices.get(definition.question), str)
    ]


def work_out(definition: IndicatorDefinition, submitted: Sequence[Submitted]) -> IndicatorFigure:
    """The indicator over these answers."""
    answers = counted(definition, submitted)
    n = len(answers)
    if too_few(respondent for respondent, _ in answers):
        return IndicatorFigure(definition.code, n, None, None)
    yes = sum(is_yes for _, is_yes in answers)
    return IndicatorFigure(definition.code, n, yes, share(yes, n))
