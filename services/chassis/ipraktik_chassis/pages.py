"""Plain pages: one frame, one style sheet, forms that work without a script. Danish unless the person's language is English.

A link's address shows who it is for and a button; the button's POST moves the token into the cookie and leads to the page of
the act, whose address holds no token.
"""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from . import access
from .access import EpochOf, context_of
from .links import MAX_TOKEN_CHARS, Link, LinkRefused
from .web import Problem

_HERE: Final = Path(__file__).parent
_STYLE: Final = (_HERE / "static" / "site.css").read_bytes()
MAX_FIELDS: Final = 100

NameOf = Callable[[Any, Link], Awaitable[tuple[str, str] | None]]
"""(connection, link) -> (name, language) of the person a link is for; None where that is not known here."""


class Pages:
    """Templates of a service inside the common frame."""

    def __init__(self, *, templates: Path | None = None) -> None:
        folders = [_HERE / "templates"] if templates is None else [templates, _HERE / "templates"]
        self._environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(
        self, request: Request, template: str, *, language: str = "da", status: int = 200, **values: Any
    ) -> Response:
        """A page. Templates extend `frame.html` and choose their words by `language`."""
        context = context_of(request)
        text = self._environment.get_template(template).render(
            service=context.service,
            organiser_name=context.settings.organiser_name,
            organiser_email=context.settings.organiser_email,
            language=language,
            new_link_url=f"{context.settings.registration_public_url}/registration/new-link",
            **values,
        )
        return HTMLResponse(text, status)

    def problem(self, request: Request, problem: Problem, *, language: str = "da") -> Response:
        """A problem as a page."""
        page = self.render(request, "problem.html", language=language, status=problem.status, problem=problem)
        page.headers.update(problem.headers)
        return page


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a posted form; the last of equal names counts. Raises Problem for anything but a plain form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Problem(
            415,
            "A form is expected",
            "Send the page's form as application/x-www-form-urlencoded.",
            danish=("Det var ikke en formular", "Gå tilbage til siden, og send formularen derfra."),
        )
    async with request.form(max_files=0, max_fields=MAX_FIELDS) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def links_router(
    pages: Pages,
    *,
    service: str,
    epoch_of: EpochOf,
    name_of: NameOf,
    landing: Mapping[str, Callable[[Link], str]],
) -> APIRouter:
    """GET and POST `/<service>/link`, and the style sheet. `landing` leads from a link's first act to the act's page."""
    router = APIRouter(include_in_schema=False)

    @router.get(f"/{service}/static/site.css")
    async def style() -> Response:
        return Response(_STYLE, media_type="text/css", headers={"cache-control": "public, max-age=3600"})

    @router.get(f"/{service}/link")
    async def show(request: Request, t: str = "") -> Response:
        try:
            link = await access.verified(request, token=t[: MAX_TOKEN_CHARS + 1], epoch_of=epoch_of)
        except Problem as problem:
            return pages.problem(request, problem)
        async with context_of(request).database.reading() as conn:
            found = await name_of(conn, link)
        name, language = found or ("", "da")
        return pages.render(request, "link.html", language=language, name=name, token=t)

    @router.post(f"/{service}/link")
    async def follow(request: Request) -> Response:
        try:
            form = await form_of(request)
            token = form.get("t", "")[: MAX_TOKEN_CHARS + 1]
            link = await access.verified(request, token=token, epoch_of=epoch_of)
        except Problem as problem:
            return pages.problem(request, problem)
        target = next((landing[act](link) for act in link.acts if act in landing), None)
        if target is None:
            return pages.problem(request, access.refusal(LinkRefused("not_allowed")))
        response = RedirectResponse(target, 303)
        access.remember(response, context=context_of(request), token=token)
        return response

    return router
