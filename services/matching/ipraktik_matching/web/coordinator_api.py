"""What coordinators do: ask for runs, release them, look at placements, take one back, decide a contradiction."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Request
from fastapi.security import HTTPBearer
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.links import Coordinator
from ipraktik_chassis.problem import Problem
from ipraktik_matching.store import placements, runs
from ipraktik_matching.store.board import plans
from ipraktik_matching.store.history import Actor
from ipraktik_matching.usecases.cancel_run import cancel_run
from ipraktik_matching.usecases.decide_disputed_stay import decide_disputed_stay
from ipraktik_matching.usecases.release_run import release_run
from ipraktik_matching.usecases.request_run import request_run
from ipraktik_matching.usecases.withdraw_placement import withdraw_placement
from ipraktik_matching.web.models import (
    DecisionIn,
    PlacementOut,
    PlacementsOut,
    placement_out,
)
from ipraktik_matching.web.problems import acting, problems
from ipraktik_matching.web.run_models import ReleaseIn, ReleaseOut, RunAccepted, RunCancelled, RunIn, RunOut

_COORDINATOR = HTTPBearer(
    scheme_name="coordinator", description="The token of a signed-in coordinator.", auto_error=False
)
router = APIRouter(
    prefix="/matching/api/v1",
    tags=["coordinators"],
    dependencies=[Depends(_COORDINATOR)],
    responses=problems(),
)


async def _signed_in(request: Request) -> Coordinator:
    return await access.coordinator(request)


SignedIn = Annotated[Coordinator, Depends(_signed_in)]
_USUAL = RunIn()


@router.post("/editions/{edition_id}/runs", status_code=202, responses=problems(404, 409))
async def ask_for_run(
    request: Request, edition_id: UUID, who: SignedIn, body: Annotated[RunIn, Body()] = _USUAL
) -> RunAccepted:
    """Queue a solver run of the edition. One at a time: while another is under way, this is refused."""
    policy = body.policy()
    async with acting(request) as tx:
        run_id = await request_run(tx, edition_id=edition_id, requested_by=who.name, policy=policy)
    return RunAccepted(run_id=run_id)


@router.get("/runs/{run_id}", responses=problems(404))
async def show_run(request: Request, run_id: UUID, _who: SignedIn) -> RunOut:
    """How far the run is."""
    async with context_of(request).database.reading() as conn:
        run = await runs.find(conn, run_id=run_id)
        plan = await plans.summary(conn, run_id=run_id)
    if run is None:
        raise Problem(404, "Not found", "There is no such run.")
    return RunOut.model_validate(
        {
            **{name: getattr(run, name) for name in RunOut.model_fields if hasattr(run, name)},
            "places": None if plan is None else plan.placed,
            "unplaced": None if plan is None else plan.unplaced,
        }
    )


@router.post("/runs/{run_id}/cancellation", responses=problems(404))
async def cancel(request: Request, run_id: UUID, who: SignedIn) -> RunCancelled:
    """Stop a run that waits or is being solved; it keeps no plan."""
    async with acting(request) as tx:
        return RunCancelled(cancelled=await cancel_run(tx, run_id=run_id, by=who.name))


@router.get("/runs/{run_id}/puzzle.json", responses=problems(404), response_class=Response)
async def puzzle_file(request: Request, run_id: UUID, _who: SignedIn) -> Response:
    """What the solver was given. Ids, codes and numbers alone; docs/puzzle-format.md says how to check a plan of it."""
    async with context_of(request).database.reading() as conn:
        return _file(await runs.puzzle_of(conn, run_id=run_id))


@router.get("/runs/{run_id}/plan.json", responses=problems(404), response_class=Response)
async def plan_file(request: Request, run_id: UUID, _who: SignedIn) -> Response:
    """What the solver said, with its certificate."""
    async with context_of(request).database.reading() as conn:
        return _file(await runs.whole_plan_of(conn, run_id=run_id))


def _file(text: str | None) -> Response:
    if text is None:
        raise Problem(404, "Not found", "There is no such run, or it has no such file.")
    return Response(text, media_type="application/json")


@router.post("/runs/{run_id}/release", responses=problems(404, 409))
async def release(request: Request, run_id: UUID, body: ReleaseIn, who: SignedIn) -> ReleaseOut:
    """Send the run's proposals out. Doing it again gives the same answer."""
    async with acting(request) as tx:
        released = await release_run(tx, run_id=run_id, final=body.final, by=who.name)
    return ReleaseOut.model_validate(released, from_attributes=True)


@router.get("/editions/{edition_id}/placements")
async def show_placements(request: Request, edition_id: UUID, _who: SignedIn) -> PlacementsOut:
    """All placements of the edition, ended ones included."""
    async with context_of(request).database.reading() as conn:
        found = await placements.of_edition(conn, edition_id=edition_id)
    return PlacementsOut(placements=tuple(placement_out(placement) for placement in found))


@router.post("/placements/{placement_id}/withdrawal", responses=problems(404, 409))
async def withdraw(request: Request, placement_id: UUID, who: SignedIn) -> PlacementOut:
    """Take a placement back before the stay."""
    async with acting(request) as tx:
        placement = await withdraw_placement(
            tx, placement_id=placement_id, actor=Actor("coordinator", who.name)
        )
    return placement_out(placement)


@router.post("/placements/{placement_id}/decision", responses=problems(404, 409))
async def decide(request: Request, placement_id: UUID, body: DecisionIn, who: SignedIn) -> PlacementOut:
    """Decide whether a stay was held about which the parties contradict each other."""
    async with acting(request) as tx:
        placement = await decide_disputed_stay(
            tx,
            placement_id=placement_id,
            held=body.held,
            reason=body.reason or "other",
            actor=Actor("coordinator", who.name),
        )
    return placement_out(placement)
