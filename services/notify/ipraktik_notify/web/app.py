"""The web application of notify."""

from fastapi import FastAPI

from ipraktik_chassis.service import Context
from ipraktik_chassis.web import create_app
from ipraktik_notify.web import api


def create(context: Context) -> FastAPI:
    """The application: the mail log and the release of held mails, for coordinators."""
    app = create_app(context, title="Innovationspraktik: notify", version="0.1.0")
    app.include_router(api.router)
    return app
