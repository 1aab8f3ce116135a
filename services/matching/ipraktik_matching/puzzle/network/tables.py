"""The puzzle as the network wants it: one weight per group and host, fit first and the lot in its last digits.

Fit is divided by what all fits have in common and multiplied by more than all lots together can come to, so a larger fit
outweighs any lots, exactly. The number of persons is in no weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from ipraktik_matching.puzzle.certificate import Room, step_of
from ipraktik_matching.puzzle.columns import Whole, Yes
from ipraktik_matching.puzzle.lots import Draws
from ipraktik_matching.puzzle.network.seating import Seated, Ways, seat

LOT_BITS = 16
ALL = slice(None)
_BLOCK = 128


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights worked out where they are asked for, by rows or pair by pair: no table of them all is kept."""

    fit: Whole
    draws: Draws
    step: int
    scale: int

    def __getitem__(self, key: Any) -> Whole:
        weight: Whole = self.fit[key].astype(np.int64) // self.step * self.scale
        weight += self.draws[key]
        return weight


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows are groups, columns are hosts. weight = fit / step * scale + lot."""

    allowed: Yes
    sizes: Whole
    seats: Whole
    weight: Whole
    step: int
    scale: int


def tables_of(room: Room, fit: Whole, lots: Whole | Draws) -> Tables:
    """The tables of a room; `lots`: what each group and host drew, below 2**LOT_BITS per person."""
    scale = 1 << (LOT_BITS + max(int(room.sizes.sum()), 1).bit_length())
    step = step_of(room.allowed, fit)
    if isinstance(lots, Draws):
        # Nobody asks for more than `[rows]` and `[groups, hosts]`, which both answer alike.
        weight = cast("Whole", Weights(fit, lots, step, scale))
        return Tables(room.allowed, room.sizes, room.seats, weight, step, scale)
    weight = fit.astype(np.int64) // step * scale + lots
    return Tables(room.allowed, room.sizes, room.seats, weight, step, scale)


def ways_of(tables: Tables, used: Yes) -> Ways:
    """The ways of these columns alone."""
    group, host = np.nonzero(used)
    first = np.concatenate([[0], np.cumsum(used.sum(axis=1))])
    return Ways(first, host.astype(np.int32), tables.weight[group, host])


@dataclass(frozen=True, slots=True)
class Lacks:
    """What each column lacks to be worth its prices: first `persons` (below 0: it would place more), then `halves`."""

    persons: Whole
    halves: Whole


def lacks(tables: Tables, split: Whole, seated: Seated, rows: slice = ALL) -> Lacks:
    """What the columns of these groups lack under the prices of a seating, per person of the group."""
    general, taken = seated.of_item[0::2], seated.taken[0::2].astype(np.int64)
    single, full = seated.of_item[1::2], seated.taken[1::2].astype(np.int64)
    has_general = (tables.seats >= 2) & (split != 1)
    has_single = tables.seats % 2 == 1
    # Seats where nobody is to be first placed at the cost of others come before all prices.
    cheaper = has_general & (~has_single | (taken < full) | ((taken == full) & (general <= single)))
    solo_taken, solo_price = np.where(cheaper, taken, full), np.where(cheaper, general, single)
    pairs = (tables.sizes[rows] == 2)[:, None]
    sure = (seated.sure[rows] // tables.sizes[rows])[:, None]
    price = (seated.of_group[rows] // tables.sizes[rows])[:, None]
    persons = sure + np.where(pairs, taken[None, :], solo_taken[None, :]) - 1
    cost = price + np.where(pairs, general[None, :], solo_price[None, :])
    return Lacks(persons, cost - tables.weight[rows] * np.where(pairs, 1, 2))


def near(tables: Tables, seated: Seated) -> Yes:
    """The columns that lack little under the prices of a seating: what a relaxation much like it will use."""
    little = 2 * _LITTLE * tables.scale // tables.step
    return within(tables, np.full(len(tables.seats), -1, dtype=np.int64), seated, np.full(2, little))


def within(tables: Tables, split: Whole, seated: Seated, halves: Whole) -> Yes:
    """The columns that cost nobody a place and lack so many halves at most, by the size of the group."""
    found = np.zeros_like(tables.allowed)
    for start in range(0, len(tables.sizes), _BLOCK):
        rows = slice(start, start + _BLOCK)
        lack = lacks(tables, split, seated, rows)
        most = halves[tables.sizes[rows] - 1][:, None]
        found[rows] = tables.allowed[rows] & (lack.persons == 0) & (lack.halves <= most)
    return found


def open_to(tables: Tables, split: Whole, rows: slice = ALL) -> Yes:
    """The columns that the answers to `split` leave open."""
    pairs = (tables.sizes[rows] == 2)[:, None]
    shut = np.where(pairs, (split == 0)[None, :], ((split == 1) & (tables.seats == 2))[None, :])
    return np.asarray(tables.allowed[rows] & ~shut)


_AT_FIRST, _FOR_HOSTS, _PER_ROUND = 12, 8, 8
_LITTLE = 20


def first_columns(tables: Tables, lots: Whole | Draws) -> Yes:
    """The best few of every group and host, and a few at random, or all would be offered the same seats."""
    used = np.zeros_like(tables.allowed)
    for start in range(0, len(tables.sizes), _BLOCK):
        rows = slice(start, start + _BLOCK)
        allowed = tables.allowed[rows]
        used[rows] = _best(np.where(allowed, tables.weight[rows], -1), _AT_FIRST)
        used[rows] |= _best(np.where(allowed, lots[rows], -1), _FOR_HOSTS)
    for start in range(0, len(tables.seats), _BLOCK):
        some = slice(start, start + _BLOCK)
        score = np.where(tables.allowed[:, some], tables.weight[ALL, some], -1)
        used[:, some] |= _best(score.T, _FOR_HOSTS).T
    used &= tables.allowed
    return used


def settle(tables: Tables, split: Whole, used: Yes) -> tuple[Seated, Yes]:
    """Seat with few columns and add those that the prices call for until none is left: the relaxation over all columns."""
    used = used & open_to(tables, split)
    most = np.int64(1) << 60
    while True:
        seated = seat(ways_of(tables, used), tables.sizes, tables.seats, split)
        settled = True
        # Group by group in small blocks: all columns at once would not fit the processor's own memory.
        for start in range(0, len(tables.sizes), _BLOCK):
            rows = slice(start, start + _BLOCK)
            lack = lacks(tables, split, seated, rows)
            pays = (lack.persons < 0) | ((lack.persons == 0) & (lack.halves < 0))
            pays &= open_to(tables, split, rows) & ~used[rows]
            wanting = np.flatnonzero(pays.any(axis=1))
            if len(wanting):
                settled = False
                score = np.where(lack.persons < 0, most, 0)[wanting] - lack.halves[wanting]
                used[start + wanting] |= pays[wanting] & _best(np.where(pays[wanting], score, -1), _PER_ROUND)
        if settled:
            return seated, used


def _best(score: Whole, most: int) -> Yes:
    if score.shape[1] <= most:
        return np.ones(score.shape, dtype=np.bool_)
    picked = np.zeros(score.shape, dtype=np.bool_)
    np.put_along_axis(picked, np.argpartition(-score, most - 1, axis=1)[:, :most], True, axis=1)
    return picked
