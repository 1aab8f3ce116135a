"""The rows: ours and another solver on the same people, in turns, in processor time. Answers are compared before times are."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

import numpy as np
from bench.figures import Comparison, Noted, shares
from bench_matching import judges
from bench_matching.flow import flow
from bench_matching.instances import SHARES, Lists, alone, edition, strict, wide
from bench_matching.sizes import Size

from ipraktik_matching.puzzle import Plan, solve
from ipraktik_matching.puzzle.laying import lay
from ipraktik_matching.puzzle.narrow import Narrow
from ipraktik_matching.puzzle.network import seating
from ipraktik_matching.puzzle.network.seating import Seated, seat
from ipraktik_matching.puzzle.program import Program
from ipraktik_matching.puzzle.solving import NODES

AIMS_PLACED = {142: 1.25, 1_000: 1.15, 10_000: 1.1}
AIMS_FLOW = {
    (10_000, "seats enough"): 10.0,
    (10_000, "scarce"): 3.0,
    (100_000, "seats enough"): 8.0,
    (100_000, "scarce"): 8.0,
}
AIM_PROVEN, PROVEN_SECONDS = 40_000, 300.0
AIMS_SPARSE = {100_000: 30.0}
_CORE = {
    "most": "the largest seating",
    "scarce": "parting",
    "bids": "bids",
    "dearest": "the dearest paths",
    "turned": "turning the graph",
}
Found = TypeVar("Found")
Given = ParamSpec("Given")


def placed(size: Size) -> Iterator[Comparison]:
    """How many get a place, beside greedy and deferred acceptance, where seats are scarce."""
    for many in size.placed:
        lists = alone(many, "scarce")
        ours = ours_on(lists)
        same_as(ours, flow(lists)[0])
        others: list[tuple[str, judges.Outcome]] = [("greedy by points", judges.greedy(lists))]
        if many == min(size.placed):
            # At a thousand it copies itself deeper than Python goes.
            others.append(("deferred acceptance by `matching`", judges.deferred(lists)))
        for name, theirs in others:
            yield Comparison(
                ours=f"Persons placed of {lists.people:,}, {many:,} participants, scarce",
                bare=name,
                ratios=[ours[0] / theirs[0]],
                aim=AIMS_PLACED.get(many),
                rates=f"{ours[0]} / {theirs[0]}, points {ours[1]} / {theirs[1]}",
            )


def core(size: Size) -> Iterator[Comparison]:
    """The network alone beside OR-Tools' min-cost flow and scipy's sparse assignment."""
    for kind, lists_of, all_sizes in (("strict lists", alone, size.core), ("wide lists", wide, size.wide)):
        for many in all_sizes:
            for seats in SHARES:
                lists = lists_of(many, seats)
                name = f"Network core, {many:,} participants, {kind}, {seats}: times faster"
                aim = AIMS_FLOW.get((many, seats))
                yield beside(lists, name, "OR-Tools min-cost flow", flow, aim, size.repeats)
                if many in size.sparse:
                    sparse = AIMS_SPARSE.get(many)
                    yield beside(lists, name, "scipy sparse assignment", assignment, sparse, size.repeats)


def assignment(lists: Lists) -> tuple[judges.Outcome, float]:
    """scipy's answer and its time."""
    return timed(judges.assignment, lists)


def beside(
    lists: Lists,
    ours_is: str,
    name: str,
    judge: Callable[[Lists], tuple[judges.Outcome, float]],
    aim: float | None,
    repeats: int,
) -> Comparison:
    """One solver beside ours, in turns."""
    ratios, ours_took, theirs_took = [], 0.0, 0.0
    ours_on(lists)
    for _ in range(repeats):
        ours, mine = timed(ours_on, lists)
        theirs, its = judge(lists)
        same_as(ours, theirs)
        ratios.append(its / mine)
        ours_took, theirs_took = ours_took + mine, theirs_took + its
    return Comparison(
        ours=ours_is,
        bare=name,
        ratios=ratios,
        aim=aim,
        goes_to=parts_of(lists) if aim else {},
        remark="Shares of the processor time of one seating.",
        rates=f"{ours_took / repeats:.4f} s / {theirs_took / repeats:.4f} s, {len(lists.ways.host)} ways",
    )


