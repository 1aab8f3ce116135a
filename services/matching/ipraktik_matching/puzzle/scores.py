"""Points, days and who may meet at all, a few rows at a time: what `columns` fills its tables with.

Equal rows are scored once: everybody belongs to a class per question (which fields are wished for, which days are free), and a
table of classes answers for all. So a large puzzle costs look-ups and no calls, and no more memory than the rows in hand.
Says the same as `points` and `stay` say for single rows (a test holds it).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from ipraktik_matching.puzzle import points
from ipraktik_matching.puzzle.pieces import Days, Host, Intern, Puzzle, Window
from ipraktik_matching.puzzle.stay import (
    MOST_DAYS,
    agreed_days,
    common_windows,
    free_windows,
    weekdays_before,
)

Short = npt.NDArray[np.int32]
Yes = npt.NDArray[np.bool_]
Some = slice | npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Classes:
    """A score for each class of interns and of hosts."""

    by_class: Short
    row_of: Short
    column_of: Short

    def rows(self, some: Some) -> Short:
        """The scores of these interns at every host."""
        return np.take(self.by_class[self.row_of[some]], self.column_of, axis=1)


class Meeting:
    """Which of these interns may meet which hosts, dates and seats apart."""

    def __init__(self, puzzle: Puzzle, interns: Sequence[Intern], hosts: Sequence[Host]) -> None:
        self._units = _codes([one.workplace_id for one in interns], [one.workplace_id for one in hosts])
        self._houses = _codes(
            [one.organisation_id for one in interns], [one.organisation_id for one in hosts]
        )
        self._asked = np.array([one.own_organisation for one in interns], dtype=np.bool_)
        self._never = _pairs(interns, hosts, dict.fromkeys(puzzle.forbidden, 1))

    def rows(self, some: Some) -> Yes:
        """Those of these interns."""
        (units, unit_of), (houses, house_of) = self._units, self._houses
        meet: Yes = houses[some][:, None] != house_of
        meet |= self._asked[some][:, None]
        meet &= units[some][:, None] != unit_of
        _set(meet, self._never, some, len(self._asked), lambda _old, _new: False)
        return meet


class Scores:
    """The fit of these interns at every host, once the days are agreed."""

    def __init__(self, puzzle: Puzzle, interns: Sequence[Intern], hosts: Sequence[Host]) -> None:
        self._policy = policy = puzzle.policy
        regions, near = puzzle.region_of, puzzle.group_of

        def table(
            of_intern: Callable[[Intern], Any],
            of_host: Callable[[Host], Any],
            score: Callable[[Any, Any], int],
        ) -> Classes:
            return _classed(interns, hosts, of_intern, of_host, score)

        self._single = [
            Classes(self._scaled(name, one.by_class), one.row_of, one.column_of)
            for name, one in (
                (
                    "field",
                    table(
                        lambda i: i.wishes.fields,
                        lambda h: h.field,
                        lambda a, b: points.field_points(a, b, near),
                    ),
                ),
                ("sector", table(lambda i: i.wishes.sectors, lambda h: h.sector, points.sector_points)),
                (
                    "area",
                    table(lambda i: i.wishes.areas, _home, lambda a, b: points.area_points(a, b, regions)),
                ),
                (
                    "journey",
                    table(
                        lambda i: (i.journey_type, i.field, i.sector),
                        lambda h: (h.field, h.sector),
                        lambda a, b: points.journey_points(a[0], a[1:], b, near),
                    ),
                ),
            )
        ]
        self._host_wishes = [
            table(lambda i: i.field, lambda h: h.wishes.fields, lambda a, b: points.host_field_points(b, a)),
            table(
                lambda i: i.sector, lambda h: h.wishes.sectors, lambda a, b: points.host_sector_points(b, a)
            ),
            table(_home, lambda h: h.wishes.areas, lambda a, b: points.host_area_points(b, a, regions)),
        ]
        column_of = {host.id: column for column, host in enumerate(hosts)}
        self._in_mind = np.array(
            [
                -1 if one.host_in_mind_id is None else column_of.get(one.host_in_mind_id, -1)
                for one in interns
            ],
            dtype=np.int64,
        )
        before = points.scaled("unplaced_before", points.POINTS["unplaced_before"], policy)
        self._before = np.array([before if one.unplaced_before else 0 for one in interns], dtype=np.int32)
        kinds, kind_of = _numbered(one.journey_type for one in interns)
        self._by_days = np.array(
            [
                [
                    points.scaled("days", points.day_points(kind, many), policy)
                    for many in range(MOST_DAYS + 1)
                ]
                for kind in kinds
            ],
            dtype=np.int32,
        ).reshape(len(kinds), MOST_DAYS + 1)
        self._kind_of = kind_of
        kept = dict.fromkeys(puzzle.drafts, policy.keep_draft) | dict.fromkeys(puzzle.open, policy.keep_open)
        self._kept = _pairs(interns, hosts, kept)
        self._many = len(interns)

    def rows(self, some: npt.NDArray[np.int64], days: npt.NDArray[np.int8]) -> Short:
        """Those of these interns, each at so many days."""
        total = self._host_wishes[0].rows(some)
        for one in self._host_wishes[1:]:
            total += one.rows(some)
        total = self._scaled("host_wish", total)
        for one in self._single:
            total += one.rows(some)
        wanted = np.flatnonzero(self._in_mind[some] >= 0)
        in_mind = points.scaled("host_in_mind", points.POINTS["host_in_mind"], self._policy)
        total[wanted, self._in_mind[some][wanted]] += in_mind
        total += self._before[some][:, None]
        total += np.take_along_axis(self._by_days[self._kind_of[some]], days.astype(np.int64), axis=1)
        policy = self._policy
        if policy.low_fit_percent:
            missing = np.maximum(policy.low_fit - total, 0) * policy.low_fit_percent // 100
            total -= np.minimum(np.maximum(total, 0), missing)
        _set(total, self._kept, some, self._many, lambda old, new: old + new)
        return total

    def _scaled(self, name: str, table: Short) -> Short:
        most = points.POINTS[name]
        weight = self._policy.weights.get(name, most)
        return table if weight == most else np.asarray(table * weight // most)


class Agreed:
    """The agreed number of days of these groups and every host, 0 where days or dates have nothing in common."""

    def __init__(self, puzzle: Puzzle, groups: Sequence[tuple[Intern, ...]], hosts: Sequence[Host]) -> None:
        free: dict[Any, Any] = {}

        def windows(available: tuple[Window, ...]) -> tuple[Window, ...]:
            if available not in free:
                free[available] = free_windows(available, puzzle.dates)
            return tuple(free[available])

        times, self._time_of = _numbered(
            common_windows([windows(one.available) for one in group]) for group in groups
        )
        opens, self._open_of = _numbered(windows(host.available) for host in hosts)
        longest = np.zeros((len(times), len(opens)), dtype=np.int32)
        for (begin, end), (first, last) in product(_layers(times), _layers(opens)):
            length = np.minimum(end[:, None], last[None, :]) - np.maximum(begin[:, None], first[None, :])
            np.maximum(longest, length, out=longest)
        self._longest = np.minimum(longest, MOST_DAYS).astype(np.int8)
        kinds, self._kind_of = _numbered(tuple((i.days, i.journey_type) for i in group) for group in groups)
        ranges, self._range_of = _numbered(host.days for host in hosts)
        self._agreed = np.zeros((len(kinds), MOST_DAYS + 1, len(ranges)), dtype=np.int8)
        for (row, kind), (column, of_host) in product(enumerate(kinds), enumerate(ranges)):
            for most in range(MOST_DAYS + 1):
                self._agreed[row, most, column] = _agreed(kind, of_host, most)

    def rows(self, some: Some) -> npt.NDArray[np.int8]:
        """Those of these groups."""
        longest = np.take(self._longest[self._time_of[some]], self._open_of, axis=1)
        return self._agreed[self._kind_of[some][:, None], longest, self._range_of[None, :]]


def _agreed(kind: tuple[tuple[Days, str], ...], host_days: Days, longest: int) -> int:
    ranges = [host_days, *(days for days, _ in kind)]
    return agreed_days(ranges=ranges, journey_types=[journey for _, journey in kind], longest=longest)


def _layers(everyone: Sequence[tuple[Window, ...]]) -> list[tuple[Short, Short]]:
    """The n-th window of each as weekday numbers (first day, day after the last); a missing one has no length."""
    layers = []
    for number in range(max(map(len, everyone), default=0)):
        nth = [windows[number] if number < len(windows) else None for windows in everyone]
        begin = [weekdays_before(window[0]) if window else 0 for window in nth]
        end = [weekdays_before(window[1] + timedelta(days=1)) if window else -1 for window in nth]
        layers.append((np.array(begin, dtype=np.int32), np.array(end, dtype=np.int32)))
    return layers


def _home(row: Intern | Host) -> tuple[str | None, str]:
    return (row.municipality_code, row.country)


def _numbered(keys: Iterable[Any]) -> tuple[list[Any], Short]:
    """The distinct keys in order of first appearance, and the number of each row's key."""
    number: dict[Any, int] = {}
    rows = [number.setdefault(key, len(number)) for key in keys]
    return list(number), np.array(rows, dtype=np.int32)


