"""One request to one service and its answer back, piece by piece as they come.

Nothing is kept, changed or read but the headers that belong to a single hop. The Host stays what the person's browser sent, since
the services compare it with where a form came from. Who the person is comes from the connection alone: what a request says about
that is taken away, or anybody could be anybody to a limit by address.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from ipraktik_local.asgi import Receive, Scope, Send
from ipraktik_local.gateway.answers import BROKE_OFF, NOT_THERE, TOO_SLOW, Answer
from ipraktik_local.gateway.connection import Connection, Header, Lost

MOST_CONNECTIONS: Final = 500
"""To one service: more than its web pages need, and all the programs that may wait at its feed at a time."""
_KEPT_SECONDS: Final = 5.0
"""Shorter than the services keep an idle connection (15), so that none is used that is being closed at the other end."""
_CONNECT_WITHIN: Final = 3.0
_ANSWER_WITHIN: Final = 120.0
_ONE_HOP: Final = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"expect",  # our own server has answered it
    }
)
_NEVER_ONE_HOP: Final = frozenset({b"content-length", b"host", b"authorization", b"cookie", b"origin"})
"""Whatever a request names as belonging to its connection: without its length, a body would be read as further requests."""
_OURS_TO_SAY: Final = frozenset(
    {
        b"forwarded",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-port",
        b"x-forwarded-prefix",
        b"x-forwarded-proto",
        b"x-real-ip",
    }
)


class Unanswered(Exception):
    """The service gave no answer to hand on; nothing has been said to the person yet."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.english[0])
        self.answer = answer


class Incoming:
    """What still comes from the person: the rest of the body, then nothing, then perhaps that they have left."""

    def __init__(self, receive: Receive, *, has_body: bool) -> None:
        self._receive = receive
        self._taken = asyncio.Event()
        if not has_body:
            self._taken.set()

    async def body(self) -> AsyncIterator[bytes]:
        """The body as it comes."""
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Unanswered(BROKE_OFF)
            if piece := message.get("body", b""):
                yield piece
            more = message.get("more_body", False)
        self._taken.set()

    async def gone(self) -> None:
        """Until the person has left. Listens only once the body is taken, since both come the same way."""
        await self._taken.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass


class Upstream:
    """One service behind the gateway, with connections of its own: one that hangs takes none from the others."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._tls = parts.hostname or "", parts.scheme == "https"
        self._port = parts.port or (443 if self._tls else 80)
        self._idle: list[Connection] = []
        self._free = asyncio.Semaphore(MOST_CONNECTIONS)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        while self._idle:
            self._idle.pop().close()

    async def forward(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on and its answer back; let go as soon as the person has left. Raises Unanswered."""
        has_body = any(name in (b"transfer-encoding", b"content-length") for name, _ in scope["headers"])
        incoming = Incoming(receive, has_body=has_body)
        answering = asyncio.ensure_future(self._answered(scope, incoming, has_body=has_body, send=send))
        leaving = asyncio.ensure_future(incoming.gone())
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                answering.result()
        finally:
            for task in (answering, leaving):
                task.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)

    async def _answered(self, scope: Scope, incoming: Incoming, *, has_body: bool, send: Send) -> None:
        async with self._free:
            again = scope["method"] in ("GET", "HEAD") and not has_body
            connection, used_before = await self._connected()
            try:
                try:
                    status, headers = await self._asked(connection, scope, incoming, has_body=has_body)
                except Lost:
                    if not (again and used_before):
                        raise Unanswered(BROKE_OFF) from None  # it may have been done
                    connection.close()
                    connection = await self._fresh()  # the service closed what lay idle, just as we took it
                    status, headers = await self._asked(connection, scope, incoming, has_body=has_body)
                await _handed_back(connection, status, headers, send)
            except TimeoutError:
                raise Unanswered(TOO_SLOW) from None
            except Lost:
                raise Unanswered(BROKE_OFF) from None
            finally:
                self._put_back(connection)

    async def _asked(
        self, connection: Connection, scope: Scope, incoming: Incoming, *, has_body: bool
    ) -> tuple[int, list[Header]]:
        chunked = any(name == b"transfer-encoding" for name, _ in scope["headers"])
        connection.ask(scope["method"].encode(), _head(scope, chunked=chunked))
        if has_body:
            async for piece in incoming.body():
                if connection.is_answered or connection.lost:
                    break  # a service that has refused is not sent the rest
                await connection.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            else:
                await connection.write(b"0\r\n\r\n" if chunked else b"")
                connection.asked()
        else:
            connection.asked()
        async with asyncio.timeout(_ANSWER_WITHIN):
            return await connection.begun()

    async def _connected(self) -> tuple[Connection, bool]:
        """A connection, and whether it has been used before. The one used last comes first, so that others can age."""
        now = asyncio.get_running_loop().time()
        while self._idle:
            connection = self._idle.pop()
            if not connection.lost and now - connection.idle_since < _KEPT_SECONDS:
                return connection, True
            connection.close()
        return await self._fresh(), False

    async def _fresh(self) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_CONNECT_WITHIN):
                _, connection = await loop.create_connection(
                    Connection, self._host, self._port, ssl=self._tls or None
                )
        except OSError:  # nobody listens, or not within the time
            raise Unanswered(NOT_THERE) from None
        return connection

    def _put_back(self, connection: Connection) -> None:
        if connection.can_be_used_again:
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.append(connection)
        else:
            connection.close()


async def _handed_back(connection: Connection, status: int, headers: list[Header], send: Send) -> None:
    await send(
        {"type": "http.response.start", "status": status, "headers": list(_handed_on(headers))},
    )
    pieces = connection.pieces()
    # what breaks off gets no end: our server closes the connection, and nobody takes a part for the whole
    with suppress(Lost, TimeoutError):
        while True:
            async with asyncio.timeout(_ANSWER_WITHIN):
                piece = await anext(pieces, None)
            if piece is None:
                await send({"type": "http.response.body", "body": b""})
                return
            await send({"type": "http.response.body", "body": piece, "more_body": True})


def _head(scope: Scope, *, chunked: bool) -> bytes:
    query: bytes = scope["query_string"]
    target: bytes = scope["raw_path"] + (b"?" + query if query else b"")
    headers = [*_handed_on(scope["headers"]), *_who(scope)]
    if chunked:  # a body without a length goes on without one
        headers = [header for header in headers if header[0] != b"content-length"]
        headers.append((b"transfer-encoding", b"chunked"))
    lines = b"".join(b"%b: %b\r\n" % header for header in headers)
    return b"%b %b HTTP/1.1\r\n%b\r\n" % (scope["method"].encode(), target, lines)


def _handed_on(headers: Iterable[Header]) -> Iterable[Header]:
    """All but what belongs to this hop, and what is ours to say."""
    lowered = [(name.lower(), value) for name, value in headers]
    named = {
        word.strip().lower() for name, value in lowered if name == b"connection" for word in value.split(b",")
    }
    named -= _NEVER_ONE_HOP
    for name, value in lowered:
        if name not in _ONE_HOP and name not in named and name not in _OURS_TO_SAY:
            yield name, value


def _who(scope: Scope) -> list[Header]:
    client = scope.get("client")
    known = [(b"x-forwarded-for", str(client[0]).encode())] if client else []
    return [*known, (b"x-forwarded-proto", str(scope.get("scheme", "http")).encode())]
