"""Cuts for the divisible that fit in halves around several hosts.

Take any single travellers and any hosts. Each traveller goes once, each host fills no more than its seats, a pair fills two: added up and
halved, those travellers at those hosts and all pairs there are no more than half of both together, and whole, so an odd sum is rounded
down. Where people are seated by halves around a pair, such a set is odd and all but closed: its rows are full and hardly anybody has part
of a place outside. These are the odd cuts of smallest value in the graph of those who are divided, and a tree of smallest cuts between
its odd corners (Gomory and Hu; Padberg and Rao) finds one where there is any. What it finds is tested before it is used.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from ipraktik_matching.puzzle.columns import Whole, Yes
from ipraktik_matching.puzzle.face import Odd
from ipraktik_matching.puzzle.prices import Real

MOST_CORNERS: Final = 400
"""So many odd corners of one part of the graph are parted from each other at most."""

_HAIR: Final = 1e-6
_BROKEN: Final = 1e-4
_OUTSIDE: Final = -1

Graph = dict[int, dict[int, float]]
"""Corner to neighbour to what of them is in common, both ways. Corners: groups, then hosts, and everything outside."""


def odd_cuts(group: Whole, host: Whole, value: Real, pair: Yes, seats: Whole, groups: int) -> tuple[Odd, ...]:
    """The cuts that the divisible break; `value`: how much of each column's group is seated there, `pair`: whether it is one."""
    divided = ~pair & (value > _HAIR) & (value < 1 - _HAIR)
    entire = ~pair & (value >= 1 - _HAIR)
    free = np.concatenate(
        [
            1 - np.bincount(group[~pair], weights=value[~pair], minlength=groups),
            seats - np.bincount(host, weights=value * np.where(pair, 2, 1), minlength=len(seats)),
        ]
    )
    # Whoever sits whole at a host takes a seat of it along into every set.
    room = np.concatenate(
        [np.ones(groups, dtype=np.int64), seats - np.bincount(host[entire], minlength=len(seats))]
    )
    torn = pair & (value > _HAIR) & (value < 1 - _HAIR)
    graph: Graph = {groups + at: {} for at in np.unique(host[torn]).tolist()}
    for one, at, share in zip(
        group[divided].tolist(), host[divided].tolist(), value[divided].tolist(), strict=True
    ):
        _join(graph, one, groups + at, share)
    found = []
    for part in _parts(graph):
        inside = {corner: graph[corner] | {} for corner in part}
        inside[_OUTSIDE] = {}
        for corner in part:
            if free[corner] > _HAIR:
                _join(inside, corner, _OUTSIDE, float(free[corner]))
        odd = {corner for corner in part if room[corner] % 2 == 1}
        found += _odd_sets(inside, odd)
    cuts = []
    for corners in sorted({tuple(sorted(one)) for one in found}):
        hosts = [corner - groups for corner in corners if corner >= groups]
        there = np.isin(host, hosts)
        solos = np.union1d([corner for corner in corners if corner < groups], group[entire & there]).astype(
            np.int64
        )
        most = (len(solos) + int(seats[hosts].sum())) // 2
        if value[there & (pair | np.isin(group, solos))].sum() > most + _BROKEN:
            cuts.append(Odd(tuple(hosts), tuple(solos.tolist()), most))
    return tuple(cuts)


def _join(graph: Graph, one: int, other: int, share: float) -> None:
    for here, there in ((one, other), (other, one)):
        mine = graph.setdefault(here, {})
        mine[there] = mine.get(there, 0.0) + share


def _parts(graph: Graph) -> list[list[int]]:
    """The corners that hang together, each part in order."""
    seen: set[int] = set()
    parts = []
    for corner in sorted(graph):
        if corner not in seen:
            part = _reached(graph, corner)
            seen |= part
            parts.append(sorted(part))
    return parts


def _odd_sets(graph: Graph, odd: set[int]) -> list[set[int]]:
    """Sets without the outside that hold an odd number of odd corners and are cut off for less than one."""
    ends = sorted(odd)[:MOST_CORNERS]
    if len(odd) % 2 == 1:
        ends.append(_OUTSIDE)
    parent = dict.fromkeys(ends, ends[0]) if ends else {}
    found = []
    for number, one in enumerate(ends[1:], 1):
        worth, side = _smallest_cut(graph, one, parent[one])
        for later in ends[number + 1 :]:
            if later in side and parent[later] == parent[one]:
                parent[later] = one
        if _OUTSIDE in side:
            side = graph.keys() - side
        if worth < 1 - _BROKEN and len(side & odd) % 2 == 1:
            found.append(side)
    return found


def _smallest_cut(graph: Graph, one: int, other: int) -> tuple[float, set[int]]:
    """The smallest cut between two corners, and the side of the first: what is left to reach when no way between them has room."""
    left = {corner: dict(near) for corner, near in graph.items()}
    worth = 0.0
    while True:
        came = {one: one}
        ahead = deque([one])
        while ahead and other not in came:
            here = ahead.popleft()
            for there, room in left[here].items():
                if room > _HAIR and there not in came:
                    came[there] = here
                    ahead.append(there)
        if other not in came:
            return worth, set(came)
        way = [other]
        while way[-1] != one:
            way.append(came[way[-1]])
        steps = list(zip(way[1:], way[:-1], strict=True))
        most = min(left[here][there] for here, there in steps)
        for here, there in steps:
            left[here][there] -= most
            left[there][here] += most
        worth += most


def _reached(graph: Graph, start: int) -> set[int]:
    reached, ahead = {start}, [start]
    while ahead:
        for there in graph[ahead.pop()]:
            if there not in reached:
                reached.add(there)
                ahead.append(there)
    return reached
