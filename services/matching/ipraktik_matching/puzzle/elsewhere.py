"""Why here, and what if not: where the best plan would send a person instead, and who would have to move for it.

"Instead" is the best of all plans in which that person (with a companion, where there is one) is at another host: persons
first, then fit, then lot. Without companions in the puzzle it is read from the cheapest chain of people who move up
(`exchange`), which is exact in the best plan. Where companions could take part, that chain is a plan in hand and the linear
programme looks for a better one among all plans; `proven` is false only where a limit of work stopped it, or the
puzzle is too large for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ipraktik_matching.puzzle.format import digest
from ipraktik_matching.puzzle.pieces import Puzzle
from ipraktik_matching.puzzle.plan import Plan, PlanError
from ipraktik_matching.puzzle.points import Fit, fit

if TYPE_CHECKING:
    from ipraktik_matching.puzzle.columns import Columns, Whole, Yes

NODES = 2000


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """One person who would be somewhere else; None = without a place."""

    intern_id: str
    from_host: str | None
    to_host: str | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The person at another host: their own fit there, who else moves, and what it costs all together.

    `places`: how many more persons the whole plan places (0 or below); `gain`: what its total fit changes by.
    """

    host_id: str
    fit: Fit
    moves: tuple[Move, ...]
    places: int
    gain: int
    proven: bool


