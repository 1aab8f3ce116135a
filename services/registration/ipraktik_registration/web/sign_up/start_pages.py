"""Where a sign-up begins: as what, in which edition, and the first page. Nothing is kept before that page is answered well."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.clock import local_day
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.ids import new_id
from ipraktik_chassis.pace import Pace
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.problem import NOTHING_HERE
from ipraktik_registration.domain.drafts import ROLES, Draft, Part
from ipraktik_registration.store.editions import Edition
from ipraktik_registration.store.workplaces import of_host
from ipraktik_registration.usecases.begin_draft import begin_draft
from ipraktik_registration.web.sign_up import choices, flow
from ipraktik_registration.web.sign_up.asking import Around
from ipraktik_registration.web.sign_up.drafting import BASE, closed, host_on_offer, open_editions
from ipraktik_registration.web.sign_up.question_pages import answered
from ipraktik_registration.web.sign_up.sentences import sentence


def router(frame: Pages, pace: Pace) -> APIRouter:
    """The pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/registration/sign-up")
    async def choose(request: Request, host: str = "") -> Response:
        async with context_of(request).database.reading() as conn:
            if not await open_editions(conn, now=context_of(request).clock.now()):
                return await closed(frame, request, conn)
        return frame.render(
            request, "sign_up/start.html", form=Form({"part": "intern"} if host else {}), host=host
        )

    @routes.post("/registration/sign-up")
    async def chosen(request: Request) -> Response:
        form = await form_of(request)
        part, host = _part(form.filled("part")), form.filled("host")[:36]
        if part is None:
            errors = {"part": speech_of(request)("Vælg, hvad du vil tilmelde")}
            form = form.with_errors(errors)
            return frame.render(request, "sign_up/start.html", status=422, form=form, host=host)
        return frame.to(request, f"{BASE}/{part}", host=host if part != "host" else "")

    @routes.get("/registration/sign-up/deleted")
    async def deleted(request: Request) -> Response:
        return frame.render(request, "sign_up/deleted.html")

    @routes.get("/registration/sign-up/{name}")
    async def first(request: Request, name: str, host: str = "") -> Response:
        part = _part(name)
        if part is None:
            raise NOTHING_HERE
        async with context_of(request).database.reading() as conn:
            editions = await open_editions(conn, now=context_of(request).clock.now())
            if not editions:
                return await closed(frame, request, conn)
            form = Form({"language": speech_of(request).language})
            return frame.render(
                request, "sign_up/you.html", form=form, **await _offered(request, conn, part, editions, host)
            )

    @routes.post("/registration/sign-up/{name}")
    async def begin(request: Request, name: str) -> Response:
        part = _part(name)
        if part is None:
            raise NOTHING_HERE
        form = await form_of(request)
        if form.trapped:
            return frame.to(request, f"{BASE}/{part}")
        pace.pass_or_refuse(request)
        say, host = speech_of(request), form.filled("host")[:36]
        async with context_of(request).database.transaction() as tx:
            editions = await open_editions(tx.conn, now=tx.now)
            if not editions:
                return await closed(frame, request, tx.conn, status=409)
            found = await host_on_offer(tx.conn, host, among=editions) if part != "host" else None
            edition = _edition(form, editions, found)
            host_id = found[0] if found else None
            at = edition or editions[0]
            draft = Draft(new_id(tx.now), new_id(tx.now), part, at.edition_id, host_id, {}, tx.now)
            around = Around(tx.conn, draft, at.frame, local_day(tx.now), say)
            grown, errors, _ = await answered(flow.YOU, form, around)
            if edition is None:
                errors = {"edition": sentence(say, "edition", "empty"), **errors}
            if errors:
                return frame.render(
                    request,
                    "sign_up/you.html",
                    status=422,
                    form=form.with_errors(errors),
                    **await _offered(request, tx.conn, part, editions, host),
                )
            key = await begin_draft(
                tx, part=part, edition_id=at.edition_id, host_id=host_id, answers=grown.answers
            )
        return frame.to(request, f"{BASE}/{key}/{flow.next_page(part, grown.answers)}")

    return routes


async def _offered(
    request: Request, conn: Any, part: Part, editions: list[Edition], host: str
) -> dict[str, Any]:
    found = await host_on_offer(conn, host, among=editions) if part != "host" else None
    return {
        "at": None,
        "part": part,
        "step": 1,
        "steps": len(flow.STEPS[part]),
        "back": "/" if found is None else f"/registration/hosts/{found[0]}",
        "action": f"{BASE}/{part}",
        "fields": choices.fields(speech_of(request)),
        "edition": _edition(Form(), editions, found),
        "editions": editions,
        "host": found[0] if found else "",
        "host_name": await of_host(conn, participant_id=found[0]) if found else "",
    }


def _part(name: str) -> Part | None:
    return next((part for part in ROLES if part == name), None)


def _edition(form: Form, editions: list[Edition], found: tuple[UUID, UUID] | None) -> Edition | None:
    """The edition that is meant: the host's, the only one, or the one that was chosen."""
    if found is not None:
        return next(one for one in editions if one.edition_id == found[1])
    if len(editions) == 1:
        return editions[0]
    return next((one for one in editions if str(one.edition_id) == form.filled("edition")), None)
