"""Interns of one host in a common week, where possible: a second step, when the places are fixed.

Who goes where, for how many days and with what fit is the plan's and does not change here; only when is chosen. A week is
Monday to Friday. At each host that receives more than one party (a single traveller, or two companions) the week is taken in
which most persons can be there, stays that stand already included; then the days on which all of them are there are as many as
can be; then the earliest. Each host is tried in full, so for these places nothing better exists. Who cannot join keeps
the window that the plan gave.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

from ipraktik_matching.puzzle.pieces import Host, Intern, Puzzle, Window
from ipraktik_matching.puzzle.plan import Plan
from ipraktik_matching.puzzle.stay import common_windows, free_windows

WEEK_DAYS = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Party:
    """So many persons who go together for so many days, and when they and the host are free (disjoint windows)."""

    persons: int
    days: int
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """The Monday of the common week, each party's first and last day in it (None = cannot join), and the days all share."""

    monday: date
    stays: tuple[Window | None, ...]
    days: int


@dataclass(frozen=True, slots=True)
class HostWeek:
    """A host with more than one party: who is there in the common week (None = there is none), and who comes at another time."""

    host_id: str
    monday: date | None
    together: tuple[str, ...]
    apart: tuple[str, ...]
    days: int


def shared_week(parties: Sequence[Party], standing: Sequence[Window] = ()) -> Shared | None:
    """The best common week of one host's parties, or None where no two of them (or of what stands) can share one."""
    held = [one for one in standing if _monday(one[0]) == _monday(one[1])]
    most = 1
    weeks: list[tuple[date, list[list[Window | None]], list[Window]]] = []
    for monday in _mondays(parties):
        ways = [_stays(one, monday) for one in parties]
        with_us = [one for one in held if _monday(one[0]) == monday]
        there = sum(map(bool, ways)) + len(with_us)
        persons = sum(one.persons for one, its in zip(parties, ways, strict=True) if its) + len(with_us)
        if there < 2 or not any(ways) or persons < most:
            continue
        if persons > most:
            most, weeks = persons, []
        weeks.append((monday, ways, with_us))
    found: Shared | None = None
    for monday, ways, with_us in weeks:
        for stays in product(*(its or [None] for its in ways)):
            days = _common_days([*with_us, *(one for one in stays if one is not None)])
            if found is None or days > found.days:
                found = Shared(monday, stays, days)
    return found


def in_common_weeks(
    puzzle: Puzzle, plan: Plan, *, standing: Mapping[str, Sequence[Window]] | None = None
) -> tuple[Plan, tuple[HostWeek, ...]]:
    """The same plan with everybody who can in a common week, and what came of it at each host with more than one party.

    `standing`: host to the first and last days of stays that stand there. Figures and certificate hold as they are.
    """
    rows: list[Intern | Host] = [*puzzle.interns, *puzzle.hosts]
    free = {row.id: free_windows(row.available, puzzle.dates) for row in rows}
    at: dict[str, dict[str, list[str]]] = defaultdict(dict)
    days = {one.intern_id: one.days for one in plan.placements}
    for one in sorted(plan.placements, key=lambda one: one.intern_id):
        group = sorted({one.intern_id, one.companion_id or one.intern_id})
        at[one.host_id][group[0]] = group
    windows: dict[str, Window] = {}
    weeks = []
    for host_id, groups in sorted(at.items()):
        held = (standing or {}).get(host_id, ())
        if len(groups) + len(held) < 2:
            continue
        members = list(groups.values())
        parties = [
            Party(len(ids), days[ids[0]], common_windows([free[host_id], *(free[one] for one in ids)]))
            for ids in members
        ]
        shared = shared_week(parties, held)
        stays = shared.stays if shared else tuple(None for _ in parties)
        joined = {one: stay for ids, stay in zip(members, stays, strict=True) for one in ids if stay}
        windows |= joined
        everybody = {one for ids in members for one in ids}
        weeks.append(
            HostWeek(
                host_id,
                shared.monday if shared else None,
                tuple(sorted(joined)),
                tuple(sorted(everybody - joined.keys())),
                shared.days if shared else 0,
            )
        )
    placements = tuple(replace(one, window=windows.get(one.intern_id, one.window)) for one in plan.placements)
    return replace(plan, placements=placements), tuple(weeks)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _mondays(parties: Sequence[Party]) -> list[date]:
    """Every week that touches somebody's windows, the earliest first."""
    found = set()
    for first, last in {window for one in parties for window in one.windows}:
        monday = _monday(first)
        while monday <= last:
            found.add(monday)
            monday += 7 * _DAY
    return sorted(found)


def _stays(party: Party, monday: date) -> list[Window | None]:
    """Every stretch of the party's days within this week and one of its windows, the earliest first."""
    stretches = (
        (monday + start * _DAY, monday + (start + party.days - 1) * _DAY)
        for start in range(WEEK_DAYS - party.days + 1)
    )
    return [
        (begin, end)
        for begin, end in stretches
        if any(first <= begin and end <= last for first, last in party.windows)
    ]


def _common_days(stays: Sequence[Window]) -> int:
    return max(0, (min(last for _, last in stays) - max(first for first, _ in stays)).days + 1)
