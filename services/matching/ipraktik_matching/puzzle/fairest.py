"""Nobody can be above X without placing fewer: the largest X, and its proof.

X is the greatest number of points such that a plan that places as many persons as any has everybody at a fit of X or more.
Whom a coordinator pinned and whose placement is fixed do not count: they are where somebody put them. A threshold is a
puzzle like any other, in which whoever would fit less well may not meet (`above`), so both halves of the proof are plans:
one that places as many above X, and the best one above the next value, whose certificate says that it places fewer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ipraktik_matching.puzzle.pieces import Pair, Puzzle
from ipraktik_matching.puzzle.plan import Plan
from ipraktik_matching.puzzle.points import fit


@dataclass(frozen=True, slots=True)
class Fairest:
    """`least`: X, or None where nobody is placed whom this is about; `plan`: of `above(puzzle, least)`, places as many as any.

    `next_value`: the least that anybody could have above X, None where there is none; `fewer`: the best plan of
    `above(puzzle, next_value)`, whose certificate proves that fewer are placed. `proven` is false only where a limit of work
    left a bound open. `now`: the least that anybody has in the plan that was best without this.
    """

    least: int | None
    plan: Plan
    next_value: int | None
    fewer: Plan | None
    now: int | None
    proven: bool


def fairest(puzzle: Puzzle, plan: Plan | None = None) -> Fairest:
    """The largest X with its proof; `plan`: the best plan of the puzzle, where it is at hand."""
    from ipraktik_matching.puzzle.solving import solve

    plan = solve(puzzle) if plan is None else plan
    fits = _fits(puzzle)
    now = min((one.fit for one in plan.placements if (one.intern_id, one.host_id) in fits), default=None)
    if now is None:
        return Fairest(None, plan, None, None, None, plan.stats.count_proven)
    values = sorted({value for value in fits.values() if value >= now})
    # What is placed above the lowest value is placed now; find the last value that loses nobody.
    low, high = 0, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        if _most(_without(puzzle, fits, values[middle])) < plan.stats.placed:
            high = middle
        else:
            low = middle
    best = solve(_without(puzzle, fits, values[low]))
    beyond = values[high] if high < len(values) else None
    fewer = None if beyond is None else solve(_without(puzzle, fits, beyond))
    sure = plan.stats.count_proven and best.stats.placed == plan.stats.placed
    sure = sure and (fewer is None or _proves_fewer(fewer, plan.stats.placed))
    return Fairest(values[low], best, beyond, fewer, now, sure)


def above(puzzle: Puzzle, least: int) -> Puzzle:
    """The same puzzle, in which whoever would have less than `least` points may not meet, pinned and fixed apart.

    Companions have the points of the days that they would agree on together.
    """
    return _without(puzzle, _fits(puzzle), least)


def problems_with(puzzle: Puzzle, found: Fairest) -> list[str]:
    """What the answer does not prove, a sentence each, by the independent checks of both plans and nothing that the search did."""
    from ipraktik_matching.puzzle.certificate import verify
    from ipraktik_matching.puzzle.checking import check

    if found.least is None:
        return [] if not found.plan.placements or puzzle.pinned else ["Somebody is placed and no X is named."]
    at_x = above(puzzle, found.least)
    problems = check(at_x, found.plan) + verify(at_x, found.plan)
    fits = _fits(puzzle)
    if found.next_value is None or found.fewer is None:
        if any(value > found.least for value in fits.values()):
            problems.append(f"Somebody could have more than {found.least}, and nothing is said about it.")
        return problems
    if any(found.least < value < found.next_value for value in fits.values()):
        problems.append(f"Somebody could have points between {found.least} and {found.next_value}.")
    beyond = above(puzzle, found.next_value)
    problems += check(beyond, found.fewer) + verify(beyond, found.fewer)
    if not _proves_fewer(found.fewer, found.plan.stats.placed):
        problems.append(f"Nothing proves that fewer are placed above {found.least}.")
    return problems


def _proves_fewer(plan: Plan, placed: int) -> bool:
    return plan.certificate is not None and plan.certificate.most < placed


def _fits(puzzle: Puzzle) -> dict[Pair, int]:
    """The points of everybody who is to be placed at every host that the rules allow, at the days of their group."""
    from ipraktik_matching.puzzle.columns import columns_of

    columns = columns_of(puzzle)
    pins = {intern_id for intern_id, _ in puzzle.pinned}
    found = {}
    for row, group in enumerate(columns.groups):
        if pins.intersection(one.id for one in group.members):
            continue
        for number in columns.suits[row].nonzero()[0].tolist():
            there = columns.hosts[number]
            if len(group.members) == 1:
                found[group.members[0].id, there.id] = int(columns.fit[row, number])
                continue
            for one in group.members:
                days = int(columns.days[row, number])
                found[one.id, there.id] = fit(one, there, puzzle=puzzle, days=days).total
    return found


def _without(puzzle: Puzzle, fits: dict[Pair, int], least: int) -> Puzzle:
    less = {pair for pair, value in fits.items() if value < least}
    return replace(puzzle, forbidden=puzzle.forbidden | less)


def _most(puzzle: Puzzle) -> int:
    """How many the best plan places."""
    from ipraktik_matching.puzzle.columns import columns_of
    from ipraktik_matching.puzzle.laying import lay
    from ipraktik_matching.puzzle.solving import NODES

    columns = columns_of(puzzle)
    laid = lay(columns, NODES)
    return int(columns.sizes[laid.chosen >= 0].sum())