def exact(size: Size) -> Iterator[Comparison]:
    """With companions: plan and proof beside HiGHS with its defaults, on the same strict lists."""
    for many in size.exact:
        for seats in SHARES:
            columns = strict(edition(many, seats))
            spent = {"relaxations and searches of the programme (HiGHS)": 0.0}
            parts = dict.fromkeys(["run", "relax", "search"], next(iter(spent)))
            with (
                watched(Program, "run", spent, parts),
                watched(Narrow, "relax", spent, parts),
                watched(Narrow, "search", spent, parts),
            ):
                laid, ours = timed(lay, columns, NODES)
            spent["network, tables and prices"] = max(ours - sum(spent.values()), 0.0)
            (their, proven), theirs = timed(judges.programme, columns, size.exact_seconds)
            there = np.flatnonzero(laid.chosen >= 0)
            mine = int(columns.sizes[there].sum()), int(columns.fit[there, laid.chosen[there]].sum())
            finished = mine == (laid.most, laid.best)
            if proven and finished:
                # Its default gap of a ten-thousandth lets it stop a few points short.
                same_as(mine, (their[0], max(their[1], mine[1])))
            ended = "" if proven else f", stopped after {size.exact_seconds:.0f} s of its own clock"
            yield Comparison(
                ours=f"Plan with companions, {many:,} participants, {seats}: times faster",
                bare=f"HiGHS with defaults{ended}",
                ratios=[theirs / ours],
                aim=5.0 if many >= 4_000 else None,
                remark=_proof(mine, laid.most, laid.best),
                goes_to=shares(spent),
                rates=f"{ours:.2f} s / {theirs:.2f} s, {mine} / {their}",
            )


def whole(size: Size) -> Iterator[Noted]:
    """From rows to a plan that is checked and has its certificate, over all hosts."""
    for many in size.whole:
        for seats in SHARES:
            puzzle = edition(many, seats)
            plan, took = timed(solve, puzzle)
            yield Noted(f"{many:,} participants, {seats}: rows to checked plan", [took], beside=claim(plan))


def proven(size: Size) -> Iterator[Comparison]:
    """The largest edition with companions, over all hosts, whose plan is proven the best in five minutes from its rows on."""
    for seats in SHARES if size.proven else ():
        largest, said = 0, []
        for many in size.proven:
            plan, took = timed(solve, edition(many, seats))
            said.append(f"{many:,} {'' if plan.stats.fit_proven else 'not proven '}in {took:.0f} s")
            if plan.stats.fit_proven and took <= PROVEN_SECONDS:
                largest = many
        yield Comparison(
            ours=f"Participants whose plan with companions is proven in five minutes, {seats}: part of",
            bare=f"{AIM_PROVEN:,} ({', '.join(said)})",
            ratios=[largest / AIM_PROVEN],
            aim=1.0,
            rates=f"{largest} / {AIM_PROVEN}",
        )


def claim(plan: Plan) -> str:
    """What the plan says of itself."""
    stats = plan.stats
    return _proof((stats.placed, stats.total_fit), stats.count_bound, stats.fit_bound)


def _proof(mine: tuple[int, int], most: int, best: int) -> str:
    if mine == (most, best):
        return "proven optimum"
    return (
        f"{most - mine[0]} persons and {(best - mine[1]) / max(best, 1):.3%} of the fit below a proven bound"
    )


def ours_on(lists: Lists) -> judges.Outcome:
    """The network's answer."""
    seated = _seat(lists)
    there = np.flatnonzero(seated.at >= 0)
    keys = lists.person.astype(np.int64) * len(lists.seats) + lists.ways.host
    found = np.searchsorted(keys, there * len(lists.seats) + seated.at[there] // 2)
    return seated.placed, int(lists.ways.weight[found].sum())


def _seat(lists: Lists) -> Seated:
    ones = np.ones(lists.people, dtype=np.int64)
    return seat(lists.ways, ones, lists.seats, np.full(len(lists.seats), -1, dtype=np.int64))


def parts_of(lists: Lists) -> dict[str, float]:
    """What a seating spends in each function of the core."""
    spent = dict.fromkeys(_CORE.values(), 0.0)
    with watched(seating, "call", spent, _CORE):
        _, all_in_all = timed(_seat, lists)
    return shares({**spent, "numpy around them": max(all_in_all - sum(spent.values()), 0.0)})


@contextmanager
def watched(owner: Any, name: str, spent: dict[str, float], parts: Mapping[str, str]) -> Iterator[None]:
    """Add up what each call takes; the part is named by the function itself or by the one it is handed."""
    call = getattr(owner, name)

    def timing(first: Any, *others: Any, **named: Any) -> Any:
        answer, took = timed(call, first, *others, **named)
        spent[parts[getattr(first, "__name__", name)]] += took
        return answer

    setattr(owner, name, timing)
    try:
        yield
    finally:
        setattr(owner, name, call)


def timed(work: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> tuple[Found, float]:
    """What it found, and the processor time it took."""
    begun = time.process_time()
    found = work(*given, **named)
    return found, max(time.process_time() - begun, 1e-6)


def same_as(ours: judges.Outcome, theirs: judges.Outcome) -> None:
    """Two exact solvers must agree, or there is nothing to compare."""
    if ours != theirs:
        raise AssertionError(
            f"ours places {ours[0]} with {ours[1]} points, theirs {theirs[0]} with {theirs[1]}"
        )
