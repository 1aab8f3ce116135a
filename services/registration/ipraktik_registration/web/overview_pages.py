"""A person's own overview, taking the sign-up back, deleting it. The last two ask once more on a page of their own."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import Pages, form_of
from ipraktik_chassis.web import Problem
from ipraktik_contracts.codes import FIELDS, JOURNEY_TYPES, SECTORS
from ipraktik_registration.domain.withdrawal import WITHDRAWAL_REASONS
from ipraktik_registration.usecases.erase_sign_up import erase_sign_up
from ipraktik_registration.usecases.tell_own_sign_up import tell_own_sign_up
from ipraktik_registration.usecases.withdraw_sign_up import withdraw_sign_up
from ipraktik_registration.web.acting import acting
from ipraktik_registration.web.labels import (
    EVALUATION,
    PLACEMENT,
    REASON,
    STATE,
    WAVE,
    day_text,
    instant_text,
)
from ipraktik_registration.web.showing import shown


def router(frame: Pages) -> APIRouter:
    """The pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/registration/sign-ups/{participant_id}")
    @shown(frame)
    async def overview(request: Request, participant_id: UUID) -> Response:
        contact = await acting(request, participant_id, "overview")
        async with context_of(request).database.reading() as conn:
            own = await tell_own_sign_up(conn, participant_id=participant_id)
        return frame.render(
            request,
            "overview.html",
            language=contact.language,
            own=own,
            fields=FIELDS,
            sectors=SECTORS,
            journeys=JOURNEY_TYPES,
            states=STATE,
            placement_states=PLACEMENT,
            evaluation_states=EVALUATION,
            waves=WAVE,
            day_text=day_text,
            instant_text=instant_text,
        )

    @routes.get("/registration/sign-ups/{participant_id}/withdraw")
    @shown(frame)
    async def show_withdraw(request: Request, participant_id: UUID) -> Response:
        contact = await acting(request, participant_id, "withdraw")
        async with context_of(request).database.reading() as conn:
            own = await tell_own_sign_up(conn, participant_id=participant_id)
        reasons = [(code, REASON[code]) for code in WITHDRAWAL_REASONS]
        return frame.render(
            request, "withdraw.html", language=contact.language, sign_up=own.sign_up, reasons=reasons
        )

    @routes.post("/registration/sign-ups/{participant_id}/withdraw")
    @shown(frame)
    async def withdraw(request: Request, participant_id: UUID) -> Response:
        await acting(request, participant_id, "withdraw")
        form = await form_of(request)
        reason = next((one for one in WITHDRAWAL_REASONS if one == form.get("reason")), None)
        if reason is None:
            raise Problem(422, "Choose a reason", "Choose one of the reasons on the page.")
        async with context_of(request).database.transaction() as tx:
            await withdraw_sign_up(tx, participant_id=participant_id, reason=reason)
        return RedirectResponse(request.url.path, 303)

    @routes.get("/registration/sign-ups/{participant_id}/erase")
    @shown(frame)
    async def show_erase(request: Request, participant_id: UUID) -> Response:
        contact = await acting(request, participant_id, "erase")
        return frame.render(request, "erase.html", language=contact.language, participant_id=participant_id)

    @routes.post("/registration/sign-ups/{participant_id}/erase")
    @shown(frame)
    async def erase(request: Request, participant_id: UUID) -> Response:
        contact = await acting(request, participant_id, "erase")
        form = await form_of(request)
        if form.get("sure") != "yes":
            raise Problem(422, "Say that you are sure", "Tick the box and send again.")
        context = context_of(request)
        async with context.database.transaction() as tx:
            await erase_sign_up(tx, participant_id=participant_id, namespace=context.settings.topic_namespace)
        return RedirectResponse(f"/registration/erased?language={contact.language}", 303)

    @routes.get("/registration/erased")
    async def erased(request: Request, language: str = "da") -> Response:
        english = language == "en"
        heading = "Your sign-up has been deleted" if english else "Din tilmelding er slettet"
        happens = (
            "Matching, mails and evaluation delete what they keep about you as well. It takes up to a day."
            if english
            else "Matchning, mails og evaluering sletter også det, de har om dig. Det tager op til et døgn."
        )
        return frame.render(
            request,
            "done.html",
            language="en" if english else "da",
            heading=heading,
            paragraphs=[happens],
        )

    return routes
