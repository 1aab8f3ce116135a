"""Runs of the puzzle: start one, see how far it is, the list of all. Progress is a piece of page that htmx fetches anew.

A run's id is drawn when the form is shown: sending the form twice starts one run. One run of an edition is under way at a time.
"""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import form_of
from ipraktik_chassis.ids import new_id
from ipraktik_chassis.pages import Pages
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.store import pair_rules, runs
from ipraktik_matching.usecases.request_run import request_run
from ipraktik_matching.web.board import codes
from ipraktik_matching.web.board.desk import (
    NOT_HERE,
    ROOT,
    BoardRoute,
    acting,
    at_desk,
    lead,
    refused,
    show,
    uuid_in,
)

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/runs"
MOST_RUNS = 50


@router.get(HERE)
async def list_runs(request: Request) -> Response:
    """The edition's runs, the newest first, and the button that starts one."""
    desk = await at_desk(request)
    if desk.edition is None:
        return show(request, "no_edition.html", desk=desk, here=HERE)
    edition_id = desk.edition.edition_id
    context = context_of(request)
    async with context.database.reading() as conn:
        found = await runs.of_edition(conn, edition_id=edition_id, limit=MOST_RUNS)
        under_way = await runs.under_way(conn, edition_id=edition_id)
        rules = await pair_rules.in_force(conn, edition_id=edition_id)
    return show(
        request,
        "runs.html",
        desk=desk,
        here=HERE,
        runs=found,
        under_way=under_way,
        state=next((one.state for one in found if one.run_id == under_way), "queued"),
        new_run_id=new_id(context.clock.now()),
        musts=sum(rule.kind == "must" for rule in rules),
        nevers=sum(rule.kind == "never" for rule in rules),
        comparable=[one for one in found if one.placed is not None],
    )


@router.post(HERE)
async def start(request: Request) -> Response:
    """Queue a run; sent twice, it is the same one."""
    form = await form_of(request)
    run_id = uuid_in(form.get("run_id"))
    edition_id = uuid_in(form.get("edition"))
    if run_id is None or edition_id is None:
        raise NOT_HERE
    desk = await at_desk(request, edition_id=edition_id)
    try:
        async with acting(request) as tx:
            await request_run(tx, edition_id=edition_id, requested_by=desk.who.name, run_id=run_id)
    except Refused as refusal:
        return refused(request, desk, refusal, here=HERE, back=f"{HERE}?edition={edition_id}")
    return lead(request, f"/runs/{run_id}")


@router.get(HERE + "/{run_id:uuid}/progress")
async def progress(request: Request, run_id: UUID) -> Response:
    """How far the run is, as a piece of page, or 204 where that is what the page shows already."""
    await at_desk(request)
    async with context_of(request).database.reading() as conn:
        run = await runs.find(conn, run_id=run_id)
    if run is None:
        raise NOT_HERE
    if run.state in ("queued", "running") and run.state == request.query_params.get("shown"):
        return Response(status_code=204)
    pages: Pages = request.app.state.pages
    return pages.render(request, "board/progress.html", run_id=run_id, state=run.state, codes=codes)
