"""The web application of evaluation."""

from pathlib import Path

from fastapi import FastAPI

from ipraktik_chassis.pages import Pages, links_router
from ipraktik_chassis.service import Context
from ipraktik_chassis.texts import Texts
from ipraktik_chassis.web import create_app
from ipraktik_evaluation.main import SERVICE
from ipraktik_evaluation.web import answering, api, desk, my_data
from ipraktik_evaluation.web.report import pages as report
from ipraktik_evaluation.web.who import ACT, epoch_of, name_of


def create(context: Context) -> FastAPI:
    """Routes under /evaluation."""
    here = Path(__file__).parent
    frame = Pages(templates=here / "templates", texts=Texts(here.parent / "locale" / "en"))
    app = create_app(context, title="Innovationspraktik: evaluation", version=SERVICE.version, pages=frame)
    app.include_router(api.router)
    app.include_router(
        links_router(
            frame,
            service=SERVICE.name,
            epoch_of=epoch_of,
            name_of=name_of,
            landing={ACT: lambda link: f"/evaluation/evaluations/{link.aggregates[0]}"},
        )
    )
    app.include_router(answering.router_of(frame))
    app.include_router(report.router_of(frame, context))
    app.include_router(desk.router_of(frame))
    app.include_router(my_data.router_of())
    return app
