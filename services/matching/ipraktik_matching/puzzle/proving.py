"""Finding the prices that prove a plan, and splitting where no prices can.

The stages of the search leave prices that mostly prove their value as they are. Where they do not, plans are split at a host
that the relaxation gives part of a pair, and each half is priced anew. Prices are tried with `certificate.ceiling` before
they are believed, so a solver that errs in floating point costs a larger tree or a weaker bound, never a false one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ipraktik_matching.puzzle.certificate import Room, ceiling, halves, step_of
from ipraktik_matching.puzzle.columns import Columns, Whole, Yes
from ipraktik_matching.puzzle.face import Cut, Face
from ipraktik_matching.puzzle.network.settling import settle
from ipraktik_matching.puzzle.network.tables import Tables, near
from ipraktik_matching.puzzle.network.tree import Branch, Grown
from ipraktik_matching.puzzle.prices import SCALE, Real
from ipraktik_matching.puzzle.proof import PARTS, Leaf, Split, Tree
from ipraktik_matching.puzzle.relaxation import relax

_MOST_CREDIT: Final = 1 << 24
_LITTLE: Final = 20


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be proven: that plans of `persons` or more (None = any) are worth no more than `value`."""

    weights: Whole
    value: int
    persons: int | None


def prove(
    columns: Columns,
    room: Room,
    target: Target,
    *,
    first: Real,
    per_person: Real,
    spread: Whole,
    nodes: int,
    used: Yes | None = None,
) -> Tree:
    """A tree that proves the target, or as near to it as so many nodes come.

    `first`: prices of the groups that the search ended with; `per_person`: what of them a higher credit per person multiplies.
    `used`: columns that a relaxation may begin with.
    """
    work = _Work(columns, room, target, spread, nodes, used)
    leaf = work.leaf_of(room, first, per_person)
    if leaf is None and nodes == 0:
        leaf, _ = work.nearest(room, first, per_person)
    return leaf if leaf is not None else work.tree(room, work.enough())


def prove_by_branches(
    columns: Columns, room: Room, target: Target, *, tables: Tables, grown: Grown, spread: Whole, nodes: int
) -> Tree:
    """The tree of a search whose branches prove the target: its prices, without the lots that were in them."""
    work = _Work(columns, room, target, spread, nodes, near(tables, grown.root.seated) if nodes else None)

    def priced_by(here: Branch) -> tuple[Real, Real]:
        fit = np.rint(here.seated.of_group / tables.scale) * tables.step / 2
        return fit, here.seated.sure.astype(np.float64)

    def priced(here: Branch, inside: Room) -> Leaf | None:
        return work.leaf_of(inside, *priced_by(here))

    def follow(here: Branch, inside: Room) -> Tree:
        leaf = priced(here, inside)
        if leaf is not None:
            return leaf
        if nodes == 0:
            return work.nearest(inside, *priced_by(here))[0]
        if here.without is not None and here.reserved is not None:
            without, reserved = halves(inside, here.host)
            return Split(
                columns.hosts[here.host].id, follow(here.without, without), follow(here.reserved, reserved)
            )
        # The search looked only at columns that could still win; prices must hold for all.
        seated, _ = settle(tables, here.split, grown.used)
        leaf = priced(replace(here, seated=seated), inside)
        return leaf if leaf is not None else work.tree(inside, work.enough())

    return follow(grown.root, room)


