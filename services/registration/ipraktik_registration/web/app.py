"""The web application: JSON routes and plain pages over the same use cases."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from starlette.responses import Response

from ipraktik_chassis.kept_pages import KeptPages
from ipraktik_chassis.pages import Pages, links_router
from ipraktik_chassis.problem import answer
from ipraktik_chassis.service import Context
from ipraktik_chassis.texts import Texts
from ipraktik_chassis.web import create_app
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.main import SERVICE
from ipraktik_registration.web import (
    edition_api,
    front_pages,
    link_request_api,
    person_api,
    plain_pages,
    sign_up_api,
)
from ipraktik_registration.web.acting import epoch_of, name_of
from ipraktik_registration.web.desk import routes as desk
from ipraktik_registration.web.edition_api import EditionAnswer, EditionSent, FrameSent
from ipraktik_registration.web.people import routing as people
from ipraktik_registration.web.reading import describe
from ipraktik_registration.web.sign_up import pages as sign_up_pages
from ipraktik_registration.web.sign_up_api import ReceiptAnswer
from ipraktik_registration.web.sign_up_forms import HostSent, InternSent
from ipraktik_registration.web.words import refused

_TEMPLATES: Final = Path(__file__).parent / "templates"
_ENGLISH: Final = Path(__file__).parents[1] / "locale" / "en"
_MODELS: Final = (
    InternSent,
    HostSent,
    ReceiptAnswer,
    EditionSent,
    FrameSent,
    EditionAnswer,
    *person_api.MODELS,
    link_request_api.AddressSent,
)


def create(context: Context) -> FastAPI:
    """The application of a running process."""
    frame = Pages(templates=_TEMPLATES, texts=Texts(_ENGLISH))
    kept = KeptPages(database=context.database, clock=context.clock)
    app = create_app(
        context,
        title="Innovationspraktik: tilmelding",
        version=SERVICE.version,
        pages=frame,
        large=desk.LARGE,
        kept=kept,
    )
    app.add_exception_handler(Refused, _on_refused)
    link_requests = link_request_api.pace(context)
    app.state.sign_ups = sign_up_api.pace(context)
    for router in (
        sign_up_api.router,
        edition_api.router,
        person_api.router,
        link_request_api.router(link_requests),
        front_pages.router(frame, kept=kept),
        plain_pages.router(frame),
        sign_up_pages.router(frame, context),
        *people.routers(frame, context=context, kept=kept, link_requests=link_requests),
        desk.router(frame),
        links_router(
            frame, service=context.service, epoch_of=epoch_of, name_of=name_of, landing=people.LANDING
        ),
    ):
        app.include_router(router)
    describe(app, _MODELS)
    return app


async def _on_refused(request: Request, refusal: Exception) -> Response:
    return answer(request, refused(refusal)) if isinstance(refusal, Refused) else Response(status_code=500)
