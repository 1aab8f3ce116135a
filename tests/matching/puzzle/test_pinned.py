"""A coordinator's musts: the pinned go to their host or nowhere, before the others, and the proof is about such plans."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.by_hand import TriedPlan, every_plan
from matching.puzzle.puzzles import edition, host, intern, puzzle, shuffled
from matching.puzzle.test_best_plan import small_puzzles

from ipraktik_matching.puzzle import (
    Plan,
    Puzzle,
    PuzzleError,
    Unplaced,
    check,
    digest,
    from_json,
    obstacles,
    plan_to_json,
    solve,
    to_json,
)
from ipraktik_matching.puzzle.columns import columns_of

PLAIN = settings(deadline=None, derandomize=True, max_examples=200)


def where(plan: Plan) -> dict[str, str]:
    """Who goes where."""
    return {one.intern_id: one.host_id for one in plan.placements}


def reasons(plan: Plan) -> dict[str, str]:
    """Who is left, and why."""
    return {one.intern_id: one.reason for one in plan.unplaced}


@st.composite
def pinned_puzzles(draw: st.DrawFn) -> Puzzle:
    """Small puzzles in which some interns without a seat are pinned, sensibly or not."""
    original = draw(small_puzzles())
    standing = {intern_id for intern_id, _ in original.fixed}
    pins = []
    for one in original.interns:
        pair = (one.id, draw(st.sampled_from(original.hosts)).id)
        if one.id not in standing and pair not in original.forbidden and draw(st.booleans()):
            pins.append(pair)
    return replace(original, pinned=tuple(pins))


def _best_with_all_pins(original: Puzzle) -> list[TriedPlan]:
    pins = set(original.pinned)
    plans = [one for one in every_plan(replace(original, pinned=())) if pins <= set(one.where)]
    best = max(((one.placed, one.total_fit) for one in plans), default=None)
    return [one for one in plans if (one.placed, one.total_fit) == best]


@PLAIN
@given(pinned_puzzles())
def test_where_all_pins_can_hold_the_plan_is_the_best_of_those_that_hold_them(original: Puzzle) -> None:
    plan = solve(original)
    assert check(original, plan) == []
    best = _best_with_all_pins(original)
    if best:
        assert (plan.stats.placed, plan.stats.total_fit) == (best[0].placed, best[0].total_fit)
        assert tuple(sorted(where(plan).items())) in {one.where for one in best}
        assert (plan.stats.count_bound, plan.stats.fit_bound) == (plan.stats.placed, plan.stats.total_fit)
        assert plan.stats.fit_proven


@PLAIN
@given(pinned_puzzles(), st.integers(0, 9))
def test_the_order_of_rows_means_nothing_to_pins(original: Puzzle, seed: int) -> None:
    mixed = replace(shuffled(original, seed), pinned=tuple(reversed(original.pinned)))
    assert digest(mixed) == digest(original)
    assert plan_to_json(solve(mixed)) == plan_to_json(solve(original))


@PLAIN
@given(pinned_puzzles())
def test_the_obstacles_named_are_those_of_the_tables(original: Puzzle) -> None:
    alone = replace(
        original,
        interns=tuple(replace(one, companion_id=None) for one in original.interns),
        forbidden=original.forbidden,
    )
    columns = columns_of(alone)
    for row, group in enumerate(columns.groups):
        for number, there in enumerate(columns.hosts):
            assert bool(columns.allowed[row, number]) == (obstacles(alone, group.members[0], there) == ())


def test_a_pinned_intern_goes_there_though_somebody_else_fits_better() -> None:
    better = intern("better", host_in_mind_id="h")
    plan = solve(puzzle(intern("a"), better, host("h"), pinned=(("a", "h"),)))
    assert where(plan) == {"a": "h"}
    assert reasons(plan) == {"better": "no_free_place"}
    assert plan.stats.fit_proven


def test_a_pin_costs_places_where_it_must_and_the_bound_says_so() -> None:
    picky = intern("picky", organisation_id="org-h2")
    free = solve(puzzle(intern("a"), picky, host("h1"), host("h2")))
    held = solve(puzzle(intern("a"), picky, host("h1"), host("h2"), pinned=(("a", "h1"),)))
    assert (free.stats.placed, held.stats.placed, held.stats.count_bound) == (2, 1, 1)
    assert held.stats.count_proven


def test_somebody_pinned_to_a_full_host_is_left_and_told_so() -> None:
    plan = solve(
        puzzle(intern("a"), intern("b"), host("h"), host("h2"), fixed=(("b", "h"),), pinned=(("a", "h"),))
    )
    assert reasons(plan) == {"a": "pinned_host_cannot"}


def test_nobody_is_pinned_into_the_own_organisation() -> None:
    plan = solve(puzzle(intern("a", organisation_id="org-h"), host("h"), host("h2"), pinned=(("a", "h"),)))
    assert reasons(plan) == {"a": "pinned_host_cannot"}


def test_more_pins_than_seats_are_held_by_lot() -> None:
    names = ("a", "b", "c", "d")
    plan = solve(
        puzzle(
            *(intern(one) for one in names), host("h", capacity=3), pinned=tuple((one, "h") for one in names)
        )
    )
    assert Counter(where(plan).values()) == {"h": 3}
    assert set(reasons(plan).values()) == {"pinned_host_cannot"}


def test_a_companion_comes_along_to_the_pinned_host() -> None:
    pair = (intern("a", companion_id="b"), intern("b", companion_id="a"))
    hosts = (host("h1", capacity=2), host("h2", capacity=2))
    assert where(solve(puzzle(*pair, *hosts, pinned=(("a", "h2"),)))) == {"a": "h2", "b": "h2"}
    apart = solve(puzzle(*pair, *hosts, pinned=(("a", "h1"), ("b", "h2"))))
    assert reasons(apart) == {"a": "pinned_host_cannot", "b": "pinned_host_cannot"}
    small = solve(puzzle(*pair, host("h1"), hosts[1], pinned=(("a", "h1"),)))
    assert reasons(small) == {"a": "pinned_host_cannot", "b": "companion_has_no_place"}


def test_a_puzzle_without_pins_keeps_the_text_it_had_and_one_with_pins_is_read_back() -> None:
    plain = puzzle(intern("a"), host("h"))
    assert "pinned" not in to_json(plain)
    held = replace(plain, pinned=(("a", "h"),))
    assert from_json(to_json(held)) == held
    assert digest(held) != digest(plain)


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({"pinned": (("h", "a"),)}, "the puzzle has no intern h"),
        ({"pinned": (("a", "h"),), "forbidden": frozenset({("a", "h")})}, "both pinned and forbidden"),
        ({"pinned": (("a", "h"),), "fixed": (("a", "h2"),)}, "has a fixed placement"),
        ({"pinned": (("a", "h"), ("a", "h2"))}, "pinned 2 times"),
    ],
)
def test_pins_that_a_program_mixed_up_are_refused(different: dict[str, object], said: str) -> None:
    with pytest.raises(PuzzleError, match=said):
        puzzle(intern("a"), host("h"), host("h2"), **different)


def test_the_second_opinion_notices_a_pin_that_was_passed_over() -> None:
    original = puzzle(intern("a"), host("h"), host("h2"))
    elsewhere = solve(replace(original, forbidden=frozenset({("a", "h")})))
    held = replace(original, pinned=(("a", "h"),))
    assert any("is pinned to host h and would go to h2" in one for one in check(held, elsewhere))
    left = replace(elsewhere, placements=(), unplaced=(Unplaced(intern_id="a", reason="no_free_place"),))
    assert any("is pinned and left for another reason" in one for one in check(held, left))
    blamed = replace(left, unplaced=(Unplaced(intern_id="a", reason="pinned_host_cannot"),))
    assert any("a pin that the puzzle does not have" in one for one in check(original, blamed))


def test_a_whole_edition_with_pins_is_solved_and_proven() -> None:
    original = edition(300, seed=3, hosts=0.3)
    standing = {intern_id for intern_id, _ in original.fixed}
    free = [one.id for one in original.interns if one.id not in standing]
    pairs = [(one, original.hosts[number].id) for number, one in enumerate(free[:40])]
    held = replace(original, pinned=tuple(pair for pair in pairs if pair not in original.forbidden))
    plan = solve(held)
    assert plan.stats.fit_proven
    assert check(held, plan) == []
