"""Runs of the puzzle: start one, see how far it is, stop it, the list of all. Progress is a piece of page that htmx fetches anew.

A run's id is drawn when the form is shown: sending the form twice starts one run. One run of an edition is under way at a time.
"""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.ids import new_id
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.policies import USUAL
from ipraktik_matching.store import pair_rules, runs
from ipraktik_matching.usecases.cancel_run import cancel_run
from ipraktik_matching.usecases.request_run import request_run
from ipraktik_matching.web.board import codes, policy_form
from ipraktik_matching.web.board.desk import (
    NOT_HERE,
    ROOT,
    BoardRoute,
    Desk,
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
    return await _list(request, await at_desk(request), Form())


async def _list(request: Request, desk: Desk, form: Form, *, status: int = 200) -> Response:
    if desk.edition is None:
        return show(request, "no_edition.html", desk=desk, here=HERE)
    edition_id = desk.edition.edition_id
    context = context_of(request)
    async with context.database.reading() as conn:
        found = await runs.of_edition(conn, edition_id=edition_id, limit=MOST_RUNS)
        under_way = await runs.under_way(conn, edition_id=edition_id)
        rules = await pair_rules.in_force(conn, edition_id=edition_id)
        going = None if under_way is None else await runs.find(conn, run_id=under_way)
    if form.errors and under_way is not None:
        # Somebody else started one meanwhile: the page says so, and has no fields whose errors it could lead to.
        form, status = Form(), 409
    return show(
        request,
        "runs.html",
        desk=desk,
        here=HERE,
        status=status,
        form=Form({**policy_form.filled(USUAL), **{name: form[name] for name in form}}, form.errors),
        weights=policy_form.labelled(speech_of(request)),
        runs=found,
        under_way=under_way,
        going=going,
        new_run_id=uuid_in(form.get("run_id")) or new_id(context.clock.now()),
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
    policy, errors = policy_form.chosen(speech_of(request), form, start=USUAL)
    if errors:
        return await _list(request, desk, form.with_errors(errors), status=422)
    try:
        async with acting(request) as tx:
            await request_run(
                tx, edition_id=edition_id, requested_by=desk.who.name, run_id=run_id, policy=policy
            )
    except Refused as refusal:
        return refused(request, desk, refusal, here=HERE, back=f"{HERE}?edition={edition_id}")
    return lead(request, f"/runs/{run_id}")


@router.post(HERE + "/{run_id:uuid}/cancel")
async def cancel(request: Request, run_id: UUID) -> Response:
    """Stop it; where it ended meanwhile, its page says how."""
    desk = await at_desk(request)
    async with acting(request) as tx:
        await cancel_run(tx, run_id=run_id, by=desk.who.name)
    return lead(request, f"/runs/{run_id}")


@router.get(HERE + "/{run_id:uuid}/progress")
async def progress(request: Request, run_id: UUID) -> Response:
    """How far the run is, as a piece of page, or 204 where that is what the page shows already."""
    await at_desk(request)
    async with context_of(request).database.reading() as conn:
        run = await runs.find(conn, run_id=run_id)
    if run is None:
        raise NOT_HERE
    if run.state in ("queued", "running") and codes.shown_of(run) == request.query_params.get("shown"):
        return Response(status_code=204)
    pages: Pages = request.app.state.pages
    return pages.render(request, "board/progress.html", going=run, codes=codes)
