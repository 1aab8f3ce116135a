"""The pages that mails lead to: confirm the address, the manager's consent, a self-found pair, a companion's invitation.

A GET shows what stands; the form's POST acts and leads back to the GET. So a scanner that opens every link changes nothing, and
who sends twice or comes back by the browser's button reads how it stands.
"""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.texts import N_
from ipraktik_registration.domain.acquaintance import Kind
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import contacts, editions, history, named, participants
from ipraktik_registration.store.named import Named
from ipraktik_registration.store.participants import SignUp
from ipraktik_registration.usecases.answer_consent import answer_consent
from ipraktik_registration.usecases.answer_naming import answer_naming
from ipraktik_registration.usecases.confirm_sign_up import confirm_sign_up
from ipraktik_registration.web.acting import acting
from ipraktik_registration.web.people.told import asked_rows

_CHOOSE = N_("Vælg ja eller nej")
_BY_OTHERS: Final = ("registered_on_behalf", "imported")
"""Acts by which somebody was signed up without having written to us."""


def router(frame: Pages) -> APIRouter:
    """The pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/registration/sign-ups/{participant_id}/confirm")
    async def show_confirm(request: Request, participant_id: UUID) -> Response:
        contact = await acting(request, participant_id, "confirm", by_any_link=True)
        sign_up = await _standing(request, participant_id)
        async with context_of(request).database.reading() as conn:
            noted = await history.of(conn, participant_id=participant_id)
        return frame.render(
            request,
            "people/confirm.html",
            name=contact.name,
            sign_up=sign_up,
            on_behalf=any(one.act in _BY_OTHERS for one in noted),
        )

    @routes.post("/registration/sign-ups/{participant_id}/confirm")
    async def confirm(request: Request, participant_id: UUID) -> Response:
        await acting(request, participant_id, "confirm", by_any_link=True)
        await form_of(request)
        async with context_of(request).database.transaction() as tx:
            await confirm_sign_up(tx, participant_id=participant_id)
        return frame.to(request, request.url.path)

    @routes.get("/registration/sign-ups/{participant_id}/consent")
    async def show_consent(request: Request, participant_id: UUID, no: str = "") -> Response:
        await acting(request, participant_id, "consent")
        return await _consent(request, participant_id, no=bool(no))

    @routes.post("/registration/sign-ups/{participant_id}/consent")
    async def consent(request: Request, participant_id: UUID) -> Response:
        await acting(request, participant_id, "consent")
        agree = _agree(await form_of(request))
        if agree is None:
            return await _consent(request, participant_id, unanswered=True)
        async with context_of(request).database.transaction() as tx:
            await answer_consent(tx, participant_id=participant_id, agree=agree)
        return frame.to(request, request.url.path)

    async def _consent(
        request: Request, participant_id: UUID, *, unanswered: bool = False, no: bool = False
    ) -> Response:
        """The question; with `no` that of a manager who is about to end the sign-up."""
        sign_up = await _standing(request, participant_id)
        async with context_of(request).database.reading() as conn:
            edition = await editions.one(conn, edition_id=sign_up.edition_id)
        return _asking_page(
            request,
            "people/consent.html",
            unanswered,
            sign_up=sign_up,
            no=no,
            rows=[] if edition is None else asked_rows(speech_of(request), sign_up, edition.frame),
            intern=await _owner(request, participant_id),
        )

    @routes.get("/registration/sign-ups/{participant_id}/pair")
    async def show_pair(request: Request, participant_id: UUID) -> Response:
        contact = await acting(request, participant_id, "pair", before_sign_up=True, by_any_link=True)
        if contact.relation == "invited":
            return frame.to(request, f"/registration/invitations/{participant_id}")
        return await _pair(request, participant_id)

    @routes.post("/registration/sign-ups/{participant_id}/pair")
    async def pair(request: Request, participant_id: UUID) -> Response:
        await acting(request, participant_id, "pair", by_any_link=True)
        agree = _agree(await form_of(request))
        if agree is None:
            return await _pair(request, participant_id, unanswered=True)
        async with context_of(request).database.transaction() as tx:
            await answer_naming(tx, participant_id=participant_id, kind="self_found", agree=agree)
        return frame.to(request, request.url.path)

    async def _pair(request: Request, participant_id: UUID, *, unanswered: bool = False) -> Response:
        naming = await _naming(request, kind="self_found", asked_id=participant_id)
        other = await _owner(request, naming.participant_id)
        return _asking_page(request, "people/pair.html", unanswered, naming=naming, other=other)

    @routes.get("/registration/invitations/{participant_id}")
    async def show_invitation(request: Request, participant_id: UUID) -> Response:
        contact = await acting(request, participant_id, "invited", before_sign_up=True, by_any_link=True)
        if contact.relation != "invited":
            return await _companion(request, contact.participant_id, by=participant_id)
        inviting = await _standing(request, participant_id)
        other = await _owner(request, participant_id)
        async with context_of(request).database.reading() as conn:
            names = await named.of(conn, participant_id=participant_id)
        kind = next((one.kind for one in names.values() if one.invited_id == contact.contact_id), "companion")
        return frame.render(request, "people/invitation.html", kind=kind, inviting=inviting, other=other)

    @routes.post("/registration/invitations/{participant_id}")
    async def invitation(request: Request, participant_id: UUID) -> Response:
        contact = await acting(request, participant_id, "invited", by_any_link=True)
        agree = _agree(await form_of(request))
        if agree is None:
            return await _companion(request, contact.participant_id, by=participant_id, unanswered=True)
        async with context_of(request).database.transaction() as tx:
            await answer_naming(
                tx, participant_id=contact.participant_id, kind="companion", agree=agree, by=participant_id
            )
        return frame.to(request, request.url.path)

    async def _companion(
        request: Request, participant_id: UUID, *, by: UUID, unanswered: bool = False
    ) -> Response:
        # first whether somebody asked at all: an id alone tells nobody who it belongs to
        naming = await _naming(request, kind="companion", asked_id=participant_id, by=by)
        other = await _owner(request, by)
        return _asking_page(request, "people/companion.html", unanswered, naming=naming, other=other)

    def _asking_page(request: Request, template: str, unanswered: bool, **values: Any) -> Response:
        if not unanswered:
            return frame.render(request, template, **values)
        form = Form(errors={"agree": speech_of(request)(_CHOOSE)})
        return frame.render(request, template, status=422, form=form, **values)

    return routes


async def _standing(request: Request, participant_id: UUID) -> SignUp:
    async with context_of(request).database.reading() as conn:
        sign_up = await participants.one(conn, participant_id=participant_id)
    if sign_up is None or sign_up.state == "erased":
        raise Refused("unknown_sign_up")
    return sign_up


async def _owner(request: Request, participant_id: UUID) -> str:
    async with context_of(request).database.reading() as conn:
        people = await contacts.by_relation(conn, participant_id=participant_id)
    if "self" not in people:
        raise Refused("other_has_ended")
    return people["self"].name


async def _naming(request: Request, *, kind: Kind, asked_id: UUID, by: UUID | None = None) -> Named:
    """The naming that waits for an answer, or else the last answered; that of `by` where it is given."""
    async with context_of(request).database.reading() as conn:
        asking = await named.asking(conn, kind=kind, asked_id=asked_id)
    fitting = [one for one in asking if by is None or one.participant_id == by]
    if not fitting:
        raise Refused("nobody_asked")
    return next((one for one in fitting if one.answer is None), fitting[-1])


def _agree(form: Form) -> bool | None:
    answer = form.get("agree")
    return None if answer not in ("yes", "no") else answer == "yes"
