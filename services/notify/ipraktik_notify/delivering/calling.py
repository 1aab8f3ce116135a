"""The call: one POST to a subscriber, bounded in time and in what is read of the answer. No redirect is followed, no proxy asked.

Every way in which it can fail is an answer with a code; nothing that a subscriber does is an error here.
"""

import asyncio
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpcore

from ipraktik_notify.delivering.gate import Gate, MayNotCall
from ipraktik_notify.domain.callback import Callback
from ipraktik_notify.domain.trouble import DELIVERED, GONE
from ipraktik_notify.settings import NotifySettings
from ipraktik_notify.usecases.settle_attempt import Answer

READ_AT_MOST: Final = 16_384
"""Bytes read of an answer's body; its status is all that counts, and what comes beyond is cut off."""
CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
_MOST_SECONDS_ASKED: Final = 9  # digits of a Retry-After


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """Whose certificates are believed: the system's authorities, and an intranet's own."""
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


class _ToCheckedAddresses(httpcore.AsyncNetworkBackend):
    """Connects to what the gate has let through, and to nothing else. TLS still asks for a certificate of the name."""

    def __init__(self, gate: Gate, callback: Callback) -> None:
        self._gate = gate
        self._callback = callback
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first checked address that takes it. Raises MayNotCall."""
        failure: Exception = httpcore.ConnectError("no address")
        for address in await self._gate.addresses(self._callback):
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


@dataclass(frozen=True, slots=True)
class Caller:
    """What every call needs: who may be called, whose certificates are believed, how long an answer may take."""

    gate: Gate
    trust: ssl.SSLContext
    seconds: float
    monotonic: Callable[[], float]

    def line(self, callback: Callback) -> "Line":
        """The way to one subscriber; nothing is connected yet."""
        return Line(callback, self)


def caller_of(settings: NotifySettings, *, monotonic: Callable[[], float]) -> Caller:
    """The caller that the settings ask for."""
    return Caller(
        gate=Gate(settings.allowed_networks()),
        trust=trusting(settings.webhook_ca_file),
        seconds=settings.webhook_timeout_seconds,
        monotonic=monotonic,
    )


class Line:
    """The way to one subscriber: a connection that is kept while there is more to say. Close it."""

    def __init__(self, callback: Callback, caller: Caller) -> None:
        self._callback = callback
        self._caller = caller
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=caller.trust,
            max_connections=1,
            keepalive_expiry=5.0,
            network_backend=_ToCheckedAddresses(caller.gate, callback),
        )
        self._url = httpcore.URL(
            scheme=b"https" if callback.encrypted else b"http",
            host=callback.host.encode(),
            port=callback.port,
            target=callback.target.encode(),
        )

    async def post(self, body: bytes, *, headers: Mapping[str, str]) -> Answer:
        """Send it and hear the answer; never raises for what the other side does."""
        started = self._caller.monotonic()
        try:
            async with asyncio.timeout(self._caller.seconds):
                outcome, status, wish = await self._ask(body, headers)
        except MayNotCall as refusal:
            outcome, status, wish = refusal.code, None, None
        except (TimeoutError, httpcore.TimeoutException):
            outcome, status, wish = "timeout", None, None
        except (httpcore.ProtocolError, ValueError):
            outcome, status, wish = "broken_answer", None, None
        except (httpcore.NetworkError, OSError, ssl.SSLError) as error:
            outcome, status, wish = "unreachable", None, None
            if isinstance(error, ssl.SSLError) or "certificate" in str(error).lower():
                outcome = "bad_certificate"
        return Answer(outcome, status, int((self._caller.monotonic() - started) * 1000), wish)

    async def _ask(self, body: bytes, headers: Mapping[str, str]) -> tuple[str, int, timedelta | None]:
        sent = {
            "host": self._callback.authority,
            "user-agent": "Innovationspraktik-Webhook/1",
            "accept": "*/*",
            "content-type": CONTENT_TYPE,
            "content-length": str(len(body)),
            **headers,
        }
        async with self._pool.stream(
            "POST",
            self._url,
            headers=[(name.encode(), value.encode()) for name, value in sent.items()],
            content=body,
        ) as response:
            read = 0
            async for chunk in response.aiter_stream():
                read += len(chunk)
                if read > READ_AT_MOST:
                    break  # leaving early closes the connection
            wish = _seconds_of(dict(response.headers).get(b"retry-after", b""))
            return _outcome(response.status), response.status, wish

    async def close(self) -> None:
        """Hang up."""
        await self._pool.aclose()


def _outcome(status: int) -> str:
    if 200 <= status < 300:
        return DELIVERED
    if 300 <= status < 400:
        return "redirected"
    return GONE if status == 410 else "refused"


def _seconds_of(retry_after: bytes) -> timedelta | None:
    text = retry_after.strip()
    return timedelta(seconds=int(text)) if text.isdigit() and len(text) <= _MOST_SECONDS_ASKED else None
