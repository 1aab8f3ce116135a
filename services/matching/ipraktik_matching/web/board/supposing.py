"""What if? The puzzle with a host more or fewer, other seats or other weights, solved and laid beside the plan there is.

Both plans are weighed with the weights of the run and without the points for staying, so that their points can be compared.
Nobody is told and nothing is kept.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from ipraktik_matching.puzzle import Days, Host, Policy, Puzzle, fit, solve

NEW: Final = "new"
"""The id of a host that is only supposed."""

Place = tuple[str | None, int | None]
"""A host, and so many days where they are known."""

_NOWHERE: Final[Place] = (None, None)
_ANY_DAYS: Final = Days(2, 5)


def supposed(puzzle: Puzzle, asked: Mapping[str, Any]) -> Puzzle:
    """The puzzle as it would be.

    `seats`: host to seats (0 = no longer there); `host`: a kind of host that comes; `policy`; `free`: placements that may be moved;
    `never`: a pair that must not meet.
    """
    seats: Mapping[str, int] = asked.get("seats") or {}
    gone = {host_id for host_id, number in seats.items() if number == 0}
    hosts = [
        replace(one, capacity=seats.get(one.id, one.capacity)) for one in puzzle.hosts if one.id not in gone
    ]
    if (kind := asked.get("host")) is not None:
        where = sorted(code for code, region in puzzle.region_of.items() if region == kind["region"])
        hosts.append(
            Host(
                id=NEW,
                organisation_id=NEW,
                workplace_id=NEW,
                field=kind["field"],
                sector=kind["sector"],
                lot="0",
                days=_ANY_DAYS,
                capacity=kind["seats"],
                municipality_code=where[0] if where else None,
            )
        )
    never = {(intern_id, host_id) for intern_id, host_id in asked.get("never") or ()}
    free = {(intern_id, host_id) for intern_id, host_id in asked.get("free") or ()}
    pairs: dict[str, Any] = {
        name: tuple(
            pair for pair in getattr(puzzle, name) if pair[1] not in gone and pair not in free | never
        )
        for name in ("fixed", "pinned", "open", "drafts")
    }
    pairs["open"] += tuple(sorted(pair for pair in free & set(puzzle.fixed) if pair[1] not in gone))
    return replace(
        puzzle,
        hosts=tuple(hosts),
        forbidden=frozenset(pair for pair in puzzle.forbidden | never if pair[1] not in gone),
        policy=Policy(**asked["policy"]) if asked.get("policy") else puzzle.policy,
        **pairs,
    )


def compared(puzzle: Puzzle, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Figures of both plans, and every intern for whom they differ. `plan`: intern to host and days, as it is now."""
    other = supposed(puzzle, asked)
    plan = solve(other)
    still = dict(other.fixed)
    # who had a place that stood, and would have to find one, is in both plans
    loose = {one: (host_id, None) for one, host_id in puzzle.fixed if one not in still}
    now: dict[str, Place] = {
        **loose,
        **{one: (host_id, days) for one, (host_id, days) in asked["plan"].items()},
    }
    then: dict[str, Place] = {one.intern_id: (one.host_id, one.days) for one in plan.placements}
    changes = [
        (one, before, after)
        for one in sorted(now.keys() | then.keys())
        if (before := now.get(one, _NOWHERE)[0]) != (after := then.get(one, _NOWHERE)[0])
    ]
    plain = replace(puzzle.policy, keep_open=0, keep_draft=0)
    travelling = len(other.interns) - len(other.fixed)
    return {
        "now": _figures(replace(puzzle, policy=plain), now, travelling),
        "then": _figures(replace(other, policy=plain), then, travelling),
        "changes": sorted(changes, key=_kind),
        "count_proven": plan.stats.count_proven,
        "fit_proven": plan.stats.fit_proven,
        "count_bound": plan.stats.count_bound,
    }


def _kind(change: tuple[str, str | None, str | None]) -> tuple[int, str]:
    intern_id, before, after = change
    return (0 if after is None else 2 if before is None else 1), intern_id


def _figures(puzzle: Puzzle, plan: Mapping[str, Place], travelling: int) -> dict[str, int]:
    interns = {one.id: one for one in puzzle.interns}
    hosts = {one.id: one for one in puzzle.hosts}
    small = replace(
        puzzle, interns=(), hosts=(), fixed=(), pinned=(), open=(), drafts=(), forbidden=frozenset()
    )
    points = sum(
        fit(interns[one], hosts[host_id], puzzle=small, days=days).total
        for one, (host_id, days) in plan.items()
        if host_id is not None
    )
    return {
        "placed": len(plan),
        "left": travelling - len(plan),
        "fit": points,
        "hosts": len({host_id for host_id, _ in plan.values()}),
    }
