"""The routes of the sign-up's pages, in the order in which addresses are tried."""

from fastapi import APIRouter

from ipraktik_chassis.pace import Pace
from ipraktik_chassis.pages import Pages
from ipraktik_chassis.service import Context
from ipraktik_registration.web.sign_up import keeping_pages, question_pages, sending_pages, start_pages


def router(frame: Pages, context: Context) -> APIRouter:
    """All of them. A network is counted for what leads to a row or a mail, generously: a whole town hall may be one network."""
    routes = APIRouter(include_in_schema=False)
    monotonic = context.clock.monotonic
    routes.include_router(start_pages.router(frame, Pace(per_minute=60, burst=60, monotonic=monotonic)))
    routes.include_router(sending_pages.router(frame, Pace(per_minute=60, burst=60, monotonic=monotonic)))
    routes.include_router(keeping_pages.router(frame, Pace(per_minute=10, burst=20, monotonic=monotonic)))
    routes.include_router(question_pages.router(frame))  # last: its addresses take any page's name
    return routes
