"""Puzzles too large for tables of everything and for the programme: worked out in pieces, never wrong, and honest about the gap.

The limits are set to nothing here, so that small puzzles go the way of large ones.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from matching.puzzle.by_hand import best_plans
from matching.puzzle.puzzles import shuffled
from matching.puzzle.test_best_plan import small_puzzles

from ipraktik_matching.puzzle import Puzzle, laying, solve
from ipraktik_matching.puzzle import columns as tables
from ipraktik_matching.puzzle.certificate import ceiling, room_beside_pins, verify
from ipraktik_matching.puzzle.columns import columns_of
from ipraktik_matching.puzzle.generating import SCARCE, generate
from ipraktik_matching.puzzle.lots import Draws, lot_numbers
from ipraktik_matching.puzzle.network.tables import tables_of

PLAIN = settings(
    deadline=None,
    derandomize=True,
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laying, "TABLE_CELLS", 0)
    monkeypatch.setattr(tables, "NARROW", 0)


@pytest.mark.usefixtures("_no_limits")
@PLAIN
@given(small_puzzles())
def test_a_large_puzzle_has_a_plan_within_bounds_that_it_proves(small: Puzzle) -> None:
    plan = solve(small)
    assert verify(small, plan) == []
    best = best_plans(small)[0]
    persons, points = best.placed, best.total_fit
    assert plan.stats.placed <= persons <= plan.stats.count_bound
    if plan.stats.placed == persons:
        assert plan.stats.total_fit <= points <= plan.stats.fit_bound


@pytest.mark.usefixtures("_no_limits")
def test_a_large_puzzle_gives_the_same_plan_whatever_the_order_of_rows() -> None:
    puzzle = generate(300, hosts=SCARCE)
    assert solve(puzzle).placements == solve(shuffled(puzzle, 7)).placements


def test_lots_and_weights_are_the_same_in_pieces() -> None:
    columns = columns_of(generate(142))
    all_lots = lot_numbers(columns, 0)
    draws = Draws(columns, 0)
    group, host = np.nonzero(columns.allowed)
    assert (draws[3:17] == all_lots[3:17]).all()
    assert (draws[:, 5:9] == all_lots[:, 5:9]).all()
    assert (draws[group, host] == all_lots[group, host]).all()
    room = room_beside_pins(columns, columns.pinned)
    at_once, in_pieces = tables_of(room, columns.fit, all_lots), tables_of(room, columns.fit, draws)
    assert (in_pieces.weight[:] == at_once.weight).all()
    assert (in_pieces.weight[group, host] == at_once.weight[group, host]).all()


def test_a_credit_per_person_is_worth_the_same_apart_from_the_weights() -> None:
    columns = columns_of(generate(142))
    room = room_beside_pins(columns, columns.pinned)
    prices = np.arange(len(columns.sizes)) * 977 % 40_000
    for credit in (0, 1, 7, 900):
        credited = columns.fit + credit * columns.sizes[:, None]
        assert ceiling(room, credited, prices) == ceiling(room, columns.fit, prices, credit)
