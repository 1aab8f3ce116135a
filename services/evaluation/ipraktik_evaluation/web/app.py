"""The web application of evaluation."""

from pathlib import Path

from fastapi import FastAPI

from ipraktik_chassis.pages import Pages, links_router
from ipraktik_chassis.service import Context
from ipraktik_chassis.web import create_app
from ipraktik_evaluation.main import SERVICE
from ipraktik_evaluation.web import api, pages, report_page
from ipraktik_evaluation.web.who import ACT, epoch_of, name_of


def create(context: Context) -> FastAPI:
    """Routes under /evaluation."""
    app = create_app(context, title="Innovationspraktik: evaluation", version=SERVICE.version)
    frame = Pages(templates=Path(__file__).parent / "templates")
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
    app.include_router(pages.router_of(frame))
    app.include_router(report_page.router_of(frame))
    return app
