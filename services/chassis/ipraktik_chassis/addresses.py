"""Addresses of pages: of this service as they are, of the others at their public place. The chosen language goes along."""

from typing import Final
from urllib.parse import urlencode

from fastapi import Request

from .service import Context
from .texts import Language, language_named

SERVICES: Final = ("registration", "matching", "notify", "evaluation")
LANGUAGE: Final = "lang"


def public_url(context: Context, path: str) -> str:
    """Where a path is found. The front page and the sign-up belong to registration, the feed to notify, the rest to its service.

    A path of an origin that is also ours stays a path.
    """
    first = path.lstrip("/").partition("/")[0].partition("?")[0]
    if first == context.service:
        return path
    service = (
        first if first in SERVICES else "notify" if path.startswith("/api/v1/events") else "registration"
    )
    if service == context.service:  # the front page, seen by the service it belongs to
        return path
    there = str(getattr(context.settings, f"{service}_public_url")).rstrip("/")
    here = str(getattr(context.settings, f"{context.service}_public_url", "")).rstrip("/")
    return path if there == here else there + path


def asked_language(request: Request) -> Language | None:
    """The language that the address asks for."""
    return language_named(request.query_params.get(LANGUAGE))


def language_of(request: Request) -> Language:
    """The language to answer in: what the address asks for, else the person's own, else Danish."""
    known = language_named(getattr(request.state, "language", None))
    return asked_language(request) or known or "da"


def link(request: Request, path: str, **query: object) -> str:
    """The address of a page from this page: the language that was asked for stays. Empty query values are left out."""
    context: Context = request.app.state.context
    path, _, anchor = path.partition("#")
    chosen = {name: value for name, value in query.items() if value is not None and value != ""}
    if (language := asked_language(request)) is not None:
        chosen.setdefault(LANGUAGE, language)
    address = public_url(context, path)
    if chosen:
        address += ("&" if "?" in path else "?") + urlencode(chosen, doseq=True)
    return f"{address}#{anchor}" if anchor else address


def here_in(request: Request, language: Language) -> str:
    """The address of this very page in another language."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != LANGUAGE]
    return f"{request.url.path}?{urlencode([*kept, (LANGUAGE, language)])}"
