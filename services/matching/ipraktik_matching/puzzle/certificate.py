"""The adding up that proves a bound, which anybody can do after the solver.

Give each travelling group a price: what all the others could earn together if it stayed at home. A host can then earn no
more than the best that its seats hold of (weight minus price); so no plan is worth more than all prices and what all hosts
could earn. Prices need no trust: whatever they are the sum is a bound, and good ones make it tight. Where companions keep it
from being tight, plans are split at a host (it receives no pair, or two of its seats are a pair's) and each half has prices.

A group weighs its persons, or its fit. To bound the fit of plans that place so many persons at least, each person placed
is credited `per_person`, which comes off again for those who must be placed. Shares the tables (`columns`, or what answers in
their place) with the solver, nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from ipraktik_matching.puzzle.afresh import Answers, Open
from ipraktik_matching.puzzle.columns import Columns, Whole, Yes, columns_of
from ipraktik_matching.puzzle.highest import highest
from ipraktik_matching.puzzle.pieces import Puzzle
from ipraktik_matching.puzzle.plan import Plan
from ipraktik_matching.puzzle.proof import PARTS, Leaf, Tree

_BLOCK = 128
"""Rows looked at together: what memory the adding up takes."""

_ENOUGH = 64
"""After so many blocks a puzzle too large for tables is taken to have no more in common than its parts."""


@dataclass(frozen=True, slots=True)
class Room:
    """Whom hosts may take, and `split`: -1 = not asked, 0 = no pair, 1 = two seats are a pair's."""

    allowed: Yes
    sizes: Whole
    seats: Whole
    split: Whole


def room_beside_pins(columns: Columns, seated: Whole) -> Room:
    """Everybody's room: the pinned who are seated (`seated` >= 0) are taken out, with their seats, before anything is bounded."""
    seats = columns.seats.copy()
    rows = np.flatnonzero(seated >= 0)
    np.subtract.at(seats, seated[rows], columns.sizes[rows])
    if isinstance(columns.allowed, Open):
        allowed = cast("Yes", Open(columns.allowed.afresh, columns.allowed.asked & (seated < 0), seats))
    else:
        allowed = columns.allowed & (seated < 0)[:, None] & (columns.sizes[:, None] <= seats[None, :])
    return Room(allowed, columns.sizes, seats, np.full(len(seats), -1, dtype=np.int64))


def halves(room: Room, host: int) -> tuple[Room, Room]:
    """The room of plans where the host receives no pair, and where two of its seats are kept for one."""
    rooms = []
    for answer in (0, 1):
        split = room.split.copy()
        split[host] = answer
        rooms.append(replace(room, split=split))
    return rooms[0], rooms[1]


def ceiling(room: Room, weights: Whole, prices: Whole, credit: int = 0) -> int:
    """What no plan of the room exceeds, in sixtieths, given any prices per group (in sixtieths) and a credit per person.

    `weights`: by group and host, or by group alone.
    """
    prices = np.maximum(prices, 0)
    less = prices - PARTS * credit * room.sizes
    if isinstance(room.allowed, Open):
        best, of_pair = highest(room, room.allowed, weights, less)
    else:
        best, of_pair = _highest(room, weights, less)
    top = np.zeros((4, len(room.seats)), dtype=np.int64)
    np.cumsum(best, axis=0, out=top[1:])
    number = np.arange(len(room.seats))
    alone = top[room.seats, number]
    pair = np.where(room.seats >= 2, of_pair + top[np.maximum(room.seats - 2, 0), number], 0)
    most = np.where(room.split == 0, alone, np.where(room.split == 1, pair, np.maximum(alone, pair)))
    return int(prices.sum()) + int(most.sum())


