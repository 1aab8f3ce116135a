"""Going on later: the mail with the link back, taking the draft up again through it, moving it to another edition, deleting it."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.links import LinkRefused
from ipraktik_chassis.pace import Pace
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_registration.domain.drafts import Draft
from ipraktik_registration.store import drafts
from ipraktik_registration.usecases.forget_drafts import forget_draft
from ipraktik_registration.usecases.save_draft_for_later import save_draft_for_later
from ipraktik_registration.usecases.take_draft_up_again import take_draft_up_again
from ipraktik_registration.web.acting import epoch_of
from ipraktik_registration.web.fields import Email
from ipraktik_registration.web.sign_up import flow
from ipraktik_registration.web.sign_up.drafting import BASE, begun, gone, open_editions
from ipraktik_registration.web.sign_up.sentences import sentence
from ipraktik_registration.web.windows import closing_text

_EMAIL: TypeAdapter[str] = TypeAdapter(Email)


def router(frame: Pages, pace: Pace) -> APIRouter:
    """The pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/registration/sign-up/{key}/save")
    async def show_save(request: Request, key: str) -> Response:
        async with context_of(request).database.reading() as conn:
            at = await begun(request, conn, key)
        if at.draft.sent_at is not None:
            return frame.to(request, at.onward)
        form = Form({"email": at.draft.saved_to or at.draft.answers.get(flow.YOU, {}).get("email", "")})
        return frame.render(request, "sign_up/save.html", at=at, form=form)

    @routes.post("/registration/sign-up/{key}/save")
    async def save(request: Request, key: str) -> Response:
        form = await form_of(request)
        async with context_of(request).database.transaction() as tx:
            at = await begun(request, tx.conn, key, lock=True)
            if at.draft.sent_at is not None or form.trapped:
                return frame.to(request, at.onward)
            say = speech_of(request)
            text = form.filled("email")
            try:
                email = _EMAIL.validate_python(text)
            except ValidationError:
                errors = {"email": sentence(say, "email", "odd" if text else "empty")}
                form = form.with_errors(errors)
                return frame.render(request, "sign_up/save.html", status=422, at=at, form=form)
            pace.pass_or_refuse(request)
            you = at.draft.answers.get(flow.YOU, {})
            mailed = await save_draft_for_later(
                tx, draft=at.draft, name=you.get("name", ""), email=email, language=say.language
            )
            if not mailed:
                errors = {"email": say("Brug linket i den mail, du allerede har fået")}
                form = form.with_errors(errors)
                return frame.render(request, "sign_up/save.html", status=422, at=at, form=form)
        return frame.to(request, at.path("saved"))

    @routes.get("/registration/sign-up/{key}/saved")
    async def saved(request: Request, key: str) -> Response:
        async with context_of(request).database.reading() as conn:
            at = await begun(request, conn, key)
        if at.draft.saved_to is None:
            return frame.to(request, at.onward)
        return frame.render(
            request, "sign_up/saved.html", at=at, closing=closing_text(speech_of(request), at.edition.frame)
        )

    @routes.get("/registration/sign-up/{key}/delete")
    async def show_delete(request: Request, key: str) -> Response:
        async with context_of(request).database.reading() as conn:
            at = await begun(request, conn, key)
        if at.draft.sent_at is not None:
            return frame.to(request, at.onward)
        return frame.render(request, "sign_up/delete.html", at=at)

    @routes.post("/registration/sign-up/{key}/delete")
    async def delete(request: Request, key: str) -> Response:
        await form_of(request)
        context = context_of(request)
        async with context.database.transaction() as tx:
            at = await begun(request, tx.conn, key, lock=True)
            if at.draft.sent_at is not None:
                return frame.to(request, at.onward)
            await forget_draft(tx, draft=at.draft, namespace=context.settings.topic_namespace)
        return frame.to(request, f"{BASE}/deleted")

    @routes.post("/registration/sign-up/{key}/edition")
    async def move(request: Request, key: str) -> Response:
        form = await form_of(request)
        async with context_of(request).database.transaction() as tx:
            at = await begun(request, tx.conn, key, lock=True)
            wanted = form.filled("edition")
            editions = await open_editions(tx.conn, now=tx.now)
            chosen = next((one for one in editions if str(one.edition_id) == wanted), None)
            if at.draft.sent_at is not None or at.open or chosen is None:
                return frame.to(request, at.onward)
            # the days belong to the edition, and so does a host of its registry: both are asked anew
            answers = {
                page: given for page, given in at.draft.answers.items() if page not in (flow.TIME, flow.DAYS)
            }
            draft_id = at.draft.participant_id
            await drafts.set_edition(
                tx.conn, participant_id=draft_id, edition_id=chosen.edition_id, now=tx.now
            )
            await drafts.set_answers(tx.conn, participant_id=draft_id, answers=answers, now=tx.now)
        return frame.to(request, at.path(flow.next_page(at.draft.part, answers)))

    @routes.get("/registration/drafts/{participant_id}")
    async def show_again(request: Request, participant_id: UUID) -> Response:
        draft = await _kept(request, participant_id)
        return frame.render(request, "sign_up/again.html", draft=draft)

    @routes.post("/registration/drafts/{participant_id}")
    async def again(request: Request, participant_id: UUID) -> Response:
        await form_of(request)
        draft = await _kept(request, participant_id)
        async with context_of(request).database.transaction() as tx:
            key = await take_draft_up_again(tx, draft=draft)
        return frame.to(request, f"{BASE}/{key}/{flow.next_page(draft.part, draft.answers)}")

    return routes


async def _kept(request: Request, participant_id: UUID) -> Draft:
    """The draft that the person's link leads back to. Raises Problem."""
    link = await access.person(request, epoch_of=epoch_of)
    if not link.opens("draft", participant_id) or link.participant_id != participant_id:
        raise access.refusal(LinkRefused("not_allowed"))
    context = context_of(request)
    async with context.database.reading() as conn:
        draft = await drafts.by_id(conn, participant_id=participant_id, now=context.clock.now())
    if draft is None or draft.contact_id != link.contact_id:
        raise gone()
    request.state.language = draft.answers.get(flow.YOU, {}).get("language")
    return draft
