"""What if? The puzzle with a host more or fewer, other seats or other weights, solved and laid beside the plan there is.

Both plans are weighed with the weights of the run and without the points for staying, so that their points can be compared.
Nobody is told and nothing is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ipraktik_matching.puzzle import Days, Host, Pair, Policy, Puzzle, fit, solve
from ipraktik_matching.puzzle.what_if import Change, changed

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
    kind = asked.get("host")
    other = changed(
        puzzle,
        Change(
            add_hosts=() if kind is None else (_new(puzzle, kind),),
            remove_hosts=frozenset(host_id for host_id, number in seats.items() if number == 0),
            seats={host_id: number for host_id, number in seats.items() if number},
            policy=Policy(**asked["policy"]) if asked.get("policy") else None,
        ),
    )
    never = {(intern_id, host_id) for intern_id, host_id in asked.get("never") or ()}
    free = {(intern_id, host_id) for intern_id, host_id in asked.get("free") or ()} & {*other.fixed}

    def still(pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
        return tuple(pair for pair in pairs if pair not in free | never)

    return replace(
        other,
        fixed=still(other.fixed),
        pinned=still(other.pinned),
        open=(*still(other.open), *sorted(free)),
        drafts=still(other.drafts),
        forbidden=other.forbidden | never,
    )


def _new(puzzle: Puzzle, kind: Mapping[str, Any]) -> Host:
    """A host of this kind that can at any time."""
    where = sorted(code for code, region in puzzle.region_of.items() if region == kind["region"])
    return Host(
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


def compared(puzzle: Puzzle, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Figures of both plans, and every intern for whom they differ. `plan`: intern to host and days, as it is now.

    `best`: whether that plan is known to be the best, so that a chain of people who move up may answer for a pair apart.
    """
    other = supposed(puzzle, asked)
    found = _apart(puzzle, other, asked) or _solved(other)
    then: Mapping[str, Place] = found.where
    # who had a place that stood, and would have to find one, is in both plans
    still = dict(other.fixed)
    loose = {one: (host_id, None) for one, host_id in puzzle.fixed if one not in still}
    now: dict[str, Place] = {
        **loose,
        **{one: (host_id, days) for one, (host_id, days) in asked["plan"].items()},
    }
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
        "count_proven": found.count_proven,
        "fit_proven": found.fit_proven,
    }


@dataclass(frozen=True, slots=True)
class _Then:
    """The plan of what is supposed."""

    where: Mapping[str, Place]
    count_proven: bool = True
    fit_proven: bool = True


def _apart(puzzle: Puzzle, other: Puzzle, asked: Mapping[str, Any]) -> _Then | None:
    """The answer of the engine's chains, where a pair that may not meet is all that is supposed and they answer exactly."""
    from ipraktik_matching.puzzle.elsewhere import not_here

    where = {one: host_id for one, (host_id, _) in asked["plan"].items()}
    never = [(intern_id, host_id) for intern_id, host_id in asked.get("never") or ()]
    # whoever stood at that host stands nowhere now, which weighs nothing at any other
    same = replace(other, forbidden=puzzle.forbidden, open=puzzle.open, drafts=puzzle.drafts) == puzzle
    if not asked.get("best") or not same or len(never) != 1 or where.get(never[0][0]) != never[0][1]:
        return None
    found = not_here(puzzle, where, never[0][0])
    return None if found is None else _Then(found)


def _solved(other: Puzzle) -> _Then:
    plan = solve(other)
    where: dict[str, Place] = {one.intern_id: (one.host_id, one.days) for one in plan.placements}
    return _Then(where, plan.stats.count_proven, plan.stats.fit_proven)


def _kind(change: tuple[str, str | None, str | None]) -> tuple[int, str]:
    intern_id, before, after = change
    return (0 if after is None else 2 if before is None else 1), intern_id


def _figures(puzzle: Puzzle, plan: Mapping[str, Place], travelling: int) -> dict[str, int | None]:
    pinned = {intern_id for intern_id, _ in puzzle.pinned}
    interns = {one.id: one for one in puzzle.interns}
    hosts = {one.id: one for one in puzzle.hosts}
    small = replace(
        puzzle, interns=(), hosts=(), fixed=(), pinned=(), open=(), drafts=(), forbidden=frozenset()
    )
    points = {
        one: fit(interns[one], hosts[host_id], puzzle=small, days=days).total
        for one, (host_id, days) in plan.items()
        if host_id is not None
    }
    return {
        "placed": len(plan),
        "left": travelling - len(plan),
        "fit": sum(points.values()),
        # whom a coordinator put somewhere says nothing of how the plan serves people
        "least": min((value for one, value in points.items() if one not in pinned), default=None),
        "hosts": len({host_id for host_id, _ in plan.values()}),
    }