def _highest(room: Room, weights: Whole, less: Whole) -> tuple[Whole, Whole]:
    """The three best gains of single travellers at each host, and the best of companions."""
    many = len(room.seats)
    best = np.zeros((3, many), dtype=np.int64)
    of_pair = np.zeros(many, dtype=np.int64)
    spare = np.zeros(many, dtype=np.int64)
    for start in range(0, len(less), _BLOCK):
        rows = slice(start, start + _BLOCK)
        gain = PARTS * weights[rows].astype(np.int64).reshape(len(less[rows]), -1) - less[rows, None]
        gain = np.where(room.allowed[rows], gain, 0)
        pairs = room.sizes[rows] == 2
        np.maximum(of_pair, gain[pairs].max(axis=0, initial=0), out=of_pair)
        for one in gain[~pairs]:
            # Each newcomer takes the highest place it deserves, and who stood there moves down.
            new, old = one, spare
            for place in best:
                np.minimum(place, new, out=old)
                np.maximum(place, new, out=place)
                new, old = old, new
    return best, of_pair


def step_of(allowed: Yes, weights: Whole) -> int:
    """What all weights in question are multiples of, and so the worth of every plan."""
    least = weights.afresh.scores.grain() if isinstance(weights, Answers) else 1
    step = 0
    for number, start in enumerate(range(0, len(allowed), _BLOCK)):
        rows = slice(start, start + _BLOCK)
        weight = weights[rows] if weights.ndim == 2 else weights[rows, None]
        usable = allowed[rows]
        step = int(np.gcd.reduce(np.broadcast_to(weight, usable.shape)[usable], initial=step))
        if step == least or (isinstance(weights, Answers) and number >= _ENOUGH):
            # More have nothing more in common than what the parts of all have.
            return least
    return max(step, 1)


def bound(room: Room, columns: Columns, weights: Whole, tree: Tree, persons: int | None) -> int:
    """The bound that the tree proves, in whole units; `persons`: how many plans must place, where that counts."""
    row = {group.members[0].id: number for number, group in enumerate(columns.groups)}
    host = {one.id: number for number, one in enumerate(columns.hosts)}
    open_ends, most = [(room, tree)], 0
    while open_ends:
        here, branch = open_ends.pop()
        if not isinstance(branch, Leaf):
            without, reserved = halves(here, host[branch.host_id])
            open_ends += [(without, branch.without), (reserved, branch.reserved)]
            continue
        prices = np.zeros(len(row), dtype=np.int64)
        for intern_id, price in branch.prices.items():
            prices[row[intern_id]] = price
        credit = 0 if persons is None else branch.per_person
        total = ceiling(here, weights, prices, credit) - PARTS * credit * (persons or 0)
        most = max(most, total // PARTS)
    step = step_of(room.allowed, weights)
    return most // step * step


def proven(puzzle: Puzzle, where: Mapping[str, str], persons: Tree, fit: Tree) -> tuple[int, int]:
    """How many persons no plan exceeds, and what fit none exceeds that places as many as `where`, by these trees.

    `where`: who goes to which host; those whom a pin puts there are held. Raises KeyError for rows that are not there.
    """
    columns = columns_of(puzzle)
    number = {one.id: column for column, one in enumerate(columns.hosts)}
    pins = dict(puzzle.pinned)
    seated = np.full(len(columns.groups), -1, dtype=np.int64)
    for row, group in enumerate(columns.groups):
        if any(one.id in pins for one in group.members) and group.members[0].id in where:
            seated[row] = number[where[group.members[0].id]]
    held = np.flatnonzero(seated >= 0)
    room = room_beside_pins(columns, seated)
    already = int(columns.sizes[held].sum())
    points = int(columns.fit[held, seated[held]].sum())
    most = already + bound(room, columns, columns.sizes, persons, None)
    return most, points + bound(room, columns, columns.fit, fit, len(where) - already)


def verify(puzzle: Puzzle, plan: Plan) -> list[str]:
    """Whether the certificate proves what it states, a sentence for each bound that it does not."""
    told = plan.certificate
    if told is None:
        return ["The plan has no certificate."]
    where = {one.intern_id: one.host_id for one in plan.placements}
    try:
        most, best = proven(puzzle, where, told.persons, told.fit)
    except KeyError as error:
        return [f"The certificate or the plan names {error}, whom the puzzle does not know."]
    said = (
        ("persons", told.most, most),
        ("fit", told.best, best),
        ("persons", told.most, len(where)),
        ("fit", told.best, sum(one.fit for one in plan.placements)),
    )
    return [
        f"The certificate says that {what} never exceeds {claim}; it is {true}."
        for what, claim, true in said
        if true > claim
    ]
