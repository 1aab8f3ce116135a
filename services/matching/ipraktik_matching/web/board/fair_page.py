"""Whoever has fewest points in a run's plan: could everybody have more with as many placed, what would it cost, and who would move?

Asked of the engine on request, since it is solved a few times over; nothing is stored and nobody is told.
"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_matching.puzzle import PuzzleError
from ipraktik_matching.solver import SolverFailed
from ipraktik_matching.store.board import people
from ipraktik_matching.web.board import policy_form
from ipraktik_matching.web.board.asking import counsel, too_large
from ipraktik_matching.web.board.desk import ROOT, BoardRoute, show
from ipraktik_matching.web.board.planned import Planned, plan_text, planned, puzzle_text

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/runs"
MOST_LOWEST = 10
MOST_MOVES = 100
PERCENT = 200
"""Of what is missing: enough that a run mostly gives a few points for it, and not so much that it gives everything."""


@router.get(HERE + "/{run_id:uuid}/fair")
async def fair(request: Request, run_id: UUID) -> Response:
    """The fewest points now and at best, with the proof's word."""
    here = await planned(request, run_id)
    if too_large(interns=here.interns, seats=here.plan.stats.seats):
        return await _show(request, here, "too_large", None)
    try:
        question = {"ask": "fair", "plan": await plan_text(request, run_id)}
        found = await counsel(request).asked(question, await puzzle_text(request, run_id))
    except (PuzzleError, SolverFailed):
        return await _show(request, here, "failed", None)
    return await _show(request, here, "nobody" if found is None else "found", found)


async def _show(request: Request, here: Planned, state: str, found: dict[str, Any] | None) -> Response:
    lowest = [] if found is None else found["lowest"][:MOST_LOWEST]
    moves = [] if found is None else found["moves"][:MOST_MOVES]
    ids = {UUID(one) for pair in lowest for one in pair}
    ids |= {UUID(one) for row in moves for one in (row[0], row[1], row[3]) if one}
    async with context_of(request).database.reading() as conn:
        who = await people.of(conn, ids)
    return show(
        request,
        "fair.html",
        desk=here.desk,
        here=HERE,
        run=here.run,
        state=state,
        found=found,
        lowest=lowest,
        moves=moves,
        pins=here.plan.pinned,
        low_fit=None if found is None else min(found["least"], policy_form.MOST),
        percent=PERCENT,
        who={str(one): known for one, known in who.items()},
    )
