"""Interns of one host in a common week: every way to hold their stays tried by hand, and the plan left as it was."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.puzzles import YEAR, edition, host, intern, puzzle

from ipraktik_matching.puzzle import Days, Window, check, plan_to_json, solve
from ipraktik_matching.puzzle.certificate import verify
from ipraktik_matching.puzzle.together import Party, in_common_weeks, shared_week

MONDAY = date(2019, 1, 7)
DAY = timedelta(days=1)


def span(first: int, last: int) -> Window:
    """Days counted from a Monday."""
    return MONDAY + first * DAY, MONDAY + last * DAY


@st.composite
def _parties(draw: st.DrawFn) -> Party:
    """One or two persons who are free now and then in three weeks."""
    starts = sorted(draw(st.sets(st.integers(0, 18), max_size=3)))
    windows = tuple(
        span(start, min(start + draw(st.integers(0, 8)), end - 2))
        for start, end in zip(starts, [*starts, 40][1:], strict=True)
        if start <= end - 2
    )
    return Party(draw(st.integers(1, 2)), draw(st.integers(1, 6)), windows)


def every_way(party: Party) -> list[Window | None]:
    """Each stretch of weekdays that is free, looked at day by day; or not coming."""
    free = {
        first + number * DAY for first, last in party.windows for number in range((last - first).days + 1)
    }
    found: list[Window | None] = [None]
    for start in range(40):
        days = [MONDAY + (start + number) * DAY for number in range(party.days)]
        if all(day in free and day.weekday() < 5 for day in days):
            found.append((days[0], days[-1]))
    return found


def worth(
    parties: list[Party], standing: list[Window], stays: tuple[Window | None, ...]
) -> tuple[int, int, int]:
    """Persons in the common week, days they share, and earliness; zeros where not all who come share a week."""
    here = [(party.persons, stay) for party, stay in zip(parties, stays, strict=True) if stay]
    weeks = {stay[0].isocalendar()[1] for _, stay in here}
    if len(weeks) != 1:
        return 0, 0, 0
    beside = [one for one in standing if one[0].isocalendar()[1] in weeks]
    if len(here) + len(beside) < 2:
        return 0, 0, 0
    days = [
        {first + number * DAY for number in range((last - first).days + 1)}
        for first, last in [*beside, *(stay for _, stay in here)]
    ]
    return sum(persons for persons, _ in here) + len(beside), len(set.intersection(*days)), -min(weeks)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(_parties(), min_size=1, max_size=3), st.booleans())
def test_no_other_week_has_more_of_them_or_more_days_together(parties: list[Party], stands: bool) -> None:
    standing = [span(8, 10)] if stands else []
    ways = [every_way(party) for party in parties]
    best = max(worth(parties, standing, stays) for stays in product(*ways))
    found = shared_week(parties, standing)
    if found is None:
        assert best == (0, 0, 0)
        return
    assert worth(parties, standing, found.stays) == best
    assert found.days == best[1]
    assert all(stay in its for stay, its in zip(found.stays, ways, strict=True))


def test_two_who_could_come_apart_come_in_the_week_that_suits_both() -> None:
    a = intern("a", available=(span(0, 4), span(14, 18)), days=Days(2, 2))
    b = intern("b", available=(span(9, 10), span(15, 18)), days=Days(2, 2))
    crowd = puzzle(a, b, host("h", capacity=2), dates=YEAR)
    plan = solve(crowd)
    assert len({one.window for one in plan.placements}) == 2
    after, (week,) = in_common_weeks(crowd, plan)
    assert {one.window for one in after.placements} == {span(15, 16)}
    assert (week.monday, week.together, week.apart, week.days) == (MONDAY + 14 * DAY, ("a", "b"), (), 2)
    assert check(crowd, after) == []


def test_who_cannot_join_keeps_the_own_dates_and_is_named() -> None:
    a, b = intern("a", available=(span(0, 4),)), intern("b", available=(span(2, 4),))
    late = intern("late", available=(span(14, 18),))
    crowd = puzzle(a, b, late, host("h", capacity=3), dates=YEAR)
    plan = solve(crowd)
    after, (week,) = in_common_weeks(crowd, plan)
    assert (week.together, week.apart, week.days) == (("a", "b"), ("late",), 3)
    assert [one.window for one in after.placements if one.intern_id == "late"] == [span(14, 18)]


def test_a_newcomer_joins_the_week_of_a_stay_that_stands() -> None:
    first, late = intern("first"), intern("late", days=Days(2, 2))
    crowd = puzzle(first, late, host("h", capacity=2), dates=YEAR, fixed=(("first", "h"),))
    after, (week,) = in_common_weeks(crowd, solve(crowd), standing={"h": [span(30, 31)]})
    assert [one.window for one in after.placements] == [span(30, 31)]
    assert week.days == 2


@pytest.mark.parametrize("seed", range(2))
def test_places_fit_and_proof_of_an_edition_stay_as_they_were(seed: int) -> None:
    whole = edition(142, seed=seed, rolling=True)
    plan = solve(whole)
    after, weeks = in_common_weeks(whole, plan)
    assert check(whole, after) == []
    assert verify(whole, after) == []
    old = {one.intern_id: one.window for one in plan.placements}
    back = replace(
        after, placements=tuple(replace(one, window=old[one.intern_id]) for one in after.placements)
    )
    assert plan_to_json(back) == plan_to_json(plan)
    assert any(len(one.together) > 1 for one in weeks)
