"""The page on which the three parties say whether the stay was held, and what becomes of their word."""

from typing import cast, get_args
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import speech_of
from ipraktik_matching.domain.days import silence_ends
from ipraktik_matching.domain.facts import NotHeldReason
from ipraktik_matching.domain.placement import settle
from ipraktik_matching.usecases.say_how_the_stay_went import say_how_the_stay_went
from ipraktik_matching.web.page_routes import attempt, back_to, refused_page, render
from ipraktik_matching.web.parties import Asking, asking

router = APIRouter(prefix="/matching/placements/{placement_id}", include_in_schema=False)


@router.get("/stay")
async def show(request: Request, placement_id: UUID) -> Response:
    """What is on record, and the question."""
    return _page(request, await asking(request, placement_id=placement_id, acts=("stay",)))


@router.post("/stay")
async def say_how(request: Request, placement_id: UUID) -> Response:
    """Held or not held."""
    who = await asking(request, placement_id=placement_id, acts=("stay",))
    form = await form_of(request)
    errors = _errors(request, form)
    if errors:
        return _page(request, who, form.with_errors(errors))
    refused = await attempt(
        request,
        lambda tx: say_how_the_stay_went(
            tx,
            placement_id=placement_id,
            party=who.party,
            held=form.filled("held") == "yes",
            reason=cast(NotHeldReason, form.filled("reason") or "other"),
            actor=who.actor,
        ),
    )
    return refused_page(request, who, refused, lead="stay") if refused else back_to(request, who, "stay")


def _errors(request: Request, form: Form) -> dict[str, str]:
    say = speech_of(request)
    if form.filled("held") not in ("yes", "no"):
        return {"held": say("Vælg, om praktikken blev gennemført")}
    known = get_args(NotHeldReason)
    if form.filled("held") == "no" and form.filled("reason") not in known:
        return {"reason": say("Vælg, hvorfor den ikke blev gennemført")}
    if form.filled("reason") and form.filled("reason") not in known:
        return {"reason": say("Vælg en grund fra listen")}
    return {}


def _page(request: Request, who: Asking, form: Form | None = None) -> Response:
    now = context_of(request).clock.now()
    placement, _ = settle(who.placement, now)
    asked = placement.state == "signed" and placement.stay_begun(now) and not placement.disputed
    if form is not None and not asked:  # from a window that stood open: there is nothing to mend any more
        return back_to(request, who, "stay")
    terms = placement.standing.terms if placement.standing else None
    return render(
        request,
        "stay.html",
        who,
        status=200 if form is None else 422,
        form=form,
        state=placement.state,
        disputed=placement.disputed and placement.state == "signed",
        asked=asked,
        terms=terms,
        silence=silence_ends(terms.last_day) if terms else None,
        said=placement.words.get(who.party),
    )
