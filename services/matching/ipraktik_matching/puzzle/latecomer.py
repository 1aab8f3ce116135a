"""Somebody comes late: where could they go, and what would it cost the others?

Three answers, dearest last for those who have a place already: nobody moves; one person moves to a seat that is free; everybody
may move, as if all were laid anew. Each is the best of its kind, by fit, then by lot; the first two look at the plan that stands
and at nothing that the solver did. Companions stay where they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipraktik_matching.puzzle.pieces import Puzzle, companions

if TYPE_CHECKING:
    from ipraktik_matching.puzzle.columns import Whole, Yes


@dataclass(frozen=True, slots=True)
class Way:
    """A way to place the newcomer: who moves from where to where, and what total fit it gains (the newcomer's own included)."""

    host_id: str
    moves: tuple[tuple[str, str, str | None], ...]
    gain: int


@dataclass(frozen=True, slots=True)
class Ways:
    """The best way of each kind, or None where there is none; `anew` may place others less well, never fewer."""

    nobody_moves: Way | None
    one_moves: Way | None
    anew: Way | None


def ways_in(puzzle: Puzzle, where: Mapping[str, str], intern_id: str) -> Ways:
    """The ways to place an intern who travels alone, given where all the others are (`fixed` ones included or not)."""
    import numpy as np

    from ipraktik_matching.puzzle.columns import columns_of
    from ipraktik_matching.puzzle.lots import lot_numbers

    if intern_id in companions(puzzle.interns):
        raise ValueError(f"Intern {intern_id} travels with a companion; start a new run to place the two.")
    standing = dict(puzzle.fixed)
    here = {one: host for one, host in where.items() if one not in standing and one != intern_id}
    columns = columns_of(puzzle)
    number = {host.id: column for column, host in enumerate(columns.hosts)}
    lots = lot_numbers(columns, 0)
    rows = {group.members[0].id: row for row, group in enumerate(columns.groups)}
    at = {rows[one]: number[host] for one, host in here.items() if one in rows}
    free = columns.seats.copy()
    for row, column in at.items():
        free[column] -= columns.sizes[row]
    mine = rows[intern_id]
    open_seats = columns.allowed & (free >= 1)[None, :]
    ids = [host.id for host in columns.hosts]

    direct = _best(open_seats[mine], columns.fit[mine], lots[mine])
    nobody = None if direct is None else Way(ids[direct], (), int(columns.fit[mine, direct]))
    found: tuple[tuple[int, int], Way] | None = None
    for row, column in sorted(at.items()):
        if columns.sizes[row] != 1 or columns.pinned[row] >= 0 or not columns.allowed[mine, column]:
            continue
        to = _best(open_seats[row] & (np.arange(len(ids)) != column), columns.fit[row], lots[row])
        if to is None:
            continue
        gain = int(columns.fit[mine, column] + columns.fit[row, to] - columns.fit[row, column])
        luck = int(lots[mine, column] + lots[row, to] - lots[row, column])
        if found is None or (gain, luck) > found[0]:
            mover = columns.groups[row].members[0].id
            found = (gain, luck), Way(ids[column], ((mover, ids[column], ids[to]),), gain)
    one = found[1] if found is not None else None
    if nobody is not None and (one is None or one.gain <= nobody.gain):
        one = nobody
    worth = sum(int(columns.fit[row, column]) for row, column in at.items())
    return Ways(nobody, one, _anew(puzzle, here, intern_id, worth))


def _best(usable: Yes, fit: Whole, lots: Whole) -> int | None:
    """The host that fits best, by lot where two do."""
    hosts = usable.nonzero()[0]
    return max(hosts.tolist(), key=lambda one: (int(fit[one]), int(lots[one])), default=None)


def _anew(puzzle: Puzzle, here: Mapping[str, str], intern_id: str, worth: int) -> Way | None:
    from ipraktik_matching.puzzle.solving import solve

    plan = solve(puzzle)
    there = {one.intern_id: one.host_id for one in plan.placements}
    if intern_id not in there:
        return None
    moves = tuple((one, host, there.get(one)) for one, host in sorted(here.items()) if there.get(one) != host)
    return Way(there[intern_id], moves, plan.stats.total_fit - worth)
