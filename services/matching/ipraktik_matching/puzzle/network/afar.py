"""What the relaxation asks of a puzzle too large for tables: first columns from windows of hosts, and the columns that prices do not cover."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np

from ipraktik_matching.puzzle.afresh import Open
from ipraktik_matching.puzzle.columns import Whole
from ipraktik_matching.puzzle.ladder import CLOSED, Cells, Ladder, Worth
from ipraktik_matching.puzzle.network.seating import Seated, Ways
from ipraktik_matching.puzzle.network.tables import Tables, Weights, asked, shut
from ipraktik_matching.puzzle.network.ways import best_of_each, group_of, made

WINDOW = 512
"""So many hosts, one after the other in order of lot, are looked at for a group's first columns."""

_BLOCK = 128
_MOST = np.int64(1) << 60


def first_columns(tables: Tables, for_groups: tuple[int, int], for_hosts: int) -> Ways:
    """The best few in each window for groups and hosts, and a few at random; windows move on, so that every host is in some."""
    weight = cast("Weights", tables.weight)
    groups, hosts = tables.allowed.shape
    blocks = -(-groups // _BLOCK)
    found: list[tuple[Whole, Whole, Whole]] = []
    of_hosts: list[tuple[Whole, Whole, Whole]] = []
    for block in range(blocks):
        rows = np.arange(block * _BLOCK, min((block + 1) * _BLOCK, groups))
        window = np.sort((block * hosts // blocks + np.arange(min(WINDOW, hosts))) % hosts)
        group, host = np.repeat(rows, len(window)), np.tile(window, len(rows))
        shape = len(rows), len(window)
        allowed = tables.allowed[group, host].reshape(shape)
        worth, lots = weight[group, host].reshape(shape), weight.draws[group, host].reshape(shape)
        score = np.where(allowed, worth, -1)
        picked = best_of_each(score, for_groups[0])
        picked |= best_of_each(np.where(allowed, lots, -1), for_groups[1])
        row, column = np.nonzero(picked & allowed)
        found.append((rows[row], window[column], worth[row, column]))
        row, column = np.nonzero(best_of_each(score.T, for_hosts).T & allowed)
        of_hosts.append((rows[row], window[column], worth[row, column]))
    if not found or not hosts:
        nobody = np.zeros(0, dtype=np.int64)
        return made(groups, hosts, nobody, nobody, nobody)
    group, host, worth = (np.concatenate(part) for part in zip(*of_hosts, strict=True))
    best = _best(host, worth, group, for_hosts)
    found.append((group[best], host[best], worth[best]))
    return made(groups, hosts, *(np.concatenate(part) for part in zip(*found, strict=True)))


def paying(
    tables: Tables, split: Whole, seated: Seated, ways: Ways, most: int, among: Whole | None = None
) -> tuple[Whole, Whole]:
    """The best few of each group's columns that its price does not cover; `among`: of these groups alone."""
    used = group_of(ways).astype(np.int64) * len(tables.seats) + ways.host
    groups, hosts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for cells in _uncovered(tables, split, seated, among):
        codes = cells.group * len(tables.seats) + cells.host
        new = np.ones(len(codes), dtype=np.bool_)
        if len(used):
            new = used[np.minimum(np.searchsorted(used, codes), len(used) - 1)] != codes
        group, host = cells.group[new], cells.host[new]
        best = _best(group, cells.gain[new], host, most)
        groups.append(group[best])
        hosts.append(host[best])
    return np.concatenate(groups), np.concatenate(hosts)


def _uncovered(tables: Tables, split: Whole, seated: Seated, among: Whole | None) -> Iterator[Cells]:
    """The columns that pay, and how much; those that would place one more above all others."""
    afresh, open_to, weight = tables.afresh, cast("Open", tables.allowed), cast("Weights", tables.weight)
    if afresh is None:
        raise TypeError("These tables are kept; read them.")
    asks, closed = asked(tables, split, seated), shut(tables, split)
    wanted = open_to.asked.copy()
    if among is not None:
        wanted[np.setdiff1d(np.arange(len(wanted)), among)] = False
    price, sure = seated.of_group // tables.sizes, seated.sure // tables.sizes
    for size in (1, 2):
        worth = Worth(3 - size, tables.step, tables.scale, weight.draws)
        for safe in (0, 1):
            rows = np.flatnonzero((tables.sizes == size) & (sure == safe) & wanted)
            places = asks.taken[size - 1] + safe
            cost = asks.price[size - 1] - np.where(places < 1, _MOST, 0)
            cost[(places > 1) | closed[size - 1] | (tables.seats < size)] = CLOSED
            yield from Ladder(afresh, size, cost, worth).gaining(rows, price[rows])


def _best(of: Whole, score: Whole, then: Whole, most: int) -> Whole:
    """The places of the so many highest of each."""
    order = np.lexsort((then, -score, of))
    sorted_of = of[order]
    begin = np.flatnonzero(np.concatenate([[True], sorted_of[1:] != sorted_of[:-1]])) if len(of) else order
    rank = np.arange(len(of)) - np.repeat(begin, np.diff(np.append(begin, len(of))))
    return order[rank < most]
