"""Prices prove bounds: whatever they are, no plan is worth more, and no plan as good is lost."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.by_hand import every_plan
from matching.puzzle.puzzles import edition, host, intern, puzzle
from matching.puzzle.test_best_plan import small_puzzles

from ipraktik_matching.puzzle import Puzzle, Wishes, solve
from ipraktik_matching.puzzle.columns import Columns, columns_of
from ipraktik_matching.puzzle.face import Chosen, Cut, all_plans, holds, value_of
from ipraktik_matching.puzzle.lots import lot_numbers
from ipraktik_matching.puzzle.prices import SCALE, Duals, Real, as_good_as, proven
from ipraktik_matching.puzzle.relaxation import relax
from ipraktik_matching.puzzle.search import could_win


def chosen_by_hand(columns: Columns, small: Puzzle) -> list[Chosen]:
    """Every plan, as the solver writes it."""
    number = {host.id: column for column, host in enumerate(columns.hosts)}
    plans = []
    for plan in every_plan(small):
        where = dict(plan.where)
        rows = [number.get(where.get(group.members[0].id, ""), -1) for group in columns.groups]
        plans.append(np.array(rows, dtype=np.int64))
    return plans


@settings(deadline=None, derandomize=True, max_examples=100)
@given(small_puzzles(), st.randoms(use_true_random=False))
def test_any_prices_at_all_prove_only_what_is_true(small: Puzzle, draw: Random) -> None:
    columns = columns_of(small)
    face = all_plans(columns)

    def some(many: int) -> Real:
        return np.array([draw.choice((0.0, 0.0, draw.uniform(-300, 900))) for _ in range(many)])

    hosts = len(columns.hosts)
    solos = np.flatnonzero(~face.pairs)
    cuts = tuple(
        Cut(int(host), tuple(int(row) for row in solos[: face.seats[host] - 1]))
        for host in np.flatnonzero(face.hosts_of_pairs)
        if len(solos) >= face.seats[host] - 1
    )
    face = replace(face, cuts=cuts)
    duals = Duals(some(len(columns.groups)), some(hosts), some(hosts), some(0), some(len(cuts)))
    prices = proven(face, columns.fit, duals)
    plans = chosen_by_hand(columns, small)
    assert all(holds(face, plan) for plan in plans)
    best = max(value_of(plan, columns.fit) for plan in plans)
    assert SCALE * best <= prices.bound
    smaller = as_good_as(face, columns.fit, prices, best)
    for plan in plans:
        assert holds(smaller, plan) == (value_of(plan, columns.fit) == best)
        placed = np.flatnonzero(plan >= 0)
        usable = could_win(face, prices, value_of(plan, columns.fit))
        assert usable[placed, plan[placed]].all(), "no column of a plan is ever thought useless for its value"


def with_companions(seed: int) -> Puzzle:
    """One or two pairs and two solos at three hosts, where the relaxation would like to halve a pair."""
    draw = Random(seed)
    fields = ("libraries", "culture", "law", "health")
    rows = [
        intern("a", companion_id="b", wishes=Wishes(fields=(draw.choice(fields),))),
        intern("b", companion_id="a", wishes=Wishes(fields=(draw.choice(fields),))),
    ]
    if draw.random() < 0.5:
        rows += [
            intern("c", companion_id="d", wishes=Wishes(fields=(draw.choice(fields),))),
            intern("d", companion_id="c"),
        ]
    for number in range(2):
        wished = tuple(draw.sample(fields, draw.randint(1, 2)))
        rows.append(intern(f"s{number}", wishes=Wishes(fields=wished)))
    hosts = [
        host(f"h{number}", field=draw.choice(fields), capacity=draw.choice((1, 2, 2, 3)))
        for number in range(3)
    ]
    return puzzle(*rows, *hosts)


@pytest.mark.parametrize("seed", [0, 6, 10, 54, 112, 145, 153])
def test_the_plans_left_are_exactly_the_best_when_cuts_have_a_price(seed: int) -> None:
    columns = columns_of(with_companions(seed))
    empty = np.full(len(columns.groups), -1, dtype=np.int64)
    relaxed = relax(all_plans(columns), columns.fit, start=empty, spread=lot_numbers(columns, 0))
    assert relaxed.face.cuts, "without the cuts half a pair would be seated here"
    plans = chosen_by_hand(columns, with_companions(seed))
    best = max(value_of(plan, columns.fit) for plan in plans)
    left = as_good_as(relaxed.face, columns.fit, relaxed.prices, best)
    for plan in plans:
        assert holds(left, plan) == (value_of(plan, columns.fit) == best)


@pytest.mark.parametrize("hosts", [0.5, 0.3], ids=["enough seats", "too few seats"])
def test_the_prices_of_an_edition_prove_nearly_everything_by_themselves(hosts: float) -> None:
    # Weak prices would still be true, but leave all the work to the search.
    whole = edition(142, hosts=hosts, seed=2)
    columns = columns_of(whole)
    empty = np.full(len(columns.groups), -1, dtype=np.int64)
    numbers = lot_numbers(columns, 0)
    persons = np.where(columns.allowed, columns.sizes[:, None], 0)
    most = relax(all_plans(columns), persons, start=empty, spread=numbers)
    assert most.prices.bound // SCALE == solve(whole).stats.placed
    freely = relax(all_plans(columns), columns.fit, start=empty, spread=numbers)
    assert freely.prices.bound / SCALE <= 1.01 * solve(whole).stats.total_fit
