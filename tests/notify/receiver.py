"""An agency's receiver: a real HTTP server on a port of its own, that takes deliveries, or does to them whatever a test wants.

Written out to the bytes, so that it can be slow, endless or rude in ways that no server library would let it.
"""

import asyncio
import hashlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook as Signer

Rude = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Delivery:
    """A request as it came."""

    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The webhook's id of it."""
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        """The CloudEvent."""
        event: dict[str, Any] = json.loads(self.body)
        return event

    def signed_by(self, secret: str) -> bool:
        """Whether one of its signatures is of that secret, at the time it says; the time itself is not judged."""
        at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        wanted = Signer(secret).sign(msg_id=self.id, timestamp=at, data=self.body.decode())
        return wanted in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """What came, and what is answered: the next of `answers`, or else 204."""

    port: int = 0
    scheme: str = "http"
    came: list[Delivery] = field(default_factory=list)
    answers: list[int | Rude] = field(default_factory=list)
    always: int | Rude = 204
    connections: int = 0
    hold: asyncio.Event | None = None
    at_once: int = 0
    most_at_once: int = 0
    lines: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where it is called."""
        return f"{self.scheme}://127.0.0.1:{self.port}/in?of=skat"

    @property
    def ids(self) -> list[str]:
        """The ids that came, in order."""
        return [one.id for one in self.came]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        self.connections += 1
        self.lines.add(writer)
        try:
            while (head := await reader.readuntil(b"\r\n\r\n")) and await self._one(head, reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self.lines.discard(writer)
            writer.close()
            with suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

    async def _one(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.came.append(Delivery(first.split(" ")[1], headers, body))
        answer = self.answers.pop(0) if self.answers else self.always
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.hold is not None:
                await self.hold.wait()
            if not isinstance(answer, int):
                await answer(writer)
                return False
            writer.write(f"HTTP/1.1 {answer} Word\r\ncontent-length: 0\r\n\r\n".encode())
            await writer.drain()
            return True
        finally:
            self.at_once -= 1


@asynccontextmanager
async def receiving(*, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> AsyncIterator[Receiver]:
    """A receiver that listens until the block ends."""
    receiver = Receiver(scheme="https" if tls else "http")
    server = await asyncio.start_server(receiver.serve, host, 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        if receiver.hold is not None:
            receiver.hold.set()
        server.close()
        for line in [*receiver.lines]:
            line.transport.abort()
        await asyncio.sleep(0)  # lets them notice


def said(*parts: bytes, then: float = 0.0) -> Rude:
    """Answers with these bytes, and perhaps nothing more for a while."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
        if then:
            await asyncio.sleep(then)

    return answer


def redirecting_to(url: str) -> Rude:
    """Points elsewhere."""
    return said(f"HTTP/1.1 307 Elsewhere\r\nlocation: {url}\r\ncontent-length: 0\r\n\r\n".encode())


async def endless(writer: asyncio.StreamWriter) -> None:
    """A good answer with a body that never ends."""
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    with suppress(ConnectionError):
        while True:
            writer.write(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
            await writer.drain()


def fingerprint(events: Iterable[dict[str, Any]]) -> str:
    """A hash over events in canonical form, in order: two that have the same have had the same."""
    digest = hashlib.sha256()
    for event in events:
        digest.update(json.dumps(event, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    return digest.hexdigest()
