"""Nobody can be above X without placing fewer: against every plan there is, with a proof that can be tampered with in vain."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.by_hand import every_plan
from matching.puzzle.puzzles import edition, host, intern, puzzle
from matching.puzzle.test_best_plan import small_puzzles
from matching.puzzle.test_policy import turned_puzzles

from ipraktik_matching.puzzle import Puzzle, Wishes, solve
from ipraktik_matching.puzzle.fairest import above, fairest, problems_with


@settings(deadline=None, derandomize=True, max_examples=80)
@given(st.one_of(small_puzzles(), turned_puzzles()))
def test_no_plan_that_places_as_many_has_everybody_higher(small: Puzzle) -> None:
    found = fairest(small)
    plan = solve(small)
    # A plan's lowest points: what it has them at is what the puzzle without the lower ones still places.
    tried = {one.where for one in every_plan(small) if one.placed == plan.stats.placed}
    if found.least is None:
        assert plan.stats.placed == 0
        return
    assert found.proven
    assert problems_with(small, found) == []
    assert found.plan.stats.placed == plan.stats.placed
    assert min(one.fit for one in found.plan.placements) == found.least
    if found.next_value is not None:
        there = {one.where for one in every_plan(above(small, found.next_value))}
        assert not tried & there


def test_two_who_could_both_have_something_are_not_served_one_much_and_one_little() -> None:
    # Best in all gives `picky` the law host for 260 more, and `rest` what is left.
    picky = intern("picky", wishes=Wishes(fields=("law",)), host_in_mind_id="h")
    rest = intern("rest", wishes=Wishes(fields=("law",), sectors=("state",)))
    crowd = puzzle(picky, rest, host("h", field="law", sector="state"), host("k", field="culture"))
    found = fairest(crowd)
    assert found.now is not None
    assert found.least is not None
    assert found.now < found.least
    assert {one.intern_id: one.host_id for one in found.plan.placements} == {"picky": "k", "rest": "h"}
    assert found.fewer is not None
    assert found.fewer.stats.placed < 2


def test_whom_a_coordinator_pinned_does_not_count() -> None:
    low = intern("low", wishes=Wishes(fields=("law",), sectors=("state",)))
    crowd = puzzle(low, intern("b"), host("h", field="health"), host("k"), pinned=(("low", "h"),))
    found = fairest(crowd)
    assert found.least == found.now == 800
    assert problems_with(crowd, found) == []


@pytest.mark.parametrize("hosts", [0.5, 0.3], ids=["enough seats", "too few seats"])
def test_an_edition_is_answered_with_a_proof_that_cannot_be_bent(hosts: float) -> None:
    whole = edition(142, seed=5, hosts=hosts)
    found = fairest(whole)
    assert found.proven
    assert problems_with(whole, found) == []
    assert found.least is not None
    assert found.next_value is not None
    lower = replace(found, least=found.least - 10)
    assert any("could have points between" in one for one in problems_with(whole, lower))
    higher = replace(found, least=found.next_value, next_value=None, fewer=None)
    assert problems_with(whole, higher)
    swapped = replace(found, fewer=found.plan)
    assert problems_with(whole, swapped)


def test_a_puzzle_that_places_nobody_has_no_x() -> None:
    found = fairest(puzzle(intern("a")))
    assert (found.least, found.proven, problems_with(puzzle(intern("a")), found)) == (None, True, [])
