"""The best plan in tables: persons first, then fit, then lots, with what proves it.

The network (`network`) mostly does all of it in one go. Where half a pair is left that its branches do not settle soon, the
linear programme with cuts (`search`) takes over from there: with the plan in hand, and only with columns that could
beat it. Both are exact; which of them answered is decided by work done, never by time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ipraktik_matching.puzzle.certificate import Room, proven, room_beside_pins
from ipraktik_matching.puzzle.columns import Columns, Whole
from ipraktik_matching.puzzle.face import Face, all_plans
from ipraktik_matching.puzzle.lots import ROUNDS, Draws, lot_numbers
from ipraktik_matching.puzzle.network.tables import Tables, near, tables_of, ways_up_to, within
from ipraktik_matching.puzzle.network.tree import Grown, Worth, grow
from ipraktik_matching.puzzle.pieces import Puzzle
from ipraktik_matching.puzzle.prices import Real
from ipraktik_matching.puzzle.proof import Certificate
from ipraktik_matching.puzzle.proving import Target, prove, prove_by_branches
from ipraktik_matching.puzzle.search import Best, best
from ipraktik_matching.puzzle.staged import fit_prices, settle_pairs
from ipraktik_matching.puzzle.stating import stated, where_of

BRANCHES: Final = 24
WAYS: Final = 150_000
"""After so many the linear programme is asked; its cuts are worth more than further branches."""

FEW: Final = 4
PROOF_CELLS: Final = 1_100_000
PROOF_TABLE: Final = 2_000_000
"""Up to so many groups and hosts that may meet, and so many whether they may or not (some 2,400 participants), a proof is split until it is tight."""

TABLE_CELLS: Final = 100_000_000
"""Up to so many (some 20,000 participants) the programme is asked, and mostly proves the plan; beyond, it keeps the gap that branches leave, and states it."""

PROOF_NODES: Final = 60
"""How often a proof may be split before it states what it has."""


@dataclass(frozen=True, slots=True)
class Laid:
    """Host per group (-1 = left), and the bounds on persons and fit, all with the pinned.

    `prices` are those of a linear programme, where it had to help.
    """

    chosen: Whole
    most: int
    best: int
    unique: bool
    room: Room
    tables: Tables
    grown: Grown
    prices: tuple[Real | None, Real] | None = None


def lay(columns: Columns, nodes: int) -> Laid:
    """The best plan. `nodes` limits each search of the linear programme."""
    whole = _small(columns)
    columns = _for_the_programme(columns) if whole else columns
    room = room_beside_pins(columns, columns.pinned)
    lots = lot_numbers(columns, 0) if whole else Draws(columns, 0)
    tables = tables_of(room, columns.fit, lots)
    # A branch costs as much as there are ways; small puzzles get all of them, large ones a few.
    branches = min(BRANCHES, max(FEW, WAYS // max(ways_up_to(columns.allowed, WAYS), 1)))
    grown = grow(tables, lots, branches=min(nodes, branches), for_lots=min(nodes, branches), whole=whole)
    chosen = np.where(columns.pinned >= 0, columns.pinned, grown.chosen)
    persons, points = _pinned(columns)
    most, fit = _fit_of(grown.bound, tables)
    laid = Laid(chosen, persons + most, points + fit, grown.unique, room, tables, grown)
    if grown.unique or columns.allowed.size > TABLE_CELLS:
        return laid
    return _by_programme(columns, laid, nodes)


def _by_programme(columns: Columns, laid: Laid, nodes: int) -> Laid:
    staged = settle_pairs(laid.tables, laid.grown, nodes, large=not _small(columns))
    if staged is not None and (staged.unique or not _small(columns)):
        already, points = _pinned(columns)
        return replace(
            laid,
            chosen=np.where(columns.pinned >= 0, columns.pinned, staged.chosen),
            most=already + staged.most,
            best=points + staged.bound // (2 * laid.tables.scale) * laid.tables.step,
            unique=staged.unique,
            prices=(staged.per_person, fit_prices(staged.of_group, laid.tables)),
        )
    if not _small(columns):
        return laid
    numbers = lot_numbers(columns, 0)
    most = None
    if laid.grown.all_seated:
        face = _face(columns, laid)
    else:
        persons = np.where(columns.allowed, columns.sizes[:, None], 0)
        most = best(all_plans(columns), persons, start=laid.chosen, spread=numbers, nodes=nodes)
        face = most.face
    start = laid.chosen if most is None else most.chosen
    fittest = best(face, columns.fit, start=start, spread=numbers, nodes=nodes)
    prices = (None if most is None else most.of_group, fittest.of_group)
    bounds = (laid.most if most is None else most.bound, fittest.bound)
    final, alone = _by_lot(columns, fittest, nodes)
    alone = alone and fittest.proven and (most is None or most.proven)
    return replace(laid, chosen=final.chosen, most=bounds[0], best=bounds[1], unique=alone, prices=prices)


def _by_lot(columns: Columns, fittest: Best, nodes: int) -> tuple[Best, bool]:
    """The plan that the lots decide for among the fittest, and whether it is the only one."""
    final = fittest
    for number in range(ROUNDS):
        numbers = lot_numbers(columns, number)
        final = best(final.face, numbers, start=final.chosen, spread=numbers, nodes=nodes)
        others = np.ones_like(numbers)
        placed = np.flatnonzero(final.chosen >= 0)
        others[placed, final.chosen[placed]] = 0
        # The plan of this face that shares least with ours: if it shares all, it is ours.
        furthest = best(final.face, others, start=final.chosen, spread=numbers, nodes=nodes)
        if furthest.value == 0:
            return final, furthest.proven and final.proven
    return final, False


def _face(columns: Columns, laid: Laid) -> Face:
    """All plans that place as many as the one in hand and fit no worse, by the prices of the network."""
    tables, root = laid.tables, laid.grown.root
    equal = 2 * tables.scale
    gap = root.bound[1] - laid.grown.worth[1] // equal * equal
    matter = within(tables, root.split, root.seated, np.array([gap, gap // 2]))
    held = np.flatnonzero(columns.pinned >= 0)
    matter[held, columns.pinned[held]] = True
    taken = root.seated.taken
    full = np.where(tables.seats >= 2, taken[0::2] == 1, True) & np.where(
        tables.seats % 2 == 1, taken[1::2] == 1, True
    )
    return replace(
        all_plans(columns),
        allowed=matter,
        must=(columns.pinned >= 0) | (root.seated.sure == columns.sizes),
        full=full & (tables.seats > 0),
    )


def certificate_of(puzzle: Puzzle, columns: Columns, laid: Laid, nodes: int) -> Certificate:
    """What proves the bounds of the plan."""
    if not _small(columns):
        seated = laid.grown.root.seated
        per_person, of_group = laid.prices or (None, fit_prices(seated.of_group, laid.tables))
        sure = seated.sure.astype(np.float64) if per_person is None else per_person
        most = laid.most - _pinned(columns)[0]
        return stated(puzzle, columns, laid.chosen, per_person=sure, points=of_group, most=most)
    points = laid.best - _pinned(columns)[1]
    already = _pinned(columns)[0]
    free = columns.pinned < 0
    room, tables, grown = laid.room, laid.tables, laid.grown
    columns = _for_the_programme(columns)
    spread = lot_numbers(columns, 0)
    limit = min(nodes, PROOF_NODES)
    sure = grown.root.seated.sure.astype(np.float64)
    count = laid.prices[0] if laid.prices is not None and laid.prices[0] is not None else sure
    sizes = np.broadcast_to(columns.sizes[:, None], columns.allowed.shape)
    persons = prove(
        columns,
        room,
        Target(sizes, laid.most - already, None),
        first=count * free,
        per_person=np.zeros(len(free)),
        spread=spread,
        nodes=limit,
    )
    placed = int(columns.sizes[laid.chosen >= 0].sum())
    target = Target(columns.fit, points, placed - already)
    if laid.prices is None:
        fit = prove_by_branches(columns, room, target, tables=tables, grown=grown, spread=spread, nodes=limit)
    else:
        fit = prove(
            columns,
            room,
            target,
            first=laid.prices[1] * free,
            per_person=count * free,
            spread=spread,
            nodes=limit,
            used=near(tables, grown.root.seated),
        )
    most, fittest = proven(puzzle, where_of(columns, laid.chosen), persons, fit)
    return Certificate(most, fittest, persons, fit)


def _for_the_programme(columns: Columns) -> Columns:
    """The same with fit as wide as prices are: a product of the two must not overflow."""
    return replace(columns, fit=columns.fit.astype(np.int64, copy=False))


def _small(columns: Columns) -> bool:
    # Where the rules leave few hosts to each, the programme stays small though the tables are large.
    return (
        columns.allowed.size <= min(PROOF_TABLE, TABLE_CELLS)
        and ways_up_to(columns.allowed, PROOF_CELLS) <= PROOF_CELLS
    )


def _fit_of(worth: Worth, tables: Tables) -> tuple[int, int]:
    """Persons and fit, without the lots."""
    return worth[0], worth[1] // (2 * tables.scale) * tables.step


def _pinned(columns: Columns) -> tuple[int, int]:
    """Persons and fit of the pinned who are seated."""
    held = np.flatnonzero(columns.pinned >= 0)
    return int(columns.sizes[held].sum()), int(columns.fit[held, columns.pinned[held]].sum())
