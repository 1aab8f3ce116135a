"""Pages of people: a refusal becomes a page in the person's language, not a problem for programs."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec

from fastapi import Request
from starlette.responses import Response

from ipraktik_chassis.pages import Pages
from ipraktik_chassis.web import Problem
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.web.words import problem_page, refused_page

P = ParamSpec("P")
Handler = Callable[P, Awaitable[Response]]


def shown(frame: Pages) -> Callable[[Handler[P]], Handler[P]]:
    """Decorate a page's route, whose first parameter is the request."""

    def decorate(handler: Handler[P]) -> Handler[P]:
        @wraps(handler)
        async def page(*args: P.args, **kwargs: P.kwargs) -> Response:
            request = next(one for one in (*args, *kwargs.values()) if isinstance(one, Request))
            try:
                return await handler(*args, **kwargs)
            except Refused as refusal:
                language = language_of(request)
                return frame.problem(request, refused_page(refusal, language=language), language=language)
            except Problem as problem:
                language = language_of(request)
                return frame.problem(request, problem_page(problem, language=language), language=language)

        return page

    return decorate


def language_of(request: Request) -> str:
    """The language of whoever asks, as far as it is known by now."""
    return getattr(request.state, "language", "da")
