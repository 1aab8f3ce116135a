"""Cuts that span several hosts: true of every plan, and found wherever there is one that the divisible break."""

from itertools import chain, combinations, product
from random import Random

import numpy as np

from ipraktik_matching.puzzle.odd import odd_cuts

SINGLES, PAIRS = 4, 2
PAIR = np.array([group >= SINGLES for group in range(SINGLES + PAIRS)])


def subsets(many: int) -> list[tuple[int, ...]]:
    """All of them, the empty one first."""
    return list(chain.from_iterable(combinations(range(many), size) for size in range(many + 1)))


def seated_by_halves(draw: Random, seats: list[int]) -> np.ndarray:
    """Halves of groups at hosts, as many as rows have room for, in an order that is drawn."""
    cells = list(product(range(SINGLES + PAIRS), range(len(seats))))
    halves = np.zeros((SINGLES + PAIRS, len(seats)))
    for group, host in draw.sample(cells, len(cells)) * 2:
        size = 2 if PAIR[group] else 1
        taken = halves[:SINGLES, host].sum() + 2 * halves[SINGLES:, host].sum()
        room = taken + size / 2 <= seats[host] and halves[group].sum() < 1
        if room and (size == 1 or (seats[host] >= 2 and halves[SINGLES:, host].sum() < 1)):
            halves[group, host] += 0.5
    return halves


def test_a_cut_is_found_where_any_set_is_broken_and_every_whole_plan_keeps_it() -> None:
    found_some = 0
    group, host = (one.ravel() for one in np.indices((SINGLES + PAIRS, 3)))
    for seed in range(150):
        draw = Random(seed)
        seats = [draw.choice((1, 2, 3)) for _ in range(3)]
        halves = seated_by_halves(draw, seats)
        broken = any(
            halves[np.ix_(solos, hosts)].sum() + halves[SINGLES:, hosts].sum()
            > (len(solos) + sum(seats[one] for one in hosts)) // 2 + 1e-4
            for solos, hosts in product(subsets(SINGLES), subsets(3))
        )
        cuts = odd_cuts(group, host, halves.ravel(), PAIR[group], np.array(seats), SINGLES + PAIRS)
        assert bool(cuts) == broken
        found_some += broken
        if not cuts:
            continue
        for plan in product(range(-1, 3), repeat=SINGLES + PAIRS):
            taken = [
                sum(1 + bool(PAIR[one]) for one, at in enumerate(plan) if at == number) for number in range(3)
            ]
            if any(full > most for full, most in zip(taken, seats, strict=True)):
                continue
            for cut in cuts:
                inside = sum(
                    at in cut.hosts and (bool(PAIR[one]) or one in cut.solos) for one, at in enumerate(plan)
                )
                assert inside <= cut.most
    assert 20 < found_some < 140
