"""Prices and proofs over more columns than are ever listed: they hold for all of them, and the plan is the best there is.

Limits are turned down so that small puzzles go the way of several thousand participants, with a column or two of each group in hand.
"""

import numpy as np
import pytest
from matching.puzzle.puzzles import edition, shuffled
from matching.puzzle.test_against_plain_programme import crowded, plain_optimum
from matching.puzzle.test_staged import claims, no_proof_trees

from ipraktik_matching.puzzle import Plan, Puzzle, check, columns, solve, staged, wide
from ipraktik_matching.puzzle.certificate import room_beside_pins, verify
from ipraktik_matching.puzzle.columns import columns_of
from ipraktik_matching.puzzle.generating import BALANCED, SCARCE
from ipraktik_matching.puzzle.left_over import Priced
from ipraktik_matching.puzzle.lots import Draws
from ipraktik_matching.puzzle.narrow import Narrow
from ipraktik_matching.puzzle.network import settling, tree
from ipraktik_matching.puzzle.network.tables import Tables, tables_of
from ipraktik_matching.puzzle.network.tree import Grown, grow
from ipraktik_matching.puzzle.wide import Wide

SEEDS = range(24)


def never_listed_at_once(monkeypatch: pytest.MonkeyPatch, *, in_hand: int = 1) -> list[int]:
    """As for thousands of participants; returns a list that tells how many columns joined after each round."""
    no_proof_trees(monkeypatch)
    monkeypatch.setattr(staged, "MOST_COLUMNS", 0)
    monkeypatch.setattr(wide, "AT_ONCE", 0)
    for name in ("OF_GROUP", "OF_HOST", "PER_ROUND"):
        monkeypatch.setattr(wide, name, in_hand)
    joined = []
    proven = Wide._proven

    def counted(self: Wide, *given: object) -> tuple[Priced, object, object]:
        found, group, host = proven(self, *given)  # type: ignore[arg-type]  # passed on as they came
        joined.append(len(group))
        return found, group, host

    monkeypatch.setattr(Wide, "_proven", counted)
    return joined


def grown_of(whole: Puzzle) -> tuple[Tables, Grown]:
    """What the network leaves to the stages when it has no branches."""
    found = columns_of(whole)
    lots = Draws(found, 0)
    tables = tables_of(room_beside_pins(found, found.pinned), found.fit, lots)
    return tables, grow(tables, lots, branches=0, for_lots=0, whole=False)


def all_crowds_get_the_best_plan() -> None:
    """As the plain programme has it, wherever the network's bound on persons is within reach; mostly it is."""
    proven = 0
    for seed in SEEDS:
        crowd = crowded(seed, groups=10 + seed % 12)
        plan = solve(crowd)
        persons, points = plain_optimum(columns_of(crowd))
        assert plan.stats.placed <= persons <= plan.stats.count_bound
        if plan.stats.placed == plan.stats.count_bound:
            proven += 1
            assert claims(plan) == (persons, points, True, True)
        assert check(crowd, plan) == []
        assert verify(crowd, plan) == []
    assert proven > len(SEEDS) // 2, "hardly one came this way"


def test_with_a_column_of_each_in_hand_the_plan_is_the_best_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    joined = never_listed_at_once(monkeypatch)
    all_crowds_get_the_best_plan()
    assert max(joined) > 0, "nothing had to join"


def test_where_few_may_meet_all_is_in_hand_and_the_plan_is_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    no_proof_trees(monkeypatch)
    monkeypatch.setattr(staged, "MOST_COLUMNS", 0)
    monkeypatch.setattr(settling, "MANY", 0)
    monkeypatch.setattr(tree, "IN_VAIN", 1)
    all_crowds_get_the_best_plan()


def test_no_column_that_costs_somebody_a_place_is_in_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    left_out = 0
    for seed in SEEDS:
        tables, grown = grown_of(crowded(seed, groups=10 + seed % 12))
        keys = []
        for at_once in (0, 1 << 30):
            monkeypatch.setattr(wide, "AT_ONCE", at_once)
            every = Wide(tables, grown.root.seated)
            listed = every.within(every.best_prices(grown.chosen).by_host, 1 << 50, 1 << 30)
            assert listed is not None
            keys.append(listed[0].key.tolist())
        assert keys[0] == keys[1]
        left_out += len(keys[0]) < tables.allowed.sum()
    assert left_out > 0, "nobody could cost another a place"


