"""The few rules that no fit can outweigh, each alone, and the reasons given to whoever is left."""

from datetime import date

import pytest
from matching.puzzle.puzzles import host, intern, puzzle

from ipraktik_matching.puzzle import Days, Plan, Wishes, solve

MONDAY, TUESDAY, WEDNESDAY, FRIDAY = (date(2018, 9, day) for day in (10, 11, 12, 14))


def where(plan: Plan) -> dict[str, str]:
    """Who goes where."""
    return {one.intern_id: one.host_id for one in plan.placements}


def reasons(plan: Plan) -> dict[str, str]:
    """Who is left, and why."""
    return {one.intern_id: one.reason for one in plan.unplaced}


@pytest.mark.parametrize("capacity", [1, 2, 3])
def test_a_host_receives_no_more_persons_than_it_has_room_for(capacity: int) -> None:
    plan = solve(puzzle(*(intern(f"i{n}") for n in range(5)), host("h", capacity=capacity)))
    assert plan.stats.placed == capacity
    assert set(reasons(plan).values()) == {"no_free_place"}


def test_as_many_as_possible_go_before_the_best_fit() -> None:
    # The picky one fits h1 best, but the other can go nowhere else.
    picky = intern("picky", host_in_mind_id="h1")
    other = intern("other", organisation_id="org-h2")
    plan = solve(puzzle(picky, other, host("h1"), host("h2")))
    assert where(plan) == {"picky": "h2", "other": "h1"}


def test_companions_are_placed_at_one_host_or_not_at_all() -> None:
    pair = (intern("a", companion_id="b"), intern("b", companion_id="a"))
    apart = solve(puzzle(*pair, host("h1"), host("h2")))
    assert where(apart) == {}
    assert reasons(apart) == {"a": "companion_has_no_place", "b": "companion_has_no_place"}
    together = solve(puzzle(*pair, host("h1"), host("h2"), host("h3", capacity=2)))
    assert where(together) == {"a": "h3", "b": "h3"}
    assert {one.intern_id: one.companion_id for one in together.placements} == {"a": "b", "b": "a"}


def test_a_host_with_three_seats_takes_a_pair_and_one_more_but_never_half_a_pair() -> None:
    pairs = [
        intern("a", companion_id="b"),
        intern("b", companion_id="a"),
        intern("c", companion_id="d"),
        intern("d", companion_id="c"),
    ]
    assert solve(puzzle(*pairs, host("h", capacity=3))).stats.placed == 2
    assert solve(puzzle(*pairs, intern("e"), host("h", capacity=3))).stats.placed == 3


def test_a_companion_counts_only_when_each_names_the_other() -> None:
    plan = solve(puzzle(intern("a", companion_id="b"), intern("b"), host("h1"), host("h2")))
    assert plan.stats.placed == 2


def test_a_chain_of_companions_holds_only_for_the_two_who_name_each_other() -> None:
    chain = (intern("a", companion_id="b"), intern("b", companion_id="c"), intern("c", companion_id="b"))
    plan = solve(puzzle(*chain, host("h1"), host("h2", capacity=2)))
    assert where(plan) == {"a": "h1", "b": "h2", "c": "h2"}


def test_companions_go_at_the_same_time_for_the_same_days() -> None:
    early = intern("a", companion_id="b", available=((MONDAY, WEDNESDAY),))
    late = intern("b", companion_id="a", available=((TUESDAY, FRIDAY),), days=Days(2, 2))
    plan = solve(puzzle(early, late, host("h", capacity=2)))
    assert {(one.days, one.window) for one in plan.placements} == {(2, (TUESDAY, WEDNESDAY))}


def test_a_companion_of_somebody_with_a_fixed_placement_may_only_join_there() -> None:
    pair = (intern("a", companion_id="b"), intern("b", companion_id="a"))
    joined = solve(puzzle(*pair, host("h1", capacity=2), host("h2"), fixed=(("a", "h1"),)))
    assert where(joined) == {"b": "h1"}
    full = solve(puzzle(*pair, host("h1"), host("h2"), fixed=(("a", "h1"),)))
    assert where(full) == {}
    assert reasons(full) == {"b": "companion_has_no_place"}


def test_companions_who_are_both_fixed_stay_where_they_stand() -> None:
    pair = (intern("a", companion_id="b"), intern("b", companion_id="a"))
    plan = solve(puzzle(*pair, host("h1"), host("h2"), fixed=(("a", "h1"), ("b", "h2"))))
    assert (plan.placements, plan.unplaced, plan.stats.standing) == ((), (), 2)


