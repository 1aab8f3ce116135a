"""Whether groups and hosts may meet, for how many days and with what fit, worked out where it is asked for.

`columns` fills its tables from here; a puzzle too large for tables keeps `Afresh` in their place, behind `Answers` that
are asked as tables are: by rows, or pair by pair. So no more is in memory than what is being looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ipraktik_matching.puzzle.agreed import Agreed
from ipraktik_matching.puzzle.classes import Short, Some, Whole, Yes
from ipraktik_matching.puzzle.groups import Group
from ipraktik_matching.puzzle.pieces import Host, Puzzle
from ipraktik_matching.puzzle.scores import Meeting, Scores

Brief = npt.NDArray[np.int8]
What = Literal["suits", "days", "fit"]

ANYWHERE, NOWHERE = -2, -1


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows, or some single pairs. `days` is 0 where `suits` is false."""

    suits: Yes
    days: Brief
    fit: Short


class Afresh:
    """Groups and hosts in the order of `columns`; `bound_to`: the only hosts open to a row that joins somebody or is pinned."""

    def __init__(
        self,
        puzzle: Puzzle,
        groups: Sequence[Group],
        hosts: Sequence[Host],
        bound_to: Mapping[int, int],
    ) -> None:
        interns = [member for group in groups for member in group.members]
        self.sizes: Whole = np.array([len(group.members) for group in groups], dtype=np.int64)
        self.last: Whole = np.cumsum(self.sizes) - 1
        self.first: Whole = self.last - self.sizes + 1
        self.shape = len(groups), len(hosts)
        self.scores = Scores(puzzle, interns, hosts)
        self.agreed = Agreed(puzzle, [group.members for group in groups], hosts)
        self.meeting = Meeting(puzzle, interns, hosts)
        self._capacity: Whole = np.array([host.capacity for host in hosts], dtype=np.int64)
        self._only = np.full(len(groups), ANYWHERE, dtype=np.int64)
        for row, column in bound_to.items():
            self._only[row] = column

    def rows(self, some: Some) -> Block:
        """Everything about these groups."""
        days = self.agreed.rows(some)
        suits = self._meet(some, days)
        return Block(suits, days * suits, self._points(some, days))

    def suits(self, some: Some) -> Yes:
        """Which hosts these groups suit, free seats apart."""
        return self._meet(some, self.agreed.rows(some))

    def fit(self, some: Some) -> Short:
        """The fit of these groups."""
        return self._points(some, self.agreed.rows(some))

    def _points(self, some: Some, days: Brief) -> Short:
        pair = np.flatnonzero(self.sizes[some] == 2)
        points = self.scores.rows(self.first[some], days)
        if len(pair):
            points[pair] += self.scores.rows(self.last[some][pair], days[pair])
        return points

    def _meet(self, some: Some, days: Brief) -> Yes:
        pair = np.flatnonzero(self.sizes[some] == 2)
        suits = self.meeting.rows(self.first[some])
        if len(pair):
            suits[pair] &= self.meeting.rows(self.last[some][pair])
        suits &= (days > 0) & (self.sizes[some][:, None] <= self._capacity)
        only = self._only[some]
        held = np.flatnonzero(only != ANYWHERE)
        suits[held] &= np.arange(self.shape[1]) == only[held, None]
        return suits

    def cells(self, rows: Whole, columns: Whole) -> Block:
        """Everything about these pairs of a group and a host."""
        days = self.agreed.cells(rows, columns)
        suits = self.suits_of(rows, columns, days)
        return Block(suits, days * suits, self.fit_of(rows, columns, days))

    def suits_of(self, rows: Whole, columns: Whole, days: Brief | None = None) -> Yes:
        """Which of these pairs suit, free seats apart."""
        days = self.agreed.cells(rows, columns) if days is None else days
        pair = np.flatnonzero(self.sizes[rows] == 2)
        suits = self.meeting.cells(self.first[rows], columns)
        suits[pair] &= self.meeting.cells(self.last[rows[pair]], columns[pair])
        suits &= (days > 0) & (self.sizes[rows] <= self._capacity[columns])
        suits &= (self._only[rows] == ANYWHERE) | (self._only[rows] == columns)
        return suits

    def fit_of(self, rows: Whole, columns: Whole, days: Brief | None = None) -> Short:
        """The fit of these pairs."""
        days = self.agreed.cells(rows, columns) if days is None else days
        pair = np.flatnonzero(self.sizes[rows] == 2)
        points = self.scores.cells(self.first[rows], columns, days)
        points[pair] += self.scores.cells(self.last[rows[pair]], columns[pair], days[pair])
        return points


class Answers:
    """One of the tables, asked `[rows]` (a slice, or numbers), `[row]`, or `[groups, hosts]`, pair by pair."""

    def __init__(self, afresh: Afresh, what: What) -> None:
        self.afresh = afresh
        self._what = what
        self.shape = afresh.shape
        self.size = afresh.shape[0] * afresh.shape[1]
        self.ndim = 2

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, tuple):
            rows, columns = np.broadcast_arrays(*key)
            flat = rows.ravel().astype(np.int64), columns.ravel().astype(np.int64)
            found = self._of_cells(*flat).reshape(rows.shape)
            return found if rows.shape else found[()]
        if isinstance(key, int | np.integer):
            return self._of_rows(np.array([key], dtype=np.int64))[0]
        return self._of_rows(key)

    def _of_rows(self, some: Some) -> Any:
        if self._what == "suits":
            return self.afresh.suits(some)
        return self.afresh.fit(some) if self._what == "fit" else self.afresh.rows(some).days

    def _of_cells(self, rows: Whole, columns: Whole) -> Any:
        if self._what == "suits":
            return self.afresh.suits_of(rows, columns)
        return getattr(self.afresh.cells(rows, columns), self._what)


class Open(Answers):
    """Whom hosts may take: who suits, of the rows that are asked about, where the free seats are enough."""

    def __init__(self, afresh: Afresh, asked: Yes, seats: Whole) -> None:
        super().__init__(afresh, "suits")
        self.asked, self.seats = asked, seats

    def _of_rows(self, some: Some) -> Any:
        suits = super()._of_rows(some)
        suits &= self.asked[some][:, None] & (self.afresh.sizes[some][:, None] <= self.seats[None, :])
        return suits

    def _of_cells(self, rows: Whole, columns: Whole) -> Any:
        suits = super()._of_cells(rows, columns)
        suits &= self.asked[rows] & (self.afresh.sizes[rows] <= self.seats[columns])
        return suits
