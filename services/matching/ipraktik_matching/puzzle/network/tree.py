"""Companions whole: branch and bound over which hosts receive a pair.

The relaxation may seat half a pair. Once every host has answered whether two of its seats are a pair's, pairs and single
travellers are two plain networks, whose best seatings are whole by themselves; so only hosts with half a pair are asked.
A branch is left when its bound is no better than the plan in hand, in persons first, then in fit and lot together. Limits
count branches, never seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ipraktik_matching.puzzle.columns import Whole, Yes
from ipraktik_matching.puzzle.lots import Draws
from ipraktik_matching.puzzle.network.seating import Seated, Ways, seat
from ipraktik_matching.puzzle.network.settling import AGAIN, first_columns, settle
from ipraktik_matching.puzzle.network.tables import Tables, ways_of, within

Worth = tuple[int, int]
"""Persons, then weight in halves: compared in this order."""

IN_VAIN = 12
"""After so many answers in a row that made the first plan no better, it is left to the programme, which comes next."""


@dataclass(slots=True)
class Branch:
    """The plans left after some hosts have answered, and what none of them exceeds."""

    split: Whole
    bound: Worth
    seated: Seated
    host: int = -1
    without: Branch | None = None
    reserved: Branch | None = None


@dataclass(frozen=True, slots=True)
class Grown:
    """The best plan found (host per group, -1 = left), its worth, the whole tree, and what no plan exceeds."""

    chosen: Whole
    worth: Worth
    root: Branch
    bound: Worth
    unique: bool
    branches: int
    used: Ways

    @property
    def all_seated(self) -> bool:
        """No plan places more."""
        return self.bound[0] == self.worth[0]


def grow(tables: Tables, lots: Whole | Draws, *, branches: int, for_lots: int, whole: bool = True) -> Grown:
    """The best plan, or the best that so many branches find; `for_lots`: how many more may go into lots alone.

    Unless `whole`, branches look only at columns that cost next to nothing, and the bound is that of the whole relaxation.
    """
    split = np.full(len(tables.seats), -1, dtype=np.int64)
    seated, used = settle(tables, split, first_columns(tables, lots))
    root = _branch(tables, used, split, seated)
    search = _Search(tables, used, whole=whole)
    search.dive(root)
    equal = 2 * tables.scale
    ends = search.exhaust(root, [root], branches, equal)
    if not whole:
        bound = root.bound
        return Grown(search.chosen, search.worth, root, bound, False, search.branches, used)
    bound = max([one.bound for one in ends], default=search.worth)
    settled = (bound[0], bound[1] // equal) <= (search.worth[0], search.worth[1] // equal)
    if settled:
        ends = search.exhaust(root, ends, search.branches + for_lots, 1)
    unique = settled and not ends and _alone(tables, root, search, for_lots)
    return Grown(search.chosen, search.worth, root, max(bound, search.worth), unique, search.branches, used)


def _alone(tables: Tables, root: Branch, search: _Search, branches: int) -> bool:
    """Whether no other plan is worth as much, lots included: every column of ours is made a trifle worse, and ours still wins."""
    placed = np.flatnonzero(search.chosen >= 0)
    weight = 2 * tables.weight[:]
    weight[placed, search.chosen[placed]] -= 1
    turned = replace(tables, allowed=_worth_a_look(tables, root, search.worth), weight=weight)
    seated, used = settle(turned, root.split, ways_of(turned, turned.allowed))
    again = _Search(turned, used, whole=True)
    again.chosen = search.chosen
    again.worth = search.worth[0], 2 * int(weight[placed, search.chosen[placed]].sum())
    ours = again.worth
    top = _branch(turned, used, root.split, seated)
    return not again.exhaust(top, [top], branches, 1) and again.worth == ours


def _worth_a_look(tables: Tables, root: Branch, worth: Worth) -> Yes:
    """The columns that a better plan than the one in hand can use."""
    if root.bound[0] > worth[0]:
        return tables.allowed
    gap = root.bound[1] - worth[1]
    return within(tables, root.split, root.seated, np.array([gap, gap // 2]))


def _branch(tables: Tables, ways: Ways, split: Whole, seated: Seated) -> Branch:
    there = np.flatnonzero(seated.at >= 0)
    group, host = seated.owner[there], seated.at[there] // 2
    worth = tables.weight[group, host] * np.where(tables.sizes[group] == 2, 1, 2)
    return Branch(split, (seated.placed, _total(worth)), seated)


def _total(worth: Whole) -> int:
    """The sum, though it may not fit in 64 bits."""
    return (int((worth >> 32).sum()) << 32) + int((worth & 0xFFFFFFFF).sum())


class _Search:
    """The plan in hand and the work done."""

    def __init__(self, tables: Tables, used: Ways, *, whole: bool) -> None:
        self._tables = tables
        self._whole = whole
        self.branches = 0
        self.chosen = np.full(len(tables.sizes), -1, dtype=np.int64)
        self.worth: Worth = (0, 0)
        self._ways = used
        self._large = len(tables.sizes) >= AGAIN
        # Where no tables are kept, the plan may end as it is here.
        self._goes_on = not whole and tables.afresh is None
        self._rounded: Seated | None = None

    def dive(self, root: Branch) -> None:
        """A first plan: round, and answer for the hosts with half a pair one after the other."""
        here, in_vain = root, 0
        while here.bound > self.worth:
            wanted, halved = self._answers(here)
            before = self.worth
            self._take(wanted)
            in_vain = 0 if self.worth > before else in_vain + 1
            if len(halved) == 0 or (in_vain == IN_VAIN and self._goes_on):
                return
            split = here.split.copy()
            split[halved] = wanted[halved]
            here = self._child(here, split)

    def exhaust(self, root: Branch, ends: list[Branch], branches: int, equal: int) -> list[Branch]:
        """Follow every branch that could be better by `equal` or more, the better half first; returns the ends left open."""
        left: list[Branch] = []
        before: Worth = (-1, 0)
        open_ends = ends
        while open_ends:
            if self._whole and self.worth > before:
                # A better plan in hand leaves fewer columns that could beat it.
                self._ways = ways_of(self._tables, _worth_a_look(self._tables, root, self.worth))
                before = self.worth
            here = open_ends.pop()
            if here.bound <= self.worth:
                continue
            if (here.bound[0], here.bound[1] // equal) <= (self.worth[0], self.worth[1] // equal):
                left.append(here)
                continue
            wanted, halved = self._answers(here)
            if len(halved) == 0 or self.branches % 8 == 0:
                self._take(wanted)
            if len(halved) == 0:
                continue
            if self.branches >= branches:
                return [*left, here, *open_ends]
            here.host = int(halved[np.argmax(here.seated.of_item[2 * halved])])
            halves = []
            for answer in (0, 1):
                split = here.split.copy()
                split[here.host] = answer
                halves.append(self._child(here, split))
            here.without, here.reserved = halves
            open_ends += sorted(halves, key=lambda one: one.bound)
        return left

    def _child(self, here: Branch, split: Whole) -> Branch:
        self.branches += 1
        tables, before = self._tables, here.seated if self._large else None
        seated = seat(self._ways, tables.sizes, tables.seats, split, before)
        return _branch(tables, self._ways, split, seated)

    def _answers(self, here: Branch) -> tuple[Whole, Whole]:
        """A rounded answer for every host, and the hosts that would have to turn somebody away for it."""
        tables, seated = self._tables, here.seated
        many = len(tables.seats)
        there = np.flatnonzero(seated.at >= 0)
        group, host = seated.owner[there], seated.at[there] // 2
        pair = tables.sizes[group] == 2
        companions = np.bincount(host[pair], minlength=many)
        singles = np.bincount(host[~pair], minlength=many)
        fits = companions * 1 + (companions == 1) + singles <= tables.seats
        wanted = np.where(here.split >= 0, here.split, ((companions > 0) & fits).astype(np.int64))
        halved = np.flatnonzero((here.split < 0) & (companions == 1) & ~fits)
        # Each pair that sits in two places gets the cheaper one.
        asked = set(halved.tolist())
        places: dict[int, list[int]] = {}
        for one, at in zip(group[pair].tolist(), host[pair].tolist(), strict=True):
            places.setdefault(one, []).append(at)
        for hosts in places.values():
            mine = [at for at in hosts if at in asked]
            if len(mine) == len(hosts):
                wanted[min(mine, key=lambda at: (int(seated.of_item[2 * at]), at))] = 1
        return wanted, halved

    def _take(self, wanted: Whole) -> None:
        """Make the plan of these answers, and keep it if it is the best so far."""
        tables = self._tables
        many = len(tables.seats)
        pair = np.repeat(tables.sizes == 2, np.diff(self._ways.first))
        ways = Ways(self._ways.first, (self._ways.host + many * pair).astype(np.int32), self._ways.weight)
        seats = np.concatenate([tables.seats - 2 * wanted, wanted])
        alone = np.ones_like(tables.sizes)
        seats, nothing = np.maximum(seats, 0), np.full(2 * many, -1, dtype=np.int64)
        seated = seat(ways, alone, seats, nothing, self._rounded if self._large else None)
        self._rounded = seated
        chosen = np.where(seated.at >= 0, seated.at // 2 % max(many, 1), -1).astype(np.int64)
        placed = np.flatnonzero(chosen >= 0)
        worth = int(tables.sizes[placed].sum()), 2 * _total(tables.weight[placed, chosen[placed]])
        if worth > self.worth:
            self.chosen, self.worth = chosen, worth