@pytest.mark.parametrize("hosts", [BALANCED, SCARCE])
def test_few_or_all_in_hand_editions_get_the_same_plan(hosts: float, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(3):
        whole = edition(200, hosts=hosts, seed=seed)
        with monkeypatch.context() as turned_down:
            no_proof_trees(turned_down)
            at_once = solve(whole)
        with monkeypatch.context() as turned_down:
            never_listed_at_once(turned_down)
            few = solve(whole)
            mixed = solve(shuffled(whole, seed))
        with monkeypatch.context() as all_in_hand:
            never_listed_at_once(all_in_hand)
            all_in_hand.setattr(wide, "AT_ONCE", 1 << 30)
            all_in_hand.setattr(settling, "MANY", 0)
            every = solve(whole)
        assert few.placements == at_once.placements == mixed.placements == every.placements
        assert claims(few) == claims(at_once) == claims(every)
        assert verify(whole, few) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("ROUNDS", 0), ("ROUNDS", 1), ("CUTS", 1), ("ODD", 0), ("ODD", 1), ("OF_GROUP", 1), ("PER_ROUND", 1)],
)
def test_prices_that_are_stopped_early_prove_less_and_nothing_false(
    name: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_listed_at_once(monkeypatch)
    monkeypatch.setattr(wide, name, value)
    for seed in SEEDS:
        crowd = crowded(seed, groups=12)
        plan: Plan = solve(crowd)
        persons, points = plain_optimum(columns_of(crowd))
        assert plan.stats.placed <= persons <= plan.stats.count_bound
        if plan.stats.placed == persons:
            assert plan.stats.total_fit <= points <= plan.stats.fit_bound
        if plan.stats.unique:
            assert claims(plan) == (persons, points, True, True)
        assert verify(crowd, plan) == []


def test_the_bound_adds_up_over_every_column_with_and_without_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wide, "AT_ONCE", 0)
    monkeypatch.setattr(wide, "OF_GROUP", 2)
    monkeypatch.setattr(wide, "OF_HOST", 1)
    better = 0
    for seed in range(6):
        whole = edition(142, hosts=SCARCE, seed=seed)
        tables, grown = grown_of(whole)
        all_of_them = Wide(tables, grown.root.seated)
        found = all_of_them.best_prices(grown.chosen)
        assert grown.worth[1] <= found.best.bound <= found.by_host.bound <= grown.root.bound[1]
        better += found.best.bound < grown.root.bound[1]
        with monkeypatch.context() as all_in_hand:
            all_in_hand.setattr(wide, "AT_ONCE", 1 << 30)
            at_once = Wide(tables, grown.root.seated)
        for prices in (found.best, found.by_host):
            for gap in (0, 2 * tables.scale, 1 << 50):
                one, other = all_of_them.within(prices, gap, 1 << 30), at_once.within(prices, gap, 1 << 30)
                assert one is not None
                assert other is not None
                assert (one[0].key == other[0].key).all()
                assert (one[1].short == other[1].short).all()
            listed = all_of_them.within(prices, 1 << 50, 1 << 30)
            assert listed is not None
            here, again = listed
            assert len(here.group) <= tables.allowed.sum()
            assert again.bound == prices.bound
            assert (again.of_group == prices.of_group).all()
            assert again.short.min() == 0
            assert all_of_them.within(prices, 1 << 50, len(here.group) - 1) is None
        with monkeypatch.context() as none_kept:
            none_kept.setattr(columns, "KEPT", 0)
            afresh, theirs = grown_of(whole)
            assert afresh.afresh is not None
            assert theirs.bound == grown.bound
            same = Wide(afresh, grown.root.seated).best_prices(grown.chosen)
        assert same.best.bound == found.best.bound
        assert (same.best.of_group == found.best.of_group).all()
        assert at_once.best_prices(grown.chosen).best.bound <= found.best.bound
    assert better > 0, "cuts made no price better"


def test_where_too_many_columns_are_left_the_plan_states_the_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    gaps = []
    for seed in range(8):
        whole = edition(142, hosts=SCARCE, seed=seed)
        with monkeypatch.context() as turned_down:
            never_listed_at_once(turned_down)
            best = solve(whole)
            turned_down.setattr(staged, "MOST_LEFT", 0)
            plan = solve(whole)
        assert plan.stats.placed == best.stats.placed
        assert plan.stats.total_fit <= best.stats.total_fit <= plan.stats.fit_bound
        assert not plan.stats.unique
        gaps.append(plan.stats.fit_bound - plan.stats.total_fit)
        assert verify(whole, plan) == []
    assert np.max(gaps) < 200, "weak prices"


def test_where_the_few_in_hand_cannot_place_everybody_what_was_known_still_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The network's bound on persons is out of reach here, which cuts show once they are there.
    no_proof_trees(monkeypatch)
    monkeypatch.setattr(staged, "MOST_COLUMNS", 0)
    monkeypatch.setattr(wide, "AT_ONCE", 0)

    class Stuck(Narrow):
        def settle(self, rounds: int, odd: int = 0) -> bool:
            super().settle(rounds, odd)
            return False

    monkeypatch.setattr(wide, "Narrow", Stuck)
    for seed in SEEDS:
        crowd = crowded(seed, groups=12)
        plan = solve(crowd)
        persons, points = plain_optimum(columns_of(crowd))
        assert plan.stats.placed <= persons <= plan.stats.count_bound
        if plan.stats.placed == persons:
            assert plan.stats.total_fit <= points <= plan.stats.fit_bound
        assert verify(crowd, plan) == []


@pytest.mark.long
def test_four_thousand_with_wishes_as_points_are_proven() -> None:
    whole = edition(4_000, hosts=SCARCE)
    plan = solve(whole)
    assert plan.stats.fit_proven
    assert verify(whole, plan) == []
