"""One connection to a service: HTTP/1.1, one exchange at a time, the answer in pieces as they come.

An answer is whole only by its own account: its length, its last chunk, or, where it has neither, the service closing after it.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final, cast

import httptools

Header = tuple[bytes, bytes]

_MOST_AHEAD: Final = 256 * 1024
"""Bytes of an answer that are read ahead of the person who takes them."""


class Lost(Exception):
    """The connection ended, or what came over it was no HTTP, before the answer was whole."""


@dataclass
class _Answer:
    """What has come of the answer."""

    method: bytes
    parser: httptools.HttpResponseParser
    status: int = 0
    headers: list[Header] = field(default_factory=list)
    begun: bool = False
    whole: bool = False
    by_closing: bool = False
    again: bool = False
    pieces: list[bytes] = field(default_factory=list)
    waiting: int = 0


class Connection(asyncio.Protocol):
    """`ask`, `write` the body, `asked` when all of it is out; `begun` for status and headers, `pieces` for the rest."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: _Answer | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._asked = False
        self.lost = False
        self.idle_since = 0.0

    @property
    def can_be_used_again(self) -> bool:
        """Whether question and answer are whole and the service said nothing of closing.

        After half a question the next one would be read as its rest.
        """
        answer = self._answer
        return self._asked and not self.lost and answer is not None and answer.whole and answer.again

    @property
    def is_answered(self) -> bool:
        """Whether the answer is whole, also if the question is not."""
        return self._answer is not None and self._answer.whole

    def ask(self, method: bytes, head: bytes) -> None:
        """Begin an exchange."""
        self._answer, self._asked = _Answer(method, httptools.HttpResponseParser(self)), False
        self._sending.write(head)

    async def write(self, piece: bytes) -> None:
        """Send on, as fast as the service takes it."""
        if not self.lost:
            self._sending.write(piece)
            await self._writable.wait()

    def asked(self) -> None:
        """The question is whole."""
        self._asked = True

    async def begun(self) -> tuple[int, list[Header]]:
        """Status and headers, once they are there. Raises Lost."""
        while not self._current.begun:
            await self._something()
        return self._current.status, self._current.headers

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises Lost where it breaks off."""
        answer = self._current
        while True:
            if answer.pieces:
                piece, answer.pieces, answer.waiting = b"".join(answer.pieces), [], 0
                if not self.lost:
                    self._sending.resume_reading()
                yield piece
            elif answer.whole:
                return
            else:
                await self._something()

    def close(self) -> None:
        """No more of it."""
        self.lost = True
        if self._transport is not None:
            self._transport.abort()

    # asyncio's names

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Up."""
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Down; which may be how the answer ends."""
        self.lost = True
        answer = self._answer
        if answer is not None and answer.begun and answer.by_closing and exc is None:
            answer.whole = True
        self._writable.set()
        self._wake()

    def pause_writing(self) -> None:
        """The service takes no more for now."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """The service takes more."""
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        """Read it."""
        answer = self._answer
        if answer is None or answer.whole:
            self.close()  # nobody asked
            return
        try:
            answer.parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()
        if answer.waiting > _MOST_AHEAD and not self.lost:
            self._sending.pause_reading()
        self._wake()

    # httptools' names

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._current.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """All headers. What is said ahead of the answer (1xx) is for nobody."""
        answer = self._current
        status = answer.parser.get_status_code()
        if status < 200:
            answer.headers = []
            return
        names = {name for name, _ in answer.headers}
        answer.status, answer.begun = status, True
        answer.by_closing = not names & {b"content-length", b"transfer-encoding"}
        if (
            answer.method == b"HEAD"
        ):  # its length speaks of another answer, and the parser would wait for that
            answer.whole = True

    def on_body(self, piece: bytes) -> None:
        """A piece."""
        answer = self._current
        if not answer.whole:
            answer.pieces.append(piece)
            answer.waiting += len(piece)

    def on_message_complete(self) -> None:
        """Whole."""
        answer = self._current
        if answer.begun and not answer.whole:
            answer.whole, answer.again = True, answer.parser.should_keep_alive()

    @property
    def _current(self) -> _Answer:
        if self._answer is None:
            raise RuntimeError("ask first")
        return self._answer

    @property
    def _sending(self) -> asyncio.Transport:
        if self._transport is None:
            raise RuntimeError("connect first")
        return self._transport

    async def _something(self) -> None:
        if self.lost:
            raise Lost
        self._waiter = asyncio.get_running_loop().create_future()
        await self._waiter

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
