"""The web frame of a service: problem details, size cap, security headers, cause, metrics. Routes are the service's own.

Errors are RFC 9457 problem details with a sentence that says what to do; validation errors name each field and never echo what
was sent. Every answer carries the security headers; personal pages are never stored.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from .cause import because_of, new_cause
from .database import TRANSIENT
from .mends import mends
from .metrics import HttpMetrics
from .ops import Receive, Scope, Send
from .service import Context

_log = logging.getLogger(__name__)

MAX_BODY_BYTES: Final = 65_536
RESTING: Final = "ipraktik.resting"
"""The place in a request's scope of what `resting` asks for."""
_NOT_TO_BE_KEPT: Final = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)
_PROBLEM: Final = "application/problem+json"
_HEADERS: Final = [
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; "
        b"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
]


class Problem(Exception):
    """An answer that is not what was hoped for. `detail` says what to do; `errors` names fields, `{"field", "message"}`.

    `danish` is title and detail for a person whose language is not known; a page then shows both languages.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        errors: Sequence[dict[str, str]] = (),
        headers: dict[str, str] | None = None,
        danish: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = list(errors)
        self.headers = headers or {}
        self.danish = danish


def resting(request: Request) -> AbstractContextManager[None]:
    """While a request only waits for something to happen it is no unfinished work, and time may move on meanwhile."""
    rest: Callable[[], AbstractContextManager[None]] = request.scope.get(RESTING, nullcontext)
    return rest()


def problem_response(problem: Problem) -> Response:
    """The problem as application/problem+json."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = problem.errors
    return Response(json.dumps(body, ensure_ascii=False), problem.status, problem.headers, _PROBLEM)


def field_errors(error: ValidationError | RequestValidationError) -> list[dict[str, str]]:
    """Each field with what is wrong and how to mend it; never the input."""
    return mends(_listed(error))


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


def create_app(context: Context, *, title: str, version: str) -> FastAPI:
    """An application with the frame in place; add routers to it. OpenAPI at /<service>/openapi.json."""
    app = FastAPI(
        title=title,
        version=version,
        openapi_url=f"/{context.service}/openapi.json",
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
    )
    app.state.context = context

    async def on_problem(_: Request, problem: Exception) -> Response:
        return problem_response(problem) if isinstance(problem, Problem) else Response(status_code=500)

    async def on_invalid(_: Request, error: Exception) -> Response:
        return (
            problem_response(invalid(error))
            if isinstance(error, RequestValidationError)
            else Response(status_code=500)
        )

    async def on_http(_: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            return Response(status_code=500)
        detail = {
            404: "There is nothing at this address.",
            413: _too_large().detail,
            405: "The address does not take this method.",
        }.get(error.status_code, str(error.detail))
        return problem_response(
            Problem(error.status_code, str(error.detail), detail, headers=dict(error.headers or {}))
        )

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    metrics = HttpMetrics(context.registry)
    app.add_middleware(_Frame, context=context, metrics=metrics)
    return app


class _Frame:
    """Outermost ASGI layer: cause, size cap, headers, metrics, and the last word on errors."""

    def __init__(
        self,
        app: Callable[[Scope, Receive, Send], Awaitable[None]],
        *,
        context: Context,
        metrics: HttpMetrics,
    ) -> None:
        self._app = app
        self._context = context
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = self._context.clock.monotonic()
        status = 500
        answered = False

        async def send_framed(message: Any) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                answered = True
                status = message["status"]
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in _HEADERS if pair[0] not in present),
                ]
                if b"cache-control" not in present:
                    message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        headers = dict(scope["headers"])
        parent = headers.get(b"traceparent", b"").decode("latin-1")
        with because_of(new_cause(parent=parent)):
            try:
                refusal = _refusal(scope, headers)
                if refusal is not None:
                    await problem_response(refusal)(scope, receive, send_framed)
                else:
                    await self._app(scope, _capped(receive), send_framed)
            except _BodyTooLarge:
                if not answered:
                    await problem_response(_too_large())(scope, receive, send_framed)
            except TRANSIENT:
                if answered:
                    raise
                busy = Problem(
                    503,
                    "Not available right now",
                    "Nothing was saved. Try again in a moment.",
                    headers={"retry-after": "2"},
                )
                await problem_response(busy)(scope, receive, send_framed)
            except _NOT_TO_BE_KEPT:
                if answered:
                    raise
                unfit = Problem(
                    422,
                    "Some text cannot be kept",
                    "It holds a character that is no text, such as NUL. Remove it and send again.",
                )
                await problem_response(unfit)(scope, receive, send_framed)
            except Exception:
                _log.exception("a request failed")
                if answered:
                    raise
                failed = Problem(
                    500, "Something went wrong here", "Nothing was saved. It is logged; try again later."
                )
                await problem_response(failed)(scope, receive, send_framed)
            finally:
                route = scope.get("route")
                template = getattr(route, "path", "unmatched")
                self._metrics.duration.labels(scope["method"], template, str(status)).observe(
                    self._context.clock.monotonic() - started
                )


class _BodyTooLarge(HTTPException):
    """Of a class that FastAPI lets through: anything else, raised while it reads a body, it calls a body that cannot be parsed."""

    def __init__(self) -> None:
        super().__init__(413, "Too large")


def _too_large() -> Problem:
    return Problem(413, "Too large", f"Send at most {MAX_BODY_BYTES} bytes.")


def _refusal(scope: Scope, headers: dict[bytes, bytes]) -> Problem | None:
    """Refuse early: a body that announces itself as too large, and a form posted from another site."""
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > MAX_BODY_BYTES:
        return _too_large()
    if b"%00" in scope.get("query_string", b"") or "\x00" in scope["path"]:
        return Problem(400, "Bad address", "The address holds a character that is not allowed.")
    if scope["method"] not in ("GET", "HEAD", "OPTIONS") and b"authorization" not in headers:
        site = headers.get(b"sec-fetch-site")
        origin = headers.get(b"origin")
        host = headers.get(b"host", b"")
        if site is not None and site not in (b"same-origin", b"none"):
            return Problem(403, "Sent from another site", "Open the page here and send it again.")
        if site is None and origin is not None and origin.partition(b"://")[2] != host:
            return Problem(403, "Sent from another site", "Open the page here and send it again.")
    return None


def _capped(receive: Receive) -> Receive:
    """Count the body as it streams in: a length that was not announced is capped too."""
    seen = 0

    async def capped() -> Any:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > MAX_BODY_BYTES:
                raise _BodyTooLarge
        return message

    return capped
