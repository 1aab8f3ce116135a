"""Why this place, or why none: one intern's points part by part, and every other host with what stood between the two.

Read from the very puzzle that the solver was given, so it says why the plan is as it is and not what is true today.
"""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_matching.puzzle import (
    POINTS,
    Fit,
    Host,
    Intern,
    Plan,
    Puzzle,
    fit,
    from_json,
    obstacles,
    plan_from_json,
)
from ipraktik_matching.store import runs
from ipraktik_matching.store.board import people
from ipraktik_matching.web.board.desk import NOT_HERE, ROOT, BoardRoute, at_desk, show

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/runs"
MOST_HOSTS = 25


@dataclass(frozen=True, slots=True)
class Alternative:
    """A host beside the one that was given: points, what stood in the way, and how its seats went."""

    host_id: str
    points: Fit
    obstacles: tuple[str, ...]
    taken: int
    seats: int


@router.get(HERE + "/{run_id:uuid}/interns/{intern_id:uuid}")
async def why(request: Request, run_id: UUID, intern_id: UUID) -> Response:
    """The intern in this run."""
    await at_desk(request)
    async with context_of(request).database.reading() as conn:
        run = await runs.find(conn, run_id=run_id)
        text = await runs.puzzle_of(conn, run_id=run_id)
    if run is None or run.plan is None or text is None:
        raise NOT_HERE
    desk = await at_desk(request, edition_id=run.edition_id)
    puzzle, plan = from_json(text), plan_from_json(run.plan)
    intern = next((one for one in puzzle.interns if one.id == str(intern_id)), None)
    if intern is None:
        raise NOT_HERE
    placed = next((one for one in plan.placements if one.intern_id == intern.id), None)
    left = next((one for one in plan.unplaced if one.intern_id == intern.id), None)
    others = alternatives(puzzle, plan, intern, given=placed.host_id if placed else None)[:MOST_HOSTS]
    ids = [intern.id, *(one.host_id for one in others)]
    ids += [one for one in (placed.host_id, placed.companion_id) if one] if placed else []
    async with context_of(request).database.reading() as conn:
        who = await people.of(conn, [UUID(one) for one in ids])
    return show(
        request,
        "why.html",
        desk=desk,
        here=HERE,
        run=run,
        intern=intern,
        placed=placed,
        left=left,
        others=others,
        all_hosts=len(puzzle.hosts),
        points=POINTS,
        companion=placed is None and intern.companion_id is not None,
        who={str(key): one for key, one in who.items()},
    )


def alternatives(puzzle: Puzzle, plan: Plan, intern: Intern, *, given: str | None) -> list[Alternative]:
    """The other hosts: those that nothing stood between first, and among these the best fit first."""
    taken = Counter(one.host_id for one in plan.placements)
    taken.update(host_id for _, host_id in puzzle.fixed)
    found = [_alternative(puzzle, intern, host, taken[host.id]) for host in puzzle.hosts if host.id != given]
    return sorted(found, key=lambda one: (len(one.obstacles) > 0, -one.points.total, one.host_id))


def _alternative(puzzle: Puzzle, intern: Intern, host: Host, taken: int) -> Alternative:
    return Alternative(
        host_id=host.id,
        points=fit(intern, host, puzzle=puzzle),
        obstacles=obstacles(puzzle, intern, host),
        taken=taken,
        seats=host.capacity,
    )
