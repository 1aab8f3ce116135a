"""Chains of people who move up: the cheapest way to make room for one more at a host, given a plan.

Whoever travels alone and is not pinned may move; companions and pins stay where they are. A chain ends at a free seat, at the
seat that somebody has given up, or with somebody left; somebody without a place may take a seat that came free. Costs are
compared in persons first and in weight (fit, then lot) second, never mixed. In the best plan of a puzzle without
companions no chain costs less than nothing, so the cheapest chains are what the best plan with that seat taken costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ipraktik_matching.puzzle.columns import Columns, Whole, Yes

_NO_WAY = np.int64(1) << 60
_FAR = _NO_WAY >> 1

Step = tuple[int, int, int]
"""A group's row, the host it leaves and the host it goes to; -1 = no host."""


class NotTheBest(ValueError):
    """Some chain would make the plan better: it is not the best plan of its puzzle."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Who may move from where (`origin`; one past the last host = without a place) and what it costs anywhere."""

    rows: Whole
    origin: Whole
    open: Yes
    weight: Whole
    free: Yes


@dataclass(frozen=True, slots=True)
class Room:
    """What one more person at each host costs the others: persons, then weight; `far` hosts cannot make room."""

    persons: Whole
    weight: Whole
    far: Yes
    _via: Whole
    _next: Whole

    def chain(self, host: int) -> list[Step]:
        """Who moves for one more person at this host, in order."""
        outside = len(self._via) - 1
        steps: list[Step] = []
        here = host
        while self._next[here] >= 0:
            there = int(self._next[here])
            if self._via[here] >= 0:
                named = [-1 if node == outside else node for node in (here, there)]
                steps.append((int(self._via[here]), named[0], named[1]))
            here = there
        return steps


def exchange_of(columns: Columns, weight: Whole, chosen: Whole, *, but: Sequence[int] = ()) -> Exchange:
    """The chains of a plan, in which the groups `but` have no part."""
    hosts = len(columns.seats)
    seated = np.flatnonzero(chosen >= 0)
    free = columns.seats.copy()
    np.subtract.at(free, chosen[seated], columns.sizes[seated])
    may = (columns.sizes == 1) & (columns.pinned < 0)
    may[list(but)] = False
    rows = np.flatnonzero(may)
    origin = np.where(chosen[rows] >= 0, chosen[rows], hosts)
    open_to = np.concatenate([columns.allowed[rows], np.ones((len(rows), 1), dtype=np.bool_)], axis=1)
    open_to[np.arange(len(rows)), origin] = False
    worth = np.concatenate([weight[rows], np.zeros((len(rows), 1), dtype=np.int64)], axis=1)
    return Exchange(rows, origin, open_to, worth, free > 0)


def room_for_one(exchange: Exchange, given_up: int | None = None) -> Room:
    """What one more person costs at each host when somebody has given up a seat at `given_up` (None = nobody has).

    Raises NotTheBest where going round in circles would pay.
    """
    outside = len(exchange.free)
    target = outside if given_up is None else given_up
    seat = np.ones(outside + 1, dtype=np.int64)
    seat[outside] = 0
    persons = seat[exchange.origin][:, None] - seat[None, :]
    here = np.arange(len(exchange.rows))
    own = exchange.weight[here, exchange.origin]
    to_outside = exchange.free.copy()
    from_outside = np.ones(outside, dtype=np.bool_)
    first = _distances(exchange, exchange.open, persons, to_outside, from_outside, target)
    # Of the chains that cost fewest persons the one of least weight: only steps that lie on one.
    lost = first.persons
    tight = exchange.open & (persons + lost[None, :] == lost[exchange.origin][:, None])
    to_outside &= lost[:outside] == lost[outside]
    from_outside &= lost[:outside] == lost[outside]
    second = _distances(exchange, tight, own[:, None] - exchange.weight, to_outside, from_outside, target)
    return replace(second, persons=lost, weight=second.persons, far=lost >= _FAR)


def _distances(
    exchange: Exchange, usable: Yes, cost: Whole, to_outside: Yes, from_outside: Yes, target: int
) -> Room:
    """The cheapest way of every host to the target, by rounds over all steps, and its first step."""
    outside = len(exchange.free)
    cost = np.where(usable, cost, _NO_WAY)
    distance = np.full(outside + 1, _NO_WAY)
    distance[target] = 0
    via, follows = np.full(outside + 1, -1), np.full(outside + 1, -1)
    many = len(exchange.rows)
    for _ in range(outside + 2):
        before = distance.copy()
        if many:
            through = np.where(usable, before[None, :] + cost, _NO_WAY)
            there = through.argmin(axis=1)
            best = through[np.arange(many), there]
            np.minimum.at(distance, exchange.origin, best)
            better = np.flatnonzero((best < before[exchange.origin]) & (best == distance[exchange.origin]))
            via[exchange.origin[better]] = exchange.rows[better]
            follows[exchange.origin[better]] = there[better]
        straight = np.flatnonzero(to_outside & (before[outside] < distance[:outside]))
        distance[straight], via[straight], follows[straight] = before[outside], -1, outside
        again = np.where(from_outside, before[:outside], _NO_WAY)
        if len(again) and again.min() < distance[outside]:
            nearest = int(again.argmin())
            distance[outside], via[outside], follows[outside] = again[nearest], -1, nearest
        distance[distance >= _FAR] = _NO_WAY
        if (distance == before).all():
            return Room(distance, distance, distance >= _FAR, via, follows)
    raise NotTheBest("The plan is not the best of its puzzle; solve it again.")
