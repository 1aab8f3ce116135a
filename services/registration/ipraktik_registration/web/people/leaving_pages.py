"""Taking the sign-up back, and deleting everything about it. Each asks once more on a page of its own."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.texts import N_
from ipraktik_registration.domain.withdrawal import WITHDRAWAL_REASONS
from ipraktik_registration.usecases.erase_sign_up import erase_sign_up
from ipraktik_registration.usecases.tell_own_sign_up import tell_own_sign_up
from ipraktik_registration.usecases.withdraw_sign_up import withdraw_sign_up
from ipraktik_registration.web.acting import acting
from ipraktik_registration.web.labels import REASON

_WHY = N_("Vælg, hvorfor du melder fra")
_SURE = N_("Sæt et kryds, hvis du vil slette alt")
_GONE = N_("Alt om din tilmelding er slettet")
_ELSEWHERE = N_(
    "De steder, der sender mails, laver aftaler og evaluerer, sletter også. Det kan tage op til et døgn."
)
_AGAIN = N_("Du er velkommen til at tilmelde dig igen.")
_OVER = ("withdrawn", "expired", "refused", "erased")


def router(frame: Pages) -> APIRouter:
    """The pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/registration/sign-ups/{participant_id}/withdraw")
    async def show_withdraw(request: Request, participant_id: UUID) -> Response:
        await acting(request, participant_id, "withdraw")
        return await _withdraw(request, participant_id, Form())

    @routes.post("/registration/sign-ups/{participant_id}/withdraw")
    async def withdraw(request: Request, participant_id: UUID) -> Response:
        await acting(request, participant_id, "withdraw")
        form = await form_of(request)
        reason = next((one for one in WITHDRAWAL_REASONS if one == form.get("reason")), None)
        if reason is None:
            return await _withdraw(
                request, participant_id, form.with_errors({"reason": speech_of(request)(_WHY)})
            )
        async with context_of(request).database.transaction() as tx:
            await withdraw_sign_up(tx, participant_id=participant_id, reason=reason)
        return frame.to(request, request.url.path)

    async def _withdraw(request: Request, participant_id: UUID, form: Form) -> Response:
        async with context_of(request).database.reading() as conn:
            own = await tell_own_sign_up(conn, participant_id=participant_id)
        if (
            form.errors and own.sign_up.state in _OVER
        ):  # from a window that stood open: nothing to mend any more
            return frame.to(request, request.url.path)
        return frame.render(
            request,
            "people/withdraw.html",
            status=422 if form.errors else 200,
            form=form,
            sign_up=own.sign_up,
            reasons=[(code, REASON[code]) for code in WITHDRAWAL_REASONS if code in REASON],
        )

    @routes.get("/registration/sign-ups/{participant_id}/erase")
    async def show_erase(request: Request, participant_id: UUID) -> Response:
        await acting(request, participant_id, "erase")
        return _erase(request, participant_id, Form())

    @routes.post("/registration/sign-ups/{participant_id}/erase")
    async def erase(request: Request, participant_id: UUID) -> Response:
        await acting(request, participant_id, "erase")
        form = await form_of(request)
        if form.get("sure") != "yes":
            return _erase(request, participant_id, form.with_errors({"sure": speech_of(request)(_SURE)}))
        context = context_of(request)
        async with context.database.transaction() as tx:
            await erase_sign_up(tx, participant_id=participant_id, namespace=context.settings.topic_namespace)
        # the language was the person's, and the person is forgotten: the address carries it on
        gone = frame.to(request, f"/registration/erased?lang={speech_of(request).language}")
        access.forget(gone, context=context)
        return gone

    def _erase(request: Request, participant_id: UUID, form: Form) -> Response:
        status = 422 if form.errors else 200
        return frame.render(
            request, "people/erase.html", status=status, form=form, participant_id=participant_id
        )

    @routes.get("/registration/erased")
    async def erased(request: Request) -> Response:
        say = speech_of(request)
        return frame.render(
            request, "done.html", heading=say(_GONE), paragraphs=[say(_ELSEWHERE), say(_AGAIN)], front=True
        )

    return routes
