"""The plan that stands, kept with the prices that prove it: a newcomer or a withdrawal then costs one cheapest path.

What is promised is what `lay` promises: most persons, then fit, then lots, of all plans there are; each answer is proven by prices,
in whole numbers, or is not given. Lots stay what they are when somebody comes, for each is drawn from a person's lot and a host's alone;
only a newcomer with the very lot of somebody else changes that one's, and is for a new run.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ipraktik_matching.puzzle.certificate import room_beside_pins
from ipraktik_matching.puzzle.columns import Columns, Whole
from ipraktik_matching.puzzle.groups import Group
from ipraktik_matching.puzzle.lots import Draws
from ipraktik_matching.puzzle.network.keeping import Kept
from ipraktik_matching.puzzle.network.seating import Ways
from ipraktik_matching.puzzle.network.settling import first_columns, settle
from ipraktik_matching.puzzle.network.tables import (
    LITTLE,
    LOT_BITS,
    Tables,
    Weights,
    everywhere,
    near_enough,
    ways_up_to,
)

POINTS: Final = 2_048
"""More than anybody's fit; whoever has more is for a new run."""

_LISTED: Final = 1_000_000
"""Up to so many ways all are kept; of more, those that prices some `LITTLE` points away could make pay."""

_HELD: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """Who sits elsewhere by it, as (row, column before, column now) with -1 = nowhere; persons and fit that the plan gains."""

    moves: tuple[tuple[int, int, int], ...]
    persons: int
    fit: int


class KeptPlan:
    """The best plan of a puzzle. Rows are those of its tables, then newcomers in the order in which they came."""

    def __init__(self, kept: Kept, columns: Columns, scale: int) -> None:
        self._kept, self._pinned, self._scale = kept, columns.pinned, scale
        self.groups: list[Group | None] = list(columns.groups)
        """Who stands in each row; None = out."""

    @property
    def chosen(self) -> Whole:
        """The column of each row, -1 = none."""
        chosen = self._kept.chosen
        held = np.flatnonzero(self._pinned >= 0)
        chosen[held] = self._pinned[held]
        return chosen

    def copied(self) -> KeptPlan:
        """The same once more; what becomes of one is nothing to the other."""
        other = copy.copy(self)
        other._kept, other.groups = self._kept.copied(), list(self.groups)
        return other

    def insert(self, group: Group, columns: Whole, fit: Whole, lots: Whole) -> Change | None:
        """Somebody who travels alone and may go to these hosts that have seats beside the pinned, with this fit and these lots.

        None where the best plan cannot be proven by one path, and ever after: then all is to be laid anew.
        """
        self.groups.append(group)
        weight = fit.astype(np.int64) * self._scale + lots
        return self._change(self._kept.insert(columns.astype(np.int32), weight))

    def withdraw(self, row: int) -> Change | None:
        """Somebody who travels alone and is not pinned is out; None likewise."""
        if row < len(self._pinned) and self._pinned[row] >= 0:
            raise ValueError("Whoever is pinned has a seat of their own; lay all anew without them.")
        self.groups[row] = None
        return self._change(self._kept.withdraw(row))

    def proven(self) -> bool:
        """Whether the prices prove the plan, looked at from nothing."""
        return self._kept.proven()

    def alone(self) -> bool:
        """Whether no other plan is as good, lots included. False may be wrong, where half a pair would have to go along."""
        return self._kept.alone()

    def _change(self, moved: Any) -> Change | None:
        if moved is None:
            return None
        # what the lots gain or lose is less than half a point
        return Change(moved.moves, moved.persons, (moved.weight + self._scale // 2) // self._scale)


def keep(columns: Columns) -> KeptPlan | None:
    """The best plan, to be kept; None where prices alone do not prove one.

    That is so where half a pair would be worth more than any whole one, and where there are no tables.
    """
    if columns.afresh is not None:
        return None
    draws, room = Draws(columns, 0), room_beside_pins(columns, columns.pinned)
    # All lots together are less than half of what a point counts.
    scale = 1 << (LOT_BITS + 1 + int(room.seats.sum()).bit_length())
    weight: Any = Weights(columns.fit, draws, 1, scale)
    tables = Tables(room.allowed, room.sizes, room.seats, weight, 1, scale)
    split = np.full(len(room.seats), -1, dtype=np.int64)
    seated, _ = settle(tables, split, first_columns(tables, draws))
    lacking = None if ways_up_to(room.allowed, _LISTED) <= _LISTED else 2 * LITTLE * scale
    listed = (
        everywhere(tables)
        if lacking is None
        else near_enough(tables, seated, np.full(2, lacking, dtype=np.int64), _HELD)
    )
    if listed is None:
        return None
    group, host = listed
    first = np.searchsorted(group, np.arange(len(room.sizes) + 1))
    ways = Ways(first, host.astype(np.int32), tables.weight[group, host])
    try:
        kept = Kept(ways, room.sizes, room.seats, seated, heaviest=POINTS * scale, lacking=lacking)
    except ValueError:
        return None
    return KeptPlan(kept, columns, scale)
