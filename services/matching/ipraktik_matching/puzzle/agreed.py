"""The number of days that travellers and hosts agree on, a few rows at a time or pair by pair; says the same as `stay`."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from ipraktik_matching.puzzle.classes import Short, Some, Whole, numbered
from ipraktik_matching.puzzle.pieces import Days, Host, Intern, Puzzle, Window
from ipraktik_matching.puzzle.stay import (
    MOST_DAYS,
    agreed_days,
    common_windows,
    free_windows,
    weekdays_before,
)

Brief = npt.NDArray[np.int8]


class Agreed:
    """The agreed number of days of these groups and every host, 0 where days or dates have nothing in common.

    `column_of`: hosts with the same class agree on the same with everybody.
    """

    def __init__(self, puzzle: Puzzle, groups: Sequence[tuple[Intern, ...]], hosts: Sequence[Host]) -> None:
        free: dict[Any, Any] = {}

        def windows(available: tuple[Window, ...]) -> tuple[Window, ...]:
            if available not in free:
                free[available] = free_windows(available, puzzle.dates)
            return tuple(free[available])

        times, self._time_of = numbered(
            common_windows([windows(one.available) for one in group]) for group in groups
        )
        opens, open_of = numbered(windows(host.available) for host in hosts)
        longest = np.zeros((len(times), len(opens)), dtype=np.int32)
        for (begin, end), (first, last) in product(_layers(times), _layers(opens)):
            length = np.minimum(end[:, None], last[None, :]) - np.maximum(begin[:, None], first[None, :])
            np.maximum(longest, length, out=longest)
        self._longest = np.minimum(longest, MOST_DAYS).astype(np.int8)
        kinds, self._kind_of = numbered(tuple((i.days, i.journey_type) for i in group) for group in groups)
        ranges, range_of = numbered(host.days for host in hosts)
        self._agreed = np.zeros((len(kinds), MOST_DAYS + 1, len(ranges)), dtype=np.int8)
        for (row, kind), (column, of_host) in product(enumerate(kinds), enumerate(ranges)):
            for most in range(MOST_DAYS + 1):
                self._agreed[row, most, column] = _agreed(kind, of_host, most)
        classes, self.column_of = numbered(zip(open_of.tolist(), range_of.tolist(), strict=True))
        found = np.array(classes, dtype=np.int32).reshape(len(classes), 2)
        self._open, self._range = found[:, 0], found[:, 1]

    def classes(self, some: Some) -> Brief:
        """Those of these groups at each class of hosts."""
        longest = np.take(self._longest[self._time_of[some]], self._open, axis=1)
        return self._agreed[self._kind_of[some][:, None], longest, self._range[None, :]]

    def rows(self, some: Some) -> Brief:
        """Those of these groups at every host."""
        return np.take(self.classes(some), self.column_of, axis=1)

    def cells(self, rows: Whole, columns: Whole) -> Brief:
        """Pair by pair."""
        class_of = self.column_of[columns]
        longest = self._longest[self._time_of[rows], self._open[class_of]]
        return self._agreed[self._kind_of[rows], longest, self._range[class_of]]


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
