"""Somebody comes late: where could they go, and what would it cost the others?

Three answers, dearest last for those who have a place already: nobody moves; one person moves to a seat that is free; everybody
may move, as if all were laid anew. Each is the best of its kind, by fit, then by lot; the first two look at the plan that stands
and at nothing that the solver did. Companions stay where they are. Where the plan that stands is kept with its prices (`Standing`), the
third is one path more, if prices prove it the best and the only one; else all is laid anew. Both name the same plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipraktik_matching.puzzle.pieces import Pair, Puzzle, companions

if TYPE_CHECKING:
    from ipraktik_matching.puzzle.columns import Columns, Whole, Yes
    from ipraktik_matching.puzzle.groups import Group
    from ipraktik_matching.puzzle.keeping import KeptPlan
    from ipraktik_matching.puzzle.lots import Draws

_BLOCK = 256
_NONE = -(1 << 40)


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


@dataclass(frozen=True, slots=True)
class Standing:
    """The best plan of a puzzle, kept, for the next who comes."""

    puzzle: Puzzle
    columns: Columns
    plan: KeptPlan

    def where(self) -> dict[str, str]:
        """Who is where, without the fixed."""
        return _placed_by(self.columns, self.plan.groups, self.plan.chosen)

    def joined(self, puzzle: Puzzle, columns: Columns, draws: Draws, row: int) -> Standing | None:
        """The best plan with one more, of this row; None where prices do not prove one."""
        import numpy as np

        from ipraktik_matching.puzzle.certificate import room_beside_pins

        group = columns.groups[row]
        if _without(puzzle, group.members[0].id) != _without(self.puzzle, None):
            raise ValueError("The plan that is kept belongs to another puzzle.")
        shared = any(one.lot == group.members[0].lot for one in self.puzzle.interns)
        if columns.pinned[row] >= 0 or shared:
            return None
        plan = self.plan.copied()
        hosts = np.flatnonzero(room_beside_pins(columns, columns.pinned).allowed[row])
        change = plan.insert(group, hosts, columns.fit[row, hosts], draws[row : row + 1, hosts][0])
        return None if change is None else Standing(puzzle, columns, plan)


def standing_of(puzzle: Puzzle) -> Standing | None:
    """The best plan of a puzzle, to be kept; None where prices alone do not prove one, or there are no tables."""
    from ipraktik_matching.puzzle.columns import columns_of
    from ipraktik_matching.puzzle.keeping import keep

    columns = columns_of(puzzle)
    plan = keep(columns)
    return None if plan is None else Standing(puzzle, columns, plan)


def _without(puzzle: Puzzle, intern_id: str | None) -> tuple[object, ...]:
    """All that decides where the others are."""

    def rest(pairs: Iterable[Pair]) -> frozenset[Pair]:
        return frozenset(pair for pair in pairs if pair[0] != intern_id)

    return (
        {one.id: one for one in puzzle.interns if one.id != intern_id},
        {one.id: one for one in puzzle.hosts},
        *(
            rest(pairs)
            for pairs in (puzzle.fixed, puzzle.forbidden, puzzle.pinned, puzzle.open, puzzle.drafts)
        ),
        *(puzzle.dates, puzzle.policy, puzzle.region_of, puzzle.group_of),
    )


def ways_in(
    puzzle: Puzzle, where: Mapping[str, str], intern_id: str, standing: Standing | None = None
) -> Ways:
    """The ways to place an intern who travels alone, given where all the others are (`fixed` ones included or not).

    `standing`: the best plan of this puzzle without the intern, where one is kept; it stays as it is. Raises ValueError where it belongs
    to another puzzle.
    """
    import numpy as np

    from ipraktik_matching.puzzle.columns import columns_of
    from ipraktik_matching.puzzle.lots import draws_beside_tables

    if intern_id in companions(puzzle.interns):
        raise ValueError(f"Intern {intern_id} travels with a companion; start a new run to place the two.")
    fixed = dict(puzzle.fixed)
    here = {one: host for one, host in where.items() if one not in fixed and one != intern_id}
    columns = columns_of(puzzle)
    draws = draws_beside_tables(columns, 0)
    number = {host.id: column for column, host in enumerate(columns.hosts)}
    rows = {group.members[0].id: row for row, group in enumerate(columns.groups)}
    at = {rows[one]: number[host] for one, host in here.items() if one in rows}
    seated = np.array(sorted(at.items()), dtype=np.int64).reshape(-1, 2)
    free = columns.seats.copy()
    np.subtract.at(free, seated[:, 1], columns.sizes[seated[:, 0]])
    mine = rows[intern_id]

    nobody = _direct(columns, draws, free >= 1, mine)
    one = _by_one(columns, draws, free >= 1, mine, seated)
    if nobody is not None and (one is None or one.gain <= nobody.gain):
        one = nobody
    after = None if standing is None else standing.joined(puzzle, columns, draws, mine)
    there = after.where() if after is not None and after.plan.alone() else _laid_anew(columns)
    if intern_id not in there:
        return Ways(nobody, one, None)
    worth = sum(int(columns.fit[row, column]) for row, column in at.items())
    gain = (
        sum(int(columns.fit[rows[one], number[host]]) for one, host in there.items() if one in rows) - worth
    )
    moves = tuple((one, host, there.get(one)) for one, host in sorted(here.items()) if there.get(one) != host)
    return Ways(nobody, one, Way(there[intern_id], moves, gain))


def _direct(columns: Columns, draws: Draws, open_to: Yes, mine: int) -> Way | None:
    """To a seat that is free."""
    import numpy as np

    hosts = np.flatnonzero(columns.allowed[mine] & open_to)
    if not len(hosts):
        return None
    fit = columns.fit[mine, hosts]
    best = np.lexsort((-draws[mine : mine + 1, hosts][0], -fit))[0]
    return Way(columns.hosts[hosts[best]].id, (), int(fit[best]))


def _by_one(columns: Columns, draws: Draws, open_to: Yes, mine: int, seated: Whole) -> Way | None:
    """To a seat that somebody who travels alone gives up for a free one elsewhere; by fit, then by lots."""
    import numpy as np

    who, at = seated[:, 0], seated[:, 1]
    may = (columns.sizes[who] == 1) & (columns.pinned[who] < 0) & columns.allowed[mine, at]
    who, at = who[may], at[may]
    hosts = np.flatnonzero(open_to)
    if not len(who) or not len(hosts):
        return None
    # What each would give up here, and the newcomer gain; then the best seat that each could have instead.
    gain = columns.fit[mine, at].astype(np.int64) - columns.fit[who, at]
    best: int | None = None
    pairs: list[tuple[Whole, Whole]] = []
    for start in range(0, len(who), _BLOCK):
        some = who[start : start + _BLOCK]
        usable = columns.allowed[some][:, hosts] & (at[start : start + _BLOCK, None] != hosts)
        total = np.where(usable, columns.fit[some][:, hosts] + gain[start : start + _BLOCK, None], _NONE)
        top = int(total.max())
        if top > _NONE and (best is None or top >= best):
            pairs = pairs if top == best else []
            best = top
            mover, to = np.nonzero(total == top)
            pairs.append((start + mover, hosts[to]))
    if best is None:
        return None
    mover, to = (np.concatenate(side) for side in zip(*pairs, strict=True))
    row, left = who[mover], at[mover]
    luck = draws[np.full(len(left), mine), left] + draws[row, to] - draws[row, left]
    first = np.lexsort((to, row, -luck))[0]
    ids = [columns.hosts[one].id for one in (left[first], to[first])]
    return Way(ids[0], ((columns.groups[row[first]].members[0].id, ids[0], ids[1]),), best)


def _placed_by(columns: Columns, groups: Sequence[Group | None], chosen: Whole) -> dict[str, str]:
    return {
        one.id: columns.hosts[column].id
        for group, column in zip(groups, chosen.tolist(), strict=True)
        if column >= 0 and group is not None
        for one in group.members
    }


def _laid_anew(columns: Columns) -> dict[str, str]:
    from ipraktik_matching.puzzle.laying import lay
    from ipraktik_matching.puzzle.solving import NODES

    return _placed_by(columns, columns.groups, lay(columns, NODES).chosen)
