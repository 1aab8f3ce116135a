"""The report of an edition, worked out from facts of workplaces and from answers.

Who counts: *took part* is a sign-up in a stay that was completed; *signed up* is a valid sign-up that was not taken back.
Everything but the answers is public already by the events; the answers obey `suppression`.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from ipraktik_contracts.municipalities import region_of
from ipraktik_evaluation.domain.indicators import (
    INDICATORS,
    IndicatorFigure,
    Submitted,
    share,
    work_out,
)
from ipraktik_evaluation.domain.question_sets import NEWEST, QUESTION_SETS
from ipraktik_evaluation.domain.questions import PARTIES, WAVES, Party, Wave
from ipraktik_evaluation.domain.signed_up import SignUp, Stay
from ipraktik_evaluation.domain.suppression import FEWEST, may_renew, may_tell, too_few
from ipraktik_evaluation.domain.taking_part import taking_part

DISTRIBUTED: Final = ("outcomes", "effects")


@dataclass(frozen=True, slots=True)
class Asked:
    """How many evaluations of one party in one wave were asked for, and what became of them."""

    party: Party
    wave: Wave
    requested: int
    submitted: int
    expired: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Who took part, counted without repetition."""

    signed_up_interns: int
    signed_up_hosts: int
    participants: int
    interns: int
    hosts: int
    stays: int
    workplaces: int
    organisations: int
    municipalities: int
    regions: int
    region_codes: tuple[str, ...]
    ministerial_areas: int


@dataclass(frozen=True, slots=True)
class Response:
    """Asked and answered; the share is None where fewer than five were asked."""

    party: Party
    wave: Wave
    requested: int
    submitted: int
    expired: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """How many chose an option; None where that would speak of fewer than five."""

    option: str
    count: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Distribution:
    """What one party answered to one question in one wave. The party may choose several options."""

    question: str
    party: Party
    wave: Wave
    n: int
    options: tuple[Cell, ...]


def figures_of(*, sign_ups: Sequence[SignUp], stays: Sequence[Stay]) -> Figures:
    """Count participants and their workplaces. A region is the one that the municipality was in on the stay's first day."""
    known = {one.participant_id: one for one in sign_ups}
    standing = [one.role for one in sign_ups if not one.withdrawn]
    interns = {stay.intern_id for stay in stays}
    hosts = {stay.host_id for stay in stays}
    took_part = [known[one] for one in interns | hosts if one in known]
    regions = {
        region
        for stay in stays
        for one in (stay.intern_id, stay.host_id)
        if one in known
        and (code := known[one].municipality_code)
        and (region := region_of(code, stay.first_day))
    }
    return Figures(
        signed_up_interns=standing.count("intern"),
        signed_up_hosts=standing.count("host"),
        participants=len(interns | hosts),
        interns=len(interns),
        hosts=len(hosts),
        stays=len(stays),
        workplaces=_distinct(took_part, lambda one: one.workplace_id),
        organisations=_distinct(took_part, lambda one: one.organisation_id),
        municipalities=_distinct(took_part, lambda one: one.municipality_code),
        regions=len(regions),
        region_codes=tuple(sorted(regions)),
        ministerial_areas=_distinct(took_part, lambda one: one.ministerial_area),
    )


def responses_of(asked: Iterable[Asked]) -> tuple[Response, ...]:
    """Response rates in a fixed order; what was never asked is left out."""
    order = {
        (party, wave): place for place, (wave, party) in enumerate((w, p) for w in WAVES for p in PARTIES)
    }
    return tuple(
        Response(
            one.party,
            one.wave,
            one.requested,
            one.submitted,
            one.expired,
            share(one.submitted, one.requested) if one.requested >= FEWEST else None,
        )
        for one in sorted(asked, key=lambda one: order[one.party, one.wave])
    )


def distributions_of(submitted: Sequence[Submitted]) -> tuple[Distribution, ...]:
    """Outcomes and effects by party and wave, small groups silent."""
    made = []
    for wave in WAVES:
        for party in PARTIES:
            for question in QUESTION_SETS[NEWEST].form(party, wave):
                if question.code not in DISTRIBUTED:
                    continue
                answers = [
                    (one.respondent, chosen)
                    for one in submitted
                    if (one.party, one.wave) == (party, wave)
                    and isinstance(chosen := one.answers.choices.get(question.code), tuple)
                ]
                silent = too_few(respondent for respondent, _ in answers)
                cells = tuple(
                    Cell(option.code, None, None) if silent else _cell(option.code, answers)
                    for option in question.options
                )
                made.append(Distribution(question.code, party, wave, len(answers), cells))
    return tuple(made)


def report_body(
    *,
    sign_ups: Sequence[SignUp],
    stays: Sequence[Stay],
    asked: Sequence[Asked],
    submitted: Sequence[Submitted],
    previous: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The whole report as plain values for JSON. `previous` is the body published last, from which small steps are held back."""
    indicators = [asdict(work_out(definition, submitted)) for definition in INDICATORS]
    distributions = [asdict(one) for one in distributions_of(submitted)]
    given = previous or {"indicators": (), "distributions": ()}
    body: dict[str, Any] = _plain(
        {
            "figures": asdict(figures_of(sign_ups=sign_ups, stays=stays)),
            "taking_part": asdict(taking_part(sign_ups=sign_ups, stays=stays)),
            "responses": [asdict(one) for one in responses_of(asked)],
            "indicators": _held(indicators, given["indicators"], lambda one: one["code"]),
            "distributions": _held(
                distributions,
                given["distributions"],
                lambda one: (one["question"], one["party"], one["wave"]),
            ),
        }
    )
    return body


def indicators_in(body: Mapping[str, Any]) -> tuple[IndicatorFigure, ...]:
    """The indicators of a body, as figures."""
    return tuple(IndicatorFigure(**one) for one in body["indicators"])


def _held(
    fresh: Sequence[dict[str, Any]],
    given: Sequence[dict[str, Any]],
    name: Callable[[dict[str, Any]], Hashable],
) -> list[dict[str, Any]]:
    earlier = {name(one): one for one in given}
    return [
        one
        if (old := earlier.get(name(one))) is None or may_renew(told_n=_told(old), fresh_n=one["n"])
        else old
        for one in fresh
    ]


def _told(given: Mapping[str, Any]) -> int:
    """Over how many answers a figure of an earlier revision told something; 0 where it was silent."""
    counts = [given.get("share"), *(cell["count"] for cell in given.get("options", ()))]
    return int(given["n"]) if any(count is not None for count in counts) else 0


def _cell(option: str, answers: Sequence[tuple[UUID, tuple[str, ...]]]) -> Cell:
    chose = [respondent for respondent, chosen in answers if option in chosen]
    did_not = [respondent for respondent, chosen in answers if option not in chosen]
    if not may_tell(chose, did_not):
        return Cell(option, None, None)
    return Cell(option, len(chose), share(len(chose), len(answers)))


def _distinct(sign_ups: Iterable[SignUp], fact: Callable[[SignUp], object]) -> int:
    return len({value for one in sign_ups if (value := fact(one)) is not None})


def _plain(value: Any) -> Any:
    """Tuples as lists, so that a body equals itself after a way through JSON."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
