"""Sending a plan out: first what it means, then one act. Whoever presses second is shown what the first one did."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import speech_of
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.store import editions, runs
from ipraktik_matching.store.board import people
from ipraktik_matching.store.runs import Run
from ipraktik_matching.usecases.release_run import preview_release, release_run
from ipraktik_matching.web.board.desk import (
    NOT_HERE,
    PAGE_ROWS,
    ROOT,
    BoardRoute,
    Desk,
    acting,
    at_desk,
    lead,
    refused,
    show,
)

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/runs"


@router.get(HERE + "/{run_id:uuid}/release")
async def before_release(request: Request, run_id: UUID) -> Response:
    """How many proposals and mails it would be at this moment."""
    desk, run = await _asked(request, run_id)
    if run.state == "released":
        return lead(request, f"/runs/{run_id}")
    return await _show(request, desk, run, Form())


@router.post(HERE + "/{run_id:uuid}/release")
async def release(request: Request, run_id: UUID) -> Response:
    """Send it out, once."""
    form = await form_of(request)
    desk, run = await _asked(request, run_id)
    final = form.get("final")
    if final not in ("yes", "no"):
        say = speech_of(request)
        problem = {"final": say("Vælg, om det er den sidste beregning i runden")}
        return await _show(request, desk, run, form.with_errors(problem), status=422)
    try:
        async with acting(request) as tx:
            await release_run(tx, run_id=run_id, final=final == "yes", by=desk.who.name)
    except Refused as refusal:
        return refused(request, desk, refusal, here=HERE, back=f"{HERE}/{run_id}")
    return lead(request, f"/runs/{run_id}")


async def _show(request: Request, desk: Desk, run: Run, form: Form, *, status: int = 200) -> Response:
    try:
        async with acting(request) as tx:
            preview = await preview_release(tx, run_id=run.run_id)
    except Refused as refusal:
        return refused(request, desk, refusal, here=HERE, back=f"{HERE}/{run.run_id}")
    out = preview.left_out[:PAGE_ROWS]
    async with context_of(request).database.reading() as conn:
        who = await people.of(conn, [UUID(one[side]) for one in out for side in ("intern_id", "host_id")])
        edition = await editions.find(conn, edition_id=run.edition_id)
    closes_at = None if edition is None else edition.closes_at
    return show(
        request,
        "release.html",
        desk=desk,
        here=HERE,
        status=status,
        form=form,
        run=run,
        preview=preview,
        out=out,
        who={str(key): one for key, one in who.items()},
        open_until=closes_at if closes_at and context_of(request).clock.now() < closes_at else None,
    )


async def _asked(request: Request, run_id: UUID) -> tuple[Desk, Run]:
    await at_desk(request)
    async with context_of(request).database.reading() as conn:
        run = await runs.find(conn, run_id=run_id)
    if run is None:
        raise NOT_HERE
    return await at_desk(request, edition_id=run.edition_id), run
