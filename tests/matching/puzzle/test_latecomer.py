"""A newcomer's three ways in, each with its price, against every plan there is."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.by_hand import every_plan
from matching.puzzle.puzzles import host, intern, puzzle
from matching.puzzle.test_best_plan import small_puzzles

from ipraktik_matching.puzzle import Policy, Puzzle, solve
from ipraktik_matching.puzzle.columns import columns_of
from ipraktik_matching.puzzle.generating import BALANCED, SCARCE, generate
from ipraktik_matching.puzzle.latecomer import Way, standing_of, ways_in
from ipraktik_matching.puzzle.lots import Draws
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
    there = {one.intern_id: one.host_id for one in anew.placements}
    assert found.anew is None or found.anew.host_id == there[late]
    standing = standing_of(before)
    if standing is not None:
        assert standing.where() == where or not standing.plan.alone()
        assert ways_in(small, where, late, standing) == found


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


@pytest.mark.parametrize("seats", [BALANCED, SCARCE], ids=["enough seats", "too few seats"])
@pytest.mark.parametrize("many", [142, 1000, pytest.param(4000, marks=pytest.mark.long)])
def test_a_plan_that_is_kept_answers_like_one_laid_anew(many: int, seats: float) -> None:
    whole = alone(generate(many, hosts=seats, seed=3))
    free = [one.id for one in whole.interns if one.id not in dict(whole.fixed)]
    kept = 0
    for late in free[:: len(free) // 4]:
        pairs = frozenset(pair for pair in whole.forbidden if pair[0] != late)
        rest = tuple(one for one in whole.interns if one.id != late)
        standing = standing_of(replace(whole, interns=rest, forbidden=pairs))
        assert standing is not None, "nobody travels in pairs"
        where = standing.where()
        columns = columns_of(whole)
        row = next(row for row, group in enumerate(columns.groups) if group.members[0].id == late)
        after = standing.joined(whole, columns, Draws(columns, 0), row)
        kept += after is not None and after.plan.alone()
        assert ways_in(whole, where, late, standing) == ways_in(whole, where, late)
        assert standing.where() == where, "a question changes nothing"
    assert kept or many > 142, "at this size some plan is the only one"


def alone(whole: Puzzle) -> Puzzle:
    """The same, each travelling alone."""
    return replace(whole, interns=tuple(replace(one, companion_id=None) for one in whole.interns))


def test_a_plan_of_another_puzzle_is_refused() -> None:
    before = puzzle(intern("early"), host("h"), host("k"))
    standing = standing_of(before)
    for other in (
        puzzle(intern("early"), intern("late"), host("h"), host("k", capacity=2)),
        puzzle(intern("early"), intern("other"), intern("late"), host("h"), host("k")),
        replace(
            puzzle(intern("early"), intern("late"), host("h"), host("k")), policy=Policy(weights={"field": 3})
        ),
    ):
        with pytest.raises(ValueError, match="another puzzle"):
            ways_in(other, {"early": "h"}, "late", standing)


def test_a_newcomer_with_the_lot_of_somebody_else_is_laid_anew() -> None:
    early, late = intern("early"), replace(intern("late"), lot=intern("early").lot)
    standing, whole = (
        standing_of(puzzle(early, host("h"), host("k"))),
        puzzle(early, late, host("h"), host("k")),
    )
    assert standing is not None
    columns = columns_of(whole)
    row = next(row for row, group in enumerate(columns.groups) if group.members[0].id == "late")
    assert standing.joined(whole, columns, Draws(columns, 0), row) is None
    assert ways_in(whole, standing.where(), "late", standing) == ways_in(whole, standing.where(), "late")
