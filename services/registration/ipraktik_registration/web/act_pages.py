"""The pages that mails lead to: confirm the address, the manager's consent, a self-found pair, a companion's invitation.

A GET shows what stands; the form's POST acts and leads back to the GET.
"""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import Pages, form_of
from ipraktik_chassis.web import Problem
from ipraktik_registration.domain.acquaintance import Kind
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import contacts, named, participants
from ipraktik_registration.store.named import Named
from ipraktik_registration.store.participants import SignUp
from ipraktik_registration.usecases.answer_consent import answer_consent
from ipraktik_registration.usecases.answer_naming import answer_naming
from ipraktik_registration.usecases.confirm_sign_up import confirm_sign_up
from ipraktik_registration.web.acting import acting
from ipraktik_registration.web.showing import shown


def router(frame: Pages) -> APIRouter:
    """The pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/registration/sign-ups/{participant_id}/confirm")
    @shown(frame)
    async def show_confirm(request: Request, participant_id: UUID) -> Response:
        contact = await acting(request, participant_id, "confirm")
        sign_up = await _standing(request, participant_id)
        return frame.render(
            request, "confirm.html", language=contact.language, name=contact.name, sign_up=sign_up
        )

    @routes.post("/registration/sign-ups/{participant_id}/confirm")
    @shown(frame)
    async def confirm(request: Request, participant_id: UUID) -> Response:
        await acting(request, participant_id, "confirm")
        await form_of(request)
        async with context_of(request).database.transaction() as tx:
            await confirm_sign_up(tx, participant_id=participant_id)
        return _back(request)

    @routes.get("/registration/sign-ups/{participant_id}/consent")
    @shown(frame)
    async def show_consent(request: Request, participant_id: UUID) -> Response:
        contact = await acting(request, participant_id, "consent")
        sign_up = await _standing(request, participant_id)
        return frame.render(
            request,
            "consent.html",
            language=contact.language,
            sign_up=sign_up,
            intern=await _name_of_owner(request, participant_id),
        )

    @routes.post("/registration/sign-ups/{participant_id}/consent")
    @shown(frame)
    async def consent(request: Request, participant_id: UUID) -> Response:
        await acting(request, participant_id, "consent")
        agree = _agree(await form_of(request))
        async with context_of(request).database.transaction() as tx:
            await answer_consent(tx, participant_id=participant_id, agree=agree)
        return _back(request)

    @routes.get("/registration/sign-ups/{participant_id}/pair")
    @shown(frame)
    async def show_pair(request: Request, participant_id: UUID) -> Response:
        contact = await acting(request, participant_id, "pair", before_sign_up=True)
        if contact.relation == "invited":
            return RedirectResponse(f"/registration/invitations/{participant_id}", 303)
        naming = await _asking(request, kind_by=None, asked_id=participant_id)
        return frame.render(
            request,
            "pair.html",
            language=contact.language,
            naming=naming,
            other=await _name_of_owner(request, naming.participant_id),
        )

    @routes.post("/registration/sign-ups/{participant_id}/pair")
    @shown(frame)
    async def pair(request: Request, participant_id: UUID) -> Response:
        await acting(request, participant_id, "pair")
        agree = _agree(await form_of(request))
        async with context_of(request).database.transaction() as tx:
            await answer_naming(tx, participant_id=participant_id, kind="self_found", agree=agree)
        return _back(request)

    @routes.get("/registration/invitations/{participant_id}")
    @shown(frame)
    async def show_invitation(request: Request, participant_id: UUID) -> Response:
        contact = await acting(request, participant_id, "invited", before_sign_up=True)
        inviting = await _standing(request, participant_id)
        other = await _name_of_owner(request, participant_id)
        if contact.relation != "invited":
            naming = await _asking(request, kind_by=participant_id, asked_id=contact.participant_id)
            return frame.render(
                request, "companion.html", language=contact.language, naming=naming, other=other
            )
        async with context_of(request).database.reading() as conn:
            names = await named.of(conn, participant_id=participant_id)
        kind = next((one.kind for one in names.values() if one.invited_id == contact.contact_id), "companion")
        return frame.render(
            request, "invitation.html", language=contact.language, kind=kind, inviting=inviting, other=other
        )

    @routes.post("/registration/invitations/{participant_id}")
    @shown(frame)
    async def invitation(request: Request, participant_id: UUID) -> Response:
        contact = await acting(request, participant_id, "invited")
        agree = _agree(await form_of(request))
        async with context_of(request).database.transaction() as tx:
            await answer_naming(
                tx, participant_id=contact.participant_id, kind="companion", agree=agree, by=participant_id
            )
        return _back(request)

    return routes


async def _standing(request: Request, participant_id: UUID) -> SignUp:
    async with context_of(request).database.reading() as conn:
        sign_up = await participants.one(conn, participant_id=participant_id)
    if sign_up is None or sign_up.state == "erased":
        raise Refused("unknown_sign_up")
    return sign_up


async def _name_of_owner(request: Request, participant_id: UUID) -> str:
    async with context_of(request).database.reading() as conn:
        people = await contacts.by_relation(conn, participant_id=participant_id)
    if "self" not in people:
        raise Refused("other_has_ended")
    return people["self"].name


async def _asking(request: Request, *, kind_by: UUID | None, asked_id: UUID) -> Named:
    """The naming that waits for an answer, or else the last answered: a companion's by `kind_by`, else a pair's."""
    kind: Kind = "self_found" if kind_by is None else "companion"
    async with context_of(request).database.reading() as conn:
        asking = await named.asking(conn, kind=kind, asked_id=asked_id)
    fitting = [one for one in asking if kind_by is None or one.participant_id == kind_by]
    if not fitting:
        raise Refused("nobody_asked")
    return next((one for one in fitting if one.answer is None), fitting[-1])


def _agree(form: dict[str, str]) -> bool:
    if form.get("agree") not in ("yes", "no"):
        raise Problem(422, "Say yes or no", "Use one of the buttons on the page.")
    return form["agree"] == "yes"


def _back(request: Request) -> Response:
    return RedirectResponse(request.url.path, 303)
