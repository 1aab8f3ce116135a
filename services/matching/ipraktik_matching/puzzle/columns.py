"""The puzzle as tables: for every group and host whether they may meet, for how many days, and with what fit.

A column of the integer programme is one cell of these tables. The tables must say the same as `points`, `stay` and the
hard rules say for single rows (a test holds it); they are filled class by class, so that a thousand interns and a
thousand hosts cost a fraction of a second instead of a million calls.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from ipraktik_matching.puzzle import points
from ipraktik_matching.puzzle.groups import Group, by_lot, groups_of
from ipraktik_matching.puzzle.pieces import Days, Host, Intern, Puzzle, Window
from ipraktik_matching.puzzle.stay import (
    MOST_DAYS,
    agreed_days,
    common_windows,
    free_windows,
    weekdays_before,
)

Whole = npt.NDArray[np.int64]
Yes = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows are groups, columns are hosts, both in order of lot.

    `suits`: the hard rules allow it, seats that are taken apart; `allowed`: and the free seats are enough. `days` is 0
    and `fit` means nothing where `suits` is false. `suited_alone`: interns who by themselves would suit some host.
    `pinned`: the host that a group is pinned to and gets in every plan, or -1.
    """

    groups: tuple[Group, ...]
    hosts: tuple[Host, ...]
    sizes: Whole
    seats: Whole
    suits: Yes
    allowed: Yes
    days: Whole
    fit: Whole
    suited_alone: frozenset[str]
    pinned: Whole


def columns_of(puzzle: Puzzle) -> Columns:
    """All tables of the puzzle."""
    groups = groups_of(puzzle)
    hosts = tuple(sorted(puzzle.hosts, key=by_lot))
    interns = tuple(member for group in groups for member in group.members)
    row_of = {intern.id: row for row, intern in enumerate(interns)}
    first = np.array([row_of[group.members[0].id] for group in groups], dtype=np.int64)
    last = np.array([row_of[group.members[-1].id] for group in groups], dtype=np.int64)
    sizes = np.array([len(group.members) for group in groups], dtype=np.int64)
    capacity = np.array([host.capacity for host in hosts], dtype=np.int64)
    standing = [host_id for _, host_id in puzzle.fixed]
    seats = capacity - np.array([standing.count(host.id) for host in hosts], dtype=np.int64)

    meet = _may_meet(puzzle, interns, hosts)
    alone = meet & (_days(puzzle, [(intern,) for intern in interns], hosts) > 0)
    days = _days(puzzle, [group.members for group in groups], hosts)
    suits = meet[first] & meet[last] & (days > 0) & (sizes[:, None] <= capacity[None, :])
    for row, group in enumerate(groups):
        if group.joins is not None:
            suits[row] &= np.array([host.id == group.joins for host in hosts], dtype=np.bool_)
    pins = _pins(puzzle, groups)
    for row, wanted in pins.items():
        suits[row] &= np.array([{host.id} == wanted for host in hosts], dtype=np.bool_)
    allowed = suits & (sizes[:, None] <= seats[None, :])

    by_person = _points_without_days(puzzle, interns, hosts)
    kept = _kept(puzzle, interns, hosts)
    fit = _with_days(puzzle, by_person, interns, first, days) + kept[first]
    fit += np.where(sizes[:, None] == 2, _with_days(puzzle, by_person, interns, last, days) + kept[last], 0)
    return Columns(
        groups=groups,
        hosts=hosts,
        sizes=sizes,
        seats=seats,
        suits=suits,
        allowed=allowed,
        days=np.where(suits, days, 0),
        fit=fit,
        suited_alone=frozenset(interns[row].id for row in np.flatnonzero(alone.any(axis=1))),
        pinned=_seated(pins, allowed, sizes, seats),
    )


def _pins(puzzle: Puzzle, groups: Sequence[Group]) -> dict[int, set[str]]:
    """The hosts that each group's members are pinned to: one for all of them, or the group has nowhere to go."""
    pins = dict(puzzle.pinned)
    wanted = {
        row: {pins[one.id] for one in group.members if one.id in pins} for row, group in enumerate(groups)
    }
    return {row: hosts for row, hosts in wanted.items() if hosts}


