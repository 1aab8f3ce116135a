"""A new link to the own sign-up, the coordinators' sign-in, the way to the own page, and signing out.

Whoever types an address learns nothing of it: the answer is the same for everybody. How often a network and an address may ask is
limited; an address that is asked for too often is answered like any other, and nothing more is sent to it.
"""

from typing import Final

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pace import Pace
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.problem import Problem
from ipraktik_chassis.service import Context
from ipraktik_chassis.texts import N_
from ipraktik_registration.usecases.ask_for_link import ask_for_link
from ipraktik_registration.usecases.ask_to_sign_in import ask_to_sign_in, coordinator_id
from ipraktik_registration.web.acting import epoch_of, signed_in
from ipraktik_registration.web.link_request_api import AddressSent

AN_ADDRESS_A_MINUTE: Final = 0.2
"""One request in five minutes in the long run; two at once."""

_ADDRESS = N_("Skriv en e-mail som navn@eksempel.dk")
_LOOK = N_("Se i din indbakke")
_LINK_COMES = N_("Er e-mailen tilmeldt, har du om lidt en mail med et nyt link.")
_NO_MAIL = N_("Kommer der ingen mail, så prøv den e-mail, du tilmeldte dig med. Du kan også skrive til os.")
_SIGN_IN_COMES = N_(
    "Er det en koordinators e-mail, har du om lidt en mail med et link. Det virker én gang og i 30 minutter."
)
_NOT_THERE = N_("Kommer der ingen mail, så tjek e-mailen, og se efter i uønsket post.")
_SIGNED_OUT = N_("Du er logget ud")
_CLOSE = N_("Sidder du ved en fælles computer, så luk browseren.")


def router(frame: Pages, *, context: Context, networks: Pace) -> APIRouter:
    """The pages' routes. `networks` is shared with the JSON route."""
    routes = APIRouter(include_in_schema=False)
    addresses = Pace(per_minute=AN_ADDRESS_A_MINUTE, burst=2, monotonic=context.clock.monotonic)

    @routes.get("/registration/new-link")
    async def show_new_link(request: Request) -> Response:
        return frame.render(request, "people/new_link.html")

    @routes.post("/registration/new-link")
    async def new_link(request: Request) -> Response:
        networks.pass_or_refuse(request)
        form = await form_of(request)
        address = _address(form)
        if address is None:
            return _mended(request, "people/new_link.html", form)
        if not form.trapped:
            async with context_of(request).database.transaction() as tx:
                await ask_for_link(tx, email=address)
        return frame.to(request, "/registration/link-asked")

    @routes.get("/registration/link-asked")
    async def link_asked(request: Request) -> Response:
        say = speech_of(request)
        return frame.render(
            request, "done.html", heading=say(_LOOK), paragraphs=[say(_LINK_COMES), say(_NO_MAIL)]
        )

    @routes.get("/registration/sign-in")
    async def show_sign_in(request: Request) -> Response:
        return frame.render(request, "people/sign_in.html")

    @routes.post("/registration/sign-in")
    async def sign_in(request: Request) -> Response:
        networks.pass_or_refuse(request)
        form = await form_of(request)
        if _address(form) is None:
            return _mended(request, "people/sign_in.html", form)
        # from what was typed, not from its mail form: coordinators' addresses are configured as people write them
        contact_id = coordinator_id(form.filled("email"))
        if not form.trapped and addresses.wait(str(contact_id)) == 0:
            async with context_of(request).database.transaction() as tx:
                await ask_to_sign_in(tx, contact_id=contact_id)
        return frame.to(request, "/registration/sign-in-asked")

    @routes.get("/registration/sign-in-asked")
    async def sign_in_asked(request: Request) -> Response:
        say = speech_of(request)
        return frame.render(
            request, "done.html", heading=say(_LOOK), paragraphs=[say(_SIGN_IN_COMES), say(_NOT_THERE)]
        )

    @routes.post("/registration/sign-out")
    async def sign_out(request: Request) -> Response:
        out = frame.to(request, "/registration/signed-out")
        access.forget(out, context=context_of(request))
        return out

    @routes.get("/registration/signed-out")
    async def signed_out(request: Request) -> Response:
        say = speech_of(request)
        return frame.render(
            request, "done.html", heading=say(_SIGNED_OUT), paragraphs=[say(_CLOSE)], front=True
        )

    @routes.get("/registration/me")
    async def me(request: Request) -> Response:
        try:
            link = await access.person(request, epoch_of=epoch_of)
            if "draft" in link.acts:
                return frame.to(request, f"/registration/drafts/{link.participant_id}")
            link, contact = await signed_in(request)
        except Problem:
            # whatever is wrong with the link they hold, a new one is the mend
            return frame.to(request, "/registration/new-link")
        if contact.relation == "invited":
            return frame.to(request, f"/registration/invitations/{link.participant_id}")
        return frame.to(request, f"/registration/sign-ups/{link.participant_id}")

    def _mended(request: Request, template: str, form: Form) -> Response:
        wrong = form.with_errors({"email": speech_of(request)(_ADDRESS)})
        return frame.render(request, template, status=422, form=wrong)

    return routes


def _address(form: Form) -> str | None:
    try:
        return AddressSent(email=form.get("email", "")).email
    except ValidationError:
        return None
