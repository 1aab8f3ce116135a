"""The web application: JSON routes and plain pages over the same use cases."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from starlette.responses import Response

from ipraktik_chassis.links import Link
from ipraktik_chassis.pages import Pages, links_router
from ipraktik_chassis.service import Context
from ipraktik_chassis.web import create_app, problem_response
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.main import SERVICE
from ipraktik_registration.web import (
    act_pages,
    edition_api,
    front_pages,
    overview_pages,
    person_api,
    sign_up_api,
)
from ipraktik_registration.web.acting import epoch_of, name_of
from ipraktik_registration.web.edition_api import EditionAnswer, EditionSent, FrameSent
from ipraktik_registration.web.reading import describe
from ipraktik_registration.web.sign_up_api import ReceiptAnswer
from ipraktik_registration.web.sign_up_forms import HostSent, InternSent
from ipraktik_registration.web.words import refused

_TEMPLATES: Final = Path(__file__).parent / "templates"
_MODELS: Final = (
    InternSent,
    HostSent,
    ReceiptAnswer,
    EditionSent,
    FrameSent,
    EditionAnswer,
    *person_api.MODELS,
)


def create(context: Context) -> FastAPI:
    """The application of a running process."""
    app = create_app(context, title="Innovationspraktik: tilmelding", version=SERVICE.version)
    app.add_exception_handler(Refused, _on_refused)
    frame = Pages(templates=_TEMPLATES)
    for router in (
        sign_up_api.router,
        edition_api.router,
        person_api.router,
        front_pages.router(frame),
        act_pages.router(frame),
        overview_pages.router(frame),
        links_router(frame, service=context.service, epoch_of=epoch_of, name_of=name_of, landing=_LANDING),
    ):
        app.include_router(router)
    describe(app, _MODELS)
    return app


async def _on_refused(_: Request, refusal: Exception) -> Response:
    return problem_response(refused(refusal)) if isinstance(refusal, Refused) else Response(status_code=500)


def _own(act: str) -> Callable[[Link], str]:
    return lambda link: f"/registration/sign-ups/{link.participant_id}{act}"


def _invitation(link: Link) -> str:
    return f"/registration/invitations/{link.aggregates[0] if link.aggregates else link.participant_id}"


_LANDING: Final = {
    "confirm": _own("/confirm"),
    "consent": _own("/consent"),
    "pair": _own("/pair"),
    "invited": _invitation,
    "overview": _own(""),
}
