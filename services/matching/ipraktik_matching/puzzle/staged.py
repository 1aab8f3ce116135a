"""The best plan in stages, lots and all, once the network has said how many can be placed.

The network's prices leave only columns within the gap between their bound and the plan in hand. On those: cuts, which make the gap smaller;
a search among the cheapest columns, which mostly finds the best plan; and a search among all that are left for any other
plan as good. Where there is none the plan is the best and the only one: that holds for all columns, since every plan as good
uses none but those left. In large puzzles too many are within that gap: there prices come first, with cuts that span several hosts, and mostly name
the plan themselves (`wide`). Bounds are added up in whole numbers (`left_over`); stop rules count columns, rounds and nodes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ipraktik_matching.puzzle.columns import Whole
from ipraktik_matching.puzzle.face import Chosen
from ipraktik_matching.puzzle.left_over import (
    Listed,
    Priced,
    all_columns,
    allows,
    credited,
    first_prices,
    for_persons,
    listed,
    priced,
    worth_of,
)
from ipraktik_matching.puzzle.narrow import Narrow
from ipraktik_matching.puzzle.network.seating import Seated
from ipraktik_matching.puzzle.network.tables import Tables, ways_up_to
from ipraktik_matching.puzzle.network.tree import Grown
from ipraktik_matching.puzzle.prices import Real
from ipraktik_matching.puzzle.program import SolverError
from ipraktik_matching.puzzle.wide import ODD, Found, Wide

CHEAP: Final = 3
"""The first search takes the columns that are short of so many steps of fit at most; hardly a best plan uses others."""

MOST_COLUMNS: Final = 600_000
MOST_LEFT: Final = 250_000
"""So many columns HiGHS is given at most, for prices and for the last search; where more are left, the plan states its gap."""

FEW_NODES: Final = 8
"""So many nodes a search among a few columns of very many may look at: it mostly ends before its first, and what it proves is of no use."""

FAR: Final = (8, 3)
MORE_THAN_FIT: Final = 256
"""For want of a plan that places everybody: columns short of so many steps at most, and what a person counts, in steps."""

ROUNDS: Final = 40
"""How often cuts are added at most."""


@dataclass(frozen=True, slots=True)
class Staged:
    """The plan, and what no plan exceeds: `most` persons, and with that many `bound` (fit and lots, in halves).

    `unique`: it is proven to be the only one that reaches them. `of_group`, `per_person`: prices that prove `bound` and `most`, or come as
    near to them as prices did.
    """

    chosen: Chosen
    most: int
    bound: int
    unique: bool
    of_group: Whole
    per_person: Real


def settle_pairs(tables: Tables, grown: Grown, nodes: int, *, large: bool = False) -> Staged | None:
    """The best plan, or None where the stages end before they have one that places as many as any.

    `large`: columns are never listed all at once, and cuts may span several hosts.
    """
    if grown.all_seated and not large:
        return _among_largest(tables, grown, grown.chosen, nodes)
    everything = not grown.all_seated and ways_up_to(tables.allowed, MOST_COLUMNS) <= MOST_COLUMNS
    persons = _Persons(tables, grown.root.seated) if everything else None
    if persons is None or persons.most == grown.bound[0]:
        if large:
            settled = _among_many(tables, grown, grown.chosen, nodes)
            if settled is not None:
                return settled
        else:
            chosen = _everybody(tables, grown, nodes)
            if tables.sizes[chosen >= 0].sum() == grown.bound[0]:
                return _among_largest(tables, grown, chosen, nodes, searched=True)
    return None if persons is None else _among_all(tables, grown, persons, nodes, large=large)


def _among_largest(
    tables: Tables, grown: Grown, chosen: Chosen, nodes: int, *, searched: bool = False
) -> Staged | None:
    """The best of the plans that place as many as the network's bound says, as `chosen` does; `searched`: it is the best of cheap columns."""
    seated = grown.root.seated
    here = listed(tables, seated, grown.root.bound[1] - worth_in(tables, chosen), MOST_COLUMNS)
    if here is None:
        return _among_many(tables, grown, chosen, nodes)
    stages = _Stages(here, first_prices(here, seated), chosen, nodes)
    unique = stages.settle(seated, 0 if searched else CHEAP * 2 * tables.scale)
    return Staged(
        stages.chosen,
        grown.bound[0],
        stages.bound,
        unique,
        stages.by_host.of_group,
        seated.sure.astype(np.float64),
    )


