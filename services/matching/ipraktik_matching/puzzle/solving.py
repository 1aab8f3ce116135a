"""Solve a puzzle: first as many persons placed as possible, then the greatest total fit, then the lots.

Each aim is a stage of its own that keeps exactly the plans which are best so far (`face`); no aim is ever mixed with
another by a large factor. The last step proves that one plan is left, or draws the next round of lots.
numpy and HiGHS are loaded by the first call, not with the package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipraktik_matching.puzzle import plan as answer
from ipraktik_matching.puzzle.checking import check
from ipraktik_matching.puzzle.format import digest
from ipraktik_matching.puzzle.pieces import Host, Intern, Puzzle
from ipraktik_matching.puzzle.plan import Placement, Plan, PlanError, Stats, Unplaced
from ipraktik_matching.puzzle.points import fit
from ipraktik_matching.puzzle.stay import Stay, agreed_stay, free_windows

if TYPE_CHECKING:
    from ipraktik_matching.puzzle.columns import Columns
    from ipraktik_matching.puzzle.groups import Group

NODES = 2000
"""How many nodes one search may look at; puzzles of the usual kind need a handful."""


def solve(puzzle: Puzzle, *, nodes: int = NODES) -> Plan:
    """The best plan. The same puzzle gives the same plan, whatever the order of its rows.

    Raises PlanError when the plan fails its check and SolverError when HiGHS fails: then there is no plan.
    """
    from ipraktik_matching.puzzle.columns import columns_of
    from ipraktik_matching.puzzle.laying import certificate_of, lay
    from ipraktik_matching.puzzle.program import solver_name

    columns = columns_of(puzzle)
    laid = lay(columns, nodes)
    pinned = {intern_id for intern_id, _ in puzzle.pinned}
    placed: list[Placement] = []
    left: list[Unplaced] = []
    for row, group in enumerate(columns.groups):
        number = int(laid.chosen[row])
        if number >= 0:
            placed += _placements(puzzle, group, columns.hosts[number])
        else:
            left += _left(columns, row, group, pinned)
    total_fit = sum(one.fit for one in placed)
    # A plan that reaches the bound is proven, whichever stage found it.
    count_proven = len(placed) == laid.most
    plan = Plan(
        placements=tuple(sorted(placed, key=lambda one: one.intern_id)),
        unplaced=tuple(sorted(left, key=lambda one: one.intern_id)),
        stats=Stats(
            placed=len(placed),
            standing=len(puzzle.fixed),
            total_fit=total_fit,
            seats=int(columns.seats.sum()),
            hosts_used=len({one.host_id for one in placed}),
            count_bound=laid.most,
            fit_bound=laid.best,
            count_proven=count_proven,
            fit_proven=count_proven and total_fit == laid.best,
            unique=laid.unique,
            solver=solver_name(),
            input_digest=digest(puzzle),
        ),
        certificate=certificate_of(puzzle, columns, laid, nodes),
    )
    problems = check(puzzle, plan)
    if problems:
        raise PlanError(problems)
    return plan


def _placements(puzzle: Puzzle, group: Group, host: Host) -> list[Placement]:
    stay = _stay(puzzle, group.members, host)
    placements = []
    for intern in group.members:
        points = fit(intern, host, puzzle=puzzle, days=stay.days)
        others = [member.id for member in group.members if member is not intern]
        placements.append(
            Placement(
                intern_id=intern.id,
                host_id=host.id,
                companion_id=others[0] if others else None,
                days=stay.days,
                window=stay.window,
                fit=points.total,
                parts=points.parts,
                reasons=points.reasons,
            )
        )
    return placements


def _stay(puzzle: Puzzle, members: tuple[Intern, ...], host: Host) -> Stay:
    stay = agreed_stay(
        ranges=[host.days, *(intern.days for intern in members)],
        journey_types=[intern.journey_type for intern in members],
        everyone=[
            free_windows(available, puzzle.dates)
            for available in (host.available, *(intern.available for intern in members))
        ],
    )
    if stay is None:
        raise PlanError(
            [f"Host {host.id} and {' and '.join(intern.id for intern in members)} share no days."]
        )
    return stay


def _left(columns: Columns, row: int, group: Group, pinned: set[str]) -> list[Unplaced]:
    together = len(group.members) == 2 or group.joins is not None
    has_room = columns.allowed[row].any() if group.joins is not None else columns.suits[row].any()
    reasons = []
    for intern in group.members:
        if intern.id in pinned:
            reason = answer.PINNED_HOST_CANNOT
        elif intern.id not in columns.suited_alone:
            reason = answer.NO_HOST_FITS
        elif together and not has_room:
            reason = answer.COMPANION_HAS_NO_PLACE
        else:
            reason = answer.NO_FREE_PLACE
        reasons.append(Unplaced(intern_id=intern.id, reason=reason))
    return reasons