def _seated(pins: Iterable[int], allowed: Yes, sizes: Whole, seats: Whole) -> Whole:
    """Where the pinned groups sit, in order of lot while seats last: together a plan, and part of every plan."""
    free = seats.copy()
    seated = np.full(len(sizes), -1, dtype=np.int64)
    for row in sorted(pins):
        for column in np.flatnonzero(allowed[row] & (free >= sizes[row])):
            seated[row] = column
            free[column] -= sizes[row]
    return seated


def _may_meet(puzzle: Puzzle, interns: Sequence[Intern], hosts: Sequence[Host]) -> Yes:
    same_unit = _table(interns, hosts, _workplace, _workplace, lambda a, b: a == b)
    same_house = _table(interns, hosts, _organisation, _organisation, lambda a, b: a == b)
    asked = np.array([intern.own_organisation for intern in interns], dtype=np.bool_)
    meet: Yes = (same_unit == 0) & ((same_house == 0) | asked[:, None])
    row_of = {intern.id: row for row, intern in enumerate(interns)}
    column_of = {host.id: column for column, host in enumerate(hosts)}
    for intern_id, host_id in puzzle.forbidden:
        if intern_id in row_of:
            meet[row_of[intern_id], column_of[host_id]] = False
    return meet


def _points_without_days(puzzle: Puzzle, interns: Sequence[Intern], hosts: Sequence[Host]) -> Whole:
    regions, near = puzzle.region_of, puzzle.group_of

    def table(
        of_intern: Callable[[Intern], Any], of_host: Callable[[Host], Any], score: Callable[[Any, Any], int]
    ) -> Whole:
        return _table(interns, hosts, of_intern, of_host, score)

    def part(name: str, table: Whole) -> Whole:
        return _scaled(puzzle, name, table)

    total = part(
        "field",
        table(lambda i: i.wishes.fields, lambda h: h.field, lambda a, b: points.field_points(a, b, near)),
    )
    total = total + part(
        "sector", table(lambda i: i.wishes.sectors, lambda h: h.sector, points.sector_points)
    )
    total += part(
        "area", table(lambda i: i.wishes.areas, _home, lambda a, b: points.area_points(a, b, regions))
    )
    total += part(
        "journey",
        table(
            lambda i: (i.journey_type, i.field, i.sector),
            lambda h: (h.field, h.sector),
            lambda a, b: points.journey_points(a[0], a[1:], b, near),
        ),
    )
    host_wish = table(
        lambda i: i.field, lambda h: h.wishes.fields, lambda a, b: points.host_field_points(b, a)
    )
    host_wish = host_wish + table(
        lambda i: i.sector, lambda h: h.wishes.sectors, lambda a, b: points.host_sector_points(b, a)
    )
    host_wish += table(_home, lambda h: h.wishes.areas, lambda a, b: points.host_area_points(b, a, regions))
    total += part("host_wish", host_wish)
    column_of = {host.id: column for column, host in enumerate(hosts)}
    for row, intern in enumerate(interns):
        if intern.host_in_mind_id in column_of:
            total[row, column_of[intern.host_in_mind_id]] += points.scaled(
                "host_in_mind", points.POINTS["host_in_mind"], puzzle.policy
            )
        if intern.unplaced_before:
            total[row] += points.scaled("unplaced_before", points.POINTS["unplaced_before"], puzzle.policy)
    return total


def _with_days(puzzle: Puzzle, by_person: Whole, interns: Sequence[Intern], who: Whole, days: Whole) -> Whole:
    """The whole fit of these interns at the agreed days, but for what is kept."""
    kinds = [interns[row].journey_type for row in who]
    by_days = [
        [points.scaled("days", points.day_points(kind, n), puzzle.policy) for n in range(MOST_DAYS + 1)]
        for kind in kinds
    ]
    table = np.array(by_days, dtype=np.int64).reshape(len(kinds), MOST_DAYS + 1)
    total: Whole = by_person[who] + np.take_along_axis(table, days, axis=1)
    policy = puzzle.policy
    missing = np.maximum(policy.low_fit - total, 0) * policy.low_fit_percent // 100
    return np.asarray(total - np.minimum(np.maximum(total, 0), missing))


