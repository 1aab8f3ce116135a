"""Which hosts can matter to whom, without looking at every host: for puzzles too large for tables.

The question is always the same: at which hosts does a group gain anything, after what it costs itself and what the host asks? Hosts
with the same place give a group the same points for it, so they stand on one ladder, those in front that could give most beyond it
(their wishes met in full, less what they ask for). A ladder whose first host is not enough is passed over, any other is
followed as far as it can be enough; only those cells are worked out, and so nothing that gains is missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from ipraktik_matching.puzzle.afresh import Afresh
from ipraktik_matching.puzzle.classes import Short, Whole, Yes
from ipraktik_matching.puzzle.lots import Draws
from ipraktik_matching.puzzle.network import scan

COMPILED: bool = not str(scan.__file__).endswith(".py")

CLOSED: Final = 1 << 61
"""What a host costs that receives nobody. Half of it, below zero: a host that receives anybody."""

_FAR: Final = 1 << 41
_WIDE: Final = 1 << 29
_PLACES: Final = 1 << 21
_CELLS: Final = 1 << 21
_ROWS: Final = 2048


@dataclass(frozen=True, slots=True)
class Worth:
    """What a fit is worth: times (fit / step * scale + lot); without `draws` there are no lots."""

    times: int
    step: int = 1
    scale: int = 1
    draws: Draws | None = None

    def in_points(self, price: Whole) -> Whole:
        """The points of fit that are worth no more than a price, rounded down."""
        return price * self.step // (self.scale * self.times)

    def of(self, fit: Short, group: Whole, host: Whole) -> Whole:
        """The worth of these pairs."""
        worth: Whole = fit.astype(np.int64) // self.step * self.scale
        if self.draws is not None:
            worth += self.draws[group, host]
        return self.times * worth


@dataclass(frozen=True, slots=True)
class Cells:
    """Groups and hosts pair by pair, in no order, each once: who suits and gains, and how much."""

    group: Whole
    host: Whole
    gain: Whole


class Ladder:
    """The hosts for groups of one size, given what each costs."""

    def __init__(self, afresh: Afresh, size: int, cost: Whole, worth: Worth) -> None:
        self._afresh, self._size, self._cost, self._worth = afresh, size, cost, worth
        asks = np.where(cost >= CLOSED, _FAR, np.where(cost <= -CLOSED // 4, -_FAR, 0))
        usual = asks == 0
        asks[usual] = worth.in_points(cost[usual])
        could = size * afresh.scores.most_by_wishes.astype(np.int64) - asks
        hosts = np.flatnonzero(cost < CLOSED)
        place = afresh.scores.place_of.astype(np.int64)
        self._could = could
        self.order = hosts[np.lexsort((-could[hosts], place[hosts]))]
        self.at, here = could[self.order], place[self.order]
        self._high = int(self.at.max(initial=0)) + 1
        self._width = self._high - int(self.at.min(initial=0)) + 1
        self._steps = here * self._width + self._high - self.at
        self.places, self.begins = np.unique(here, return_index=True)
        top = np.full(int(place.max(initial=-1)) + 1, -_WIDE, dtype=np.int32)
        top[self.places] = np.clip(self.at[self.begins], -_WIDE, _WIDE)
        self._top = top
        self._begin = np.zeros(len(top), dtype=np.int64)
        self._begin[self.places] = self.begins

    def gaining(self, rows: Whole, prices: Whole) -> Iterator[Cells]:
        """All cells that gain beyond the price of the group and the cost of the host; some groups at a time."""
        if not len(self.order) or not len(rows):
            return
        native = COMPILED and self._afresh.scores.plain
        many = _ROWS if native else max(1, _PLACES // len(self._top))
        for start in range(0, len(rows), many):
            some, price = rows[start : start + many], prices[start : start + many]
            # Rounded down twice, so one point less than what is surely needed; whether it gains is then said exactly.
            wanted = self._worth.in_points(price) - 1 - self._besides(some)
            for here, host in self._climbed(some, price, wanted) if native else self._led(some, wanted):
                yield self._exactly(some, price, here, host)

    def _besides(self, rows: Whole) -> Whole:
        """What these groups get at most besides places and wishes."""
        afresh = self._afresh
        days = afresh.agreed.classes(rows)
        besides = afresh.scores.most_besides(afresh.first[rows], days)
        if self._size == 2:
            besides += afresh.scores.most_besides(afresh.last[rows], days)
        return besides.astype(np.int64)

    def _led(self, rows: Whole, wanted: Whole) -> Iterator[tuple[Whole, Whole]]:
        afresh, scores = self._afresh, self._afresh.scores
        points = scores.places(afresh.first[rows])
        if self._size == 2:
            points += scores.places(afresh.last[rows])
        hope = points + self._top
        row, place = np.nonzero(hope > np.clip(wanted, -_WIDE, _WIDE).astype(np.int32)[:, None])
        least = np.clip(wanted[row] - points[row, place], self._high - self._width, self._high)
        begin = self._begin[place]
        end = np.searchsorted(self._steps, place * self._width + self._high - least)
        length = np.maximum(end - begin, 0)
        extra_row, extra_host = self._said(rows)
        led: Yes = (
            points[extra_row, scores.place_of[extra_host]] + self._could[extra_host] > wanted[extra_row]
        )
        extra_row, extra_host = extra_row[~led], extra_host[~led]
        # A few groups at a time: what can matter to all of them at once might not fit in memory.
        part = np.cumsum(np.bincount(row, weights=length, minlength=len(rows))).astype(np.int64) // _CELLS
        for first, last in pairwise([0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(rows)]):
            mine = slice(np.searchsorted(row, first), np.searchsorted(row, last))
            long = length[mine]
            step = np.arange(long.sum()) - np.repeat(np.cumsum(long) - long - begin[mine], long)
            said = (extra_row >= first) & (extra_row < last)
            here = np.concatenate([np.repeat(row[mine], long), extra_row[said]])
            yield here, np.concatenate([self.order[step], extra_host[said]])

    def _climbed(self, rows: Whole, prices: Whole, wanted: Whole) -> Iterator[tuple[Whole, Whole]]:
        said = self._said(rows)
        width = len(self._cost)
        given = climbing(self, self._afresh, self._worth, self._size, rows, prices, wanted, self._cost)
        out = (
            np.zeros(_CELLS + len(self.order), dtype=np.int32),
            np.zeros(_CELLS + len(self.order), dtype=np.int32),
        )
        ended = np.zeros(1, dtype=np.int64)
        while ended[0] < len(rows):
            start = int(ended[0])
            call: tuple[Any, ...] = (start, *given, *out, ended)
            found = scan.climb(*call)
            mine = (said[0] >= start) & (said[0] < ended[0])
            row = np.concatenate([out[0][:found], said[0][mine]]).astype(np.int64)
            host = np.concatenate([out[1][:found], said[1][mine]])
            codes = np.unique(row * width + host)
            yield codes // width, codes % width

    def _exactly(self, rows: Whole, prices: Whole, here: Whole, host: Whole) -> Cells:
        group = rows[here]
        fit = self._afresh.fit_of(group, host)
        owed = prices[here] + self._cost[host]
        luck = 0 if self._worth.draws is None else self._size * 65535
        # Lots are drawn only for those whom luck could help.
        near = np.flatnonzero(
            self._worth.times * (fit.astype(np.int64) // self._worth.step * self._worth.scale + luck) > owed
        )
        group, host = group[near], host[near]
        gain = self._worth.of(fit[near], group, host) - owed[near]
        found = np.flatnonzero(gain > 0)
        group, host, gain = group[found], host[found], gain[found]
        suits = self._afresh.suits_of(group, host)
        return Cells(group[suits], host[suits], gain[suits])

    def _said(self, rows: Whole) -> tuple[Whole, Whole]:
        """The cells with points of their own: a host in mind, a proposal that stands. Ladders know nothing of them."""
        scores, found = self._afresh.scores, []
        for interns in (self._afresh.first[rows], self._afresh.last[rows]):
            there = np.flatnonzero(scores.in_mind[interns] >= 0)
            found.append((there, scores.in_mind[interns[there]]))
            place, column, _ = scores.kept.rows(interns)
            found.append((place, column))
        row, host = (np.concatenate(part) for part in zip(*found, strict=True))
        width = len(self._cost)
        codes = np.unique(row.astype(np.int64) * width + host)
        codes = codes[self._cost[codes % width] < CLOSED]
        return codes // width, codes % width


def climbing(
    ladder: Ladder,
    afresh: Afresh,
    worth: Worth,
    size: int,
    rows: Whole,
    prices: Whole,
    wanted: Whole,
    cost: Whole,
) -> tuple[Any, ...]:
    """What `scan.climb` is given besides where to start and where to write."""
    scores, order = afresh.scores, ladder.order
    members = [afresh.first[rows], afresh.last[rows]]
    interns = np.concatenate(members)
    work, home = scores.of_places()
    parts = [scores.by_work(one) for one in members[:size]], [scores.by_home(one) for one in members[:size]]
    by_work, by_home = (_flat(sum(part[1:], start=part[0])) for part in parts)
    days = afresh.agreed.classes(rows)
    by_days = sum(scores.by_days(one, days) for one in members[:size])
    base = sum(scores.before(one) for one in members[:size])
    fields, sectors, areas = scores.wishes()
    house, asked, house_of = afresh.meeting.houses()
    no_lots = np.zeros(len(interns), dtype=np.uint64)
    seeds = (no_lots, np.zeros(len(order), dtype=np.uint64))
    if worth.draws is not None:
        seeds = worth.draws.seeds(rows, order)
    return (
        len(rows),
        len(ladder.places),
        _flat(np.append(ladder.begins, len(order))),
        _flat(work[ladder.places]),
        _flat(home[ladder.places]),
        ladder.at,
        _flat(order),
        _flat(afresh.agreed.column_of[order]),
        *(_flat(one.column_of[order]) for one in (fields, sectors, areas)),
        _flat(house_of[order]),
        cost[order],
        seeds[1],
        len(by_work) // max(len(rows), 1),
        by_work,
        len(by_home) // max(len(rows), 1),
        by_home,
        days.shape[1],
        _flat(np.where(days > 0, by_days, -1)),
        _flat(np.asarray(base)),
        wanted,
        prices,
        int(size == 2),
        *(_flat(one.row_of[interns]) for one in (fields, sectors, areas)),
        _flat(house[interns]),
        _flat(asked[interns]),
        seeds[0],
        *(part for one in (fields, sectors, areas) for part in (one.by_class.shape[1], _flat(one.by_class))),
        scores.wish_points(),
        worth.times,
        worth.step,
        worth.scale,
        int(worth.draws is not None),
    )


def _flat(table: Any) -> Short:
    return np.ascontiguousarray(table, dtype=np.int32).ravel()
