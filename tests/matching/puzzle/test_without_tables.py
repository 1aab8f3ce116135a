"""Puzzles too large for tables: everything is worked out where it is asked for, and nothing comes out otherwise.

The limits are set to nothing here, so that small puzzles go the way of large ones; one large puzzle goes it with little memory.
"""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from matching.puzzle.puzzles import shuffled
from matching.puzzle.test_best_plan import small_puzzles

from ipraktik_matching.puzzle import Policy, Puzzle, PuzzleError, columns, laying, solve
from ipraktik_matching.puzzle.certificate import Room, ceiling, room_beside_pins, step_of, verify
from ipraktik_matching.puzzle.columns import Columns, columns_of
from ipraktik_matching.puzzle.generating import BALANCED, SCARCE, generate
from ipraktik_matching.puzzle.lots import lot_numbers
from ipraktik_matching.puzzle.network import afar, settling, tree
from ipraktik_matching.puzzle.plan import Plan

PLAIN = settings(
    deadline=None,
    derandomize=True,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(autouse=True)
def _no_programme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laying, "TABLE_CELLS", 0)


def both(puzzle: Puzzle) -> tuple[Columns, Columns]:
    """The puzzle with tables and without."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(columns, "KEPT", 0)
        without = columns_of(puzzle)
    return columns_of(puzzle), without


def solved_without(puzzle: Puzzle) -> Plan:
    """The plan of a puzzle that keeps no tables."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(columns, "KEPT", 0)
        plan = solve(puzzle)
        assert verify(puzzle, plan) == []
    return plan


def odd(puzzle: Puzzle) -> Puzzle:
    """The same with proposals, pins and a policy that takes points away."""
    policy = Policy(low_fit=850, low_fit_percent=40, weights={"host_wish": 77, "area": 0})
    pins = ((puzzle.interns[5].id, puzzle.hosts[0].id), (puzzle.interns[6].id, puzzle.hosts[1].id))
    return replace(puzzle, fixed=puzzle.fixed[2:], drafts=puzzle.fixed[:2], pinned=pins, policy=policy)


@PLAIN
@given(small_puzzles())
def test_small_puzzles_have_the_same_plan_and_bounds_without_tables(small: Puzzle) -> None:
    plan = solve(small)
    assert solved_without(small) == plan
    assert verify(small, plan) == []


@pytest.mark.parametrize("hosts", [BALANCED, SCARCE])
@pytest.mark.parametrize("rolling", [True, False])
def test_an_edition_has_the_same_plan_and_bounds_without_tables(hosts: float, rolling: bool) -> None:
    puzzle = generate(250, hosts=hosts, rolling=rolling)
    assert solved_without(puzzle) == solve(puzzle)
    assert solved_without(shuffled(puzzle, 3)).placements == solve(puzzle).placements
    strange = odd(puzzle)
    assert solved_without(strange) == solve(strange)


def test_what_is_answered_afresh_is_what_tables_say() -> None:
    kept, afresh = both(odd(generate(142)))
    groups, hosts = kept.allowed.shape
    every = np.repeat(np.arange(groups), hosts), np.tile(np.arange(hosts), groups)
    for name in ("suits", "allowed", "days", "fit"):
        table, answers = getattr(kept, name), getattr(afresh, name)
        assert answers.shape == table.shape
        usable = kept.suits if name == "fit" else np.ones_like(kept.suits)
        assert (answers[every] == table[every])[usable[every]].all()
        assert (answers[10:31] == table[10:31])[usable[10:31]].all()
        assert (answers[7] == table[7])[usable[7]].all()
    assert afresh.suited_alone == kept.suited_alone
    assert (afresh.pinned == kept.pinned).all()


def test_bounds_are_added_up_alike_with_tables_and_without() -> None:
    kept, afresh = both(odd(generate(300, hosts=SCARCE)))
    rooms: list[Room] = [room_beside_pins(one, one.pinned) for one in (kept, afresh)]
    assert step_of(rooms[1].allowed, afresh.fit) == step_of(rooms[0].allowed, kept.fit)
    draw = np.random.default_rng(3)
    for credit in (0, 5, 700):
        for most in (0, 20_000, 60_000):
            prices = draw.integers(0, most + 1, len(kept.sizes))
            for weights in ((kept.fit, afresh.fit), (kept.sizes, afresh.sizes)):
                one, other = (
                    ceiling(room, fit, prices, credit) for room, fit in zip(rooms, weights, strict=True)
                )
                assert one == other


def test_a_large_puzzle_begins_each_seating_with_the_prices_of_the_one_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    puzzle = generate(300, hosts=SCARCE)
    usual = solved_without(puzzle)
    for part in (settling, tree):
        monkeypatch.setattr(part, "AGAIN", 0)
    monkeypatch.setattr(afar, "WINDOW", 16)
    plan = solved_without(puzzle)
    assert plan == solved_without(shuffled(puzzle, 5))
    assert (plan.stats.count_bound, plan.stats.fit_bound) == (usual.stats.count_bound, usual.stats.fit_bound)
    assert plan.stats.placed == usual.stats.placed


LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_DATA, ({bytes}, {bytes}))
from ipraktik_matching.puzzle import columns, solve
from ipraktik_matching.puzzle.certificate import verify
from ipraktik_matching.puzzle.generating import generate
puzzle = generate({many})
plan = solve(puzzle)
assert len(plan.placements) + len(plan.unplaced) + len(puzzle.fixed) == len(puzzle.interns)
print(plan.stats.count_bound - plan.stats.placed, plan.stats.fit_bound - plan.stats.total_fit, plan.stats.fit_bound)
"""


@pytest.mark.long
def test_twelve_thousand_are_proven_within_three_eighths_of_a_gibibyte() -> None:
    # Tables of so many groups and hosts alone would take more.
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED.format(bytes=384 << 20, many=12_000)],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    left, lacking, bound = map(int, ended.stdout.split())
    assert bound > 0
    assert (left, lacking) == (0, 0)


def test_questions_about_single_persons_need_tables() -> None:
    _, afresh = both(generate(20))
    with pytest.raises(PuzzleError, match="too large for questions"):
        lot_numbers(afresh, 0)
