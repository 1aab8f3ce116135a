"""The intern's note about practical needs: written and deleted by the intern, read by the host's people once all have signed.

The note is on this page and nowhere else: not in the agreement, its PDF, the history, a mail, a log or an export.
"""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.problem import Problem
from ipraktik_matching.domain.needs import MAX_NOTE, Reader, check_written, may_read, may_write
from ipraktik_matching.domain.placement import settle
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.store import needs
from ipraktik_matching.usecases.keep_practical_needs import keep_practical_needs
from ipraktik_matching.web.page_routes import attempt, back_to, refused_page, render
from ipraktik_matching.web.parties import Asking, asking

router = APIRouter(prefix="/matching/placements/{placement_id}", include_in_schema=False)


@router.get("/needs")
async def show(request: Request, placement_id: UUID) -> Response:
    """The note, to whom it is for."""
    return await _page(request, await _asking(request, placement_id))


@router.post("/needs")
async def write(request: Request, placement_id: UUID) -> Response:
    """Keep or delete the note."""
    who = await _asking(request, placement_id)
    form = await form_of(request)
    note = "" if form.filled("act") == "delete" else form.filled("note")
    if len(note) > MAX_NOTE:
        say = speech_of(request)
        error = say("Skriv højst {most} tegn").format(most=say.number(MAX_NOTE))
        return await _page(request, who, form.with_errors({"note": error}))
    refused = await attempt(
        request,
        lambda tx: keep_practical_needs(tx, placement_id=placement_id, reader=_reader(who), note=note),
    )
    return refused_page(request, who, refused, lead="needs") if refused else back_to(request, who, "needs")


async def _asking(request: Request, placement_id: UUID) -> Asking:
    who = await asking(request, placement_id=placement_id, acts=("agreement", "stay"))
    if who.party == "manager":
        raise Problem(
            403,
            "The note is between intern and host",
            "Ask the intern if there is something you need to know.",
            danish=(
                "Noten er mellem praktikant og vært",
                "Spørg praktikanten, hvis du mangler at vide noget.",
            ),
        )
    return who


def _reader(who: Asking) -> Reader:
    return Reader(who.contact.contact_id, who.party, who.contact.relation)


async def _page(request: Request, who: Asking, form: Form | None = None) -> Response:
    now = context_of(request).clock.now()
    placement, _ = settle(who.placement, now)
    reads = may_read(placement, _reader(who))
    found = None
    if reads:
        async with context_of(request).database.reading() as conn:
            found = await needs.find(conn, placement_id=placement.placement_id)
        if found is not None and found.delete_at <= now:
            found = None  # its time is over, whether or not the job has come round
    try:
        until = check_written(placement, now)
    except Refused:
        until = None
    writes = may_write(_reader(who))
    shown = Form({"note": found.note} if found and writes else {}) if form is None else form
    return render(
        request,
        "needs.html",
        who,
        status=200 if form is None else 422,
        form=shown,
        writes=writes,
        writable=writes and until is not None,
        until=until,
        reads=reads,
        note=found,
        most=MAX_NOTE,
        squeeze=False,
    )