@dataclass(frozen=True, slots=True)
class Why:
    """A placement's reasons: the fit part by part, the next best for everybody, and the other host that would suit the person best.

    Both are None where the person may go nowhere else: `held` = `pinned`, `companion` (who stands there) or `only_host`.
    """

    intern_id: str
    host_id: str
    fit: Fit
    next_best: Elsewhere | None
    suits_most: Elsewhere | None
    held: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan in tables, ready to be asked about many persons. `still`: rows that no chain may move, since they were parted just now."""

    puzzle: Puzzle
    columns: Columns
    weight: Whole
    chosen: Whole
    row_of: dict[str, int]
    still: tuple[int, ...] = ()


def standing_of(puzzle: Puzzle, plan: Plan) -> Standing:
    """The plan in tables. Raises PlanError where it belongs to another puzzle."""
    same_puzzle(puzzle, plan)
    return _standing_at(puzzle, {one.intern_id: one.host_id for one in plan.placements})


def _standing_at(puzzle: Puzzle, where: Mapping[str, str]) -> Standing:
    import numpy as np

    from ipraktik_matching.puzzle.columns import columns_of

    columns = columns_of(puzzle)
    column = {one.id: number for number, one in enumerate(columns.hosts)}
    row_of = {one.id: row for row, group in enumerate(columns.groups) for one in group.members}
    chosen = np.full(len(columns.groups), -1, dtype=np.int64)
    for intern_id, host_id in where.items():
        chosen[row_of[intern_id]] = column[host_id]
    return Standing(puzzle, columns, weight_of(columns), chosen, row_of)


def same_puzzle(puzzle: Puzzle, plan: Plan) -> None:
    """Raises PlanError where the plan belongs to another puzzle."""
    if plan.stats.input_digest != digest(puzzle):
        raise PlanError(["The plan belongs to another puzzle, or to this one before it was changed."])


def weight_of(columns: Columns) -> Whole:
    """Fit first and the lot in its last digits."""
    from ipraktik_matching.puzzle.certificate import room_beside_pins
    from ipraktik_matching.puzzle.lots import lot_numbers
    from ipraktik_matching.puzzle.network.tables import tables_of

    return tables_of(room_beside_pins(columns, columns.pinned), columns.fit, lot_numbers(columns, 0)).weight


def why_here(standing: Standing, intern_id: str) -> Why:
    """Why a placed person is where they are. Raises KeyError where the plan does not place them."""
    import numpy as np

    columns = standing.columns
    row = standing.row_of[intern_id]
    here = int(standing.chosen[row])
    if here < 0:
        raise KeyError(intern_id)
    others = columns.allowed[row].copy()
    others[here] = False
    held = "pinned" if columns.pinned[row] >= 0 else "companion" if columns.groups[row].joins else "only_host"
    found, most = instead(standing, intern_id, others), None
    if found is not None:
        mine = [_own(standing, intern_id, int(one)) for one in np.flatnonzero(_open(standing, row, others))]
        best = max(mine, key=lambda one: (one[1].total, one[0] == found.host_id, one[2]))
        most = found if best[0] == found.host_id else at_host(standing, intern_id, best[0])
    return Why(
        intern_id,
        columns.hosts[here].id,
        _own(standing, intern_id, here)[1],
        found,
        most,
        held if found is None else None,
    )


def at_host(standing: Standing, intern_id: str, host_id: str) -> Elsewhere | None:
    """The best plan with the person at this host, beside the plan that stands; None where no plan has them there."""
    hosts = standing.columns.allowed[standing.row_of[intern_id]].copy()
    for number, one in enumerate(standing.columns.hosts):
        hosts[number] &= one.id == host_id
    return instead(standing, intern_id, hosts)


def instead(standing: Standing, intern_id: str, hosts: Yes, *, by: Whole | None = None) -> Elsewhere | None:
    """The best plan with the person at one of these hosts; `by`: that plan, where it is known."""
    row = standing.row_of[intern_id]
    hosts = _open(standing, row, hosts)
    if not hosts.any():
        return None
    chosen, proven = _best_with(standing, row, hosts) if by is None else (by, True)
    columns, before = standing.columns, standing.chosen
    moves = []
    for other in (chosen != before).nonzero()[0].tolist():
        if other != row:
            moves += [
                Move(one.id, _name(columns, before[other]), _name(columns, chosen[other]))
                for one in columns.groups[other].members
            ]
    placed, points = _worth(columns, chosen, columns.fit)
    placed_now, points_now = _worth(columns, before, columns.fit)
    there = int(chosen[row])
    return Elsewhere(
        columns.hosts[there].id,
        _own(standing, intern_id, there)[1],
        tuple(sorted(moves)),
        placed - placed_now,
        points - points_now,
        proven,
    )


def not_here(puzzle: Puzzle, where: Mapping[str, str], intern_id: str) -> dict[str, tuple[str, int]] | None:
    """The best plan when this person may not be where the best plan `where` has them: host and days by intern, perhaps none for them.

    One chain of people who move up, which is exact as long as nobody pairs up; None where somebody could, where the person is pinned,
    or where `where` is not the best. Then the puzzle is to be solved without that pair.
    """
    from ipraktik_matching.puzzle.exchange import NotTheBest

    standing = _standing_at(puzzle, where)
    columns, row = standing.columns, standing.row_of[intern_id]
    if columns.sizes[row] != 1 or columns.pinned[row] >= 0 or _may_pair(columns):
        return None
    hosts = columns.allowed[row].copy()
    hosts[standing.chosen[row]] = False
    try:
        chosen = by_chain(standing, row, _open(standing, row, hosts), or_nowhere=True)
    except NotTheBest:
        return None
    if chosen is None:
        return None
    return {
        one.id: (columns.hosts[int(there)].id, int(columns.days[other, there]))
        for other, there in enumerate(chosen)
        if there >= 0
        for one in columns.groups[other].members
    }


def _may_pair(columns: Columns) -> bool:
    """Whether companions could take part, who do not move in chains."""
    pairs = (columns.sizes == 2) & (columns.pinned < 0) & columns.allowed.any(axis=1)
    return bool(pairs.any())


def _best_with(standing: Standing, row: int, hosts: Yes) -> tuple[Whole, bool]:
    from ipraktik_matching.puzzle.laying import PROOF_CELLS

    columns = standing.columns
    in_hand = by_chain(standing, row, hosts) if columns.sizes[row] == 1 else None
    if in_hand is not None and not _may_pair(columns) and not standing.still:
        return in_hand, True
    if columns.allowed.size > PROOF_CELLS:
        return (in_hand if in_hand is not None else _anyhow(standing, row, hosts)), False
    by_network = _by_network(standing, row, hosts)
    return (by_network, True) if by_network is not None else _by_programme(standing, row, hosts, in_hand)


def by_chain(standing: Standing, row: int, hosts: Yes, *, or_nowhere: bool = False) -> Whole | None:
    """The best plan with this single traveller at one of these hosts in which no companions move; None where none has them there.

    `or_nowhere`: also without a place, where the plan is better for it.
    """
    from ipraktik_matching.puzzle.exchange import exchange_of, room_for_one

    columns, weight = standing.columns, standing.weight
    here = int(standing.chosen[row])
    chains = exchange_of(columns, weight, standing.chosen, but=(row, *standing.still))
    room = room_for_one(chains, here if here >= 0 else None)
    usable = (hosts & ~room.far[:-1]).nonzero()[0].tolist()
    ways = [((room.persons[one], room.weight[one] - weight[row, one]), one) for one in usable]
    if or_nowhere:
        # beside the hosts stands who has none: that costs one person, and nobody's weight
        ways.append(((room.persons[-1] + 1, room.weight[-1]), len(columns.hosts)))
    if not ways:
        return None
    there = min(ways)[1]
    chosen = standing.chosen.copy()
    for mover, _, to in room.chain(there):
        chosen[mover] = to
    chosen[row] = there if there < len(columns.hosts) else -1
    return chosen


def _by_network(standing: Standing, row: int, hosts: Yes) -> Whole | None:
    """The best plan where the group may go to these hosts alone, if its branches settle and place it there."""
    import numpy as np

    from ipraktik_matching.puzzle.certificate import room_beside_pins
    from ipraktik_matching.puzzle.laying import BRANCHES
    from ipraktik_matching.puzzle.lots import lot_numbers
    from ipraktik_matching.puzzle.network.tables import tables_of
    from ipraktik_matching.puzzle.network.tree import grow

    columns, lots = standing.columns, lot_numbers(standing.columns, 0)
    room = room_beside_pins(columns, columns.pinned)
    allowed = room.allowed.copy()
    allowed[row] = hosts
    tables = tables_of(replace(room, allowed=allowed), columns.fit, lots)
    grown = grow(tables, lots, branches=BRANCHES, for_lots=BRANCHES)
    if not grown.unique or grown.chosen[row] < 0:
        return None
    return np.where(columns.pinned >= 0, columns.pinned, grown.chosen)


def _by_programme(standing: Standing, row: int, hosts: Yes, in_hand: Whole | None) -> tuple[Whole, bool]:
    import numpy as np

    from ipraktik_matching.puzzle.face import all_plans
    from ipraktik_matching.puzzle.lots import lot_numbers
    from ipraktik_matching.puzzle.search import best

    columns = standing.columns
    face = all_plans(columns)
    allowed, must = face.allowed.copy(), face.must.copy()
    allowed[row], must[row] = hosts, True
    start = in_hand if in_hand is not None else _anyhow(standing, row, hosts)
    face = replace(face, allowed=allowed, must=must)
    proven = True
    lots = lot_numbers(columns, 0)
    for aim in (np.where(allowed, columns.sizes[:, None], 0), columns.fit, lots):
        found = best(face, aim, start=start, spread=lots, nodes=NODES)
        face, start, proven = found.face, found.chosen, proven and found.proven
    return start, proven


def _anyhow(standing: Standing, row: int, hosts: Yes) -> Whole:
    """A plan with the group there: whoever was there and has no room left goes without, pins apart."""
    columns = standing.columns
    chosen = standing.chosen.copy()
    chosen[row] = there = int(hosts.nonzero()[0][0])
    for other in (chosen == there).nonzero()[0].tolist():
        over = columns.sizes[chosen == there].sum() > columns.seats[there]
        if over and other != row and columns.pinned[other] < 0:
            chosen[other] = -1
    return chosen


def _open(standing: Standing, row: int, hosts: Yes) -> Yes:
    """Of these hosts those whose seats beside the pinned are enough."""
    from ipraktik_matching.puzzle.certificate import room_beside_pins

    room = room_beside_pins(standing.columns, standing.columns.pinned)
    open_to: Yes = hosts & room.allowed[row]
    return open_to


def _own(standing: Standing, intern_id: str, host: int) -> tuple[str, Fit, int]:
    columns, row = standing.columns, standing.row_of[intern_id]
    me = next(one for one in columns.groups[row].members if one.id == intern_id)
    there = columns.hosts[host]
    points = fit(me, there, puzzle=standing.puzzle, days=int(columns.days[row, host]))
    return there.id, points, int(standing.weight[row, host])


def _worth(columns: Columns, chosen: Whole, fits: Whole) -> tuple[int, int]:
    placed = (chosen >= 0).nonzero()[0]
    return int(columns.sizes[placed].sum()), int(fits[placed, chosen[placed]].sum())


def _name(columns: Columns, host: int) -> str | None:
    return None if host < 0 else columns.hosts[int(host)].id