def test_nobody_is_placed_in_the_own_organisation_without_asking() -> None:
    at_home = {"organisation_id": "org-h"}
    assert reasons(solve(puzzle(intern("a", **at_home), host("h")))) == {"a": "no_host_fits"}
    assert where(solve(puzzle(intern("a", **at_home, own_organisation=True), host("h")))) == {"a": "h"}


def test_nobody_is_placed_in_the_own_unit_even_when_the_own_organisation_was_asked_for() -> None:
    same = intern("a", organisation_id="org-h", workplace_id="unit-h", own_organisation=True)
    assert reasons(solve(puzzle(same, host("h")))) == {"a": "no_host_fits"}


def test_a_companion_of_the_own_organisation_keeps_both_away() -> None:
    a = intern("a", companion_id="b", organisation_id="org-h")
    b = intern("b", companion_id="a")
    plan = solve(puzzle(a, b, host("h", capacity=2)))
    assert reasons(plan) == {"a": "no_host_fits", "b": "companion_has_no_place"}


def test_days_must_overlap() -> None:
    assert reasons(solve(puzzle(intern("a", days=Days(4, 5)), host("h", days=Days(2, 3))))) == {
        "a": "no_host_fits"
    }
    plan = solve(puzzle(intern("a", days=Days(3, 5)), host("h", days=Days(2, 3))))
    assert [one.days for one in plan.placements] == [3]


def test_there_must_be_a_common_window_with_room_for_the_days() -> None:
    a = intern("a", available=((MONDAY, WEDNESDAY),))
    plan = solve(puzzle(a, host("h", available=((TUESDAY, FRIDAY),))))
    assert [(one.days, one.window) for one in plan.placements] == [(2, (TUESDAY, WEDNESDAY))]
    late = host("h", available=((WEDNESDAY, FRIDAY),))
    assert reasons(solve(puzzle(a, late))) == {"a": "no_host_fits"}


def test_a_stay_lies_within_the_dates_of_the_edition() -> None:
    august = ((date(2018, 8, 6), date(2018, 8, 10)),)
    plan = solve(puzzle(intern("a", available=august), host("h", available=august)))
    assert reasons(plan) == {"a": "no_host_fits"}


def test_a_forbidden_pair_never_meets_again() -> None:
    plan = solve(puzzle(intern("a"), intern("b"), host("h1"), host("h2"), forbidden=frozenset({("a", "h1")})))
    assert where(plan) == {"a": "h2", "b": "h1"}


def test_a_pair_that_is_forbidden_for_one_is_forbidden_for_both() -> None:
    pair = (intern("a", companion_id="b"), intern("b", companion_id="a"))
    plan = solve(puzzle(*pair, host("h", capacity=2), forbidden=frozenset({("b", "h")})))
    assert reasons(plan) == {"a": "companion_has_no_place", "b": "no_host_fits"}


def test_fixed_placements_keep_their_seats_and_are_not_proposed_again() -> None:
    # A standing placement is not questioned, not even by the rule about the own unit.
    a = intern("a", workplace_id="unit-h", organisation_id="org-h")
    plan = solve(puzzle(a, intern("b"), intern("c"), host("h", capacity=2), fixed=(("a", "h"),)))
    assert plan.stats.placed == 1
    assert "a" not in where(plan)
    assert (plan.stats.standing, plan.stats.seats) == (1, 1)


def test_somebody_whose_only_host_is_full_is_told_that_seats_were_missing() -> None:
    plan = solve(puzzle(intern("a"), intern("b"), host("h"), fixed=(("a", "h"),)))
    assert reasons(plan) == {"b": "no_free_place"}


def test_companions_whose_host_has_too_few_seats_left_are_told_that_seats_were_missing() -> None:
    pair = (intern("a", companion_id="b"), intern("b", companion_id="a"))
    plan = solve(puzzle(*pair, intern("c"), host("h", capacity=2), fixed=(("c", "h"),)))
    assert set(reasons(plan).values()) == {"no_free_place"}


def test_unmet_wishes_never_keep_anybody_from_a_place() -> None:
    picky = intern("a", wishes=Wishes(fields=("law",), sectors=("state",), areas=("municipality:8501",)))
    choosy = host("h", wishes=Wishes(fields=("health",), sectors=("state",), areas=("region:1081",)))
    assert where(solve(puzzle(picky, choosy))) == {"a": "h"}
