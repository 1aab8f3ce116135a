"""The rows of the latecomer: one path in a plan that is kept, beside HiGHS kept warm; and all laid anew, from nothing."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from bench.figures import Comparison, shares
from bench_matching.instances import SHARES, single, strict
from bench_matching.rows import same_as, timed, watched
from bench_matching.warm import Warm

from ipraktik_matching.puzzle import laying
from ipraktik_matching.puzzle.keeping import Change, keep
from ipraktik_matching.puzzle.laying import lay
from ipraktik_matching.puzzle.lots import Draws
from ipraktik_matching.puzzle.network import paths
from ipraktik_matching.puzzle.solving import NODES

if TYPE_CHECKING:
    from bench_matching.sizes import Size

    from ipraktik_matching.puzzle.columns import Columns, Whole
    from ipraktik_matching.puzzle.groups import Group

AIMS_INSERTED = {10_000: 1_000.0}
_MANY = 100
"""Insertions per repeat, at most (of fewer people a third comes late): one takes next to nothing, and they differ much."""

_PARTS = {"tables_of": "tables", "grow": "network and lots"}


def inserted(size: Size) -> Iterator[Comparison]:
    """One person after the other comes late. Both must place as many, with as many points, after each."""
    for many in size.inserted:
        for seats in SHARES:
            columns = strict(single(many, seats))
            where = f"{many:,} participants, {seats}"
            yield from _beside_warm(columns, where, AIMS_INSERTED.get(many), size.repeats)


def _beside_warm(columns: Columns, where: str, aim: float | None, repeats: int) -> Iterator[Comparison]:
    everybody = len(columns.groups)
    at_once = min(_MANY, everybody // 3 // repeats)
    before = everybody - at_once * repeats
    draws, warm, kept = Draws(columns, 0), Warm(first_of(columns, before)), keep(first_of(columns, before))
    if kept is None:
        raise AssertionError("nobody travels in pairs, so prices prove a plan")
    placed = np.flatnonzero(kept.chosen >= 0)
    worth = len(placed), int(columns.fit[placed, kept.chosen[placed]].sum())
    rows = [row_of(columns, draws, row) for row in range(before, everybody)]
    ours: list[float] = []
    theirs: list[float] = []
    anew: list[float] = []
    spent, looked = {"the path and its proof": 0.0}, 0.0
    within = dict.fromkeys(["comes"], next(iter(spent)))
    parts = dict.fromkeys(_PARTS.values(), 0.0)
    for start in range(0, len(rows), at_once):
        # In turns, but many at a time: HiGHS leaves nothing of ours in the processor's own memory.
        some = rows[start : start + at_once]
        beside = kept.copied()
        came = _timed_each(kept.insert, some)
        with watched(paths, "comes", spent, within):
            looked += sum(took for _, took in _timed_each(beside.insert, some))
        for number, (one, (change, mine)) in enumerate(zip(some, came, strict=True)):
            its_worth, its = timed(warm.insert, one[1], one[2])
            if change is None:
                raise AssertionError("the best plan was not proven")
            worth = worth[0] + change.persons, worth[1] + change.fit
            same_as(worth, its_worth)
            ours, theirs = [*ours, mine], [*theirs, its]
            if number == 0:
                with watched(laying, "tables_of", parts, _PARTS), watched(laying, "grow", parts, _PARTS):
                    laid, took = timed(lay, first_of(columns, before + start + 1), NODES)
                there = np.flatnonzero(laid.chosen >= 0)
                same_as((len(there), int(columns.fit[there, laid.chosen[there]].sum())), its_worth)
                anew.append(took)
    spent["numpy and Python around them"] = max(looked - sum(spent.values()), 0.0)
    parts["the rest"] = max(sum(anew) - sum(parts.values()), 0.0)
    yield Comparison(
        ours=f"One latecomer in a plan that is kept, {where}: times faster",
        bare="HiGHS warm re-solve",
        ratios=[its / mine for its, mine in zip(theirs, ours, strict=True)],
        aim=aim,
        goes_to=shares(spent) if aim else {},
        remark=f"All {len(ours)} together: {sum(theirs) / sum(ours):.0f} times faster.",
        rates=f"{np.median(ours):.6f} s, 1 of 20 over {np.percentile(ours, 95):.6f} s / {np.median(theirs):.4f} s",
    )
    yield Comparison(
        ours=f"One latecomer, all laid anew, {where}: times faster",
        bare="HiGHS warm re-solve",
        ratios=[its / mine for its, mine in zip(theirs[::at_once], anew, strict=True)],
        aim=None,
        goes_to=shares(parts) if aim else {},
        remark="Shares of the processor time of laying anew, which starts from nothing; HiGHS keeps its basis.",
        rates=f"{np.median(anew):.4f} s / {np.median(theirs):.4f} s",
    )


def _timed_each(
    insert: Callable[..., Change | None], some: Sequence[tuple[Group, Whole, Whole, Whole]]
) -> list[tuple[Change | None, float]]:
    """Each with its time, in which Python does not look for rubbish that others left: that takes longer than any insertion."""
    gc.collect()
    gc.disable()
    try:
        return [timed(insert, *one) for one in some]
    finally:
        gc.enable()


def row_of(columns: Columns, draws: Draws, row: int) -> tuple[Group, Whole, Whole, Whole]:
    """Who comes, and the hosts, points and lots of their list."""
    hosts = np.flatnonzero(columns.allowed[row])
    return columns.groups[row], hosts, columns.fit[row, hosts], draws[row : row + 1, hosts][0]


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
