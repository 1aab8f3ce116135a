"""The programme that HiGHS is given for listed columns, counted from what the prices already prove.

Every column costs what it is short, every empty place its price: so the best plan of the divisible is at hand before HiGHS begins, and
numbers stay as small as the gap is. Rows, in this order: a group is placed or stays at home; a host's seats are taken or empty;
a host receives one pair or none; the cuts. One model is kept through all rounds of cuts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import highspy
import numpy as np

from ipraktik_matching.puzzle.columns import Whole, Yes
from ipraktik_matching.puzzle.face import Chosen, Cut, Odd
from ipraktik_matching.puzzle.left_over import Listed, Priced, columns_in
from ipraktik_matching.puzzle.network.seating import Seated
from ipraktik_matching.puzzle.odd import odd_cuts
from ipraktik_matching.puzzle.prices import Real
from ipraktik_matching.puzzle.program import SETTINGS, SolverError, Undivided, solver_name

UNIT: Final = 2.0**-6
"""What half a lot costs HiGHS: the gap stays far from where its digits end, and a lot far above its tolerances."""

_NO_GUESSES: Final[dict[str, bool | int | float | str]] = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
}
"""With cuts the divisible are nearly whole: its searches within the search took two thirds of the time and found nothing sooner."""

STEPS: Final = 4
"""So many steps of the simplex method a relaxation may take for each row; more mean that it goes round in circles among equals."""

_OPEN: Final = highspy.kHighsInf
_HAIR: Final = 1e-6
_FEASIBLE: Final = int(highspy.SolutionStatus.kSolutionStatusFeasible)
_BASIC, _ZERO = highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kLower


class Narrow:
    """A model of the listed columns in `used`, at the prices of `base` and with the cuts that they are for."""

    def __init__(self, here: Listed, base: Priced, used: Yes) -> None:
        self._here, self._base = here, base
        self._group, self._host = here.group[used], here.host[used]
        self._pair = here.sizes[self._group] == 2
        groups, hosts = len(here.sizes), len(here.seats)
        self._seat_row, self._pair_row = groups, groups + hosts
        self.cuts: tuple[Cut | Odd, ...] = ()
        self._hosts = np.flatnonzero(np.bincount(self._host[self._pair], minlength=hosts) > 0)
        self._number = np.full(hosts, -1)
        self._number[self._hosts] = np.arange(len(self._hosts))
        # Columns: placed, at home, empty seats, no pair, and what cuts leave unused.
        many = len(self._group)
        self._home, self._empty, self._none = many, many + groups, many + groups + hosts
        self._spare = self._none + len(self._hosts)
        self.columns = self._spare + len(base.cuts)
        self._last = (base.of_seat, base.of_pair, base.of_cut)
        self._model = highspy.Highs()  # type: ignore[no-untyped-call]  # its stubs leave the constructor bare
        self._set(SETTINGS | _NO_GUESSES)
        self._costs = UNIT * np.concatenate(
            [
                base.short[used],
                np.where(here.must, 0, base.of_group),
                np.where(here.full, 0, base.of_seat),
                np.where(here.paired, 0, base.of_pair)[self._hosts],
                base.of_cut,
            ]
        ).astype(np.float64)
        self._build()
        self.add_cuts(base.cuts, spare=True)

    def _build(self) -> None:
        here, many = self._here, len(self._group)
        right = np.concatenate([np.ones(len(here.sizes)), here.seats, np.ones(len(self._hosts))])
        none = np.zeros(0, dtype=np.int32)
        _ok(self._model.addRows(len(right), right, right, 0, none, none, np.zeros(0)), "refused the rows")
        number, pair = np.arange(many), np.flatnonzero(self._pair)
        rest = np.arange(self._spare - many)
        column = np.concatenate([number, number, pair, many + rest])
        row = np.concatenate(
            [
                self._group,
                self._seat_row + self._host,
                self._pair_row + self._number[self._host[pair]],
                rest,
            ]
        )
        value = np.ones(len(column))
        value[many : 2 * many] = here.sizes[self._group]
        order = np.lexsort((row, column))
        most = np.concatenate(
            [
                np.full(many, _OPEN),
                np.where(here.must, 0, 1),
                np.where(here.full, 0, here.seats),
                np.where(here.paired[self._hosts], 0, 1),
                np.full(self.columns - self._spare, _OPEN),
            ]
        )
        done = self._model.addCols(
            self.columns,
            self._costs,
            np.zeros(self.columns),
            most.astype(np.float64),
            len(order),
            np.searchsorted(column[order], np.arange(self.columns)).astype(np.int32),
            row[order].astype(np.int32),
            value[order],
        )
        _ok(done, "refused the columns")

    def _set(self, options: dict[str, bool | int | float | str]) -> None:
        for name, value in options.items():
            _ok(self._model.setOptionValue(name, value), f"refused the option {name}")

    def begin_with(self, seated: Seated) -> None:
        """Start from the network's seating, which is the best of the divisible before there are cuts."""
        here, groups, hosts = self._here, len(self._here.sizes), len(self._here.seats)
        there = np.flatnonzero(seated.at >= 0)
        key = np.unique(seated.owner[there].astype(np.int64) * hosts + seated.at[there] // 2)
        basic = np.zeros(self.columns, dtype=np.bool_)
        basic[: self._home] = np.isin(self._group * hosts + self._host, key)
        placed = np.bincount(seated.owner[there], minlength=groups)
        basic[self._home : self._empty] = placed < here.sizes
        basic[self._empty : self._none] = np.bincount(seated.at[there] // 2, minlength=hosts) < here.seats
        basic[self._none : self._spare] = True
        rows = np.zeros(self._model.getNumRow(), dtype=np.bool_)
        rows[self._seat_row : self._pair_row] = ~basic[self._empty : self._none]
        # Each divided pair stands in one place too many: there its host's row has no other.
        group, host = key // hosts, key % hosts
        halved = np.flatnonzero(np.bincount(group, minlength=groups) + (placed < here.sizes) > 1)
        for one in halved.tolist():
            for at in host[group == one].tolist():
                if rows[self._seat_row + at]:
                    rows[self._seat_row + at] = False
                    break
        self._begin(
            *([_BASIC if one else _ZERO for one in some.tolist()] for some in (basic, rows)), alien=True
        )

    def begin_as(self, other: Narrow) -> None:
        """Take over the cuts of a model of some of these columns, at the same prices, and start where it ended."""
        self.add_cuts(other.cuts[len(self.cuts) :])
        before, hosts, rows = other._model.getBasis(), len(self._here.seats), self._model.getNumRow()
        # A host that had no column of a pair receives none to begin with.
        column, row = np.full(self.columns, _ZERO, dtype=object), np.full(rows, _ZERO, dtype=object)
        known = np.isin(self._group * hosts + self._host, other._group * hosts + other._host)
        column[: self._home][known] = before.col_status[: other._home]
        column[self._home : self._none] = before.col_status[other._home : other._none]
        column[self._none : self._spare] = _BASIC
        column[self._none + self._number[other._hosts]] = before.col_status[other._none : other._spare]
        column[self._spare :] = before.col_status[other._spare :]
        row[: self._pair_row] = before.row_status[: self._pair_row]
        last = self._pair_row + len(other._hosts)
        row[self._pair_row + self._number[other._hosts]] = before.row_status[self._pair_row : last]
        row[self._pair_row + len(self._hosts) :] = before.row_status[last:]
        self._begin(column.tolist(), row.tolist(), alien=False)

    def _begin(self, columns: list[Any], rows: list[Any], *, alien: bool) -> None:
        basis = highspy.HighsBasis()
        basis.valid, basis.alien, basis.col_status, basis.row_status = True, alien, columns, rows
        _ok(self._model.setBasis(basis), "refused the seating to begin with")

    def settle(self, rounds: int, odd: int = 0) -> bool:
        """Solve for the divisible, and add the cuts that they break until none is left; `odd`: how often those that span several hosts.

        Returns whether there is an answer (`relax`).
        """
        while True:
            for _ in range(rounds):
                if not self.relax():
                    return False
                cuts = self.violated_cuts()
                if not cuts:
                    break
                self.add_cuts(cuts)
            self._last = self.prices()
            more = self._odd_cuts() if odd > 0 else ()
            if not more:
                return True
            self.add_cuts(more)
            odd -= 1

    def add_cuts(self, cuts: Sequence[Cut | Odd], *, spare: bool = False) -> None:
        """Bring these cuts into play; a pair at the host is there where `no pair` is not. `spare`: what they leave unused has a price."""
        if not cuts:
            return
        hosts = len(self._here.seats)
        key = self._group * hosts + self._host
        starts: list[int] = []
        columns: list[int] = []
        most = np.array([float(cut.most) for cut in cuts])
        for number, cut in enumerate(cuts):
            starts.append(len(columns))
            solo, host = columns_in(cut)
            wanted = solo * hosts + host
            place = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
            columns += place[key[place] == wanted].tolist()
            none = self._number[list(cut.hosts)]
            none = none[none >= 0]
            most[number] -= len(none)
            columns += (self._none + none).tolist()
            columns += [self._spare + number] * spare
        at = np.array(columns, dtype=np.int32)
        value = np.where((at >= self._none) & (at < self._spare), -1.0, 1.0)
        done = self._model.addRows(
            len(cuts),
            most if spare else np.full(len(cuts), -_OPEN),
            most,
            len(at),
            np.array(starts, dtype=np.int32),
            at,
            value,
        )
        _ok(done, "refused the cuts")
        self.cuts = (*self.cuts, *cuts)

    def relax(self) -> bool:
        """Solve for the divisible; whether there is an answer: a way to fill all that must be filled, found before the limit of steps."""
        self._set({"simplex_iteration_limit": STEPS * self._model.getNumRow()})
        _ok(self._model.run(), "failed")
        status = self._model.getModelStatus()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kIterationLimit):
            return False
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise SolverError(f"HiGHS ended with the status {self._model.modelStatusToString(status)}.")
        return True

    def prices(self) -> tuple[Whole, Whole, Whole]:
        """Of seats, of the one place for a pair, of the cuts; in halves."""
        duals = np.array(self._model.getSolution().row_dual, dtype=np.float64) / UNIT
        hosts = len(self._here.seats)
        last = self._pair_row + len(self._hosts)
        of_cut = -duals[last:]
        of_cut[: len(self._base.cuts)] += self._base.of_cut
        of_seat = self._base.of_seat - duals[self._seat_row : self._pair_row]
        of_pair = self._base.of_pair.astype(np.float64)
        of_pair[self._hosts] -= duals[self._pair_row : last]
        # A cut's row is written with `no pair`; what it takes of a pair is not the pair's row's.
        at = np.array([host for cut in self.cuts for host in cut.hosts], dtype=np.int64)
        of_row = np.repeat(-duals[last:], [len(cut.hosts) for cut in self.cuts])
        of_pair -= np.bincount(at, weights=of_row, minlength=hosts)
        return _whole(of_seat), _whole(of_pair), _whole(of_cut)

    def _odd_cuts(self) -> tuple[Odd, ...]:
        here, share = self._here, self._values()[: self._home]
        return odd_cuts(self._group, self._host, share, self._pair, here.seats, len(here.sizes))

    def dear(self) -> tuple[Whole, Whole, tuple[Cut | Odd, ...], Whole]:
        """The prices of the last answer, with the cuts that they are for; of those that span several hosts only the few that have a price."""
        (of_seat, of_pair, of_cut), cuts = self._last, self.cuts[: len(self._last[2])]
        some = [number for number, cut in enumerate(cuts) if isinstance(cut, Cut) or of_cut[number] > 0]
        return of_seat, of_pair, tuple(self.cuts[number] for number in some), of_cut[some]

    def violated_cuts(self) -> tuple[Cut, ...]:
        """The worst cut of every host at which part of a pair is seated beside too many."""
        values = self._values()
        share, placed = 1.0 - values[self._none : self._spare], values[: self._home]
        some = np.flatnonzero((placed > _HAIR) & ~self._pair)
        order = some[np.lexsort((-placed[some], self._host[some]))]
        host, found = self._host[order], []
        for number in np.flatnonzero((share > _HAIR) & (share < 1.0 - _HAIR)).tolist():
            at = int(self._hosts[number])
            most = int(self._here.seats[at]) - 1
            first = int(np.searchsorted(host, at))
            largest = order[first : min(first + most, int(np.searchsorted(host, at, side="right")))]
            if len(largest) == most and placed[largest].sum() + share[number] > most + _HAIR:
                found.append(Cut(at, tuple(sorted(self._group[largest].tolist()))))
        return tuple(found)

    def search(
        self, *, nodes: int, start: Chosen | None = None, other_than: Chosen | None = None, within: int = 0
    ) -> tuple[Chosen | None, bool]:
        """The best plan found, and whether the search ended by itself (else a limit of work did).

        `other_than`: only plans are looked for that cost `within` at most and are not this one, so nothing found means that it alone is best.
        """
        if other_than is not None:
            trifle = UNIT / (len(self._here.sizes) + 1)
            costs = self._costs.copy()
            costs[: self._home] -= trifle * (other_than[self._group] != self._host)
            number = np.arange(self.columns, dtype=np.int32)
            _ok(self._model.changeColsCost(self.columns, number, costs), "refused the costs")
            self._set({"objective_bound": UNIT * within - trifle / 2})
        for undivided in (Undivided.PAIRS, Undivided.ALL):
            first = self._none if undivided is Undivided.PAIRS else 0
            number = np.arange(first, self._spare, dtype=np.int32)
            kinds = np.full(len(number), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
            _ok(self._model.changeColsIntegrality(len(number), number, kinds), "refused whole columns")
            self._set({"mip_max_nodes": nodes, "mip_abs_gap": UNIT / 2 if other_than is None else 0.0})
            if start is not None:
                self._start(start)
            _ok(self._model.run(), "failed")
            status = self._model.getModelStatus()
            if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kObjectiveBound):
                return None, True
            ended = status == highspy.HighsModelStatus.kOptimal
            if not ended and status != highspy.HighsModelStatus.kSolutionLimit:
                raise SolverError(f"HiGHS ended with the status {self._model.modelStatusToString(status)}.")
            if not ended and self._model.getInfo().primal_solution_status != _FEASIBLE:
                return None, False
            found = self.plan()
            if found is not None or not ended:
                return found, ended
        raise SolverError("The search ended with somebody divided between hosts.")

    def _start(self, chosen: Chosen) -> None:
        here = self._here
        used = chosen[self._group] == self._host
        free = here.seats - np.bincount(
            self._host[used], weights=here.sizes[self._group[used]], minlength=len(here.seats)
        )
        none = ~np.isin(self._hosts, self._host[used & self._pair])
        first = highspy.HighsSolution()
        unused = []
        for cut in self._base.cuts:
            solos = int(np.isin(chosen[list(cut.solos)], cut.hosts).sum())
            number = self._number[list(cut.hosts)]
            unused.append(cut.most - solos - int((~none[number[number >= 0]]).sum()))
        values = np.concatenate([used, chosen < 0, free, none, np.array(unused, dtype=np.int64)])
        first.col_value = values.astype(np.float64).tolist()
        _ok(self._model.setSolution(first), "refused the plan to start from")

    def plan(self) -> Chosen | None:
        """The plan that was found, or None where somebody is divided."""
        values = self._values()
        if len(values) != self.columns or (np.abs(values - np.rint(values)) > _HAIR).any():
            return None
        chosen = np.full(len(self._here.sizes), -1, dtype=np.int64)
        taken = np.flatnonzero(values[: self._home] > 0.5)
        chosen[self._group[taken]] = self._host[taken]
        return chosen

    def _values(self) -> Real:
        return np.array(self._model.getSolution().col_value, dtype=np.float64)


def _whole(prices: Real) -> Whole:
    return np.rint(prices).astype(np.int64)


def _ok(status: highspy.HighsStatus, what: str) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverError(f"{solver_name()} {what}.")