def _scaled(puzzle: Puzzle, name: str, table: Whole) -> Whole:
    most = points.POINTS[name]
    return np.asarray(table * puzzle.policy.weights.get(name, most) // most)


def _kept(puzzle: Puzzle, interns: Sequence[Intern], hosts: Sequence[Host]) -> Whole:
    """What leaving each intern where proposals have them is worth."""
    kept = np.zeros((len(interns), len(hosts)), dtype=np.int64)
    row_of = {intern.id: row for row, intern in enumerate(interns)}
    column_of = {host.id: column for column, host in enumerate(hosts)}
    for pairs, worth in ((puzzle.drafts, puzzle.policy.keep_draft), (puzzle.open, puzzle.policy.keep_open)):
        for intern_id, host_id in pairs:
            if intern_id in row_of:
                kept[row_of[intern_id], column_of[host_id]] = worth
    return kept


def _days(puzzle: Puzzle, groups: Sequence[tuple[Intern, ...]], hosts: Sequence[Host]) -> Whole:
    """The agreed number of days of every group and host, 0 where days or dates have nothing in common."""
    longest = _longest_common(puzzle, groups, hosts)
    kinds, kind_of = _classes(tuple((i.days, i.journey_type) for i in group) for group in groups)
    ranges, range_of = _classes(host.days for host in hosts)
    by_class = np.zeros((len(kinds), len(ranges), MOST_DAYS + 1), dtype=np.int64)
    for (row, kind), (column, host_days) in product(enumerate(kinds), enumerate(ranges)):
        for most in range(MOST_DAYS + 1):
            by_class[row, column, most] = _agreed(kind, host_days, most)
    return by_class[kind_of[:, None], range_of[None, :], longest]


def _agreed(kind: tuple[tuple[Days, str], ...], host_days: Days, longest: int) -> int:
    ranges = [host_days, *(days for days, _ in kind)]
    return agreed_days(ranges=ranges, journey_types=[journey for _, journey in kind], longest=longest)


def _longest_common(puzzle: Puzzle, groups: Sequence[tuple[Intern, ...]], hosts: Sequence[Host]) -> Whole:
    """The most weekdays of any window common to a group and a host, cut at MOST_DAYS."""
    longest = np.zeros((len(groups), len(hosts)), dtype=np.int64)
    of_groups = [common_windows([free_windows(i.available, puzzle.dates) for i in group]) for group in groups]
    of_hosts = [free_windows(host.available, puzzle.dates) for host in hosts]
    for (begin, end), (opens, closes) in product(_layers(of_groups), _layers(of_hosts)):
        length = np.minimum(end[:, None], closes[None, :]) - np.maximum(begin[:, None], opens[None, :])
        np.maximum(longest, length, out=longest)
    return np.minimum(longest, MOST_DAYS)


def _layers(everyone: Sequence[tuple[Window, ...]]) -> list[tuple[Whole, Whole]]:
    """The n-th window of each row as weekday numbers (first day, day after the last); a missing one has no length."""
    layers = []
    for number in range(max(map(len, everyone), default=0)):
        nth = [windows[number] if number < len(windows) else None for windows in everyone]
        begin = [weekdays_before(window[0]) if window else 0 for window in nth]
        end = [weekdays_before(window[1] + timedelta(days=1)) if window else -1 for window in nth]
        layers.append((np.array(begin, dtype=np.int64), np.array(end, dtype=np.int64)))
    return layers


def _workplace(row: Intern | Host) -> str:
    return row.workplace_id


def _organisation(row: Intern | Host) -> str:
    return row.organisation_id


def _home(row: Intern | Host) -> tuple[str | None, str]:
    return (row.municipality_code, row.country)


def _classes(keys: Iterable[Any]) -> tuple[list[Any], Whole]:
    """The distinct keys in order of first appearance, and the number of each row's key."""
    number: dict[Any, int] = {}
    rows = [number.setdefault(key, len(number)) for key in keys]
    return list(number), np.array(rows, dtype=np.int64)


def _table(
    interns: Sequence[Intern],
    hosts: Sequence[Host],
    of_intern: Callable[[Intern], Any],
    of_host: Callable[[Host], Any],
    score: Callable[[Any, Any], int],
) -> Whole:
    rows, row_of = _classes(map(of_intern, interns))
    columns, column_of = _classes(map(of_host, hosts))
    by_class = np.array([[score(a, b) for b in columns] for a in rows], dtype=np.int64)
    table: Whole = by_class.reshape(len(rows), len(columns))[row_of[:, None], column_of[None, :]]
    return table
