"""The load of the web rows: connections kept open, one request at a time on each, over raw sockets and in a process of its own.

A framework's client would cost more than the server that is measured.
"""

import asyncio
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import cast

from bench.figures import percentile
from bench.part import Line

TAG = b"@@@@@@@@"
"""Stands in a body where something must differ from request to request; as long as what takes its place."""
CONNECTIONS = 32
_ANSWERS_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Pressed:
    """What came of it."""

    requests: int
    seconds: float
    statuses: dict[int, int]
    p50: float
    p99: float
    processor_seconds: float


@dataclass
class _Course:
    """What the connections share: when to end, and what has been seen."""

    host: str
    path: str
    method: str
    kind: str
    body: bytes
    headers: bytes
    most: int | None
    until: float = 0.0
    begun: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def request(self) -> bytes | None:
        """The next request, or none when it is over."""
        if time.perf_counter() >= self.until or (self.most is not None and self.begun >= self.most):
            return None
        self.begun += 1
        body = self.body.replace(TAG, b"%08x" % self.begun)
        return (
            f"{self.method} {self.path} HTTP/1.1\r\nhost: {self.host}\r\nidempotency-key: {uuid.uuid4()}\r\n"
            f"content-type: {self.kind}\r\ncontent-length: {len(body)}\r\n"
        ).encode() + b"%s\r\n%s" % (self.headers, body)


class _Connection(asyncio.Protocol):
    def __init__(self, course: _Course) -> None:
        self._course = course
        self._seen = bytearray()
        self._sent_at = 0.0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def begin(self) -> None:
        request = self._course.request()
        if request is None:
            if not self.ended.done():
                self.ended.set_result(None)
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, found, rest = self._seen.partition(b"\r\n\r\n")
        if not found:
            return
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            ),
            0,
        )
        if len(rest) < length:
            return
        self._course.statuses[int(head[9:12])] += 1
        self._course.seconds.append(time.perf_counter() - self._sent_at)
        self._seen.clear()
        self.begin()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(ConnectionError("the server closed a connection in the middle"))

    def close(self) -> None:
        self._transport.close()


async def press(
    line: Line,
    *,
    host: str,
    port: int,
    path: str,
    method: str = "POST",
    kind: str = "application/json",
    body: bytes = b"",
    headers: bytes = b"",
    seconds: float,
    most: int | None = None,
    connections: int = CONNECTIONS,
) -> Pressed:
    """Connect, wait for the word, press for so many seconds or requests. `headers` are whole lines, ends included."""
    course = _Course(host, path, method, kind, body, headers, most)
    loop = asyncio.get_running_loop()
    opened = [
        (await loop.create_connection(lambda: _Connection(course), host, port))[1] for _ in range(connections)
    ]
    line.ready()
    await line.go.wait()
    processor, started = time.process_time(), time.perf_counter()
    course.until = started + seconds
    for connection in opened:
        connection.begin()
    await asyncio.wait_for(
        asyncio.gather(*(connection.ended for connection in opened)), seconds + _ANSWERS_WITHIN
    )
    took = time.perf_counter() - started
    for connection in opened:
        connection.close()
    return Pressed(
        requests=len(course.seconds),
        seconds=took,
        statuses=dict(course.statuses),
        p50=percentile(course.seconds, 0.5),
        p99=percentile(course.seconds, 0.99),
        processor_seconds=time.process_time() - processor,
    )
