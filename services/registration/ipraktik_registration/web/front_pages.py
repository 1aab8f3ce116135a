"""The front page: what it is, how it goes, when one can sign up, and how many hosts there are."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.kept_pages import KeptPages
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_registration.store import editions, registry
from ipraktik_registration.web.sign_up import choices
from ipraktik_registration.web.windows import closing_text


def router(frame: Pages, *, kept: KeptPages) -> APIRouter:
    """The page's route."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    async def front(request: Request) -> Response:
        return await kept.answer(request, lambda: made(request))

    async def made(request: Request) -> Response:
        context = context_of(request)
        now, say = context.clock.now(), speech_of(request)
        async with context.database.reading() as conn:
            every = await editions.every(conn)
            open_now = [one for one in every if one.frame.takes_sign_ups(now)]
            hosts = await registry.host_count(conn, edition_ids=[one.edition_id for one in open_now])
        coming = [one for one in every if one.frame.opens_at > now]
        return frame.render(
            request,
            "front.html",
            open_now=[(one.frame, closing_text(say, one.frame)) for one in open_now],
            coming=sorted(coming, key=lambda one: one.frame.opens_at),
            hosts=hosts,
            journeys=choices.journeys(say),
        )

    return routes
