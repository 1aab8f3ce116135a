"""Pages for people: one frame, forms that work without a script, Danish unless the address or the person says English.

A link's address shows who it is for and a button; the button's POST moves the token into the cookie and leads to the page of
the act, whose address holds no token.
"""

import gzip
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from . import access
from .access import EpochOf, context_of
from .addresses import here_in, language_of, link
from .forms import TRAP, Form, form_of
from .icons import icon
from .links import MAX_TOKEN_CHARS, Link, LinkRefused
from .problem import NOTHING_HERE, Problem, SignInFirst
from .static_files import version
from .texts import LANGUAGES, Language, Speech, Texts, language_named

__all__ = ["NameOf", "Pages", "form_of", "links_router", "speech_of"]

_HERE: Final = Path(__file__).parent
_WORTH_SQUEEZING: Final = 1_400
BOARD: Final = "/matching/board"
SIGN_IN: Final = "/registration/sign-in"
NEW_LINK: Final = "/registration/new-link"

NameOf = Callable[[Any, Link], Awaitable[tuple[str, str] | None]]
"""(connection, link) -> (name, language) of the person a link is for; None where that is not known here."""


class Pages:
    """Templates of a service inside the common frame, in both languages."""

    def __init__(self, *, templates: Path | None = None, texts: Texts | None = None) -> None:
        folders = [_HERE / "templates"] if templates is None else [templates, _HERE / "templates"]
        self._texts = texts or Texts()
        self._environments: Mapping[Language, Environment] = {
            language: _environment(folders, self._texts.of(language)) for language in LANGUAGES
        }

    def speech(self, language: Language) -> Speech:
        """How a language says this service's texts."""
        return self._texts.of(language)

    def render(
        self,
        request: Request,
        template: str,
        *,
        language: str | None = None,
        status: int = 200,
        form: Form | None = None,
        squeeze: bool = True,
        **values: Any,
    ) -> Response:
        """A page. `language` overrides what the request says; `squeeze` is off where the page holds a secret beside foreign text."""
        context = context_of(request)
        if language is not None and not hasattr(request.state, "language"):
            request.state.language = language
        chosen = language_of(request)
        text = (
            self._environments[chosen]
            .get_template(template)
            .render(
                request=request,
                service=context.service,
                settings=context.settings,
                organiser_name=context.settings.organiser_name,
                organiser_email=context.settings.organiser_email,
                language=chosen,
                form=Form() if form is None else form,
                static=lambda name: f"/{context.service}/static/{version()}/{name}",
                link=lambda path, **query: link(request, path, **query),
                here_in=lambda other: here_in(request, other),
                new_link_url=link(request, NEW_LINK),
                **values,
            )
        )
        headers = {"vary": "accept-encoding, cookie"}
        body = text.encode()
        if squeeze and len(body) > _WORTH_SQUEEZING and "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            body = gzip.compress(body, 5, mtime=0)
        return HTMLResponse(body, status, headers)

    def problem(self, request: Request, problem: Problem, *, language: str | None = None) -> Response:
        """A problem as a page. A coordinator who is not signed in is led to where that is done."""
        if isinstance(problem, SignInFirst) and request.method == "GET":
            return RedirectResponse(link(request, SIGN_IN), 303)
        page = self.render(
            request,
            "problem.html",
            language=language,
            status=problem.status,
            problem=problem,
            words=_words(problem, language_of(request)),
            sign_in=isinstance(problem, SignInFirst),
        )
        page.headers.update(problem.headers)
        return page

    def to(self, request: Request, path: str, **query: object) -> Response:
        """Lead on after a POST; the language that was asked for stays."""
        return RedirectResponse(link(request, path, **query), 303)


def speech_of(request: Request) -> Speech:
    """How the language of whoever asks says this service's texts."""
    pages: Pages = request.app.state.pages
    return pages.speech(language_of(request))


def _environment(folders: list[Path], say: Speech) -> Environment:
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]  # the extension puts it there
        say.translations.gettext, say.translations.ngettext, newstyle=False
    )
    made.globals.update(icon=icon, say=say, trap_name=TRAP)
    made.filters.update(
        day=say.day,
        weekday=say.weekday,
        days=say.days,
        instant=say.instant,
        number=say.number,
        label=say.label,
        when=lambda moment: moment.isoformat() if isinstance(moment, date | datetime) else str(moment),
    )
    return made


_IN_GENERAL: Final[Mapping[int, tuple[str, str]]] = {
    400: ("Adressen er forkert", "Tjek adressen, eller begynd på forsiden."),
    401: ("Vi kan ikke se, hvem du er", "Åbn det nyeste link, du har fået på mail, eller bed om et nyt."),
    403: ("Linket åbner ikke denne side", "Åbn linket i den mail, der beder dig om det."),
    404: NOTHING_HERE.danish or ("", ""),
    405: ("Det kan man ikke her", "Gå tilbage, og brug knapperne på siden."),
    409: ("Det passer ikke længere", "Noget har ændret sig imens. Gå tilbage, og se, hvad der gælder nu."),
    410: ("Linket gælder ikke længere", "Åbn det nyeste link, du har fået på mail, eller bed om et nyt."),
    422: ("Noget skal rettes", "Gå tilbage, ret det, og send igen."),
    503: ("Vi kan ikke svare lige nu", "Prøv igen om lidt. Der er ikke gemt noget."),
}
_ELSE: Final = ("Det gik ikke", "Gå tilbage, og prøv igen. Skriv til os, hvis det bliver ved.")


def _words(problem: Problem, language: Language) -> tuple[str, str]:
    if language == "en":
        return problem.title, problem.detail
    return problem.danish or _IN_GENERAL.get(problem.status, _ELSE)


def links_router(
    pages: Pages,
    *,
    service: str,
    epoch_of: EpochOf,
    name_of: NameOf,
    landing: Mapping[str, Callable[[Link], str]],
) -> APIRouter:
    """GET and POST `/<service>/link`. `landing` leads from a link's first act to the act's page, and a coordinator to the board."""
    router = APIRouter(include_in_schema=False)

    async def named(request: Request, token: str) -> str:
        """The name of whom the token is for. Raises Problem."""
        if (coordinator := access.coordinator_in(request, token)) is not None:
            return coordinator.name
        found = await access.verified(request, token=token, epoch_of=epoch_of)
        async with context_of(request).database.reading() as conn:
            known = await name_of(conn, found)
        name, language = known or ("", "da")
        request.state.language = language_named(language)
        return name

    @router.get(f"/{service}/link")
    async def show(request: Request, t: str = "") -> Response:
        token = t[: MAX_TOKEN_CHARS + 1]
        try:
            name = await named(request, token)
        except Problem as problem:
            return pages.problem(request, problem)
        return pages.render(request, "link.html", name=name, token=token, squeeze=False)

    @router.post(f"/{service}/link")
    async def follow(request: Request) -> Response:
        try:
            form = await form_of(request)
            token = form.get("t", "")[: MAX_TOKEN_CHARS + 1]
            board = access.coordinator_in(request, token) is not None
            target: str | None = BOARD
            if not board:
                found = await access.verified(request, token=token, epoch_of=epoch_of)
                target = next((landing[act](found) for act in found.acts if act in landing), None)
        except Problem as problem:
            return pages.problem(request, problem)
        if target is None:
            return pages.problem(request, access.refusal(LinkRefused("not_allowed")))
        response = pages.to(request, target)
        access.remember(response, context=context_of(request), token=token, board=board)
        return response

    return router
