"""The certificate of a plan that keeps a gap: one leaf each for persons and fit, with the prices that the relaxation ended with.

For puzzles beyond the linear programme. What the prices prove is the relaxation's bound, or near it; nothing is split.
"""

from __future__ import annotations

import numpy as np

from ipraktik_matching.puzzle.certificate import ceiling, proven, room_beside_pins
from ipraktik_matching.puzzle.columns import Columns, Whole
from ipraktik_matching.puzzle.pieces import Puzzle
from ipraktik_matching.puzzle.prices import Real
from ipraktik_matching.puzzle.proof import PARTS, Certificate, Leaf


def stated(
    puzzle: Puzzle, columns: Columns, chosen: Whole, *, per_person: Real, points: Real, most: int
) -> Certificate:
    """What these prices prove: of the groups, for each person that counts (`per_person`) and in points; `most`: what no plan places more than."""
    free = columns.pinned < 0
    placed = int(columns.sizes[(chosen >= 0) & free].sum())
    persons = np.rint(PARTS * np.maximum(per_person, 0) * free).astype(np.int64)
    fit = np.rint(PARTS * points * free).astype(np.int64)
    credit = _enough(columns, chosen)
    if placed < most:
        credit = _cheapest(columns, fit, persons, placed, credit)
    ids = [group.members[0].id for group in columns.groups]
    trees = [
        Leaf(dict(sorted((ids[row], int(prices[row])) for row in np.flatnonzero(prices > 0))), each)
        for prices, each in ((persons, 0), (np.maximum(fit + credit * persons, 0), credit))
    ]
    counted, best = proven(puzzle, where_of(columns, chosen), *trees)
    return Certificate(counted, best, *trees)


def where_of(columns: Columns, chosen: Whole) -> dict[str, str]:
    """Who goes to which host."""
    return {
        member.id: columns.hosts[number].id
        for group, number in zip(columns.groups, chosen.tolist(), strict=True)
        if number >= 0
        for member in group.members
    }


def _enough(columns: Columns, chosen: Whole) -> int:
    """A credit per person that outweighs what placing somebody costs others: more than anybody has."""
    there = np.flatnonzero(chosen >= 0)
    most = (
        int((columns.fit[there, chosen[there]] // columns.sizes[there]).max(initial=0)) if len(there) else 0
    )
    return 1 << max(most, 0).bit_length()


def _cheapest(columns: Columns, points: Whole, persons: Whole, placed: int, most: int) -> int:
    """The credit that proves most where somebody is left whom the relaxation places: each point of it then costs one."""
    room = room_beside_pins(columns, columns.pinned)
    found, credit = most, most
    least: int | None = None
    while credit >= 1:
        total = ceiling(room, columns.fit, points + credit * persons, credit) - PARTS * credit * placed
        if least is not None and total >= least:
            break
        found, least, credit = credit, total, credit // 2
    return found
