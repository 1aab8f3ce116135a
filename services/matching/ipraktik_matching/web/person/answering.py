"""The page on which intern and host read a proposal and answer it. Opening it changes nothing; the first answer of each stands."""

from typing import Final, cast
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import speech_of
from ipraktik_matching.domain.facts import DeclineReason
from ipraktik_matching.domain.placement import settle
from ipraktik_matching.usecases.answer_proposal import answer_proposal
from ipraktik_matching.web import words
from ipraktik_matching.web.others import others_of
from ipraktik_matching.web.page_routes import attempt, back_to, refused_page, render
from ipraktik_matching.web.parties import Asking, asking

router = APIRouter(prefix="/matching/placements/{placement_id}", include_in_schema=False)
MOST_REASONS: Final = 3
"""So many sentences say why; more would not be read."""


@router.get("/answer")
async def show(request: Request, placement_id: UUID) -> Response:
    """The proposal."""
    return await _page(request, await asking(request, placement_id=placement_id, acts=("answer",)))


@router.post("/answer")
async def answer(request: Request, placement_id: UUID) -> Response:
    """Yes or no."""
    who = await asking(request, placement_id=placement_id, acts=("answer",))
    form = await form_of(request)
    errors = _errors(request, form, who.party)
    if errors:
        return await _page(request, who, form.with_errors(errors))
    refused = await attempt(
        request,
        lambda tx: answer_proposal(
            tx,
            placement_id=placement_id,
            party=who.party,
            accept=form.filled("accept") == "yes",
            reason=cast(DeclineReason, form.filled("reason") or "other"),
            actor=who.actor,
        ),
    )
    return refused_page(request, who, refused, lead="answer") if refused else back_to(request, who, "answer")


def _errors(request: Request, form: Form, party: str) -> dict[str, str]:
    say = speech_of(request)
    if form.filled("accept") not in ("yes", "no"):
        return {"accept": say("Vælg, om du siger ja eller nej")}
    known = words.decline_reasons(party)
    if form.filled("accept") == "no" and form.filled("reason") not in known:
        return {"reason": say("Vælg, hvorfor du siger nej")}
    if form.filled("reason") and form.filled("reason") not in known:
        return {"reason": say("Vælg en grund fra listen")}
    return {}


async def _page(request: Request, who: Asking, form: Form | None = None) -> Response:
    async with context_of(request).database.reading() as conn:
        others = await others_of(conn, who)
    now = context_of(request).clock.now()
    placement, _ = settle(who.placement, now)
    asked = placement.state == "proposed" and who.party != "manager" and who.party not in placement.accepted
    if form is not None and not asked:  # from a window that stood open: there is nothing to mend any more
        return back_to(request, who, "answer")
    return render(
        request,
        "answer.html",
        who,
        status=200 if form is None else 422,
        form=form,
        state=placement.state,
        others=others,
        asked=asked,
        reasons=who.placement.reasons[:MOST_REASONS],
        other_side="host" if who.party == "intern" else "intern",
    )
