"""Why this place, or why none: one intern's points part by part, and every other host with what stood between the two.

Read from the very puzzle that the solver was given, so it says why the plan is as it is and not what is true today. The puzzle of
the run looked at last is kept (laid_out), so the first intern of a run costs what its puzzle is large, and the next ones little.
"""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.texts import Speech
from ipraktik_matching.puzzle import POINTS
from ipraktik_matching.store.board import advice, people, plans
from ipraktik_matching.store.board.plans import Left, Placed
from ipraktik_matching.web.board.desk import NOT_HERE, ROOT, BoardRoute, show
from ipraktik_matching.web.board.laid_out import Alternative
from ipraktik_matching.web.board.planned import laid_out_of, planned

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/runs"
MOST_HOSTS = 25


@router.get(HERE + "/{run_id:uuid}/interns/{intern_id:uuid}")
async def why(request: Request, run_id: UUID, intern_id: UUID) -> Response:
    """The intern in this run."""
    here = await planned(request, run_id)
    run, desk = here.run, here.desk
    laid = await laid_out_of(request, run)
    async with context_of(request).database.reading() as conn:
        found = await plans.of_intern(conn, run_id=run_id, intern_id=intern_id)
        left = isinstance(found, Left)
        told = await advice.of_run(conn, run_id=run_id, whom=[intern_id]) if left else None
    intern = laid.interns.get(str(intern_id))
    if intern is None:
        raise NOT_HERE
    placed = found if isinstance(found, Placed) else None
    others = laid.alternatives(intern, given=placed.host_id if placed else None, most=MOST_HOSTS)
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
        other_hosts=len(laid.hosts) - (placed is not None),
        helps=None if told is None else told.helps.get(intern_id),
        points={code: laid.puzzle.policy.weights.get(code, most) for code, most in POINTS.items()},
        verdict=lambda one: verdict(say, one, placed),
        companion=placed is None and intern.companion_id is not None,
        who=who,
    )


def verdict(say: Speech, one: Alternative, placed: Placed | None) -> str:
    """Why a host that nothing stood between was not the one: only what is true of this very host."""
    if one.taken >= one.seats:
        return say("Ingen. Pladserne gik til andre")
    if placed is None:
        return say("Ingen. Her er en ledig plads")
    if one.points.total < placed.fit:
        return say("Ingen. Her er en ledig plads, men værten passer dårligere")
    return say("Ingen. Her er en ledig plads, men planen valgte en anden vært")
