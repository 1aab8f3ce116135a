"""The most that each host's seats could earn, for puzzles too large for tables: the cells that cannot be among the best are passed over.

Says to the last digit what `certificate` says of tables (a test holds it). Gains are in sixtieths, as prices are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from ipraktik_matching.puzzle.afresh import Open
from ipraktik_matching.puzzle.classes import Whole
from ipraktik_matching.puzzle.ladder import CLOSED, Ladder, Worth
from ipraktik_matching.puzzle.proof import PARTS

if TYPE_CHECKING:
    from ipraktik_matching.puzzle.certificate import Room

_FIRST: Final = 64
_MOST: Final = 8192
_CELLS: Final = 1 << 21


def highest(room: Room, open_to: Open, weights: Whole, less: Whole) -> tuple[Whole, Whole]:
    """The three best gains of single travellers at each host, and the best of companions.

    `weights`: fit, or a number per group; `less`: what comes off it, in sixtieths.
    """
    many = len(room.seats)
    best = np.zeros((3, many), dtype=np.int64)
    of_pair = np.zeros((1, many), dtype=np.int64)
    for size, places in ((1, best), (2, of_pair)):
        rows = np.flatnonzero((room.sizes == size) & open_to.asked)
        # Where a seat could still earn more: beyond the last place that this host's seats reach.
        last = np.clip(room.seats - 1, 0, 2) if size == 1 else np.zeros(many, dtype=np.int64)
        gains = _even if weights.ndim == 1 else _by_fit
        for host, gain in gains(room, open_to, weights, less, rows, places, last):
            _enter(places, host, gain)
    return best, of_pair[0]


def _by_fit(
    room: Room, open_to: Open, weights: Whole, less: Whole, rows: Whole, places: Whole, last: Whole
) -> Iterator[tuple[Whole, Whole]]:
    number, size = np.arange(len(room.seats)), int(room.sizes[rows[0]]) if len(rows) else 1
    start, many = 0, _FIRST
    while start < len(rows):
        some = rows[start : start + many]
        # The bars rise as places fill, so each look is at fewer cells; the first looks are at few groups.
        cost = np.where(room.seats < size, CLOSED, places[last, number])
        for cells in Ladder(open_to.afresh, size, cost, Worth(PARTS)).gaining(some, less[some]):
            yield cells.host, cells.gain + cost[cells.host]
        start, many = start + many, min(2 * many, _MOST)


def _even(
    room: Room, open_to: Open, weights: Whole, less: Whole, rows: Whole, places: Whole, last: Whole
) -> Iterator[tuple[Whole, Whole]]:
    """Every host is worth the same to a group, so those who gain most fill the places and the others need not be asked."""
    number, size = np.arange(len(room.seats)), int(room.sizes[rows[0]]) if len(rows) else 1
    gain = PARTS * weights[rows] - less[rows]
    order = np.argsort(-gain, kind="stable")
    order = order[gain[order] > 0]
    rows, gain = rows[order], gain[order]
    start = 0
    while start < len(rows):
        hosts = np.flatnonzero((room.seats >= size) & (places[last, number] < gain[start]))
        if not len(hosts):
            return
        some = slice(start, start + max(1, min(_FIRST, _CELLS // len(hosts))))
        long = len(rows[some])
        group, host = np.repeat(rows[some], len(hosts)), np.tile(hosts, long)
        there = open_to[group, host]
        yield host[there], np.repeat(gain[some], len(hosts))[there]
        start += long


def _enter(places: Whole, host: Whole, gain: Whole) -> None:
    """Whoever gains more takes the place, and who stood there moves down."""
    depth = len(places)
    worth = np.flatnonzero(gain > places[depth - 1, host])
    touched = np.unique(host[worth])
    hosts = np.concatenate([host[worth], np.tile(touched, depth)])
    gains = np.concatenate([gain[worth], places[:, touched].ravel()])
    order = np.lexsort((-gains, hosts))
    hosts, gains = hosts[order], gains[order]
    begin = np.searchsorted(hosts, touched)
    for place in range(depth):
        places[place, touched] = gains[begin + place]
