"""A gateway before stand-ins for services, all in the test's own loop, and somebody to ask them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn

from ipraktik_local.gateway.app import Gateway, configured
from ipraktik_local.ports import HOST, reserve_port

Message = MutableMapping[str, Any]


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def listening(*configs: uvicorn.Config) -> AsyncIterator[None]:
    """Servers in this loop, gone after."""
    servers = [_Server(config) for config in configs]
    serving = [asyncio.ensure_future(server.serve()) for server in servers]
    while not all(server.started for server in servers):
        assert not any(one.done() for one in serving), "a server did not start"
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*serving)


@dataclass
class Asked:
    """One request as it arrived at a service."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass
class Service:
    """A stand-in for a service: notes what it is asked; `/…/slow` lets the test say when it goes on."""

    name: str
    asked: list[Asked] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        last = scope["path"].rpartition("/")[2]
        body = b"" if last == "refused-early" else await _whole(receive)
        target = (scope["raw_path"] + b"?" + scope["query_string"]).decode()
        headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
        self.asked.append(Asked(scope["method"], target, headers, body))
        if last == "slow":
            await self._slowly(send)
        elif last == "waiting":
            while (await receive())["type"] != "http.disconnect":
                pass
            self.left.set()
        elif last == "large":
            await _begin(send, 200, [])
            for number in range(8):
                await send({"type": "http.response.body", "body": b"x" * 1_000_000, "more_body": number < 7})
        elif last == "broken":
            await _begin(send, 200, [(b"content-length", b"100")])
            await send({"type": "http.response.body", "body": b"the first half", "more_body": True})
            # no more: the server closes the connection
        else:
            status = {"moved": 303, "same": 304, "refused-early": 413}.get(last, 200)
            cookies = [(b"set-cookie", b"a=1; Path=/"), (b"set-cookie", b"b=2; HttpOnly")]
            text = self.name.encode()
            length = [] if status == 304 else [(b"content-length", str(len(text)).encode())]
            await _begin(send, status, [*length, *cookies, (b"location", b"/matching/next"), (b"via", b"x")])
            await send({"type": "http.response.body", "body": b"" if status == 304 else text})

    async def _slowly(self, send: Send) -> None:
        await _begin(send, 200, [(b"content-type", b"text/event-stream")])
        await send({"type": "http.response.body", "body": b"first\n", "more_body": True})
        await self.go_on.wait()
        await send({"type": "http.response.body", "body": b"last\n"})


async def _begin(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _whole(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


@dataclass
class Town:
    """Registration and matching behind a gateway; notify is in the table but nobody listens, evaluation is not run here."""

    registration: Service
    matching: Service
    client: httpx.AsyncClient
    base: str
    notify_port: int


@asynccontextmanager
async def standing_town() -> AsyncIterator[Town]:
    """All of it, in this loop."""
    registration, matching = Service("registration"), Service("matching")
    with contextlib.ExitStack() as ports:
        numbers = [ports.enter_context(reserve_port()).number for _ in range(4)]
        first, second, third, front = numbers
        addresses = {"registration": first, "matching": second, "notify": third}
        gateway = Gateway({name: f"http://{HOST}:{port}" for name, port in addresses.items()})
        async with (
            listening(
                plain(registration, first),
                plain(matching, second),
                configured(gateway, host=HOST, port=front),
            ),
            httpx.AsyncClient(base_url=f"http://{HOST}:{front}", trust_env=False, timeout=10) as client,
        ):
            yield Town(registration, matching, client, f"{HOST}:{front}", third)
            gateway.close()


def plain(app: Any, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        interface="asgi3",
        host=HOST,
        port=port,
        lifespan="off",
        log_level="critical",
    )
