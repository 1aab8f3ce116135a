"""Classes of people and hosts: equal rows are scored once, and look-ups answer for all.

Everybody belongs to a class per question (which fields are wished for, which days are free), and a table of classes answers
for all. So a large puzzle costs look-ups and no calls, and no more memory than the rows in hand.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ipraktik_matching.puzzle.pieces import Host, Intern

Short = npt.NDArray[np.int32]
Whole = npt.NDArray[np.int64]
Yes = npt.NDArray[np.bool_]
Some = slice | Whole


@dataclass(frozen=True, slots=True)
class Classes:
    """A score for each class of interns and of hosts."""

    by_class: Short
    row_of: Short
    column_of: Short

    def rows(self, some: Some) -> Short:
        """The scores of these interns at every host."""
        return np.take(self.by_class[self.row_of[some]], self.column_of, axis=1)

    def cells(self, rows: Whole, columns: Whole) -> Short:
        """The scores pair by pair."""
        return self.by_class[self.row_of[rows], self.column_of[columns]]


def classed(
    interns: Sequence[Intern],
    hosts: Sequence[Host],
    of_intern: Callable[[Intern], Any],
    of_host: Callable[[Host], Any],
    score: Callable[[Any, Any], int],
) -> Classes:
    """The classes that these two keys make, each pair of them scored once."""
    rows, row_of = numbered(map(of_intern, interns))
    columns, column_of = numbered(map(of_host, hosts))
    by_class = np.array([[score(a, b) for b in columns] for a in rows], dtype=np.int32)
    return Classes(by_class.reshape(len(rows), len(columns)), row_of, column_of)


def together(several: Sequence[Classes]) -> tuple[list[Short], Short]:
    """The classes of hosts that share all of these classes: for each question the class of the shared ones, and each host's."""
    shared, column_of = numbered(zip(*(one.column_of.tolist() for one in several), strict=True))
    found = np.array(shared, dtype=np.int32).reshape(len(shared), len(several))
    return [found[:, number] for number in range(len(several))], column_of


def numbered(keys: Iterable[Any]) -> tuple[list[Any], Short]:
    """The distinct keys in order of first appearance, and the number of each row's key."""
    number: dict[Any, int] = {}
    rows = [number.setdefault(key, len(number)) for key in keys]
    return list(number), np.array(rows, dtype=np.int32)


class Said:
    """What is said of single pairs of an intern and a host, as a number; the pairs in order of rows."""

    def __init__(
        self, interns: Sequence[Intern], hosts: Sequence[Host], said: Mapping[tuple[str, str], int]
    ) -> None:
        row_of = {intern.id: row for row, intern in enumerate(interns)}
        column_of = {host.id: column for column, host in enumerate(hosts)}
        known = [
            (row_of[intern_id], column_of[host_id], number)
            for (intern_id, host_id), number in said.items()
            if intern_id in row_of and host_id in column_of
        ]
        table = np.array(sorted(known), dtype=np.int64).reshape(len(known), 3)
        self.row, self.column, self.number = table[:, 0], table[:, 1], table[:, 2]
        self._many, self._width = len(interns), max(len(hosts), 1)
        self._codes = self.row * self._width + self.column

    def rows(self, some: Some) -> tuple[Whole, Whole, Whole]:
        """Those of these interns: the place of each among them, the host, the number."""
        if not len(self.row):
            return self.row, self.column, self.number
        asked = np.arange(self._many)[some]
        begin, end = np.searchsorted(self.row, asked), np.searchsorted(self.row, asked, side="right")
        length = end - begin
        place = np.repeat(np.arange(len(asked)), length)
        at = np.arange(len(place)) - np.repeat(np.cumsum(length) - length - begin, length)
        return place, self.column[at], self.number[at]

    def cells(self, rows: Whole, columns: Whole) -> tuple[Whole, Whole]:
        """Those among these pairs: the place of each, and its number."""
        codes = rows * self._width + columns
        at = np.minimum(np.searchsorted(self._codes, codes), max(len(self._codes) - 1, 0))
        there = np.flatnonzero(self._codes[at] == codes) if len(self._codes) else np.zeros(0, dtype=np.int64)
        return there, self.number[at[there]] if len(there) else there