def _among_many(tables: Tables, grown: Grown, chosen: Chosen, nodes: int) -> Staged | None:
    """The same where columns within the gap are too many to be listed: better prices first, which hold for all of them, and the plan they lead to.

    None where no plan is found that places as many.
    """
    seated = grown.root.seated
    wide = Wide(tables, seated)
    found = wide.best_prices(chosen)
    prices = found.best
    if found.plan is not None and _worth(tables, found.plan) > _worth(tables, chosen):
        chosen = found.plan
    if _worth(tables, chosen)[0] < grown.bound[0]:
        chosen = _everybody(tables, grown, nodes)
        if _worth(tables, chosen)[0] < grown.bound[0]:
            return None
    if found.plan is None:
        stages = _Stages(*wide.few(prices, prices.bound - worth_in(tables, chosen), chosen), chosen, nodes)
        stages.search_few()
        chosen = stages.chosen
    bound, unique = prices.bound, False
    left = wide.within(prices, bound - worth_in(tables, chosen), MOST_LEFT)
    if left is not None:
        stages = _Stages(*left, chosen, nodes)
        unique = stages.search_rest()
        chosen, bound = stages.chosen, stages.bound
    sure = seated.sure.astype(np.float64)
    return Staged(chosen, grown.bound[0], bound, unique, found.by_host.of_group, sure)


def _among_all(tables: Tables, grown: Grown, persons: _Persons, nodes: int, *, large: bool) -> Staged | None:
    """The best of all plans, where a person counts more than fit can: for a network's bound that no plan reaches."""
    seated, step = grown.root.seated, 2 * tables.scale
    credit = MORE_THAN_FIT * step
    stages = _Stages(*all_columns(tables, seated, credit), grown.chosen, nodes)
    unique = stages.settle(seated, FAR[0] * step, odd=ODD if large else 0)
    placed = int(tables.sizes[stages.chosen >= 0].sum())
    if not persons.none_places_more(stages.chosen, nodes):
        return None
    of_group = stages.by_host.of_group - np.rint(credit * persons.of_group).astype(np.int64)
    return Staged(stages.chosen, placed, stages.bound - credit * placed, unique, of_group, persons.of_group)


class _Persons:
    """How many can be placed, proven with cuts: `most`."""

    def __init__(self, tables: Tables, seated: Seated) -> None:
        self._here, prices = for_persons(tables, seated)
        self._prices = _with_cuts(self._here, prices, seated).by_host
        self.most = self._prices.bound // 2
        self.of_group: Real = self._prices.of_group / 2

    def none_places_more(self, chosen: Chosen, nodes: int) -> bool:
        """Whether it is proven that no plan places more than this one."""
        placed = int(self._here.sizes[chosen >= 0].sum())
        if placed >= self.most:
            return True
        used = np.ones(len(self._here.group), dtype=np.bool_)
        found, ended = Narrow(self._here, self._prices, used).search(nodes=nodes, start=chosen)
        return ended and found is not None and int(self._here.sizes[found >= 0].sum()) <= placed


def _everybody(tables: Tables, grown: Grown, nodes: int) -> Chosen:
    """A good plan that places more than the branches did, if it is found."""
    step, seated = 2 * tables.scale, grown.root.seated
    for far in FAR:
        here = listed(tables, seated, far * step, MOST_LEFT)
        if here is not None:
            break
    else:
        return grown.chosen
    freed, prices = credited(here, first_prices(here, seated), seated, MORE_THAN_FIT * step)
    prices = _with_cuts(freed, prices, seated).by_host
    ours = here.of_plan(grown.chosen)
    listed_too = np.full_like(grown.chosen, -1)
    listed_too[here.group[ours]] = here.host[ours]
    used = np.ones(len(here.group), dtype=np.bool_)
    found, _ = Narrow(freed, prices, used).search(nodes=nodes, start=listed_too)
    if found is None or tables.sizes[found >= 0].sum() <= grown.worth[0]:
        return grown.chosen
    return found


