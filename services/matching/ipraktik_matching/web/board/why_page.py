"""Why this place, or why none: one intern's points part by part, and every other host with what stood between the two.

Read from the very puzzle that the solver was given, so it says why the plan is as it is and not what is true today. Every host
is weighed, so this page alone costs what the puzzle is large.
"""

from collections import Counter
from dataclasses import dataclass, replace
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.texts import Speech
from ipraktik_matching.puzzle import (
    POINTS,
    Fit,
    Host,
    Intern,
    Puzzle,
    fit,
    from_json,
    obstacles,
)
from ipraktik_matching.store import runs
from ipraktik_matching.store.board import people, plans
from ipraktik_matching.store.board.plans import Left, Placed
from ipraktik_matching.web.board.desk import NOT_HERE, ROOT, BoardRoute, at_desk, show

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/runs"
MOST_HOSTS = 25


@dataclass(frozen=True, slots=True)
class Alternative:
    """A host beside the one that was given: points, what stood in the way, and how its seats went."""

    host_id: UUID
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
        found = await plans.of_intern(conn, run_id=run_id, intern_id=intern_id)
        planned = await plans.summary(conn, run_id=run_id) is not None
    if run is None or text is None or not planned:
        raise NOT_HERE
    desk = await at_desk(request, edition_id=run.edition_id)
    puzzle = from_json(text)
    intern = next((one for one in puzzle.interns if one.id == str(intern_id)), None)
    if intern is None:
        raise NOT_HERE
    placed = found if isinstance(found, Placed) else None
    others = alternatives(puzzle, intern, given=placed.host_id if placed else None)[:MOST_HOSTS]
    hosts = [one.host_id for one in others]
    async with context_of(request).database.reading() as conn:
        given_away = await plans.taken(conn, run_id=run_id, host_ids=hosts)
        beside = (placed.host_id, placed.companion_id) if placed else ()
        who = await people.of(conn, [intern_id, *hosts, *beside])
    say = speech_of(request)
    return show(
        request,
        "why.html",
        desk=desk,
        here=HERE,
        run=run,
        intern=intern,
        intern_id=intern_id,
        placed=placed,
        left=found if isinstance(found, Left) else None,
        others=[replace(one, taken=one.taken + given_away.get(one.host_id, 0)) for one in others],
        all_hosts=len(puzzle.hosts),
        points=POINTS,
        verdict=lambda one: verdict(say, one, placed),
        companion=placed is None and intern.companion_id is not None,
        who=who,
    )


def alternatives(puzzle: Puzzle, intern: Intern, *, given: UUID | None) -> list[Alternative]:
    """The other hosts: those that nothing stood between first, and among these the best fit first.

    Their taken seats are those taken before the run.
    """
    taken = Counter(host_id for _, host_id in puzzle.fixed)
    found = [
        _alternative(puzzle, intern, host, taken[host.id]) for host in puzzle.hosts if host.id != str(given)
    ]
    return sorted(found, key=lambda one: (len(one.obstacles) > 0, -one.points.total, one.host_id))


def verdict(say: Speech, one: Alternative, placed: Placed | None) -> str:
    """Why a host that nothing stood between was not the one: only what is true of this very host."""
    if one.taken >= one.seats:
        return say("Ingen. Pladserne gik til andre")
    if placed is None:
        return say("Ingen. Her er en ledig plads")
    if one.points.total < placed.fit:
        return say("Ingen. Her er en ledig plads, men værten passer dårligere")
    return say("Ingen. Her er en ledig plads, men planen valgte en anden vært")


def _alternative(puzzle: Puzzle, intern: Intern, host: Host, taken: int) -> Alternative:
    return Alternative(
        host_id=UUID(host.id),
        points=fit(intern, host, puzzle=puzzle),
        obstacles=obstacles(puzzle, intern, host),
        taken=taken,
        seats=host.capacity,
    )
