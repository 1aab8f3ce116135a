"""All of the coordinators' pages of this service, for the application to take in."""

from fastapi import APIRouter

from ipraktik_chassis.pages import Pages
from ipraktik_registration.web.desk import (
    case_pages,
    edition_pages,
    import_pages,
    list_pages,
    register_pages,
)
from ipraktik_registration.web.desk.import_pages import LARGE

__all__ = ["LARGE", "router"]


def router(frame: Pages) -> APIRouter:
    """Everything under /registration/desk."""
    routes = APIRouter(include_in_schema=False)
    for pages in (list_pages, case_pages, register_pages, import_pages, edition_pages):
        routes.include_router(pages.router(frame))
    return routes
