"""Privacy, cookies and accessibility: short, plain, and true to what the system does. The deadlines are those of the rules."""

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import Pages
from ipraktik_chassis.static_files import version
from ipraktik_registration.domain.drafts import KEPT
from ipraktik_registration.domain.life import KEPT_AFTER_END, SILENCE

ACCESSIBILITY = "/registration/accessibility"
_ROBOTS = """User-agent: *
Allow: /$
Allow: /registration/hosts
Allow: /evaluation/reports
Allow: /notify/preparation
Disallow: /
"""


def router(frame: Pages) -> APIRouter:
    """The pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/registration/privacy")
    async def privacy(request: Request) -> Response:
        return frame.render(
            request,
            "plain/privacy.html",
            silence=SILENCE.days,
            after_end=KEPT_AFTER_END.days,
            drafts=KEPT.days,
        )

    @routes.get("/registration/cookies")
    async def cookies(request: Request) -> Response:
        return frame.render(request, "plain/cookies.html")

    @routes.get(ACCESSIBILITY)
    async def accessibility(request: Request) -> Response:
        statement = context_of(request).settings.accessibility_statement_url
        return frame.render(request, "plain/accessibility.html", statement=statement)

    @routes.get("/was")
    @routes.get("/registration/was")
    async def was(request: Request) -> Response:
        """The short address that the law wants: to the statement, or to the page that says whom to write to meanwhile."""
        statement = context_of(request).settings.accessibility_statement_url
        return RedirectResponse(statement, 302) if statement else frame.to(request, ACCESSIBILITY)

    @routes.get("/favicon.ico")
    async def favicon(request: Request) -> Response:
        """Browsers ask for it where no page has told them better, such as beside a PDF."""
        return RedirectResponse(f"/registration/static/{version()}/favicon.svg", 302)

    @routes.get("/robots.txt")
    async def robots(request: Request) -> Response:
        """Search engines read the front page, the host registry and the reports; everything else is one person's."""
        return PlainTextResponse(_ROBOTS)

    return routes
