"""A question page is shown, and answered: what fits is kept in the draft, what does not comes back with a sentence per field.

Invariants: nothing is kept before the first page is answered; a page that is answered twice holds the later answer; a GET changes
nothing.
"""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.clock import local_day
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_registration.domain.drafts import Draft
from ipraktik_registration.store import drafts, registry
from ipraktik_registration.web.sign_up import bodies, flow
from ipraktik_registration.web.sign_up.asking import Around, read
from ipraktik_registration.web.sign_up.drafting import Begun, begun, closed
from ipraktik_registration.web.sign_up.sentences import in_order, said_of, sentence
from ipraktik_registration.web.sign_up.showing import filled_in, offered


def router(frame: Pages) -> APIRouter:
    """The pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/registration/sign-up/{key}/{page}")
    async def show(request: Request, key: str, page: str, mend: str = "") -> Response:
        async with context_of(request).database.reading() as conn:
            at = await begun(request, conn, key)
            if not _may_see(at, page):
                return frame.to(request, at.onward)
            if not at.open:
                return await closed(frame, request, conn, at=at)
            around = around_of(request, conn, at)
            form = filled_in(page, around)
            if mend:
                form = form.with_errors(await _to_mend(page, around))
            return frame.render(request, f"sign_up/{page}.html", form=form, **await offered(page, around, at))

    @routes.post("/registration/sign-up/{key}/{page}")
    async def answer(request: Request, key: str, page: str) -> Response:
        form = await form_of(request)
        async with context_of(request).database.transaction() as tx:
            at = await begun(request, tx.conn, key, lock=True)
            if not _may_see(at, page) or form.trapped:
                return frame.to(request, at.onward)
            if not at.open:
                return await closed(frame, request, tx.conn, at=at, status=409)
            around = around_of(request, tx.conn, at)
            grown, errors, given = await answered(page, form, around)
            later = form.filled("later") == "yes"
            if errors and later:
                grown = replace(at.draft, answers=flow.left_for_later(at.draft.answers, page, given))
            elif errors:
                return frame.render(
                    request,
                    f"sign_up/{page}.html",
                    status=422,
                    form=form.with_errors(errors),
                    **await offered(page, around, at, form=form),
                )
            await drafts.set_answers(
                tx.conn, participant_id=grown.participant_id, answers=grown.answers, now=tx.now
            )
        return frame.to(request, at.path("save") if later else replace(at, draft=grown).onward)

    return routes


def around_of(request: Request, conn: object, at: Begun) -> Around:
    """What the pages of this draft are read against."""
    return Around(conn, at.draft, at.edition.frame, local_day(at.now), speech_of(request))


async def answered(page: str, form: Form, around: Around) -> tuple[Draft, dict[str, str], dict[str, Any]]:
    """The draft with this page's answers, the sentences for what is wrong with them by field, and the answers alone."""
    draft = around.draft
    asked = await read(page, form, around)
    grown = replace(draft, answers=flow.answered(draft.part, draft.answers, page, asked.given))
    errors = dict(asked.errors)
    for fault in bodies.faults(grown):
        # what was read has its own word on a field, or on the choice that goes with it (municipality-code)
        if fault.page == page and not any(field.startswith(fault.field) for field in asked.errors):
            errors[fault.field] = said_of(around.say, fault, asked.given.get(fault.field))
    return grown, in_order(errors), asked.given


async def _to_mend(page: str, around: Around) -> dict[str, str]:
    """What was found wrong when the sign-up was sent."""
    draft = around.draft
    given = draft.answers.get(page, {})
    errors = {
        fault.field: said_of(around.say, fault, given.get(fault.field))
        for fault in bodies.faults(draft)
        if fault.page == page
    }
    if page == flow.TIME and draft.host_id and draft.answers.get(flow.TIME, {}).get("route") == "this":
        edition_id = await registry.edition_of_host(around.conn, participant_id=draft.host_id)
        if edition_id != draft.edition_id:
            errors["route"] = sentence(around.say, "route", "gone")
    return in_order(errors)


def _may_see(at: Begun, page: str) -> bool:
    """Whether the page belongs to the draft as it stands, and those before it are answered."""
    draft = at.draft
    if draft.sent_at is not None or page == flow.CHECK:
        return False
    return page in flow.pages(draft.part, draft.answers) and (
        page in draft.answers or page == flow.next_page(draft.part, draft.answers)
    )
