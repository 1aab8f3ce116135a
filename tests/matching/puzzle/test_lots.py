"""Lots between equals: fair numbers, the next round when one does not decide, and honesty when none does."""

import numpy as np
import pytest
from matching.puzzle.puzzles import edition, host, intern, lot, puzzle, shuffled

from ipraktik_matching.puzzle import Plan, Puzzle, laying, plan_to_json, solve
from ipraktik_matching.puzzle.columns import Columns, Whole, columns_of
from ipraktik_matching.puzzle.lots import ROUNDS, lot_numbers


def alike() -> Puzzle:
    """Four interns and three hosts with nothing but their lots to tell them apart."""
    return puzzle(
        *(intern(f"i{number}") for number in range(4)), *(host(f"h{number}") for number in range(3))
    )


def test_numbers_have_sixteen_bits_and_differ() -> None:
    numbers = lot_numbers(columns_of(edition(142)), 0)
    assert np.unique(numbers).size > numbers.size * 0.95
    assert numbers.min() >= 0
    assert numbers.max() < 2 * 2**16


def test_companions_have_the_sum_of_their_numbers() -> None:
    pair = (intern("a", companion_id="b"), intern("b", companion_id="a"))
    together = lot_numbers(columns_of(puzzle(*pair, host("h", capacity=2))), 0)
    apart = lot_numbers(columns_of(puzzle(intern("a"), intern("b"), host("h", capacity=2))), 0)
    assert together.tolist() == [apart.sum(axis=0).tolist()]


def test_each_round_draws_anew() -> None:
    columns = columns_of(alike())
    assert len({lot_numbers(columns, number).tobytes() for number in range(ROUNDS)}) == ROUNDS


def test_two_with_the_same_lot_are_still_told_apart() -> None:
    same = puzzle(intern("a", lot="0"), intern("b", lot="0"), host("h"))
    plan = solve(same)
    assert plan.stats.unique
    assert plan_to_json(solve(shuffled(same, 1))) == plan_to_json(plan)


def test_another_draw_gives_another_plan() -> None:
    draws = [
        puzzle(*(intern(f"i{n}", lot=f"{seed:x}{n:x}") for n in range(4)), host("h")) for seed in range(40)
    ]
    lucky = {solve(one).placements[0].intern_id for one in draws}
    assert lucky == {"i0", "i1", "i2", "i3"}, "nobody is always first"


@pytest.mark.parametrize("undecided", [1, ROUNDS - 1])
def test_when_a_round_does_not_decide_the_next_one_does(
    undecided: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blind(columns: Columns, number: int) -> Whole:
        return np.zeros_like(columns.fit) if number < undecided else lot_numbers(columns, number)

    monkeypatch.setattr(laying, "lot_numbers", blind)
    plans = {plan_to_json(solve(shuffled(alike(), seed))) for seed in range(3)}
    assert len(plans) == 1
    assert solve(alike()).stats.unique


def test_when_no_round_decides_the_plan_says_that_it_is_not_the_only_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(laying, "lot_numbers", lambda columns, _number: np.zeros_like(columns.fit))
    plan = solve(alike())
    assert plan.stats.fit_proven
    assert not plan.stats.unique
    assert plan_to_json(solve(shuffled(alike(), 1))) == plan_to_json(plan), "order has no say even then"


def test_ids_have_no_say_where_lots_tell_everyone_apart() -> None:
    def plan_with(prefix: str) -> set[tuple[str, str]]:
        named = puzzle(
            *(intern(f"{prefix}i{n}", lot=f"{n:064x}") for n in range(4)),
            *(host(f"{prefix}h{n}", lot=f"{n + 8:064x}") for n in range(3)),
        )
        found = solve(named).placements
        return {(one.intern_id.removeprefix(prefix), one.host_id.removeprefix(prefix)) for one in found}

    assert plan_with("a") == plan_with("zz")


def test_the_ids_have_no_say() -> None:
    # Two runs of one season draw the same lots for other ids, and must come to the same plan.
    def named(prefix: str, order: int) -> Puzzle:
        interns = (intern(f"{prefix}{order * n % 5}i{n}", lot=lot(f"i{n}")) for n in range(4))
        return puzzle(*interns, *(host(f"{prefix}{order * n % 5}h{n}", lot=lot(f"h{n}")) for n in range(3)))

    def places(plan: Plan) -> set[tuple[str, str]]:
        return {(one.intern_id[-2:], one.host_id[-2:]) for one in plan.placements}

    assert places(solve(named("x", 1))) == places(solve(named("y", 3)))
