"""The composition of `serve`: JSON routes, pages and links of matching."""

from collections.abc import Callable

from fastapi import FastAPI

from ipraktik_chassis.links import Link
from ipraktik_chassis.pages import links_router
from ipraktik_chassis.service import Context
from ipraktik_chassis.web import create_app
from ipraktik_matching.main import SERVICE
from ipraktik_matching.web import coordinator_api, person_api
from ipraktik_matching.web.board import routes as board
from ipraktik_matching.web.page_routes import PAGES
from ipraktik_matching.web.parties import epoch_of, name_of
from ipraktik_matching.web.person import (
    agreement,
    answering,
    calendar_file,
    editing,
    my_data,
    next_step,
    objecting,
    practical_needs,
    stay,
    version_list,
)
from ipraktik_matching.web.person.document import document_router
from ipraktik_matching.web.person.verifying import verify_router

_PERSON = (
    next_step,
    answering,
    agreement,
    objecting,
    editing,
    version_list,
    practical_needs,
    stay,
    calendar_file,
    my_data,
)


def create(context: Context) -> FastAPI:
    """The application."""
    app = create_app(context, title="Matching", version=SERVICE.version, pages=PAGES)
    app.include_router(person_api.router)
    app.include_router(coordinator_api.router)
    app.include_router(board.router)
    for page in _PERSON:
        app.include_router(page.router)
    app.include_router(document_router(context))
    app.include_router(verify_router(context))
    app.include_router(
        links_router(
            PAGES,
            service="matching",
            epoch_of=epoch_of,
            name_of=name_of,
            landing={"answer": _to("answer"), "agreement": _to("agreement"), "stay": _to("stay")},
        )
    )
    return app


def _to(act: str) -> Callable[[Link], str]:
    """Where a link of that act leads: to the act's page of the first placement it opens."""
    return lambda link: (
        f"/matching/placements/{link.aggregates[0]}/{act}" if link.aggregates else "/matching/link"
    )
