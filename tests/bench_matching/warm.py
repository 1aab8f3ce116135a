"""HiGHS kept warm: the linear programme of a network stays loaded with its basis, and a person is added to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

if TYPE_CHECKING:
    from bench_matching.judges import Outcome

    from ipraktik_matching.puzzle.columns import Columns

_PLACED = 1_000_000
"""What a place is worth beside points; that it was enough is seen by the answers, which must be the exact ones."""

PRIMAL = 4
"""HiGHS's number for its primal simplex: a basis stays primal feasible when columns are added, so it can go on from there."""


class Warm:
    """The programme of single travellers and their ways, solved; one row a host, and one a person.

    A network's programme has whole corners, so the linear one is exact. Hosts' rows come first and persons are appended.
    """

    def __init__(self, columns: Columns) -> None:
        model = highspy.Highs()  # type: ignore[no-untyped-call]  # its stubs leave the constructor bare
        model.setOptionValue("output_flag", False)
        self._model = model
        self._weight: list[Any] = []
        hosts = len(columns.seats)
        nothing = np.zeros(0, dtype=np.int32)
        seats = columns.seats.astype(np.float64)
        model.addRows(hosts, np.full(hosts, -np.inf), seats, 0, nothing, nothing, np.zeros(0))
        person, host = np.nonzero(columns.allowed)
        self._add(len(columns.groups), person, host, columns.fit[person, host])
        self._run()
        model.setOptionValue("simplex_strategy", PRIMAL)

    def insert(self, host: Any, points: Any) -> Outcome:
        """One more: a row for the person and a column for each way, then from the basis in hand to the optimum."""
        self._add(1, np.zeros_like(host), host, points)
        self._run()
        taken = np.array(self._model.getSolution().col_value) > 0.5
        return int(taken.sum()), int(np.concatenate(self._weight)[taken].sum())

    def _add(self, many: int, person: Any, host: Any, points: Any) -> None:
        model = self._model
        before, nothing = model.getNumRow(), np.zeros(0, dtype=np.int32)
        model.addRows(many, np.full(many, -np.inf), np.ones(many), 0, nothing, nothing, np.zeros(0))
        weight = points.astype(np.int64)
        at = np.column_stack([host, before + person]).ravel().astype(np.int32)
        begins = np.arange(0, len(at), 2, dtype=np.int32)
        cost = -(weight + _PLACED).astype(np.float64)
        none, most = np.zeros(len(weight)), np.full(len(weight), np.inf)
        model.addCols(len(weight), cost, none, most, len(at), begins, at, np.ones(len(at)))
        self._weight.append(weight)

    def _run(self) -> None:
        self._model.run()
        status = self._model.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"HiGHS ended with {status}")
