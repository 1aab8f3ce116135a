"""Why somebody is where they are: the next best host and who would move, against every plan there is."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.by_hand import TriedPlan, every_plan
from matching.puzzle.puzzles import edition, host, intern, puzzle
from matching.puzzle.test_best_plan import small_puzzles
from matching.puzzle.test_policy import turned_puzzles

from ipraktik_matching.puzzle import PlanError, Puzzle, fit, solve
from ipraktik_matching.puzzle.elsewhere import Elsewhere, Move, at_host, not_here, standing_of, why_here


def best_of(plans: list[TriedPlan]) -> tuple[int, int] | None:
    """Persons and fit of the best."""
    return max(((one.placed, one.total_fit) for one in plans), default=None)


def told(small: Puzzle, before: TriedPlan, intern_id: str, found: Elsewhere) -> tuple[int, int]:
    """Persons and fit of the plan that the answer describes, which must be one that keeps the rules."""
    there = dict(before.where)
    for one in found.moves:
        assert there.get(one.intern_id) == one.from_host
        there |= {one.intern_id: str(one.to_host)}
        if one.to_host is None:
            del there[one.intern_id]
    group = {intern_id} | {one.intern_id for one in solve(small).placements if one.companion_id == intern_id}
    there |= dict.fromkeys(group, found.host_id)
    plans = {frozenset(one.where): one for one in every_plan(small)}
    plan = plans[frozenset(there.items())]
    assert (plan.placed - before.placed, plan.total_fit - before.total_fit) == (found.places, found.gain)
    return plan.placed, plan.total_fit


@settings(deadline=None, derandomize=True, max_examples=120)
@given(st.one_of(small_puzzles(), turned_puzzles()), st.integers(0, 4), st.booleans())
def test_the_next_best_host_is_that_of_the_best_plan_without_this_one(
    small: Puzzle, number: int, alone: bool
) -> None:
    if alone:
        small = replace(small, interns=tuple(replace(one, companion_id=None) for one in small.interns))
    plan = solve(small)
    if not plan.placements:
        return
    me = plan.placements[number % len(plan.placements)]
    plans = list(every_plan(small))
    before = next(
        one for one in plans if dict(one.where) == {one.intern_id: one.host_id for one in plan.placements}
    )
    standing = standing_of(small, plan)
    found = why_here(standing, me.intern_id)
    assert (found.host_id, found.fit.total, dict(found.fit.parts)) == (me.host_id, me.fit, dict(me.parts))
    others = [one for one in plans if dict(one.where).get(me.intern_id, me.host_id) != me.host_id]
    if found.next_best is None:
        assert not others
        assert found.held is not None
        return
    assert found.next_best.proven
    assert told(small, before, me.intern_id, found.next_best) == best_of(others)
    for there in small.hosts:
        here = [one for one in others if dict(one.where)[me.intern_id] == there.id]
        told_of = at_host(standing, me.intern_id, there.id) if there.id != me.host_id else None
        if told_of is None:
            assert not here
        else:
            assert told(small, before, me.intern_id, told_of) == best_of(here)
    assert found.suits_most is not None
    assert found.suits_most.fit.total >= found.next_best.fit.total


def test_who_would_have_to_move_is_named() -> None:
    wanted = intern("wanted", host_in_mind_id="k")
    crowd = puzzle(intern("a", host_in_mind_id="h"), wanted, host("h"), host("k"))
    found = why_here(standing_of(crowd, solve(crowd)), "a")
    assert found.next_best is not None
    assert (found.next_best.host_id, found.next_best.places, found.next_best.gain) == ("k", 0, -300)
    assert found.next_best.moves == (Move("wanted", "k", "h"),)
    assert found.next_best.fit == fit(crowd.interns[0], crowd.hosts[1], puzzle=crowd)


def test_somebody_who_would_be_left_for_it_is_named() -> None:
    crowd = puzzle(intern("a"), intern("b", organisation_id="org-h"), host("h"), host("k"))
    found = why_here(standing_of(crowd, solve(crowd)), "a")
    assert found.next_best is not None
    assert (found.next_best.places, found.next_best.moves) == (-1, (Move("b", "k", None),))


@pytest.mark.parametrize(
    ("different", "held"),
    [({"pinned": (("a", "h"),)}, "pinned"), ({"forbidden": frozenset({("a", "k")})}, "only_host")],
)
def test_who_may_go_nowhere_else_is_told_why(different: dict[str, object], held: str) -> None:
    crowd = puzzle(intern("a", host_in_mind_id="h"), host("h"), host("k"), **different)
    found = why_here(standing_of(crowd, solve(crowd)), "a")
    assert (found.next_best, found.suits_most, found.held) == (None, None, held)


def test_pins_are_never_moved_for_somebody_else() -> None:
    crowd = puzzle(
        intern("a"), intern("b"), host("h"), host("k"), pinned=(("b", "k"),), forbidden=frozenset()
    )
    found = why_here(standing_of(crowd, solve(crowd)), "a")
    assert (found.next_best, found.held) == (None, "only_host")


def test_a_plan_of_another_puzzle_is_refused() -> None:
    one, other = puzzle(intern("a"), host("h")), puzzle(intern("a"), host("k"))
    with pytest.raises(PlanError, match="another puzzle"):
        standing_of(one, solve(other))


def test_everybody_of_an_edition_has_an_answer_that_costs_something() -> None:
    whole = edition(142, seed=3)
    plan = solve(whole)
    standing = standing_of(whole, plan)
    for one in plan.placements:
        found = why_here(standing, one.intern_id)
        assert (found.next_best is None) == (found.held is not None)
        if found.next_best is not None:
            assert found.next_best.proven
            assert (found.next_best.places, found.next_best.gain) <= (0, 0)


def test_a_chain_says_nothing_of_a_plan_that_is_not_the_best() -> None:
    crowd = puzzle(intern("a", host_in_mind_id="h"), intern("b", host_in_mind_id="k"), host("h"), host("k"))
    others = (intern("c", host_in_mind_id="l"), host("l"))
    crowd = replace(crowd, interns=(*crowd.interns, others[0]), hosts=(*crowd.hosts, others[1]))
    assert not_here(crowd, {"a": "k", "b": "h", "c": "l"}, "c") is None
