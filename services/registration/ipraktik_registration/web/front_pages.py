"""The front page, and the page on which somebody asks for a new link."""

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import Pages, form_of
from ipraktik_chassis.web import invalid
from ipraktik_registration.store import editions, registry
from ipraktik_registration.usecases.ask_for_link import ask_for_link
from ipraktik_registration.web.labels import day_text, instant_text
from ipraktik_registration.web.person_api import AddressSent
from ipraktik_registration.web.showing import shown


def router(frame: Pages) -> APIRouter:
    """The pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    async def front(request: Request) -> Response:
        context = context_of(request)
        now = context.clock.now()
        async with context.database.reading() as conn:
            every = await editions.every(conn)
            open_now = [one for one in every if one.frame.takes_sign_ups(now)]
            hosts = await registry.host_count(conn, edition_ids=[one.edition_id for one in open_now])
        return frame.render(
            request,
            "front.html",
            open_now=open_now,
            coming=[one for one in every if one.frame.opens_at > now],
            hosts=hosts,
            day_text=day_text,
            instant_text=instant_text,
        )

    @routes.get("/registration/new-link")
    async def show_new_link(request: Request) -> Response:
        return frame.render(request, "new_link.html")

    @routes.post("/registration/new-link")
    @shown(frame)
    async def new_link(request: Request) -> Response:
        form = await form_of(request)
        try:
            address = AddressSent(email=form.get("email", ""))
        except ValidationError as error:
            raise invalid(error) from None
        async with context_of(request).database.transaction() as tx:
            await ask_for_link(tx, email=address.email)
        return RedirectResponse("/registration/link-asked", 303)

    @routes.get("/registration/link-asked")
    async def link_asked(request: Request) -> Response:
        return frame.render(
            request,
            "done.html",
            heading="Se i din indbakke",
            paragraphs=[
                "Er adressen tilmeldt, har du om lidt en mail med et nyt link.",
                "Kommer der ingen mail, så prøv den adresse, du tilmeldte dig med, eller skriv til os.",
            ],
        )

    return routes
