"""The puzzle as the network wants it: one weight per group and host, fit first and the lot in its last digits.

Fit is divided by what all fits have in common and multiplied by more than all lots together can come to, so a larger fit
outweighs any lots, exactly. The number of persons is in no weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from ipraktik_matching.puzzle.afresh import Afresh, Answers
from ipraktik_matching.puzzle.certificate import Room, step_of
from ipraktik_matching.puzzle.columns import Whole, Yes
from ipraktik_matching.puzzle.lots import Draws
from ipraktik_matching.puzzle.network.seating import Seated, Ways

LOT_BITS = 16
ALL = slice(None)
LITTLE = 20
FEW_MEET = 4
"""Where less than this part of a block may meet, only those draw."""

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
    """Rows are groups, columns are hosts. weight = fit / step * scale + lot. `afresh`: what answers where no tables are kept."""

    allowed: Yes
    sizes: Whole
    seats: Whole
    weight: Whole
    step: int
    scale: int
    afresh: Afresh | None = None


def tables_of(room: Room, fit: Whole, lots: Whole | Draws) -> Tables:
    """The tables of a room; `lots`: what each group and host drew, below 2**LOT_BITS per person."""
    scale = 1 << (LOT_BITS + max(int(room.sizes.sum()), 1).bit_length())
    step = step_of(room.allowed, fit)
    if not isinstance(lots, Draws):
        weight = fit.astype(np.int64) // step * scale + lots
        return Tables(room.allowed, room.sizes, room.seats, weight, step, scale)
    asked_afresh = Weights(fit, lots, step, scale)
    if isinstance(room.allowed, Answers):
        # Nobody asks for more than `[rows]` and `[groups, hosts]`, which both answer alike.
        weight = cast("Whole", asked_afresh)
        return Tables(room.allowed, room.sizes, room.seats, weight, step, scale, room.allowed.afresh)
    return Tables(room.allowed, room.sizes, room.seats, _kept(asked_afresh, room.allowed), step, scale)


def _kept(weights: Weights, allowed: Yes) -> Whole:
    """All weights of groups and hosts that may meet, worked out once: each is asked for a dozen times."""
    kept = np.zeros(allowed.shape, dtype=np.int64)
    for start in range(0, len(allowed), _BLOCK):
        rows = slice(start, start + _BLOCK)
        group, host = np.nonzero(allowed[rows])
        if len(group) > allowed[rows].size // FEW_MEET:
            kept[rows] = weights[rows]
        else:
            kept[start + group, host] = weights[start + group, host]
    return kept


def ways_of(tables: Tables, used: Yes) -> Ways:
    """The ways of these columns of kept tables."""
    group, host = np.nonzero(used)
    first = np.concatenate([[0], np.cumsum(used.sum(axis=1))])
    return Ways(first, host.astype(np.int32), tables.weight[group, host])


@dataclass(frozen=True, slots=True)
class Lacks:
    """What each column lacks to be worth its prices: first `persons` (below 0: it would place more), then `halves`."""

    persons: Whole
    halves: Whole


@dataclass(frozen=True, slots=True)
class Asked:
    """What each host's seats ask for, of a single traveller and of each of two companions: somebody's place first, then a price."""

    taken: tuple[Whole, Whole]
    price: tuple[Whole, Whole]


def asked(tables: Tables, split: Whole, seated: Seated) -> Asked:
    """What the prices of a seating ask for at each host."""
    general, taken = seated.of_item[0::2], seated.taken[0::2].astype(np.int64)
    single, full = seated.of_item[1::2], seated.taken[1::2].astype(np.int64)
    has_general = (tables.seats >= 2) & (split != 1)
    has_single = tables.seats % 2 == 1
    # Seats where nobody is to be first placed at the cost of others come before all prices.
    cheaper = has_general & (~has_single | (taken < full) | ((taken == full) & (general <= single)))
    return Asked((np.where(cheaper, taken, full), taken), (np.where(cheaper, general, single), general))


def lacks(tables: Tables, split: Whole, seated: Seated, rows: slice = ALL) -> Lacks:
    """What the columns of these groups lack under the prices of a seating, per person of the group."""
    asks = asked(tables, split, seated)
    pairs = (tables.sizes[rows] == 2)[:, None]
    sure = (seated.sure[rows] // tables.sizes[rows])[:, None]
    price = (seated.of_group[rows] // tables.sizes[rows])[:, None]
    persons = sure + np.where(pairs, asks.taken[1], asks.taken[0]) - 1
    cost = price + np.where(pairs, asks.price[1], asks.price[0])
    return Lacks(persons, cost - tables.weight[rows] * np.where(pairs, 1, 2))


def near(tables: Tables, seated: Seated) -> Yes:
    """The columns that lack little under the prices of a seating: what a relaxation much like it will use."""
    little = 2 * LITTLE * tables.scale // tables.step
    return within(tables, np.full(len(tables.seats), -1, dtype=np.int64), seated, np.full(2, little))


def within(tables: Tables, split: Whole, seated: Seated, halves: Whole) -> Yes:
    """The columns that cost nobody a place and lack so many halves at most, by the size of the group; of kept tables."""
    found = np.zeros_like(tables.allowed)
    for start in range(0, len(tables.sizes), _BLOCK):
        rows = slice(start, start + _BLOCK)
        found[rows] = _within(tables, split, seated, halves, rows)
    return found


def near_enough(tables: Tables, seated: Seated, halves: Whole, most: int) -> tuple[Whole, Whole] | None:
    """The same before anybody has answered, pair by pair in the order of groups and then hosts, whether tables are kept or not.

    None where they are more than `most`.
    """
    split = np.full(len(tables.seats), -1, dtype=np.int64)
    found = []
    for group, host in _listed(tables, lambda rows: _within(tables, split, seated, halves, rows)):
        most -= len(group)
        if most < 0:
            return None
        found.append((group, host))
    return _joined(found)


def everywhere(tables: Tables) -> tuple[Whole, Whole]:
    """All groups and hosts that may meet, likewise."""
    return _joined(_listed(tables, lambda rows: tables.allowed[rows]))


def ways_up_to(allowed: Yes, enough: int) -> int:
    """How many groups and hosts may meet; counted no further than is more than enough."""
    many = 0
    for start in range(0, allowed.shape[0], _BLOCK):
        many += int(allowed[start : start + _BLOCK].sum())
        if many > enough:
            break
    return many


def _within(tables: Tables, split: Whole, seated: Seated, halves: Whole, rows: slice) -> Yes:
    lack = lacks(tables, split, seated, rows)
    most = halves[tables.sizes[rows] - 1][:, None]
    return np.asarray(tables.allowed[rows] & (lack.persons == 0) & (lack.halves <= most))


def _listed(tables: Tables, found: Callable[[slice], Yes]) -> Iterator[tuple[Whole, Whole]]:
    for start in range(0, len(tables.sizes), _BLOCK):
        group, host = np.nonzero(found(slice(start, start + _BLOCK)))
        yield start + group, host


def _joined(pieces: Iterable[tuple[Whole, Whole]]) -> tuple[Whole, Whole]:
    none = np.zeros(0, dtype=np.int64)
    groups, hosts = zip((none, none), *pieces, strict=True)
    return np.concatenate(groups), np.concatenate(hosts)


def open_to(tables: Tables, split: Whole, rows: slice = ALL) -> Yes:
    """The columns that the answers to `split` leave open."""
    pairs = (tables.sizes[rows] == 2)[:, None]
    alone, together = shut(tables, split)
    return np.asarray(tables.allowed[rows] & ~np.where(pairs, together, alone))


def shut(tables: Tables, split: Whole) -> tuple[Yes, Yes]:
    """The hosts that the answers to `split` close to single travellers, and to companions."""
    return (split == 1) & (tables.seats == 2), split == 0
