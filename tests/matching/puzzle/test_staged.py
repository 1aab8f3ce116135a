"""The search in stages: what it claims as proven is proven, whatever stage has to answer.

The network is given no branches here, so that everything after the first plan is left to the stages; limits are turned down until each stage is
reached. The judge is the plainest programme there is, which shares only the tables of points.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from matching.puzzle.puzzles import edition, host, intern, puzzle
from matching.puzzle.test_against_plain_programme import crowded, plain_optimum, without_the_network

from ipraktik_matching.puzzle import Plan, Puzzle, check, laying, solve, staged, wide
from ipraktik_matching.puzzle.certificate import proven, verify
from ipraktik_matching.puzzle.columns import columns_of
from ipraktik_matching.puzzle.face import Chosen
from ipraktik_matching.puzzle.generating import BALANCED, SCARCE
from ipraktik_matching.puzzle.laying import lay
from ipraktik_matching.puzzle.left_over import for_persons, worth_of
from ipraktik_matching.puzzle.narrow import UNIT, Narrow
from ipraktik_matching.puzzle.proof import Leaf

SEEDS = range(25)


def no_proof_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for puzzles where a certificate is one leaf, and tables are worked out in pieces."""
    monkeypatch.setattr(laying, "PROOF_CELLS", 0)
    without_the_network(monkeypatch)
    monkeypatch.setattr(laying, "FEW", 0)


def claims(plan: Plan) -> tuple[int, int, bool, bool]:
    """What the plan reaches, and whether it says that it is best and alone."""
    return plan.stats.placed, plan.stats.total_fit, plan.stats.fit_proven, plan.stats.unique


@pytest.mark.parametrize("seed", SEEDS)
def test_large_or_small_the_stages_find_what_the_plain_programme_finds(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = crowded(seed, groups=12 + seed)
    by_network = solve(crowd)
    optimum = plain_optimum(columns_of(crowd))
    without_the_network(monkeypatch)
    small = solve(crowd)
    no_proof_trees(monkeypatch)
    large = solve(crowd)
    assert claims(small) == claims(large) == (*optimum, True, True)
    assert by_network.placements == small.placements == large.placements


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "value"),
    [("MOST_COLUMNS", 0), ("MOST_LEFT", 0), ("CHEAP", 0), ("FAR", (0,)), ("MORE_THAN_FIT", 1)],
)
def test_a_stage_that_is_cut_short_claims_no_more_than_is_true(
    seed: int, name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = crowded(seed, groups=12)
    persons, points = plain_optimum(columns_of(crowd))
    no_proof_trees(monkeypatch)
    monkeypatch.setattr(staged, name, value)
    plan = solve(crowd)
    assert plan.stats.placed <= persons <= plan.stats.count_bound
    if plan.stats.placed == persons:
        assert plan.stats.total_fit <= points <= plan.stats.fit_bound
    if plan.stats.unique:
        assert claims(plan) == (persons, points, True, True)
    assert check(crowd, plan) == []
    assert verify(crowd, plan) == []


def test_one_node_is_a_limit_that_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    no_proof_trees(monkeypatch)
    for seed in SEEDS:
        crowd = crowded(seed)
        plan = solve(crowd, nodes=0)
        persons, points = plain_optimum(columns_of(crowd))
        assert plan.stats.placed <= persons <= plan.stats.count_bound
        if plan.stats.unique:
            assert claims(plan) == (persons, points, True, True)


def test_above_the_limit_the_certificate_states_a_gap_and_tampering_shows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gaps = []
    for seed, hosts in product(range(6), (BALANCED, SCARCE)):
        whole = edition(142, hosts=hosts, seed=seed)
        split = solve(whole)
        with monkeypatch.context() as turned_down:
            no_proof_trees(turned_down)
            plan = solve(whole)
        assert plan.placements == split.placements
        assert claims(plan) == claims(split)
        told = plan.certificate
        assert told is not None
        assert told.best >= plan.stats.fit_bound
        gaps.append(told.best - plan.stats.fit_bound)
        assert gaps[-1] <= plan.stats.total_fit // 100, "weak prices"
        assert check(whole, plan) == []
        assert verify(whole, plan) == []
        for bad in (replace(told, best=plan.stats.total_fit - 10), replace(told, most=told.most - 1)):
            assert verify(whole, replace(plan, certificate=bad))
    assert max(gaps) > 0, "no gap, nothing was stated"


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_programme_costs_is_what_the_plan_loses(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # HiGHS counts from the bound down, with cuts and empty places priced: to the last half of a lot.
    crowd = crowded(seed)
    search = Narrow.search
    asked = []

    def compared(self: Narrow, *, nodes: int, **others: object) -> tuple[Chosen | None, bool]:
        found, ended = search(self, nodes=nodes, **others)  # type: ignore[arg-type]  # passed on as they came
        if found is not None:
            lost = self._base.bound - worth_of(self._here, found)
            asked.append(abs(self._model.getInfo().objective_function_value / UNIT - lost))
        return found, ended

    monkeypatch.setattr(Narrow, "search", compared)
    no_proof_trees(monkeypatch)
    solve(crowd)
    assert all(one < 1 for one in asked)


def test_persons_are_bounded_by_prices_of_their_own() -> None:
    crowd: Puzzle = crowded(3)
    columns = columns_of(crowd)
    laid = lay(columns, 2000)
    here, prices = for_persons(laid.tables, laid.grown.root.seated)
    assert prices.bound == 2 * laid.grown.root.bound[0]
    assert worth_of(here, laid.chosen) == 2 * int(np.sum(columns.sizes[laid.chosen >= 0]))


def test_two_plans_that_not_even_lots_tell_apart_are_proven_best_and_neither_the_only_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no_proof_trees(monkeypatch)
    monkeypatch.setattr(laying, "Draws", lambda columns, _number: np.zeros(columns.fit.shape, dtype=np.int64))
    alike = lay(columns_of(puzzle(intern("a"), intern("b"), host("h"), host("k"))), 2000)
    assert (alike.unique, alike.most) == (False, 2)
    alone = lay(columns_of(puzzle(intern("a"), host("h"))), 2000)
    assert alone.unique


def test_where_the_bound_on_persons_is_not_reached_the_credit_is_the_one_that_proves_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no_proof_trees(monkeypatch)
    monkeypatch.setattr(staged, "MOST_COLUMNS", 0)
    monkeypatch.setattr(staged, "MOST_LEFT", 0)
    monkeypatch.setattr(wide, "ROUNDS", 0)
    monkeypatch.setattr(staged, "FEW_NODES", 0)
    for seed in (9, 19, 26, 27):
        crowd = crowded(seed, groups=12)
        plan = solve(crowd)
        told = plan.certificate
        assert told is not None
        assert isinstance(told.fit, Leaf)
        assert isinstance(told.persons, Leaf)
        assert plan.stats.placed < plan.stats.count_bound, "here the bound is out of reach"
        where = {one.intern_id: one.host_id for one in plan.placements}
        for credit in (told.fit.per_person // 2, 2 * told.fit.per_person):
            more = credit - told.fit.per_person
            names = told.fit.prices.keys() | told.persons.prices.keys()
            prices = {
                name: told.fit.prices.get(name, 0) + more * told.persons.prices.get(name, 0) for name in names
            }
            assert proven(crowd, where, told.persons, Leaf(prices, credit))[1] >= told.best
