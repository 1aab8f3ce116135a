"""Whoever has fewest points in a plan, and how high that one could be with as many placed: figures of both plans, and who would move.

An answer that does not stand up to its check, which is apart from the search, is no answer (PlanError): nobody is shown a figure of it.
"""

from collections.abc import Mapping
from typing import Any

from ipraktik_matching.puzzle import Plan, PlanError, Puzzle, check, plan_from_json

Moved = tuple[str, str | None, int | None, str | None, int | None]
"""An intern, the host and the points now, and both if. None = no place."""


def weighed(puzzle: Puzzle, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """Both plans in figures; None where nobody is placed whom this is about. `plan`: the run's, as JSON. Raises PlanError."""
    from ipraktik_matching.puzzle.elsewhere import same_puzzle
    from ipraktik_matching.puzzle.fairest import above, fairest, problems_with

    plan = plan_from_json(asked["plan"])
    same_puzzle(puzzle, plan)
    found = fairest(puzzle, plan)
    if found.least is None:
        return None
    problems = problems_with(puzzle, found) if found.proven else check(above(puzzle, found.least), found.plan)
    if problems:
        raise PlanError(problems)
    better = found.now is not None and found.least > found.now
    pinned = {intern_id for intern_id, _ in puzzle.pinned}
    return {
        "now": found.now,
        "least": found.least,
        "next_value": found.next_value,
        "placed": plan.stats.placed,
        "fit": (plan.stats.total_fit, found.plan.stats.total_fit if better else plan.stats.total_fit),
        "most_beyond": None
        if found.fewer is None or found.fewer.certificate is None
        else found.fewer.certificate.most,
        "proven": found.proven,
        "better": better,
        "lowest": [
            (one.intern_id, one.host_id)
            for one in plan.placements
            if one.fit == found.now and one.intern_id not in pinned
        ],
        "moves": _moves(plan, found.plan) if better else [],
    }


def _moves(now: Plan, then: Plan) -> list[Moved]:
    """Everybody who is elsewhere, who gains most first."""
    before = {one.intern_id: (one.host_id, one.fit) for one in now.placements}
    after = {one.intern_id: (one.host_id, one.fit) for one in then.placements}
    found: list[Moved] = []
    for one in sorted(before.keys() | after.keys()):
        old, new = before.get(one, (None, None)), after.get(one, (None, None))
        if old[0] != new[0]:
            found.append((one, *old, *new))
    return sorted(found, key=lambda row: ((row[2] or 0) - (row[4] or 0), row[0]))