def _with_cuts(here: Listed, prices: Priced, seated: Seated, odd: int = 0) -> Found:
    """Better prices: add the cuts that the divisible break until none is left, and then `odd` rounds of those that span several hosts."""
    model = Narrow(here, prices, np.ones(len(here.group), dtype=np.bool_))
    model.begin_with(seated)
    if not model.settle(ROUNDS):
        return Found(prices, prices, None)
    by_host = best = min(prices, priced(here, *model.dear()), key=lambda one: one.bound)
    if not odd or not model.settle(ROUNDS, odd):
        return Found(best, by_host, None)
    best = min(best, priced(here, *model.dear()), key=lambda one: one.bound)
    return Found(best, by_host, model.plan())


class _Stages:
    """The plan in hand, the columns left, and the best prices."""

    def __init__(self, here: Listed, prices: Priced, chosen: Chosen, nodes: int) -> None:
        self._nodes = nodes
        self._here = here
        self._worth = worth_of(here, chosen)
        self.prices = self.by_host = prices
        self.chosen = chosen
        self.bound = prices.bound
        if not allows(here, chosen):
            raise SolverError("The plan to start from is not among the columns left.")

    def settle(self, seated: Seated, cheap: int, odd: int = 0) -> bool:
        """Stage after stage; whether the plan in the end is the best and the only one.

        `cheap`: what the first search's columns are short of at most, 0 = none is wanted; `odd`: rounds of cuts that span several hosts.
        """
        if len(self._here.group) > MOST_COLUMNS:
            return False
        found = _with_cuts(self._here, self.prices, seated, odd)
        self.prices, self.by_host = found.best, found.by_host
        self.bound = self.prices.bound
        if found.plan is not None:
            self._take(found.plan)
        self._leave_out()
        if self._gap() > 0 and cheap > 0 and found.plan is None:
            self._search_cheap(cheap)
        return self.search_rest()

    def _gap(self) -> int:
        return self.prices.bound - self._worth

    def _leave_out(self) -> None:
        """Only the columns stay that a plan better than ours, or as good, can use."""
        some = self.prices.short <= self._gap()
        self._here = self._here.only(some)
        self.prices = replace(self.prices, short=self.prices.short[some])

    def search_few(self) -> None:
        """Look for a better plan among columns that are not all there are: it proves nothing."""
        everything = np.ones(len(self._here.group), dtype=np.bool_)
        nodes = min(self._nodes, FEW_NODES)
        found, _ = Narrow(self._here, self.prices, everything).search(nodes=nodes, start=self.chosen)
        if found is not None:
            self._take(found)

    def _search_cheap(self, cheap: int) -> None:
        used = (self.prices.short <= cheap) | self._here.of_plan(self.chosen)
        found, _ = Narrow(self._here, self.prices, used).search(nodes=self._nodes, start=self.chosen)
        if found is not None:
            self._take(found)

    def search_rest(self) -> bool:
        """Look for any other plan as good among all columns left; whether ours is the only one."""
        while True:
            everything = np.ones(len(self._here.group), dtype=np.bool_)
            if len(everything) > MOST_LEFT:
                return False
            found, ended = Narrow(self._here, self.prices, everything).search(
                nodes=self._nodes, other_than=self.chosen, within=self._gap()
            )
            # What HiGHS returns from beyond its limit is no plan as good; it can be ours.
            other = found is not None and bool((found != self.chosen).any())
            gained = self._take(found) if found is not None else 0
            if not ended:
                return False
            if gained <= 0:
                self.bound = self._worth
                return not other or gained < 0

    def _take(self, found: Chosen) -> int:
        """Keep a plan that is better, after a test in whole numbers; returns how much better it is."""
        if not allows(self._here, found):
            raise SolverError("The solver's plan breaks a rule in whole numbers.")
        gained = worth_of(self._here, found) - self._worth
        if gained > 0:
            self.chosen, self._worth = found, self._worth + gained
            self._leave_out()
        return gained


def _worth(tables: Tables, chosen: Chosen) -> tuple[int, int]:
    return int(tables.sizes[chosen >= 0].sum()), worth_in(tables, chosen)


def worth_in(tables: Tables, chosen: Chosen) -> int:
    """What a plan is worth, in halves."""
    there = np.flatnonzero(chosen >= 0)
    return 2 * int(tables.weight[there, chosen[there]].sum())


def fit_prices(of_group: Whole, tables: Tables) -> Real:
    """The prices of the groups in points, without the lots that were in them."""
    return np.asarray(np.rint(of_group / tables.scale) * tables.step / 2, dtype=np.float64)
