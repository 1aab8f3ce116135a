"""The web application of a service, with everything in place but its routes.

Errors are RFC 9457 problem details for programs and pages for people, with a sentence that says what to do; validation errors
name each field and never echo what was sent.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from .kept_pages import KeptPages
from .mends import mends
from .metrics import HttpMetrics
from .pages import Pages
from .problem import NOTHING_HERE, Problem, answer, too_large, wants_page
from .service import Context
from .static_files import static_router
from .web_frame import MAX_BODY_BYTES, Frame

RESTING: Final = "ipraktik.resting"
"""The place in a request's scope of what `resting` asks for."""


def resting(request: Request) -> AbstractContextManager[None]:
    """While a request only waits for something to happen it is no unfinished work, and time may move on meanwhile."""
    rest: Callable[[], AbstractContextManager[None]] = request.scope.get(RESTING, nullcontext)
    return rest()


def invalid(error: ValidationError | RequestValidationError) -> Problem:
    """The problem for input that does not fit: 422, or 400 for a body that is no JSON at all."""
    listed = _listed(error)
    if any(one["type"] == "json_invalid" for one in listed):
        return Problem(
            400, "The body is not JSON", "Correct it where errors says and send again.", errors=mends(listed)
        )
    return Problem(
        422,
        "Some fields need to be mended",
        "Correct the fields listed under errors and send again.",
        errors=mends(listed),
    )


def _listed(error: ValidationError | RequestValidationError) -> Sequence[Any]:
    if isinstance(error, RequestValidationError):
        return error.errors()
    return error.errors(include_input=False, include_url=False)


def create_app(
    context: Context,
    *,
    title: str,
    version: str,
    pages: Pages | None = None,
    large: Mapping[str, int] | None = None,
    kept: KeptPages | None = None,
) -> FastAPI:
    """An application with the frame in place; add routers to it. OpenAPI at /<service>/openapi.json.

    `pages` are the service's own, for errors in its people's words; `large` gives paths that take more than MAX_BODY_BYTES;
    `kept` are those pages that routes of the application let it keep.
    """
    app = FastAPI(
        title=title,
        version=version,
        openapi_url=f"/{context.service}/openapi.json",
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
    )
    app.state.context = context
    app.state.pages = pages or Pages()

    async def on_problem(request: Request, problem: Exception) -> Response:
        return answer(request, problem) if isinstance(problem, Problem) else Response(status_code=500)

    async def on_invalid(request: Request, error: Exception) -> Response:
        if not isinstance(error, RequestValidationError):
            return Response(status_code=500)
        # an address whose parts do not fit leads people nowhere; programs are told which part
        return answer(request, NOTHING_HERE if wants_page(request) else invalid(error))

    async def on_http(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            return Response(status_code=500)
        detail = {
            404: NOTHING_HERE.detail,
            413: too_large(MAX_BODY_BYTES).detail,
            405: "The address does not take this method.",
        }.get(error.status_code, str(error.detail))
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        if "GET" in headers.get("allow", "").split(", "):
            headers["allow"] += ", HEAD"  # the frame answers it
        problem = Problem(error.status_code, str(error.detail), detail, headers=headers)
        return answer(request, problem)

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.include_router(static_router(context.service))
    app.add_middleware(
        Frame, context=context, metrics=HttpMetrics(context.registry), large=large or {}, kept=kept
    )
    return app
