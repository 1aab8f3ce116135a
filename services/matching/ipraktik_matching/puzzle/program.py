"""The linear or integer programme that HiGHS is given, and the reading of its answer.

There is a column for each host that could receive a pair ("does it?") and one for each group and host in play ("is it
placed there?"). Rows, in this order: a group takes one place; a host's solos and its pair take no more than its free
seats; the pairs placed at a host are the pair it receives; the kept values; the cuts. Asking each host first whether it
receives a pair is what makes the search short: once all have answered, the rest is a plain network, whose best corners
are whole by themselves. All coefficients are whole. The objective is minimised, so weights and prices change sign here and nowhere else.
"""

from collections import defaultdict
from dataclasses import replace
from enum import Enum
from typing import Final

import highspy
import numpy as np

from ipraktik_matching.puzzle.columns import Whole, Yes
from ipraktik_matching.puzzle.face import Chosen, Cut, Face
from ipraktik_matching.puzzle.prices import Duals, Real

_OPEN: Final = highspy.kHighsInf
_HAIR: Final = 1e-6

SETTINGS: Final[dict[str, bool | int | float | str]] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    # All values are whole: half a point of difference is none.
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.5,
    # Both take longer here than they save.
    "presolve": "off",
    "mip_detect_symmetry": False,
}


class Undivided(Enum):
    """Which columns may only be 0 or 1."""

    NONE = "none"
    PAIRS = "whether a host receives a pair"
    ALL = "all"


class SolverError(RuntimeError):
    """HiGHS did not do what the puzzle needs; there is no plan."""


