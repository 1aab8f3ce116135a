"""The row of the latecomer: all laid anew with one person more, as `latecomer` does for its best way, beside HiGHS kept warm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from bench.figures import Comparison, shares
from bench_matching.instances import SHARES, single, strict
from bench_matching.rows import same_as, timed, watched
from bench_matching.warm import Warm

from ipraktik_matching.puzzle import laying
from ipraktik_matching.puzzle.laying import lay
from ipraktik_matching.puzzle.solving import NODES

if TYPE_CHECKING:
    from bench_matching.sizes import Size

    from ipraktik_matching.puzzle.columns import Columns

AIMS_INSERTED = {10_000: 1_000.0}
_PARTS = {"tables_of": "tables", "grow": "network and lots"}


def inserted(size: Size) -> Iterator[Comparison]:
    """One person after the other comes late. Both must place as many, with as many points, after each."""
    for many in size.inserted:
        for seats in SHARES:
            yield _beside_warm(
                strict(single(many, seats)), f"{many:,} participants, {seats}", many, size.repeats
            )


def _beside_warm(columns: Columns, where: str, many: int, repeats: int) -> Comparison:
    everybody = len(columns.groups)
    warm = Warm(first_of(columns, everybody - repeats))
    ratios, ours_took, theirs_took = [], 0.0, 0.0
    spent = dict.fromkeys(_PARTS.values(), 0.0)
    for row in range(everybody - repeats, everybody):
        with_one_more = first_of(columns, row + 1)
        theirs, its = timed(warm.insert, columns, row)
        with watched(laying, "tables_of", spent, _PARTS), watched(laying, "grow", spent, _PARTS):
            laid, mine = timed(lay, with_one_more, NODES)
        there = np.flatnonzero(laid.chosen >= 0)
        same_as((len(there), int(columns.fit[there, laid.chosen[there]].sum())), theirs)
        ratios.append(its / mine)
        ours_took, theirs_took = ours_took + mine, theirs_took + its
    spent["the rest"] = max(ours_took - sum(spent.values()), 0.0)
    return Comparison(
        ours=f"One latecomer, all laid anew, {where}: times faster",
        bare="HiGHS warm re-solve",
        ratios=ratios,
        aim=AIMS_INSERTED.get(many),
        goes_to=shares(spent) if many in AIMS_INSERTED else {},
        remark="Shares of the processor time of laying anew, which starts from nothing; HiGHS keeps its basis.",
        rates=f"{ours_took / repeats:.4f} s / {theirs_took / repeats:.4f} s",
    )


def first_of(columns: Columns, many: int) -> Columns:
    """The puzzle before the others came: its first groups alone."""
    return replace(
        columns,
        groups=columns.groups[:many],
        sizes=columns.sizes[:many],
        suits=columns.suits[:many],
        allowed=columns.allowed[:many],
        days=columns.days[:many],
        fit=columns.fit[:many],
        pinned=columns.pinned[:many],
    )
