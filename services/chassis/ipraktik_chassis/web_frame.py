"""The outermost layer of a service's web application: cause, size cap, security headers, metrics, and the last word on errors.

Every answer carries the security headers; what does not say otherwise is never stored. HEAD is answered as GET is:
mail scanners and watchers ask that way before a person comes; the server leaves the body out.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import asyncpg
from fastapi import Request
from starlette.exceptions import HTTPException

from . import tracing
from .cause import because_of, new_cause
from .database import TRANSIENT
from .kept_pages import KeptPages
from .metrics import METHODS, UNMATCHED, HttpMetrics
from .ops import Receive, Scope, Send
from .problem import Problem, answer, too_large
from .service import Context

_log = logging.getLogger(__name__)

MAX_BODY_BYTES: Final = 65_536
_NOT_TO_BE_KEPT: Final = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)
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


class Frame:
    """Outermost ASGI layer: cause, size cap, headers, metrics, and the last word on errors."""

    def __init__(
        self,
        app: Callable[[Scope, Receive, Send], Awaitable[None]],
        *,
        context: Context,
        metrics: HttpMetrics,
        large: Mapping[str, int],
        kept: KeptPages | None,
    ) -> None:
        self._app = app
        self._kept = kept
        self._large = large
        self._context = context
        self._metrics = metrics
        public = str(getattr(context.settings, f"{context.service}_public_url", ""))
        self._ours = public.partition("://")[2].partition("/")[0].encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, began = self._context.clock.monotonic(), tracing.instant()
        status = 500
        answered = False

        method = scope["method"]
        if method == "HEAD":
            scope = {**scope, "method": "GET"}

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
        with because_of(new_cause(parent=parent)) as cause:
            most = self._large.get(scope["path"], MAX_BODY_BYTES)
            try:
                refusal = _too_long(headers, most) or _refusal(scope, headers, ours=self._ours)
                if refusal is not None:
                    await answer(Request(scope), refusal)(scope, receive, send_framed)
                elif self._kept is None or not await self._kept.given(scope, send_framed):
                    await self._app(scope, _capped(receive, most), send_framed)
            except _BodyTooLarge:
                if not answered:
                    await answer(Request(scope), too_large(most))(scope, receive, send_framed)
            except TRANSIENT:
                if answered:
                    raise
                busy = Problem(
                    503,
                    "Not available right now",
                    "Nothing was saved. Try again in a moment.",
                    headers={"retry-after": "2"},
                    danish=("Vi kan ikke svare lige nu", "Der er ikke gemt noget. Prøv igen om et øjeblik."),
                )
                await answer(Request(scope), busy)(scope, receive, send_framed)
            except _NOT_TO_BE_KEPT:
                if answered:
                    raise
                unfit = Problem(
                    422,
                    "Some text cannot be kept",
                    "It holds a character that is no text, such as NUL. Remove it and send again.",
                    danish=(
                        "En tekst kan ikke gemmes",
                        "Den har et tegn, der ikke er tekst. Fjern det, og send igen.",
                    ),
                )
                await answer(Request(scope), unfit)(scope, receive, send_framed)
            except Exception:
                _log.exception("a request failed")
                if answered:
                    raise
                failed = Problem(
                    500,
                    "Something went wrong here",
                    "Nothing was saved. It is logged; try again later.",
                    danish=(
                        "Noget gik galt hos os",
                        "Der er ikke gemt noget. Vi kan se fejlen. Prøv igen senere.",
                    ),
                )
                await answer(Request(scope), failed)(scope, receive, send_framed)
            finally:
                route = scope.get("route")
                template = getattr(route, "path", UNMATCHED)
                self._metrics.observe(
                    method=method,
                    route=template,
                    status=status,
                    seconds=self._context.clock.monotonic() - started,
                )
                if tracing.active():
                    said: dict[str, str | int] = {
                        "http.request.method": method if method in METHODS else "_OTHER",
                        "http.route": template,
                        "http.response.status_code": status,
                    }
                    tracing.step(
                        cause,
                        f"{said['http.request.method']} {template}",
                        kind=tracing.SERVER,
                        started=began,
                        attributes=said,
                        failed=status >= 500,
                    )


class _BodyTooLarge(HTTPException):
    """Of a class that FastAPI lets through: anything else, raised while it reads a body, it calls a body that cannot be parsed."""

    def __init__(self) -> None:
        super().__init__(413, "Too large")


def _too_long(headers: Mapping[bytes, bytes], most: int) -> Problem | None:
    """A body that announces itself as too large is refused before it is read."""
    length = headers.get(b"content-length", b"0")
    return too_large(most) if not length.isdigit() or int(length) > most else None


def _refusal(scope: Scope, headers: Mapping[bytes, bytes], *, ours: bytes) -> Problem | None:
    """Refuse what cannot be kept, and a form posted from another site."""
    if b"%00" in scope.get("query_string", b"") or "\x00" in scope["path"]:
        return Problem(
            400,
            "Bad address",
            "The address holds a character that is not allowed.",
            danish=("Adressen er forkert", "Den har et tegn, der ikke må være der."),
        )
    if scope["method"] not in ("GET", "OPTIONS") and b"authorization" not in headers:
        site = headers.get(b"sec-fetch-site")
        origin = headers.get(b"origin")
        # behind a proxy the host may be another than the one people see
        known = {headers.get(b"host", b""), ours} - {b""}
        foreign = origin is not None and origin.partition(b"://")[2] not in known
        if foreign if site is None else site not in (b"same-origin", b"none"):
            return Problem(
                403,
                "Sent from another site",
                "Open the page here and send it again.",
                danish=("Sendt fra et andet sted", "Åbn siden her, og send den igen."),
            )
    return None


def _capped(receive: Receive, most: int) -> Receive:
    """Count the body as it streams in: a length that was not announced is capped too."""
    seen = 0

    async def capped() -> Any:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > most:
                raise _BodyTooLarge
        return message

    return capped
