"""The pages on which a party says no to a version, or calls the whole agreement off before the stay."""

from collections.abc import Mapping
from typing import cast, get_args
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import speech_of
from ipraktik_matching.domain.facts import RefusalReason
from ipraktik_matching.domain.terms import MAX_TEXT
from ipraktik_matching.usecases.cancel_agreement import cancel_agreement
from ipraktik_matching.usecases.refuse_agreement import refuse_agreement
from ipraktik_matching.web.models import OwnCancellationReason
from ipraktik_matching.web.page_routes import attempt, back_to, refused_page, render
from ipraktik_matching.web.parties import Asking, asking
from ipraktik_matching.web.person.agreement import changed_page, version_read
from ipraktik_matching.web.person.reading import agreement_of

router = APIRouter(prefix="/matching/placements/{placement_id}/agreement", include_in_schema=False)


@router.get("/refusal")
async def ask_refusal(request: Request, placement_id: UUID) -> Response:
    """Why not, and what should be changed?"""
    who = await asking(request, placement_id=placement_id, acts=("agreement",))
    return await _refusal(request, who)


@router.post("/refusal")
async def refuse(request: Request, placement_id: UUID) -> Response:
    """Say no to the version that the page was about."""
    who = await asking(request, placement_id=placement_id, acts=("agreement",))
    form = await form_of(request)
    read, say = version_read(form), speech_of(request)
    errors = {}
    if form.filled("reason") not in get_args(RefusalReason):
        errors["reason"] = say("Vælg, hvorfor du siger nej")
    if len(form.filled("comment")) > MAX_TEXT:
        errors["comment"] = say("Skriv højst {most} tegn").format(most=say.number(MAX_TEXT))
    if errors:
        return await _refusal(request, who, form.with_errors(errors))
    refused = await attempt(
        request,
        lambda tx: refuse_agreement(
            tx,
            placement_id=placement_id,
            party=who.party,
            version=read,
            reason=cast(RefusalReason, form.filled("reason")),
            comment=form.filled("comment"),
            actor=who.actor,
        ),
    )
    if refused is None:
        return back_to(request, who, "agreement")
    if refused.code == "newer_version":
        return await changed_page(request, who, read)
    return refused_page(request, who, refused, lead="agreement")


@router.get("/cancellation")
async def ask_cancellation(request: Request, placement_id: UUID) -> Response:
    """Call it off?"""
    who = await asking(request, placement_id=placement_id, acts=("agreement",))
    return await _cancellation(request, who)


@router.post("/cancellation")
async def cancel(request: Request, placement_id: UUID) -> Response:
    """Call the agreement off."""
    who = await asking(request, placement_id=placement_id, acts=("agreement",))
    form = await form_of(request)
    if form.filled("reason") not in get_args(OwnCancellationReason):
        say = speech_of(request)
        return await _cancellation(
            request, who, form.with_errors({"reason": say("Vælg, hvorfor du aflyser")})
        )
    refused = await attempt(
        request,
        lambda tx: cancel_agreement(
            tx,
            placement_id=placement_id,
            party=who.party,
            reason=cast(OwnCancellationReason, form.filled("reason")),
            actor=who.actor,
        ),
    )
    return (
        back_to(request, who, "agreement")
        if refused is None
        else refused_page(request, who, refused, lead="agreement")
    )


async def _refusal(request: Request, who: Asking, form: Form | None = None) -> Response:
    agreement = await agreement_of(request, who)
    draft = agreement.placement.draft
    may = agreement.open and draft is not None and who.party in draft.missing
    may = may and draft is not None and who.party not in draft.refused
    if form is not None and not may:  # from a window that stood open: there is nothing to mend any more
        return back_to(request, who, "agreement")
    return _render(
        request,
        "refusal.html",
        who,
        form,
        version=version_read(form) if form is not None else agreement.current.number,
        may=may,
        most=MAX_TEXT,
    )


async def _cancellation(request: Request, who: Asking, form: Form | None = None) -> Response:
    agreement = await agreement_of(request, who)
    if form is not None and not agreement.active:
        return back_to(request, who, "agreement")
    return _render(
        request, "cancellation.html", who, form, may=agreement.active, signed=agreement.standing is not None
    )


def _render(request: Request, template: str, who: Asking, form: Form | None, **values: object) -> Response:
    answers: Mapping[str, object] = values
    return render(request, template, who, status=200 if form is None else 422, form=form, **answers)