class Program:
    """One HiGHS model of one face; `face` grows by the cuts that are added."""

    def __init__(
        self,
        face: Face,
        weights: Whole,
        used: Yes,
        *,
        undivided: Undivided = Undivided.NONE,
        nodes: int | None = None,
    ) -> None:
        self.face = face
        self.undivided = undivided
        self._weights = weights
        self._most = _OPEN if undivided is Undivided.NONE else 1.0
        self._hosts = np.flatnonzero(face.hosts_of_pairs)
        self._number = np.full(len(face.seats), -1)
        self._number[self._hosts] = np.arange(len(self._hosts))
        self._group_of = np.zeros(0, dtype=np.int64)
        self._host_of = np.zeros(0, dtype=np.int64)
        self._rows_of_pairs = sum(face.allowed.shape)
        self._rows_of_kept = self._rows_of_pairs + len(self._hosts)
        self._rows_of_cuts = self._rows_of_kept + len(face.kept)
        self._model = highspy.Highs()  # type: ignore[no-untyped-call]  # its stubs leave the constructor bare
        limits = {} if nodes is None else {"mip_max_nodes": nodes}
        for name, value in (SETTINGS | limits).items():
            _ok(self._model.setOptionValue(name, value), f"refused the option {name}")
        self._add_rows()
        self._add_hosts_of_pairs()
        self.add_columns(used)
        if undivided is not Undivided.NONE:
            many = len(self._hosts) + (len(self._group_of) if undivided is Undivided.ALL else 0)
            kinds = np.full(many, int(highspy.HighsVarType.kInteger), dtype=np.uint8)
            done = self._model.changeColsIntegrality(many, np.arange(many, dtype=np.int32), kinds)
            _ok(done, "refused whole columns")

    def _add_rows(self) -> None:
        face = self.face
        places = np.concatenate([np.ones(len(face.must)), face.seats])
        filled = np.concatenate([face.must, face.full])
        pairs = np.zeros(len(self._hosts))
        kept = np.array([kept.value for kept in face.kept], dtype=np.float64)
        cuts = np.array([len(cut.solos) for cut in face.cuts], dtype=np.float64)
        unused = np.where(face.reserved[self._hosts], -_OPEN, pairs)
        lower = np.concatenate([np.where(filled, places, -_OPEN), unused, kept, np.full(len(cuts), -_OPEN)])
        upper = np.concatenate([places, pairs, np.full(len(kept), _OPEN), cuts])
        none = np.zeros(0, dtype=np.int32)
        _ok(self._model.addRows(len(upper), lower, upper, 0, none, none, np.zeros(0)), "refused the rows")

    def _add_hosts_of_pairs(self) -> None:
        number = np.arange(len(self._hosts))
        cuts = [
            (self._number[cut.host], self._rows_of_cuts + row, 1.0) for row, cut in enumerate(self.face.cuts)
        ]
        entries = [
            *zip(number, len(self.face.sizes) + self._hosts, np.full(len(number), 2.0), strict=True),
            *zip(number, self._rows_of_pairs + number, np.full(len(number), -1.0), strict=True),
            *cuts,
        ]
        asked = (self.face.paired | self.face.reserved)[self._hosts]
        self._add(np.zeros(len(number)), asked, 1.0, np.array(entries).reshape(-1, 3))

    def add_columns(self, new: Yes) -> None:
        """Bring more groups and hosts into play."""
        group, host = np.nonzero(new)
        column = np.arange(len(group))
        pair = self.face.pairs[group]
        second = np.where(pair, self._rows_of_pairs + self._number[host], len(self.face.sizes) + host)
        entries = [
            np.column_stack([column, group, np.ones(len(group))]),
            np.column_stack([column, second, np.ones(len(group))]),
            self._in_cuts(group, host),
        ]
        for row, kept in enumerate(self.face.kept, start=self._rows_of_kept):
            entries.append(np.column_stack([column, np.full(len(group), row), kept.weights[group, host]]))
        self._add(-self._weights[group, host], np.zeros(len(group)), self._most, np.concatenate(entries))
        self._group_of = np.concatenate([self._group_of, group])
        self._host_of = np.concatenate([self._host_of, host])

    def _in_cuts(self, group: Whole, host: Whole) -> Real:
        """Which of these columns stand in which cut's row."""
        at = defaultdict(list)
        for row, cut in enumerate(self.face.cuts, start=self._rows_of_cuts):
            at[cut.host].append((row, cut.solos))
        found = [
            (column, row, 1.0)
            for column in np.flatnonzero(np.isin(host, list(at)))
            for row, solos in at[int(host[column])]
            if int(group[column]) in solos
        ]
        return np.array(found, dtype=np.float64).reshape(-1, 3)

    def _add(self, costs: Whole | Real, lowest: Yes | Real, most: float, entries: Real) -> None:
        """Hand over columns; an entry is (column, row, coefficient)."""
        entries = entries[np.lexsort((entries[:, 1], entries[:, 0]))]
        done = self._model.addCols(
            len(costs),
            np.asarray(costs, dtype=np.float64),
            np.asarray(lowest, dtype=np.float64),
            np.full(len(costs), most),
            len(entries),
            np.searchsorted(entries[:, 0], np.arange(len(costs))).astype(np.int32),
            entries[:, 1].astype(np.int32),
            np.ascontiguousarray(entries[:, 2]),
        )
        _ok(done, "refused the columns")

    def add_cuts(self, cuts: list[Cut]) -> None:
        """Bring more cuts into play."""
        here = [
            [self._number[cut.host], *(len(self._hosts) + np.flatnonzero(self._stands_in(cut)))]
            for cut in cuts
        ]
        starts = np.cumsum([0, *(len(columns) for columns in here[:-1])]).astype(np.int32)
        columns = np.concatenate(here).astype(np.int32)
        upper = np.array([len(cut.solos) for cut in cuts], dtype=np.float64)
        lower = np.full(len(cuts), -_OPEN)
        done = self._model.addRows(
            len(cuts), lower, upper, len(columns), starts, columns, np.ones(len(columns))
        )
        _ok(done, "refused the cuts")
        self.face = replace(self.face, cuts=(*self.face.cuts, *cuts))

    def _stands_in(self, cut: Cut) -> Yes:
        return np.asarray((self._host_of == cut.host) & np.isin(self._group_of, cut.solos))

    def start_from(self, chosen: Chosen) -> None:
        """Let the search begin with a plan in hand."""
        placed = chosen[self._group_of] == self._host_of
        with_pair = np.isin(self._hosts, chosen[self.face.pairs])
        first = highspy.HighsSolution()
        first.col_value = np.concatenate([with_pair, placed]).astype(np.float64).tolist()
        _ok(self._model.setSolution(first), "refused the plan to start from")

    def run(self) -> bool:
        """Solve; whether the optimum was reached (else a limit of work was)."""
        _ok(self._model.run(), "failed")
        status = self._model.getModelStatus()
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit):
            raise SolverError(f"HiGHS ended with the status {self._model.modelStatusToString(status)}.")
        return bool(status == highspy.HighsModelStatus.kOptimal)

    def duals(self) -> Duals:
        """What the relaxation pays for places in each row."""
        duals = np.array(self._model.getSolution().row_dual, dtype=np.float64)
        groups, hosts = self.face.allowed.shape
        seat = -duals[groups : groups + hosts]
        cut = -duals[self._rows_of_cuts :]
        # A pair's row pays for everything that a pair takes; what seats and cuts take of it is theirs.
        pair = np.zeros(hosts)
        pair[self._hosts] = -duals[self._rows_of_pairs : self._rows_of_kept] - 2 * seat[self._hosts]
        for one, price in zip(self.face.cuts, cut, strict=True):
            pair[one.host] -= price
        kept = duals[self._rows_of_kept : self._rows_of_cuts]
        return Duals(group=-duals[:groups], seat=seat, pair=pair, kept=kept, cut=cut)

    def plan(self) -> Chosen | None:
        """The plan that was found, or None where somebody is divided between hosts."""
        values = self._values()
        if (np.abs(values - np.rint(values)) > _HAIR).any():
            return None
        chosen = np.full(len(self.face.sizes), -1, dtype=np.int64)
        taken = np.flatnonzero(values > 0.5)
        chosen[self._group_of[taken]] = self._host_of[taken]
        return chosen

    def divided(self) -> int | None:
        """Of the hosts that receive part of a pair the one with the dearest seats, or None where there is none.

        Where seats are dear an answer changes most for others, so the fewest questions are asked.
        """
        share = np.array(self._model.getSolution().col_value, dtype=np.float64)[: len(self._hosts)]
        parts = self._hosts[np.abs(share - np.rint(share)) > _HAIR]
        return int(parts[np.argmax(self.duals().seat[parts])]) if len(parts) else None

    def violated_cuts(self) -> list[Cut]:
        """The worst cut of every host at which part of a pair is seated beside too many."""
        values = self._values()
        pair = self.face.pairs[self._group_of]
        share = np.bincount(self._host_of[pair], weights=values[pair], minlength=len(self.face.seats))
        found = []
        for host in self._hosts[share[self._hosts] > _HAIR]:
            most = int(self.face.seats[host]) - 1
            solos = np.flatnonzero((self._host_of == host) & ~pair)
            largest = solos[np.argsort(-values[solos], kind="stable")[:most]]
            if len(largest) == most and values[largest].sum() + share[host] > most + _HAIR:
                found.append(Cut(int(host), tuple(sorted(self._group_of[largest].tolist()))))
        return found

    def _values(self) -> Real:
        return np.array(self._model.getSolution().col_value, dtype=np.float64)[len(self._hosts) :]


def _ok(status: highspy.HighsStatus, what: str) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverError(f"{solver_name()} {what}.")


def solver_name() -> str:
    """Which solver this is."""
    model = highspy.Highs()  # type: ignore[no-untyped-call]  # its stubs leave the constructor bare
    return f"HiGHS {model.version()}"
