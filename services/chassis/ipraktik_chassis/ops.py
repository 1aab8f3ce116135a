"""The ops port: /livez, /readyz, /metrics, and /quiet on the local stack. For probes and scrapers, never for people.

Live means the loop turns; ready means this process can do its work now. Each check gives a reason when it says no.
"""

import asyncio
import contextlib
import json
import socket
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any

import uvicorn
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

PROBE_SECONDS = 5.0
"""How long a check may take; above it the answer is no."""

Check = Callable[[], Awaitable[str | None]]
Report = Callable[[], Awaitable[dict[str, Any]]]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Server(uvicorn.Server):
    """uvicorn without hands on the process's signals: the process decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to stop. Raises RuntimeError where the port is not to be had: uvicorn would leave without a word."""
        try:
            await super().serve(sockets)
        except SystemExit:
            raise RuntimeError(f"nothing can listen on {self.config.host}:{self.config.port}") from None


def ops_app(
    *,
    registry: CollectorRegistry,
    ready: dict[str, Check],
    before_metrics: Callable[[], Awaitable[None]],
    quiet: Report | None,
) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The ASGI application of the ops port. `ready` holds named checks, each None when all is well or else why not."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        if path == "/livez":
            await _answer(send, 200, b"ok", b"text/plain")
        elif path == "/readyz":
            reasons = {
                name: reason for name, check in ready.items() if (reason := await _reason(check)) is not None
            }
            await _answer(
                send, 503 if reasons else 200, json.dumps({"ready": not reasons, "reasons": reasons}).encode()
            )
        elif path == "/metrics":
            with contextlib.suppress(Exception):  # figures that cannot be had now must not hide the others
                await asyncio.wait_for(before_metrics(), 3)
            await _answer(send, 200, generate_latest(registry), CONTENT_TYPE_LATEST.encode())
        elif path == "/quiet" and quiet is not None:
            await _answer(send, 200, json.dumps(await quiet()).encode())
        else:
            await _answer(send, 404, b'{"title": "not found"}')

    return app


async def _reason(check: Check) -> str | None:
    try:
        return await asyncio.wait_for(check(), PROBE_SECONDS)
    except TimeoutError:
        return f"no answer within {PROBE_SECONDS:g} seconds"
    except Exception as error:  # noqa: BLE001 - a probe answers whatever happens; the type is the reason
        return type(error).__name__


async def _answer(send: Send, status: int, body: bytes, content_type: bytes = b"application/json") -> None:
    headers = [
        (b"content-type", content_type),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def server(
    app: Any, *, host: str, port: int, drain_seconds: float, limit_concurrency: int | None = None
) -> Server:
    """A uvicorn server for an application of this process."""
    return Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            interface="asgi3",  # a bound method is taken for an application of the second kind
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            date_header=False,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=int(drain_seconds),
            limit_concurrency=limit_concurrency,
            h11_max_incomplete_event_size=32_768,
        )
    )
