"""A plan's certificate proves its bounds to whoever adds up, and one that was tampered with does not."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.by_hand import best_plans, every_plan
from matching.puzzle.puzzles import edition, host, intern, puzzle
from matching.puzzle.test_best_plan import small_puzzles
from matching.puzzle.test_pinned import pinned_puzzles
from matching.puzzle.test_prices import with_companions

from ipraktik_matching.puzzle import Plan, Puzzle, plan_from_json, plan_to_json, solve
from ipraktik_matching.puzzle.certificate import proven, verify
from ipraktik_matching.puzzle.columns import columns_of
from ipraktik_matching.puzzle.proof import PARTS, Certificate, Leaf, Split, Tree, leaves

PLAIN = settings(deadline=None, derandomize=True, max_examples=200)


def certified(plan: Plan) -> Certificate:
    """The certificate, which every plan has."""
    assert plan.certificate is not None
    return plan.certificate


@PLAIN
@given(small_puzzles())
def test_every_plan_proves_itself(small: Puzzle) -> None:
    plan = solve(small)
    assert verify(small, plan) == []
    assert certified(plan).most == plan.stats.placed
    assert certified(plan).best == plan.stats.total_fit


@PLAIN
@given(pinned_puzzles())
def test_a_plan_with_pins_proves_itself_among_plans_that_keep_them(small: Puzzle) -> None:
    plan = solve(small)
    assert verify(small, plan) == []
    assert (certified(plan).most, certified(plan).best) == (plan.stats.placed, plan.stats.total_fit)


def some_tree(draw: Random, names: list[str], hosts: list[str], depth: int) -> Tree:
    """Prices and splits without any sense."""
    if depth and hosts and draw.random() < 0.7:
        one, *others = draw.sample(hosts, len(hosts))
        return Split(
            one, some_tree(draw, names, others, depth - 1), some_tree(draw, names, others, depth - 1)
        )
    prices = {name: draw.randint(-50, 900) * draw.choice((1, PARTS)) for name in names if draw.random() < 0.7}
    return Leaf(prices, draw.choice((0, 0, 7, 900)))


@PLAIN
@given(small_puzzles(), st.randoms(use_true_random=False))
def test_whatever_the_prices_nothing_false_is_proven(small: Puzzle, draw: Random) -> None:
    names = [group.members[0].id for group in columns_of(small).groups]
    hosts = [one.id for one in small.hosts]
    best = best_plans(small)[0]
    persons, fit = (some_tree(draw, names, hosts, 3) for _ in range(2))
    most, fittest = proven(small, dict(best.where), persons, fit)
    assert most >= best.placed
    assert fittest >= best.total_fit


@pytest.mark.parametrize("seed", range(40))
def test_plans_with_companions_prove_themselves(seed: int) -> None:
    small = with_companions(seed)
    plan = solve(small)
    best = best_plans(small)[0]
    assert verify(small, plan) == []
    assert (certified(plan).most, certified(plan).best) == (best.placed, best.total_fit)


def test_where_no_prices_are_tight_the_plans_are_split() -> None:
    whole = edition(142, seed=3)
    plan = solve(whole)
    assert len(list(leaves(certified(plan).fit))) > 1
    assert certified(plan).best == plan.stats.total_fit
    assert verify(whole, plan) == []
    again = plan_from_json(plan_to_json(plan))
    assert again == plan


def test_a_certificate_that_was_tampered_with_proves_nothing() -> None:
    whole = edition(142, hosts=0.3)
    plan = solve(whole)
    good = certified(plan)
    assert verify(whole, plan) == []
    for bad in (
        replace(good, most=good.most - 1),
        replace(good, best=good.best - 10),
        replace(good, fit=Leaf({})),
        replace(good, persons=Leaf({"nobody": 60})),
    ):
        assert verify(whole, replace(plan, certificate=bad))
    assert verify(whole, replace(plan, certificate=None))


def test_one_placed_less_is_noticed() -> None:
    crowd = puzzle(intern("a"), intern("b"), host("h", capacity=2))
    plan = solve(crowd)
    fewer = replace(plan, placements=plan.placements[:1])
    assert verify(crowd, fewer) == [], "the bound holds for every plan"
    assert certified(plan).most > len(fewer.placements), "but it does not say that this one is best"


def test_prices_need_no_trust() -> None:
    small = with_companions(6)
    draw = np.random.default_rng(1)
    names = [group.members[0].id for group in columns_of(small).groups]
    for _ in range(50):
        leaf = Leaf({name: int(draw.integers(0, 1000)) * PARTS for name in names})
        most = max(one.placed for one in every_plan(small))
        assert proven(small, {}, leaf, leaf)[0] >= most
