"""Points, and who may meet at all, a few rows at a time or pair by pair: what `columns` answers from.

Says the same as `points` and the hard rules say for single rows (a test holds it).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ipraktik_matching.puzzle import points
from ipraktik_matching.puzzle.classes import (
    Classes,
    Said,
    Short,
    Some,
    Whole,
    Yes,
    classed,
    numbered,
    together,
)
from ipraktik_matching.puzzle.pieces import Host, Intern, Puzzle
from ipraktik_matching.puzzle.stay import MOST_DAYS


class Meeting:
    """Which of these interns may meet which hosts, dates and seats apart."""

    def __init__(self, puzzle: Puzzle, interns: Sequence[Intern], hosts: Sequence[Host]) -> None:
        self._units = _codes([one.workplace_id for one in interns], [one.workplace_id for one in hosts])
        self._houses = _codes(
            [one.organisation_id for one in interns], [one.organisation_id for one in hosts]
        )
        self._asked = np.array([one.own_organisation for one in interns], dtype=np.bool_)
        self._never = Said(interns, hosts, dict.fromkeys(puzzle.forbidden, 1))

    def rows(self, some: Some) -> Yes:
        """Those of these interns."""
        (units, unit_of), (houses, house_of) = self._units, self._houses
        meet: Yes = houses[some][:, None] != house_of
        meet |= self._asked[some][:, None]
        meet &= units[some][:, None] != unit_of
        place, column, _ = self._never.rows(some)
        meet[place, column] = False
        return meet

    def houses(self) -> tuple[Short, Yes, Short]:
        """The organisation of each intern, whether they asked for their own, and the organisation of each host."""
        return self._houses[0], self._asked, self._houses[1]

    def cells(self, rows: Whole, columns: Whole) -> Yes:
        """Pair by pair."""
        (units, unit_of), (houses, house_of) = self._units, self._houses
        meet: Yes = houses[rows] != house_of[columns]
        meet |= self._asked[rows]
        meet &= units[rows] != unit_of[columns]
        meet[self._never.cells(rows, columns)[0]] = False
        return meet


class Scores:
    """The fit of these interns at every host, once the days are agreed.

    It is a sum: of what the host's place gives (its field, sector and home), what its wishes give, what the days give, and what is
    said of the single pair or the intern alone. `place_of`: the class of each host's place.
    """

    def __init__(self, puzzle: Puzzle, interns: Sequence[Intern], hosts: Sequence[Host]) -> None:
        self._policy = policy = puzzle.policy
        regions, near = puzzle.region_of, puzzle.group_of

        def table(
            of_intern: Callable[[Intern], Any],
            of_host: Callable[[Host], Any],
            score: Callable[[Any, Any], int],
        ) -> Classes:
            return classed(interns, hosts, of_intern, of_host, score)

        work = [
            self._scaled(
                "field",
                table(
                    lambda i: i.wishes.fields,
                    lambda h: h.field,
                    lambda a, b: points.field_points(a, b, near),
                ),
            ),
            self._scaled(
                "sector", table(lambda i: i.wishes.sectors, lambda h: h.sector, points.sector_points)
            ),
            self._scaled(
                "journey",
                table(
                    lambda i: (i.journey_type, i.field, i.sector),
                    lambda h: (h.field, h.sector),
                    lambda a, b: points.journey_points(a[0], a[1:], b, near),
                ),
            ),
        ]
        area = self._scaled(
            "area", table(lambda i: i.wishes.areas, _home, lambda a, b: points.area_points(a, b, regions))
        )
        wishes = [
            table(lambda i: i.field, lambda h: h.wishes.fields, lambda a, b: points.host_field_points(b, a)),
            table(
                lambda i: i.sector, lambda h: h.wishes.sectors, lambda a, b: points.host_sector_points(b, a)
            ),
            table(_home, lambda h: h.wishes.areas, lambda a, b: points.host_area_points(b, a, regions)),
        ]
        self._work, self._area, self._wishes = work, area, wishes
        self._of_work, work_of = together(work)
        places, self.place_of = numbered(zip(work_of.tolist(), area.column_of.tolist(), strict=True))
        found = np.array(places, dtype=np.int32).reshape(len(places), 2)
        self._work_of, self._home_of = found[:, 0], found[:, 1]
        self._of_wishes, self._wish_of = together(wishes)
        most = sum(
            (
                one.by_class.max(axis=0, initial=0)[of]
                for one, of in zip(wishes, self._of_wishes, strict=True)
            ),
            start=np.zeros(0, dtype=np.int32) if not len(hosts) else np.int32(0),
        )
        self.most_by_wishes: Short = np.asarray(self._part("host_wish", np.asarray(most)))[self._wish_of]
        column_of = {host.id: column for column, host in enumerate(hosts)}
        self.in_mind = np.array(
            [
                -1 if one.host_in_mind_id is None else column_of.get(one.host_in_mind_id, -1)
                for one in interns
            ],
            dtype=np.int64,
        )
        self._has_in_mind = points.scaled("host_in_mind", points.POINTS["host_in_mind"], policy)
        before = points.scaled("unplaced_before", points.POINTS["unplaced_before"], policy)
        self._before = np.array([before if one.unplaced_before else 0 for one in interns], dtype=np.int32)
        kinds, self._kind_of = numbered(one.journey_type for one in interns)
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
        self.kept = Said(
            interns,
            hosts,
            dict.fromkeys(puzzle.drafts, policy.keep_draft) | dict.fromkeys(puzzle.open, policy.keep_open),
        )

    @property
    def plain(self) -> bool:
        """Nobody loses points for having few: the fit is a sum of its parts."""
        return not self._policy.low_fit_percent

    def of_places(self) -> tuple[Short, Short]:
        """The class of work and the class of home of each class of places."""
        return self._work_of, self._home_of

    def by_work(self, some: Some) -> Short:
        """What each class of work gives these interns."""
        total = self._work[0].by_class[self._work[0].row_of[some]][:, self._of_work[0]]
        for one, of in zip(self._work[1:], self._of_work[1:], strict=True):
            total += one.by_class[one.row_of[some]][:, of]
        return total

    def by_home(self, some: Some) -> Short:
        """What each class of homes gives these interns."""
        return self._area.by_class[self._area.row_of[some]]

    def places(self, some: Some) -> Short:
        """What each class of places gives these interns."""
        total: Short = np.take(self.by_work(some), self._work_of, axis=1)
        total += np.take(self.by_home(some), self._home_of, axis=1)
        return total

    def wishes(self) -> list[Classes]:
        """The hosts' wishes for fields, sectors and areas; what they give together is looked up in `wish_points`."""
        return self._wishes

    def wish_points(self) -> Short:
        """The points for so many points of wishes, under the policy's weight."""
        most = sum(int(one.by_class.max(initial=0)) for one in self._wishes)
        return self._part("host_wish", np.arange(most + 1, dtype=np.int32)).astype(np.int32)

    def by_days(self, some: Some, days: npt.NDArray[np.int8]) -> Short:
        """What these numbers of days give these interns."""
        return np.take_along_axis(self._by_days[self._kind_of[some]], days.astype(np.int64), axis=1)

    def before(self, some: Some) -> Short:
        """What these interns have wherever they go."""
        return self._before[some]

    def most_besides(self, some: Some, days: npt.NDArray[np.int8]) -> Short:
        """What these interns get at most besides places, wishes and what is said of single pairs; `days`: any that they may agree on."""
        return np.asarray(self.by_days(some, days).max(axis=1, initial=0) + self._before[some])

    def rows(self, some: Whole, days: npt.NDArray[np.int8]) -> Short:
        """The fit of these interns at every host, each at so many days."""
        wishes = self._wishes[0].by_class[self._wishes[0].row_of[some]][:, self._of_wishes[0]]
        for one, of in zip(self._wishes[1:], self._of_wishes[1:], strict=True):
            wishes += one.by_class[one.row_of[some]][:, of]
        total: Short = np.take(self._part("host_wish", wishes), self._wish_of, axis=1)
        total += np.take(self.places(some), self.place_of, axis=1)
        wanted = np.flatnonzero(self.in_mind[some] >= 0)
        total[wanted, self.in_mind[some][wanted]] += self._has_in_mind
        total += self._before[some][:, None]
        total += self.by_days(some, days)
        self._lower(total)
        place, column, number = self.kept.rows(some)
        np.add.at(total, (place, column), number.astype(np.int32))
        return total

    def cells(self, rows: Whole, columns: Whole, days: npt.NDArray[np.int8]) -> Short:
        """The fit pair by pair."""
        total = self._wishes[0].cells(rows, columns)
        for one in self._wishes[1:]:
            total += one.cells(rows, columns)
        total = self._part("host_wish", total)
        for one in (*self._work, self._area):
            total += one.cells(rows, columns)
        total += np.where(self.in_mind[rows] == columns, np.int32(self._has_in_mind), np.int32(0))
        total += self._before[rows]
        total += self._by_days[self._kind_of[rows], days]
        self._lower(total)
        there, number = self.kept.cells(rows, columns)
        total[there] += number.astype(np.int32)
        return total

    def grain(self) -> int:
        """What every fit is a multiple of, though they may have more in common."""
        if self._policy.low_fit_percent:
            return 1
        tables = [one.by_class for one in (*self._work, self._area)] + [self._by_days, self._before]
        parts = [int(np.gcd.reduce(one, axis=None, initial=0)) for one in tables]
        each = int(
            np.gcd.reduce([int(np.gcd.reduce(one.by_class, axis=None, initial=0)) for one in self._wishes])
        )
        most = points.POINTS["host_wish"]
        weight = self._policy.weights.get("host_wish", most)
        parts.append(each if weight == most else each * weight // most if each * weight % most == 0 else 1)
        parts += [self._has_in_mind, *(int(one) for one in np.unique(self.kept.number))]
        return max(int(np.gcd.reduce(parts)), 1)

    def _lower(self, total: Short) -> None:
        policy = self._policy
        if policy.low_fit_percent:
            missing = np.maximum(policy.low_fit - total, 0) * policy.low_fit_percent // 100
            total -= np.minimum(np.maximum(total, 0), missing)

    def _scaled(self, name: str, one: Classes) -> Classes:
        return Classes(self._part(name, one.by_class), one.row_of, one.column_of)

    def _part(self, name: str, table: Short) -> Short:
        most = points.POINTS[name]
        weight = self._policy.weights.get(name, most)
        return table if weight == most else np.asarray(table * weight // most)


def _home(row: Intern | Host) -> tuple[str | None, str]:
    return (row.municipality_code, row.country)


def _codes(of_interns: Sequence[str], of_hosts: Sequence[str]) -> tuple[Short, Short]:
    """Numbers that are equal where the texts are."""
    _, codes = numbered([*of_interns, *of_hosts])
    return codes[: len(of_interns)], codes[len(of_interns) :]
