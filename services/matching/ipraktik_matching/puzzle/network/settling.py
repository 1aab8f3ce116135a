"""The relaxation over all columns: seat with few, ask the prices which others pay, add them, until none does.

Tables that are kept are read block by block; where none are, `ladder` names the columns that prices cannot rule out. Both offer a
group the same columns in each round.
"""

from __future__ import annotations

import numpy as np

from ipraktik_matching.puzzle.columns import Whole
from ipraktik_matching.puzzle.lots import Draws
from ipraktik_matching.puzzle.network import afar
from ipraktik_matching.puzzle.network.seating import Seated, Ways, seat
from ipraktik_matching.puzzle.network.tables import ALL, Tables, lacks, open_to, shut, ways_of, ways_up_to
from ipraktik_matching.puzzle.network.ways import best_of_each, group_of, joined, kept

AT_FIRST, FOR_HOSTS, PER_ROUND = 12, 8, 8
AGAIN = 5_000
"""From so many groups on, a seating begins with the prices of the one before; smaller ones are quick, and keep the plans they always had."""

AT_ONCE, MANY = 150_000, 2_000_000
"""Where the rules leave no more ways than this in a table of more cells than that, all are in use from the start, here and in the programme (`wide`)."""

_BLOCK = 128


def first_columns(tables: Tables, lots: Whole | Draws) -> Ways:
    """The best few of every group and host, and a few at random, or all would be offered the same seats."""
    if tables.afresh is not None:
        return afar.first_columns(tables, (AT_FIRST, FOR_HOSTS), FOR_HOSTS)
    if tables.allowed.size > MANY and ways_up_to(tables.allowed, AT_ONCE) <= AT_ONCE:
        return ways_of(tables, tables.allowed)
    used = np.zeros_like(tables.allowed)
    for start in range(0, len(tables.sizes), _BLOCK):
        rows = slice(start, start + _BLOCK)
        allowed = tables.allowed[rows]
        used[rows] = best_of_each(np.where(allowed, tables.weight[rows], -1), AT_FIRST)
        # Lots need not be drawn again: they stand in the last digits.
        drawn = tables.weight[rows] % tables.scale if isinstance(lots, Draws) else lots[rows]
        used[rows] |= best_of_each(np.where(allowed, drawn, -1), FOR_HOSTS)
    for start in range(0, len(tables.seats), _BLOCK):
        some = slice(start, start + _BLOCK)
        score = np.where(tables.allowed[:, some], tables.weight[ALL, some], -1)
        used[:, some] |= best_of_each(score.T, FOR_HOSTS).T
    used &= tables.allowed
    return ways_of(tables, used)


def settle(tables: Tables, split: Whole, ways: Ways) -> tuple[Seated, Ways]:
    """The seating over all columns that the answers to `split` leave open, beginning with these ways."""
    complete = ways_up_to(tables.allowed, len(ways.host)) <= len(ways.host)
    alone, together = shut(tables, split)
    pairs = tables.sizes[group_of(ways)] == 2
    ways = kept(ways, ~np.where(pairs, together[ways.host], alone[ways.host]))
    before: Seated | None = None
    asked: Whole | None = None
    large = len(tables.sizes) >= AGAIN
    while True:
        seated = seat(ways, tables.sizes, tables.seats, split, before)
        if complete:
            return seated, ways
        if tables.afresh is not None:
            group, host = afar.paying(tables, split, seated, ways, PER_ROUND, asked)
        else:
            group, host = _paying(tables, split, seated, ways)
        if not len(group) and asked is None:
            return seated, ways
        # Whoever was offered something is asked first whether it is enough; at the end everybody is asked.
        before, asked = (seated, np.unique(group) if len(group) else None) if large else (None, None)
        ways = joined(ways, len(tables.seats), group, host, tables.weight[group, host])


def _paying(tables: Tables, split: Whole, seated: Seated, ways: Ways) -> tuple[Whole, Whole]:
    """The best few of each group's columns that its price does not cover."""
    most = np.int64(1) << 60
    groups, hosts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    of_way = group_of(ways)
    # Group by group in small blocks: all columns at once would not fit the processor's own memory.
    for start in range(0, len(tables.sizes), _BLOCK):
        rows = slice(start, start + _BLOCK)
        lack = lacks(tables, split, seated, rows)
        pays = (lack.persons < 0) | ((lack.persons == 0) & (lack.halves < 0))
        pays &= open_to(tables, split, rows)
        mine = slice(ways.first[start], ways.first[min(start + _BLOCK, len(tables.sizes))])
        pays[of_way[mine] - start, ways.host[mine]] = False
        wanting = np.flatnonzero(pays.any(axis=1))
        if len(wanting):
            score = np.where(lack.persons < 0, most, 0)[wanting] - lack.halves[wanting]
            pays = pays[wanting] & best_of_each(np.where(pays[wanting], score, -1), PER_ROUND)
            group, host = np.nonzero(pays)
            groups.append(start + wanting[group])
            hosts.append(host)
    return np.concatenate(groups), np.concatenate(hosts)
