"""Who is left, what would help them, and which host to look for.

A seat that is not taken in every largest seating can take one person more, directly or along a chain of others who move up;
so whoever may go to a host of a kind and has no place tells what a seat there is worth. Where nobody travels in pairs that
is exact in persons; with companions it is what the relaxation says, and the fit it could add is a bound. What would place
who is left is exact either way (`giving_up`), but for `what_prices_say`, which looks at no person twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ipraktik_matching.puzzle.groups import groups_of
from ipraktik_matching.puzzle.pieces import Days, Host, Intern, Puzzle
from ipraktik_matching.puzzle.plan import Plan
from ipraktik_matching.puzzle.stay import agreed_stay, free_windows
from ipraktik_matching.puzzle.why import obstacles

if TYPE_CHECKING:
    from ipraktik_matching.puzzle.columns import Columns
    from ipraktik_matching.puzzle.network.seating import Seated
    from ipraktik_matching.puzzle.network.tables import Tables

GIVING_UP: Final = ("days", "dates", "own_organisation", "companion")
"""What could be given up, the smallest first: the number of days, the dates, staying out of the own house, going together."""

_OPEN: Final = Days(2, 5)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of host, how many more persons one seat there would place, and the most it could add to the fit."""

    field: str
    sector: str
    region: str
    places: int
    fit: int


def what_would_place(
    puzzle: Puzzle, left: Sequence[str], *, plan: Plan | None = None
) -> Mapping[str, tuple[str, ...]]:
    """For each of these interns, whom the plan leaves, what alone would place them; nothing = only another host helps.

    `plan`: the best plan of the puzzle, where it is at hand. `giving_up.why_left` says more: where they would go, and who moves.
    """
    from ipraktik_matching.puzzle.giving_up import why_left
    from ipraktik_matching.puzzle.solving import solve

    found = {one.intern_id: one.helps for one in why_left(puzzle, plan or solve(puzzle), left)}
    return {
        intern_id: tuple(one.thing for one in found.get(intern_id, ()) if one.thing in GIVING_UP)
        for intern_id in left
    }


def what_prices_say(puzzle: Puzzle, left: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """The same for puzzles of any size, in about the time of one plan: exact but for companions, of whom it is the relaxation's word."""
    from ipraktik_matching.puzzle.giving_up import without

    columns, tables, seated = _priced(puzzle)
    general = (tables.seats >= 2) & (seated.taken[0::2] == 0)
    single = (tables.seats % 2 == 1) & (seated.taken[1::2] == 0)
    for_one = [host for host, yes in zip(columns.hosts, general | single, strict=True) if yes]
    for_two = [host for host, yes in zip(columns.hosts, general, strict=True) if yes]
    group_of = {member.id: group for group in groups_of(puzzle) for member in group.members}
    found = {}
    for intern_id in left:
        group = group_of[intern_id]
        hosts = for_two if len(group.members) == 2 else for_one
        helps = [
            code
            for code in GIVING_UP[:3]
            if any(
                _fits(puzzle, tuple(without(member, code) for member in group.members), one) for one in hosts
            )
        ]
        if len(group.members) == 2 or group.joins is not None:
            me = tuple(one for one in group.members if one.id == intern_id)
            helps += ["companion"] if any(_fits(puzzle, me, one) for one in for_one) else []
        found[intern_id] = tuple(helps)
    return found


def hosts_to_look_for(puzzle: Puzzle, sectors: Sequence[str]) -> tuple[Wanted, ...]:
    """What one more seat of each kind (field, sector, region) would bring, best first; open to all and at any time."""
    import numpy as np

    from ipraktik_matching.puzzle.columns import columns_of

    columns, tables, seated = _priced(puzzle)
    somewhere: dict[str, str] = {}
    for code, region in sorted(puzzle.region_of.items()):
        somewhere.setdefault(region, code)
    kinds = [
        (field, sector, region)
        for field in sorted(puzzle.group_of)
        for sector in sectors
        for region in somewhere
    ]
    offered = [
        Host(
            id=f"{field} {sector} {region}",
            organisation_id="",
            workplace_id="",
            field=field,
            sector=sector,
            lot="0",
            days=_OPEN,
            municipality_code=somewhere[region],
        )
        for field, sector, region in kinds
    ]
    interns = tuple(replace(one, host_in_mind_id=None) for group in columns.groups for one in group.members)
    only = replace(
        puzzle,
        interns=interns,
        hosts=tuple(offered),
        fixed=(),
        pinned=(),
        open=(),
        drafts=(),
        forbidden=frozenset(),
    )
    new = columns_of(only)
    row = {group.members[0].id: number for number, group in enumerate(new.groups)}
    same = [row.get(group.members[0].id, 0) for group in columns.groups]
    held = np.array([group.joins is not None for group in columns.groups], dtype=np.bool_)
    alone = (columns.sizes == 1) & (columns.pinned < 0) & ~held
    halves = np.rint(seated.of_group / tables.scale) * tables.step
    gain = new.fit[same] - np.ceil(halves / 2)[:, None]
    usable = new.allowed[same] & alone[:, None]
    waiting = usable & (seated.sure == 0)[:, None]
    number = {host.id: column for column, host in enumerate(new.hosts)}
    wanted = []
    for kind, host in zip(kinds, offered, strict=True):
        column = number[host.id]
        places = int(waiting[:, column].any())
        who = waiting[:, column] if places else usable[:, column]
        wanted.append(Wanted(*kind, places, max(int(gain[who, column].max(initial=0)), 0)))
    return tuple(sorted(wanted, key=lambda one: (-one.places, -one.fit, one.field, one.sector, one.region)))


def _priced(puzzle: Puzzle) -> tuple[Columns, Tables, Seated]:
    import numpy as np

    from ipraktik_matching.puzzle.certificate import room_beside_pins
    from ipraktik_matching.puzzle.columns import columns_of
    from ipraktik_matching.puzzle.lots import lot_numbers
    from ipraktik_matching.puzzle.network.settling import first_columns, settle
    from ipraktik_matching.puzzle.network.tables import tables_of

    columns = columns_of(puzzle)
    lots = lot_numbers(columns, 0)
    tables = tables_of(room_beside_pins(columns, columns.pinned), columns.fit, lots)
    split = np.full(len(tables.seats), -1, dtype=np.int64)
    return columns, tables, settle(tables, split, first_columns(tables, lots))[0]


def _fits(puzzle: Puzzle, members: tuple[Intern, ...], host: Host) -> bool:
    """Whether the hard rules let these go to the host, seats apart."""
    if any(set(obstacles(puzzle, one, host)) - {"full"} for one in members):
        return False
    available = (host.available, *(one.available for one in members))
    everyone = [free_windows(one, puzzle.dates) for one in available]
    ranges = [host.days, *(one.days for one in members)]
    return (
        agreed_stay(ranges=ranges, journey_types=[one.journey_type for one in members], everyone=everyone)
        is not None
    )
