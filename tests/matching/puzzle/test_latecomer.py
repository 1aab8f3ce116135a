"""A newcomer's three ways in, each with its price, against every plan there is."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.by_hand import every_plan
from matching.puzzle.puzzles import host, intern, puzzle
from matching.puzzle.test_best_plan import small_puzzles

from ipraktik_matching.puzzle import Puzzle, solve
from ipraktik_matching.puzzle.latecomer import Way, ways_in
from ipraktik_matching.puzzle.pieces import companions


@settings(deadline=None, derandomize=True, max_examples=150)
@given(small_puzzles(), st.integers(0, 4))
def test_each_way_is_the_best_of_its_kind(small: Puzzle, number: int) -> None:
    late = small.interns[number % len(small.interns)].id
    if late in companions(small.interns) or late in dict(small.fixed):
        small = replace(small, interns=(*small.interns, intern("late")))
        late = "late"
    # The others were laid before the newcomer came.
    others = tuple(one for one in small.interns if one.id != late)
    before = replace(
        small, interns=others, forbidden=frozenset(pair for pair in small.forbidden if pair[0] != late)
    )
    plan = solve(before)
    where = {one.intern_id: one.host_id for one in plan.placements}
    found = ways_in(small, where, late)
    plans = {frozenset(one.where): one.total_fit for one in every_plan(small)}

    def best(most: int) -> int | None:
        gains = []
        for pairs, total in plans.items():
            there = dict(pairs)
            moved = [one for one in where if there.get(one) != where[one]]
            alone = all(one not in companions(small.interns) for one in moved)
            if late in there and there.keys() == {*where, late} and len(moved) <= most and alone:
                gains.append(total - plan.stats.total_fit)
        return max(gains, default=None)

    def gain(way: Way | None) -> int | None:
        return None if way is None else way.gain

    assert gain(found.nobody_moves) == best(0)
    assert gain(found.one_moves) == best(1)
    anew = solve(small)
    placed = late in {one.intern_id for one in anew.placements}
    assert gain(found.anew) == (anew.stats.total_fit - plan.stats.total_fit if placed else None)


def test_who_moves_is_said() -> None:
    late = intern("late", organisation_id="org-k")
    crowd = puzzle(intern("early"), late, host("h"), host("k"))
    found = ways_in(crowd, {"early": "h"}, "late")
    assert found.nobody_moves is None, "the newcomer's own house has the free seat"
    assert found.one_moves is not None
    assert (found.one_moves.host_id, found.one_moves.moves) == ("h", (("early", "h", "k"),))
    assert found.anew == found.one_moves


def test_nobody_moves_where_a_seat_is_as_good() -> None:
    crowd = puzzle(intern("early"), intern("late"), host("h"), host("k"))
    found = ways_in(crowd, {"early": "h"}, "late")
    assert found.nobody_moves is not None
    assert found.one_moves == found.nobody_moves


def test_two_who_travel_together_need_a_new_run() -> None:
    pair = puzzle(intern("a", companion_id="b"), intern("b", companion_id="a"), host("h", capacity=2))
    with pytest.raises(ValueError, match="start a new run"):
        ways_in(pair, {}, "a")
