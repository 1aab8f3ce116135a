"""The next best for a placement: a chain of people who move up answers where it is exact, and says what solving again says."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.puzzles import edition, host, intern, puzzle
from matching.puzzle.test_best_plan import small_puzzles
from matching.puzzle.test_policy import turned_puzzles

from ipraktik_matching.puzzle import Plan, Puzzle, solve
from ipraktik_matching.puzzle.elsewhere import not_here
from ipraktik_matching.web.board import supposing
from ipraktik_matching.web.board.supposing import compared


def _asked(plan: Plan, intern_id: str, *, best: bool = True) -> dict[str, object]:
    where = {one.intern_id: (one.host_id, one.days) for one in plan.placements}
    return {"never": [(intern_id, where[intern_id][0])], "plan": where, "best": best}


def _without(puzzle: Puzzle, intern_id: str, host_id: str) -> Puzzle:
    pair = (intern_id, host_id)
    pins = tuple(one for one in puzzle.pinned if one != pair)
    return replace(puzzle, forbidden=puzzle.forbidden | {pair}, pinned=pins)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.one_of(small_puzzles(), turned_puzzles()), st.integers(0, 4), st.booleans())
def test_it_is_the_best_plan_of_the_puzzle_without_that_pair(small: Puzzle, number: int, alone: bool) -> None:
    if alone:
        small = replace(small, interns=tuple(replace(one, companion_id=None) for one in small.interns))
    plan = solve(small)
    if not plan.placements:
        return
    me = plan.placements[number % len(plan.placements)]
    where = {one.intern_id: one.host_id for one in plan.placements}
    anew = {
        one.intern_id: (one.host_id, one.days)
        for one in solve(_without(small, me.intern_id, me.host_id)).placements
    }
    chain = not_here(small, where, me.intern_id)
    if chain is None:
        assert me.intern_id in dict(small.pinned) or any(one.companion_id for one in small.interns)
    else:
        assert chain == anew
    told = {one: after for one, _, after in compared(small, _asked(plan, me.intern_id))["changes"]}
    then = {one: host_id for one, (host_id, _) in anew.items()}
    assert told == {
        one: then.get(one) for one in where.keys() | then.keys() if where.get(one) != then.get(one)
    }


def _no_solving(_: Puzzle) -> Plan:
    raise AssertionError("nothing is solved again")


def test_nothing_is_solved_again_where_nobody_travels_in_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = edition(60, seed=4, hosts=0.4)
    whole = replace(whole, interns=tuple(replace(one, companion_id=None) for one in whole.interns))
    plan = solve(whole)
    expected = {
        one.intern_id: solve(_without(whole, one.intern_id, one.host_id)).stats
        for one in plan.placements[:5]
        if one.intern_id not in dict(whole.pinned)
    }
    monkeypatch.setattr(supposing, "solve", _no_solving)
    for intern_id, stats in expected.items():
        told = compared(whole, _asked(plan, intern_id))
        assert told["then"]["placed"] == stats.placed
        kept = sum(one.parts.get("kept", 0) for one in plan.placements)
        assert told["now"]["fit"] == plan.stats.total_fit - kept
        assert told["count_proven"]
        assert told["fit_proven"]


def test_where_companions_could_take_part_or_more_is_supposed_it_is_solved_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    apart = puzzle(intern("a"), intern("b"), host("h"), host("k", capacity=3))
    plan = solve(apart)
    monkeypatch.setattr(supposing, "solve", _no_solving)
    compared(apart, _asked(plan, "a"))
    for asked in (_asked(plan, "a", best=False), {**_asked(plan, "a"), "seats": {"k": 2}}):
        with pytest.raises(AssertionError, match="nothing is solved again"):
            compared(apart, asked)
    pair = puzzle(
        intern("a"),
        intern("b", companion_id="c"),
        intern("c", companion_id="b"),
        host("h"),
        host("k", capacity=3),
    )
    with pytest.raises(AssertionError, match="nothing is solved again"):
        compared(pair, _asked(solve(pair), "a"))
