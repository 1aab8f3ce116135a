"""What solvers are held against each other on: editions from the puzzle's own generator, with the wishes taken strictly.

The solver itself takes every wish as points, so nearly everybody could go nearly everywhere; a comparison on that would flatter whoever
is good at dense tables. Here a host is in question from so many points on, and the best twenty of those are kept: the lists of a
programme where people insist, and where greedy ways of laying leave people out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ipraktik_matching.puzzle import Puzzle
from ipraktik_matching.puzzle.columns import Columns, columns_of
from ipraktik_matching.puzzle.generating import BALANCED, SCARCE, generate
from ipraktik_matching.puzzle.lots import Draws
from ipraktik_matching.puzzle.network.seating import Ways

STRICT = 700
LISTED = 20
_BLOCK = 128
SHARES = {"seats enough": BALANCED, "scarce": SCARCE}


@dataclass(frozen=True, slots=True)
class Lists:
    """Persons who travel alone, hosts with seats, and who may go where with how many points."""

    ways: Ways
    seats: Any

    @property
    def people(self) -> int:
        """How many want to go."""
        return len(self.ways.first) - 1

    @property
    def person(self) -> Any:
        """Whose way each is."""
        return np.repeat(np.arange(self.people, dtype=np.int32), np.diff(self.ways.first))


def edition(participants: int, seats: str) -> Puzzle:
    """A generated edition; `seats` is one of SHARES."""
    return generate(participants, hosts=SHARES[seats])


def strict(puzzle: Puzzle) -> Columns:
    """The tables with the best hosts of everybody's strict list alone; companions together."""
    columns = columns_of(puzzle)
    good = columns.allowed & (columns.fit >= STRICT * columns.sizes[:, None])
    listed = np.zeros_like(good)
    draws = Draws(columns, 0)
    for row, (allowed, fit) in enumerate(zip(good, columns.fit, strict=True)):
        there = np.flatnonzero(allowed)
        # Between equals the lot decides, or everybody's list would name the same hosts.
        listed[row, there[np.lexsort((draws[row : row + 1, there][0], -fit[there]))[:LISTED]]] = True
    return replace(columns, allowed=good & listed, suits=columns.suits & good & listed)


def alone(participants: int, seats: str) -> Lists:
    """The same people, each travelling alone, with their strict lists: a plain network."""
    columns = columns_of(single(participants, seats))
    draws = Draws(columns, 0)

    def listed(row: int, allowed: Any, fit: Any) -> Any:
        there = np.flatnonzero(allowed & (fit >= STRICT))
        return np.sort(there[np.lexsort((draws[row : row + 1, there][0], -fit[there]))[:LISTED]])

    return _lists(columns, listed)


def wide(participants: int, seats: str) -> Lists:
    """Each travelling alone, with the ten best of all hosts and ten drawn: nearly every seat is fought for where they are scarce."""
    columns = columns_of(single(participants, seats))
    draw = np.random.default_rng(2018)

    def listed(_row: int, allowed: Any, fit: Any) -> Any:
        there = draw.permutation(np.flatnonzero(allowed))
        best = there[np.argsort(-fit[there], kind="stable")[: LISTED // 2]]
        return np.union1d(best, draw.choice(there, min(LISTED // 2, len(there)), replace=False))

    return _lists(columns, listed)


def _lists(columns: Columns, listed: Callable[[int, Any, Any], Any]) -> Lists:
    """Everybody's list, some rows at a time: there may be no tables of everything."""
    first, hosts, weights = [0], [], []
    for start in range(0, len(columns.groups), _BLOCK):
        some = slice(start, start + _BLOCK)
        for row, (allowed, fit) in enumerate(
            zip(columns.allowed[some], columns.fit[some], strict=True), start
        ):
            mine = listed(row, allowed, fit)
            hosts.append(mine)
            weights.append(fit[mine])
            first.append(first[-1] + len(mine))
    ways = Ways(
        np.array(first), np.concatenate(hosts).astype(np.int32), np.concatenate(weights).astype(np.int64)
    )
    return Lists(ways, columns.seats)


def single(participants: int, seats: str) -> Puzzle:
    """The same edition, each travelling alone."""
    puzzle = edition(participants, seats)
    return replace(puzzle, interns=tuple(replace(one, companion_id=None) for one in puzzle.interns))
