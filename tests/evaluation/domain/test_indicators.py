"""Indicators are exact, and silent about fewer than five people."""

import uuid
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_evaluation.domain.answers import Answers
from ipraktik_evaluation.domain.indicators import INDICATORS, IndicatorFigure, Submitted, share, work_out
from ipraktik_evaluation.domain.questions import Party, Wave

BY_CODE = {one.code: one for one in INDICATORS}


def answered(
    question: str, options: Sequence[str], *, party: Party = "intern", wave: Wave = "after"
) -> list[Submitted]:
    """One person per answer."""
    return [Submitted(uuid.uuid4(), party, wave, Answers({question: option})) for option in options]


def test_three_classic_indicators_stand_beside_the_programmes_own() -> None:
    published = {one.code: one.published.label.en for one in INDICATORS if one.published}
    assert published == {
        "concrete_use": "3 of 4",
        "would_recommend": "More than 9 of 10",
        "in_contact_afterwards": "2 of 3",
    }


def test_maybe_and_too_early_count_as_not_yes() -> None:
    recommend = answered("would_recommend", ["yes", "yes", "maybe", "no", "yes", "yes"])
    assert work_out(BY_CODE["would_recommend"], recommend) == IndicatorFigure("would_recommend", 6, 4, 0.6667)
    use = answered("concrete_use", ["yes_much", "yes_some", "no", "too_early", "yes_some"], party="host")
    assert work_out(BY_CODE["concrete_use"], use) == IndicatorFigure("concrete_use", 5, 3, 0.6)


def test_only_the_named_parties_and_wave_count() -> None:
    mixed = [
        *answered("concrete_use", ["yes_much"] * 4),
        *answered("concrete_use", ["no"], party="host"),
        *answered("concrete_use", ["no"] * 9, party="manager"),
        *answered("concrete_use", ["no"] * 6, wave="follow_up"),
    ]
    assert work_out(BY_CODE["concrete_use"], mixed) == IndicatorFigure("concrete_use", 5, 4, 0.8)
    assert work_out(BY_CODE["concrete_use_later"], mixed) == IndicatorFigure("concrete_use_later", 6, 0, 0.0)


@pytest.mark.parametrize("people", range(5))
def test_fewer_than_five_answers_have_a_base_and_no_share(people: int) -> None:
    few = answered("in_contact_afterwards", ["yes"] * people, wave="follow_up")
    figure = work_out(BY_CODE["in_contact_afterwards"], few)
    assert figure == IndicatorFigure("in_contact_afterwards", people, None, None)


def test_a_host_with_three_interns_is_one_person() -> None:
    host = uuid.uuid4()
    thrice = [Submitted(host, "host", "after", Answers({"would_recommend": "yes"})) for _ in range(3)]
    three = answered("would_recommend", ["yes"] * 3)
    assert work_out(BY_CODE["would_recommend"], [*thrice, *three]).share is None
    assert (
        work_out(BY_CODE["would_recommend"], [*thrice, *three, *answered("would_recommend", ["no"])]).n == 7
    )


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_is_the_exact_fraction_rounded_half_to_even(pair: tuple[int, int]) -> None:
    part, whole = pair
    # the double of four decimals lies nearer to its decimal than any other four decimals do
    found = Decimal(str(share(part, whole)))
    assert abs(found * whole - part) * 2 <= Decimal("0.0001") * whole


def test_a_tie_goes_to_the_even_digit() -> None:
    assert share(1, 32) == float(Decimal("0.03125").quantize(Decimal("0.0001"), ROUND_HALF_EVEN)) == 0.0312
    assert share(3, 32) == 0.0938
