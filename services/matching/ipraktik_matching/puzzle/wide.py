"""The best prices with cuts over all columns, however many, with a few of them in hand at a time.

In hand are the columns nearest to their prices, of every group and of every host. They are relaxed with cuts; then every column there is
gets asked, block by block and in whole numbers, whether it beats those prices, and what does joins the few, until none does. Any
prices prove something: a group is charged the best that any of its columns offers, so the bound holds for all columns after every
round, and to stop early makes it weaker, never false.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ipraktik_matching.puzzle.columns import Whole
from ipraktik_matching.puzzle.face import Chosen
from ipraktik_matching.puzzle.left_over import (
    Listed,
    Priced,
    cuts_by_host,
    cuts_by_solo,
    first_prices,
    listed_as,
    of_rows,
    priced,
)
from ipraktik_matching.puzzle.narrow import Narrow
from ipraktik_matching.puzzle.network.seating import Seated
from ipraktik_matching.puzzle.network.settling import AT_ONCE
from ipraktik_matching.puzzle.network.tables import Tables, asked, everywhere, ways_up_to
from ipraktik_matching.puzzle.network.ways import best_of_each

OF_GROUP: Final = 12
OF_HOST: Final = 8
"""So many of the nearest columns of every group and of every host are in hand."""

PER_ROUND: Final = 8
"""So many better columns of every group join them after a round."""

ROUNDS: Final = 24
CUTS: Final = 40
ODD: Final = 400
"""How often columns join at most, and how often cuts are added in between, of a single host and of several."""

_BLOCK: Final = 128
_NEVER: Final = 1 << 60


@dataclass(frozen=True, slots=True)
class Found:
    """`best`: the prices that prove most; `by_host`: those without cuts that span several hosts, which a certificate could not add up.

    Their `short` stays empty. `plan`: what the relaxation ended with, where nobody was divided.
    """

    best: Priced
    by_host: Priced
    plan: Chosen | None


class Wide:
    """All columns that a plan can use which places as many as any; in tables or not."""

    def __init__(self, tables: Tables, seated: Seated) -> None:
        self._tables, self._seated = tables, seated
        none = np.zeros(0, dtype=np.int64)
        self._none = listed_as(tables, seated, none, none)
        asks = asked(tables, np.full(len(tables.seats), -1, dtype=np.int64), seated)
        # By persons in the group and whether they are placed in any case: the hosts where that would cost others a place.
        self._shut = np.array([[taken != 1, taken != 0] for taken in asks.taken])
        self._kind = tables.sizes - 1, seated.sure // tables.sizes
        self._every = self._all_listed() if ways_up_to(tables.allowed, AT_ONCE) <= AT_ONCE else None

    def best_prices(self, chosen: Chosen) -> Found:
        """The best prices with cuts that were found over all columns, and the plan that they lead to; `chosen` is one to begin with."""
        first, _, _ = self._proven(first_prices(self._none, self._seated), self._seated.of_group)
        there, chosen_too = np.flatnonzero(self._seated.at >= 0), np.flatnonzero(chosen >= 0)
        group, host = self.nearest(first)
        here = self._listed(
            np.concatenate([group, self._seated.owner[there], chosen_too]),
            np.concatenate([host, self._seated.at[there] // 2, chosen[chosen_too]]),
        )
        model = self._model(here, first)
        model.begin_with(self._seated)
        by_host = best = first
        odd = 0
        for _ in range(ROUNDS):
            answered = model.settle(CUTS, odd)
            prices = priced(here, *model.dear())
            proven, group, host = self._proven(prices, prices.of_group)
            best = min(best, proven, key=lambda one: one.bound)
            if odd == 0:
                by_host = best
            if not answered:
                # Others than these few may do what must be done; which, no prices say.
                return Found(best, by_host, None)
            if not len(group):
                if odd:
                    break
                odd = ODD
                continue
            here = self._listed(np.concatenate([here.group, group]), np.concatenate([here.host, host]))
            before, model = model, self._model(here, first)
            model.begin_as(before)
        return Found(best, by_host, model.plan())

    def few(self, prices: Priced, gap: int, chosen: Chosen) -> tuple[Listed, Priced]:
        """The nearest columns, none further than the gap, and those of the plan."""
        group, host = self.nearest(prices, gap)
        placed = np.flatnonzero(chosen >= 0)
        here = self._listed(np.concatenate([group, placed]), np.concatenate([host, chosen[placed]]))
        return here, self._short(here, prices)

    def within(self, prices: Priced, gap: int, most: int) -> tuple[Listed, Priced] | None:
        """All columns that a plan within the gap can use; None where they are more than `most`."""
        if self._every is not None:
            known = self._short(self._every, prices)
            some = known.short <= gap
            return (
                (self._every.only(some), replace(known, short=known.short[some]))
                if some.sum() <= most
                else None
            )
        groups, hosts, many = [], [], 0
        for rows, gain in self._gains(prices):
            group, host = np.nonzero(gain >= prices.of_group[rows, None] - gap)
            many += len(group)
            if many > most:
                return None
            groups.append(rows.start + group)
            hosts.append(host)
        here = self._listed(np.concatenate(groups), np.concatenate(hosts))
        return here, self._short(here, prices)

    def nearest(self, prices: Priced, gap: int = _NEVER // 2) -> tuple[Whole, Whole]:
        """The columns that are least short, of every group and of every host; all of them where all are in hand."""
        if self._every is not None:
            some = self._short(self._every, prices).short <= gap
            return self._every.group[some], self._every.host[some]
        hosts = len(self._tables.seats)
        groups, of_groups = [], []
        least = np.full((0, hosts), _NEVER, dtype=np.int64)
        whose = np.zeros((0, hosts), dtype=np.int64)
        for rows, gain in self._gains(prices):
            short = prices.of_group[rows, None] - gain
            group, host = np.nonzero(best_of_each(gain, OF_GROUP) & (short <= gap))
            groups.append(rows.start + group)
            of_groups.append(host)
            number = np.broadcast_to(np.arange(rows.start, rows.stop)[:, None], short.shape)
            least, whose = np.concatenate([least, short]), np.concatenate([whose, number])
            if len(least) > OF_HOST:
                kept = np.argpartition(least, OF_HOST - 1, axis=0)[:OF_HOST]
                least, whose = (np.take_along_axis(one, kept, axis=0) for one in (least, whose))
        number, host = np.nonzero(least <= gap)
        return np.concatenate([*groups, whose[number, host]]), np.concatenate([*of_groups, host])

    def _model(self, here: Listed, prices: Priced) -> Narrow:
        return Narrow(here, self._short(here, prices), np.ones(len(here.group), dtype=np.bool_))

    def _all_listed(self) -> Listed:
        group, host = everywhere(self._tables)
        pair, sure = (kind[group] for kind in self._kind)
        open_there = ~self._shut[pair, sure, host]
        return self._listed(group[open_there], host[open_there])

    def _listed(self, group: Whole, host: Whole) -> Listed:
        hosts = max(len(self._tables.seats), 1)
        key = np.unique(group.astype(np.int64) * hosts + host)
        return listed_as(self._tables, self._seated, key // hosts, key % hosts)

    def _short(self, here: Listed, prices: Priced) -> Priced:
        """The same prices with what these columns are short of them."""
        mine = priced(here, prices.of_seat, prices.of_pair, prices.cuts, prices.of_cut)
        return replace(prices, short=mine.short + (prices.of_group - mine.of_group)[here.group])

    def _proven(self, prices: Priced, charged: Whole) -> tuple[Priced, Whole, Whole]:
        """The same prices with each group's best of all its columns, and the columns that are worth more than groups were `charged`."""
        if self._every is not None:
            mine = priced(self._every, prices.of_seat, prices.of_pair, prices.cuts, prices.of_cut)
            nothing = np.zeros(0, dtype=np.int64)
            return replace(mine, short=nothing), nothing, nothing
        of_group = np.where(self._none.must, -_NEVER, 0)
        groups, hosts = [], []
        for rows, gain in self._gains(prices):
            of_group[rows] = np.maximum(of_group[rows], gain.max(axis=1, initial=-_NEVER))
            better = gain > charged[rows, None]
            wanting = np.flatnonzero(better.any(axis=1))
            group, host = np.nonzero(best_of_each(gain[wanting], PER_ROUND) & better[wanting])
            groups.append(rows.start + wanting[group])
            hosts.append(host)
        bound = of_rows(self._none, prices) + int(of_group.sum())
        proven = replace(prices, of_group=of_group, bound=bound, short=np.zeros(0, dtype=np.int64))
        return proven, np.concatenate(groups), np.concatenate(hosts)

    def _gains(self, prices: Priced) -> Iterator[tuple[slice, Whole]]:
        """What every column is worth after all prices but its group's, block by block; far below anything where it is none."""
        tables, (pair, sure) = self._tables, self._kind
        at_host = prices.of_pair + cuts_by_host(prices)
        costs = np.stack([prices.of_seat, 2 * prices.of_seat + at_host])
        cost = np.where(self._shut, _NEVER, costs[:, None, :])
        solo, at, price = cuts_by_solo(prices)
        for start in range(0, len(tables.sizes), _BLOCK):
            rows = slice(start, min(start + _BLOCK, len(tables.sizes)))
            gain = 2 * tables.weight[rows] - cost[pair[rows], sure[rows]]
            some = slice(*np.searchsorted(solo, [rows.start, rows.stop]))
            np.subtract.at(gain, (solo[some] - start, at[some]), price[some])
            gain[~tables.allowed[rows]] = -_NEVER
            yield rows, gain
