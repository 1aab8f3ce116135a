"""What lies around a run: everybody who is left, with what would place them, and the puzzle and plan as files."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import speech_of
from ipraktik_matching.store.board import advice, people, plans
from ipraktik_matching.web.board.desk import (
    PAGE_ROWS,
    ROOT,
    BoardRoute,
    at_desk,
    page_in,
    show,
)
from ipraktik_matching.web.board.planned import plan_text, planned, puzzle_text
from ipraktik_matching.web.board.run_words import left_by_reason

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/runs"


@router.get(HERE + "/{run_id:uuid}/left")
async def left(request: Request, run_id: UUID) -> Response:
    """Everybody who is left, why, and the smallest thing that would place them."""
    here = await planned(request, run_id)
    number = page_in(request)
    async with context_of(request).database.reading() as conn:
        rows = await plans.left(conn, run_id=run_id, after=(number - 1) * PAGE_ROWS, limit=PAGE_ROWS)
        who = await people.of(conn, [one.intern_id for one in rows])
        found = await advice.of_run(conn, run_id=run_id, whom=[one.intern_id for one in rows])
    return show(
        request,
        "left.html",
        desk=here.desk,
        here=HERE,
        run=here.run,
        left=rows,
        left_by_reason=left_by_reason(speech_of(request), here.plan),
        who=who,
        advice=found,
        page=number,
        pages_in_all=max(1, -(-here.plan.unplaced // PAGE_ROWS)),
    )


@router.get(HERE + "/{run_id:uuid}/puzzle.json")
async def puzzle_file(request: Request, run_id: UUID) -> Response:
    """What the solver was given."""
    await at_desk(request)
    return _file("puzzle.json", await puzzle_text(request, run_id))


@router.get(HERE + "/{run_id:uuid}/plan.json")
async def plan_file(request: Request, run_id: UUID) -> Response:
    """What the solver answered, with its proof."""
    await at_desk(request)
    return _file("plan.json", await plan_text(request, run_id))


def _file(name: str, text: str) -> Response:
    return Response(
        text, media_type="application/json", headers={"content-disposition": f'attachment; filename="{name}"'}
    )
