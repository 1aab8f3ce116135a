"""The gateway as an ASGI application: look up the address, hand the request on, or say why not."""

from collections.abc import Mapping
from typing import Final

import uvicorn

from ipraktik_local.asgi import Receive, Scope, Send
from ipraktik_local.gateway import READY
from ipraktik_local.gateway.answers import NOT_THERE, NOWHERE, say
from ipraktik_local.gateway.forwarding import Unanswered, Upstream
from ipraktik_local.gateway.table import service_of

_ENDS_WITHIN: Final = 5
"""Seconds for requests under way when it is told to stop: programs may be waiting at the feed, and would wait on."""


class Gateway:
    """Leads each request to its service. A service that is not there costs its own addresses only."""

    def __init__(self, services: Mapping[str, str]) -> None:
        """`services` maps a service's name to where it listens."""
        self._upstreams = {service: Upstream(url) for service, url in services.items()}

    def close(self) -> None:
        """Close what is open to the services."""
        for upstream in self._upstreams.values():
            upstream.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"This application speaks HTTP only, not {scope['type']}.")
        path, method = scope["path"], scope["method"]
        if path == READY:
            headers = [(b"content-type", b"text/plain"), (b"content-length", b"2")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"ok"})
            return
        service = service_of(path)
        if service is None:
            await say(send, NOWHERE, path=path, method=method)
            return
        upstream = self._upstreams.get(service)
        try:
            if upstream is None:
                raise Unanswered(NOT_THERE)
            await upstream.forward(scope, receive, send)
        except Unanswered as none:
            await say(send, none.answer, path=path, method=method)


def configured(gateway: Gateway, *, host: str, port: int) -> uvicorn.Config:
    """How the gateway listens."""
    return uvicorn.Config(
        gateway,
        interface="asgi3",
        host=host,
        port=port,
        lifespan="off",
        ws="none",
        access_log=False,  # its lines would carry the tokens that stand in links
        log_level="error",
        proxy_headers=False,  # it is the first to see a person; nobody before it can say who that is
        server_header=False,  # the services say both by themselves
        date_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=_ENDS_WITHIN,
        h11_max_incomplete_event_size=32_768,
    )
