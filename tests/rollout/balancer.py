"""What stands before the replicas of one service: hands each request to one of those that are in, by turns.

It does what a Kubernetes Service and the gateway before it do: a replica is taken out first, then what is under way ends, and only
then is it told to stop. Every answer is counted, so a test can say that none was an error.
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import uvicorn

from ipraktik_local.asgi import Receive, Scope, Send
from ipraktik_local.gateway.answers import say
from ipraktik_local.gateway.forwarding import Unanswered, Upstream
from ipraktik_local.ports import HOST, reserve_port

_EMPTY_WITHIN: Final = 30.0


@dataclass(slots=True)
class Replica:
    """One replica: what it was given and what it answered."""

    url: str
    version: str
    upstream: Upstream
    under_way: int = 0
    answered: Counter[int] = field(default_factory=Counter)


class Balancer:
    """The replicas of one service behind one address."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.url = ""
        self.known: list[Replica] = []
        self.errors: list[str] = []
        self._in: tuple[Replica, ...] = ()
        self._turn = 0

    def put_in(self, url: str, *, version: str) -> None:
        """From now on the replica at this address gets its share."""
        replica = Replica(url, version, Upstream(url))
        self.known.append(replica)
        self._in = (*self._in, replica)

    def take_out(self, url: str) -> None:
        """No further request goes there; back when those under way have ended."""
        leaving = [replica for replica in self._in if replica.url == url]
        self._in = tuple(replica for replica in self._in if replica.url != url)
        bound = time.monotonic() + _EMPTY_WITHIN
        while any(replica.under_way for replica in leaving):
            if time.monotonic() > bound:
                raise TimeoutError(f"{self.name} at {url} does not end what is under way")
            time.sleep(0.01)  # the look itself; what is waited for is the count above

    def answers(self, version: str) -> int:
        """How many requests this version has answered."""
        return sum(replica.answered.total() for replica in self.known if replica.version == version)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"This application speaks HTTP only, not {scope['type']}.")
        path, method = scope["path"], scope["method"]
        self._turn += 1
        taking = self._in
        if not taking:
            self.errors.append(f"{self.name}: {method} {path}: no replica is in")
            await send({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})
            return
        replica = taking[self._turn % len(taking)]
        replica.under_way += 1

        async def counting(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                status = int(message["status"])
                replica.answered[status] += 1
                if status >= 500:
                    self.errors.append(f"{self.name} ({replica.version}): {method} {path}: {status}")
            await send(message)

        try:
            await replica.upstream.forward(scope, receive, counting)
        except Unanswered as none:
            self.errors.append(f"{self.name} ({replica.version}): {method} {path}: {none}")
            await say(send, none.answer, path=path, method=method)
        finally:
            replica.under_way -= 1


@contextmanager
def listening(balancer: Balancer) -> Iterator[Balancer]:
    """The balancer on a port of its own, in a thread."""
    port = reserve_port()
    config = uvicorn.Config(
        balancer,
        interface="asgi3",
        host=HOST,
        port=port.number,
        lifespan="off",
        ws="none",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    balancer.url = f"http://{HOST}:{port.number}"
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name=f"{balancer.name}-balancer")
    thread.start()
    try:
        bound = time.monotonic() + 20
        while not server.started:
            if not thread.is_alive() or time.monotonic() > bound:
                raise RuntimeError(f"the balancer of {balancer.name} did not start")
            time.sleep(0.01)
        yield balancer
    finally:
        server.should_exit = True
        thread.join(20)
        port.release()
