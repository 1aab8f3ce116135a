"""Two runs of an edition side by side: who changes host, who gains a place, who loses one."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import speech_of
from ipraktik_matching.plan_differences import KINDS, Difference, differences
from ipraktik_matching.puzzle import plan_from_json
from ipraktik_matching.store import runs
from ipraktik_matching.store.board import people
from ipraktik_matching.web.board import codes
from ipraktik_matching.web.board.desk import (
    NOT_HERE,
    PAGE_ROWS,
    ROOT,
    BoardRoute,
    at_desk,
    page_in,
    show,
    uuid_in,
)

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/runs"


@router.get(HERE + "/compare")
async def compare(request: Request) -> Response:
    """What the second run does otherwise than the first."""
    await at_desk(request)
    ids = [uuid_in(request.query_params.get(name)) for name in ("before", "after")]
    async with context_of(request).database.reading() as conn:
        found = [None if one is None else await runs.find(conn, run_id=one) for one in ids]
    before, after = found
    if before is None or after is None or before.plan is None or after.plan is None:
        raise NOT_HERE
    if before.edition_id != after.edition_id:
        raise NOT_HERE
    desk = await at_desk(request, edition_id=before.edition_id)
    plans = plan_from_json(before.plan), plan_from_json(after.plan)
    both = differences(*plans)
    number = page_in(request)
    rows = both.found[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    async with context_of(request).database.reading() as conn:
        who = await people.of(conn, [UUID(one) for row in rows for one in _ids(row)])
    say = speech_of(request)
    return show(
        request,
        "compare.html",
        desk=desk,
        here=HERE,
        before=before,
        after=after,
        stats=[plan.stats for plan in plans],
        lefts=[len(plan.unplaced) for plan in plans],
        both=both,
        numbers=[(say(codes.DIFFERENCES[kind]), both.count(kind)) for kind in KINDS],
        rows=rows,
        who={str(key): one for key, one in who.items()},
        page=number,
        pages_in_all=max(1, -(-len(both.found) // PAGE_ROWS)),
    )


def _ids(row: Difference) -> list[str]:
    return [row.intern_id, *(one.host_id for one in (row.before, row.after) if one is not None)]
