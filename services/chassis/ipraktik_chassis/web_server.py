"""The `serve` room: the service's web application on its own port. Never imports the bus."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from . import ops
from .composition import imported
from .metrics import RequestMetrics
from .service import Context, Service
from .settings import Settings
from .web import RESTING


class WebServer:
    """The application under uvicorn, with the requests under way counted."""

    def __init__(self, *, service: Service, context: Context, settings: Settings) -> None:
        self._settings = settings
        self._app = imported(service.web)(context)
        self._metrics = RequestMetrics(context.registry)
        self._in_flight = 0
        self._served = 0

    def tasks(self, stop: asyncio.Event) -> dict[str, Callable[[], Awaitable[None]]]:
        """The loop of this room."""

        async def serve() -> None:
            settings = self._settings
            server = ops.server(
                self._counted,
                host=settings.http_host,
                port=settings.http_port,
                drain_seconds=settings.drain_seconds,
            )
            serving = asyncio.ensure_future(server.serve())
            stopping = asyncio.ensure_future(stop.wait())
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            server.should_exit = True
            stopping.cancel()
            await serving
            if not stop.is_set():
                raise RuntimeError(f"the web server ended by itself; is port {settings.http_port} free?")

        return {"web": serve}

    async def refresh(self) -> None:
        """Requests are counted as they end; those under way are counted here, resting ones left out."""
        self._metrics.active.set(self._in_flight)

    async def quiet(self) -> dict[str, Any]:
        """Requests under way are the only unfinished work of this room."""
        return {"activity": self._served, "in_flight": self._in_flight}

    async def _counted(self, scope: ops.Scope, receive: ops.Receive, send: ops.Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._in_flight += 1
        scope[RESTING] = self._resting
        try:
            await self._app(scope, receive, send)
        finally:
            self._in_flight -= 1
            self._served += 1

    @contextmanager
    def _resting(self) -> Iterator[None]:
        self._in_flight -= 1
        try:
            yield
        finally:
            self._in_flight += 1