def _codes(of_interns: Sequence[str], of_hosts: Sequence[str]) -> tuple[Short, Short]:
    """Numbers that are equal where the texts are."""
    _, codes = _numbered([*of_interns, *of_hosts])
    return codes[: len(of_interns)], codes[len(of_interns) :]


def _classed(
    interns: Sequence[Intern],
    hosts: Sequence[Host],
    of_intern: Callable[[Intern], Any],
    of_host: Callable[[Host], Any],
    score: Callable[[Any, Any], int],
) -> Classes:
    rows, row_of = _numbered(map(of_intern, interns))
    columns, column_of = _numbered(map(of_host, hosts))
    by_class = np.array([[score(a, b) for b in columns] for a in rows], dtype=np.int32)
    return Classes(by_class.reshape(len(rows), len(columns)), row_of, column_of)


Pairs = dict[int, list[tuple[int, int]]]


def _pairs(interns: Sequence[Intern], hosts: Sequence[Host], said: dict[tuple[str, str], int]) -> Pairs:
    """By intern's row what is said of single pairs: host's column and number."""
    row_of = {intern.id: row for row, intern in enumerate(interns)}
    column_of = {host.id: column for column, host in enumerate(hosts)}
    found: Pairs = {}
    for (intern_id, host_id), number in said.items():
        if intern_id in row_of and host_id in column_of:
            found.setdefault(row_of[intern_id], []).append((column_of[host_id], number))
    return found


def _set(table: Any, pairs: Pairs, some: Some, many: int, change: Callable[[Any, int], Any]) -> None:
    """Change single cells of the rows in hand."""
    if pairs:
        for number, row in enumerate(np.arange(many)[some].tolist()):
            for column, said in pairs.get(row, ()):
                table[number, column] = change(table[number, column], said)