class _Work:
    """One tree in the making; counts the nodes that are left."""

    def __init__(
        self,
        columns: Columns,
        room: Room,
        target: Target,
        spread: Whole,
        nodes: int,
        used: Yes | None,
    ) -> None:
        self._ids = [group.members[0].id for group in columns.groups]
        self._hosts = [host.id for host in columns.hosts]
        self._room = room
        self._target = target
        self._spread = spread
        self._left = nodes
        self._used = used
        self._step = step_of(room.allowed, target.weights)
        self._cuts: tuple[Cut, ...] = ()

    def leaf_of(self, room: Room, first: Real, per_person: Real) -> Leaf | None:
        """A leaf that proves the target by these prices with the smallest credit that will do, or None."""
        leaf, total = self.nearest(room, first, per_person)
        return leaf if self._close_enough(total) else None

    def nearest(self, room: Room, first: Real, per_person: Real) -> tuple[Leaf, int]:
        """The leaf of these prices with the credit that proves most, and what it proves, in sixtieths."""
        found: tuple[Leaf, int] | None = None
        credit = 0 if self._target.persons is None else 1
        while credit <= _MOST_CREDIT:
            prices = _sixtieths(first + credit * per_person)
            total = self._total(room, prices, credit)
            if found is not None and total >= found[1]:
                # What they prove falls with the credit and then rises again, never up and down.
                break
            found = self.leaf(prices, credit), total
            if credit == 0 or self._close_enough(total):
                break
            credit *= 2
        assert found is not None  # noqa: S101 - the first credit is always tried
        return found

    def enough(self) -> int:
        """A credit per person that outweighs what placing somebody can cost others, to begin with."""
        if self._target.persons is None:
            return 0
        return 2 * int(np.where(self._room.allowed, self._target.weights, 0).max(initial=0))

    def leaf(self, prices: Whole, credit: int) -> Leaf:
        """The leaf of these prices."""
        named = {self._ids[row]: int(prices[row]) for row in np.flatnonzero(prices > 0)}
        return Leaf(dict(sorted(named.items())), credit)

    def proves(self, room: Room, prices: Whole, credit: int) -> bool:
        """Whether these prices prove the target in this room."""
        return self._close_enough(self._total(room, prices, credit))

    def _total(self, room: Room, prices: Whole, credit: int) -> int:
        return ceiling(room, self._target.weights, prices, credit) - PARTS * credit * (
            self._target.persons or 0
        )

    def _close_enough(self, total: int) -> bool:
        # A value between two that a plan can have is as good as the lower one.
        return total < PARTS * (self._target.value + self._step)

    def tree(self, room: Room, credit: int) -> Tree:
        """The tree of this room. Goes no deeper than there are hosts for pairs."""
        while True:
            prices, divided = self._priced(room, credit)
            self._left -= 1
            if self.proves(room, prices, credit) or self._left <= 0:
                return self.leaf(prices, credit)
            if divided is not None:
                without, reserved = halves(room, divided)
                return Split(self._hosts[divided], self.tree(without, credit), self.tree(reserved, credit))
            if credit == 0 or credit >= _MOST_CREDIT:
                return self.leaf(prices, credit)
            credit *= 4

    def _priced(self, room: Room, credit: int) -> tuple[Whole, int | None]:
        pairs = room.sizes == 2
        asked = room.split >= 0
        face = Face(
            sizes=room.sizes,
            seats=room.seats,
            allowed=room.allowed & ~(pairs[:, None] & (room.split == 0)[None, :]),
            must=np.zeros(len(room.sizes), dtype=np.bool_),
            full=np.zeros(len(room.seats), dtype=np.bool_),
            paired=np.zeros(len(room.seats), dtype=np.bool_),
            reserved=room.split == 1,
        )
        some = face.hosts_of_pairs & ~asked
        face = replace(face, reserved=face.reserved & face.hosts_of_pairs, cuts=self._standing(some))
        if not face.allowed.any():
            return np.zeros(len(room.sizes), dtype=np.int64), None
        weights = self._target.weights + credit * room.sizes[:, None]
        nobody = np.full(len(room.sizes), -1, dtype=np.int64)
        relaxed = relax(face, weights, start=nobody, spread=self._spread, used=self._used)
        # Few columns make a quick start; those that are missed are found again.
        self._used = relaxed.used & (relaxed.prices.short <= SCALE * _LITTLE)
        self._cuts = tuple({*self._cuts, *relaxed.face.cuts})
        return _sixtieths(relaxed.of_group), relaxed.divided

    def _standing(self, some: Yes) -> tuple[Cut, ...]:
        return tuple(
            sorted((cut for cut in self._cuts if some[cut.host]), key=lambda cut: (cut.host, cut.solos))
        )


def _sixtieths(prices: Real) -> Whole:
    return np.maximum(np.rint(prices * PARTS), 0).astype(np.int64)
