"""Two runs of an edition side by side: who changes host, who gains a place, who loses one."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import speech_of
from ipraktik_matching.store import runs
from ipraktik_matching.store.board import compared, people, plans
from ipraktik_matching.store.board.compared import KINDS, Difference
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
    first, second = (uuid_in(request.query_params.get(name)) for name in ("before", "after"))
    if first is None or second is None:
        raise NOT_HERE
    async with context_of(request).database.reading() as conn:
        before, after = await runs.find(conn, run_id=first), await runs.find(conn, run_id=second)
        figures = [await plans.summary(conn, run_id=one) for one in (first, second)]
    if before is None or after is None or None in figures or before.edition_id != after.edition_id:
        raise NOT_HERE
    desk = await at_desk(request, edition_id=before.edition_id)
    number = page_in(request)
    async with context_of(request).database.reading() as conn:
        counted, rows = await compared.of(
            conn, before=first, after=second, beyond=(number - 1) * PAGE_ROWS, limit=PAGE_ROWS
        )
        who = await people.of(conn, [one for row in rows for one in _ids(row)])
    say = speech_of(request)
    return show(
        request,
        "compare.html",
        desk=desk,
        here=HERE,
        before=before,
        after=after,
        figures=figures,
        counted=counted,
        numbers=[(say(codes.DIFFERENCES[kind]), counted.kinds[kind]) for kind in KINDS],
        rows=rows,
        who=who,
        page=number,
        pages_in_all=max(1, -(-counted.found // PAGE_ROWS)),
    )


def _ids(row: Difference) -> list[UUID]:
    return [row.intern_id, *(one.host_id for one in (row.before, row.after) if one is not None)]
