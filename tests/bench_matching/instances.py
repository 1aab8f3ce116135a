"""What solvers are held against each other on: editions from the puzzle's own generator, with the wishes taken strictly.

The solver itself takes every wish as points, so nearly everybody could go nearly everywhere; a comparison on that would flatter whoever
is good at dense tables. Here a host is in question from so many points on, and the best twenty of those are kept: the lists of a
programme where people insist, and where greedy ways of laying leave people out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ipraktik_matching.puzzle import Puzzle
from ipraktik_matching.puzzle.columns import Columns, columns_of
from ipraktik_matching.puzzle.generating import BALANCED, SCARCE, generate
from ipraktik_matching.puzzle.network.seating import Ways

STRICT = 700
LISTED = 20
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
    order = np.argsort(np.where(good, -columns.fit, 1), axis=1, kind="stable")[:, :LISTED]
    listed = np.zeros_like(good)
    np.put_along_axis(listed, order, True, axis=1)
    return replace(columns, allowed=good & listed, suits=columns.suits & good & listed)


def alone(participants: int, seats: str) -> Lists:
    """The same people, each travelling alone: a plain network."""
    puzzle = edition(participants, seats)
    single = tuple(replace(one, companion_id=None) for one in puzzle.interns)
    columns = strict(replace(puzzle, interns=single))
    group, host = np.nonzero(columns.allowed)
    first = np.concatenate([[0], np.cumsum(columns.allowed.sum(axis=1))])
    return Lists(Ways(first, host.astype(np.int32), columns.fit[group, host]), columns.seats)
