"""Spans on their way to a collector: OTLP over HTTP as JSON, which every OpenTelemetry collector takes, by a thread of its own.

Needs nothing but the standard library, and is imported only where an address is set. Invariants: tracing never holds up what it looks at; what the
collector does not take in time is dropped and counted, and said once in a while; whatever goes wrong with one request, the next is tried, and
no more than the kind of an error is said, since requests carry the collector's secret.
"""

import json
import logging
import queue
import threading
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from .clock import SystemClock
from .tracing import Attributes, Span

_log = logging.getLogger(__name__)
MOST_WAITING: Final = 10_000
MOST_AT_ONCE: Final = 512
PAUSE_SECONDS: Final = 1.0
ANSWER_SECONDS: Final = 5.0
SAID_EVERY_SECONDS: Final = 600.0
"""How often a collector that stays away is spoken of."""
_FAILED: Final = 2
_MACHINE: Final = SystemClock()


class Exporter:
    """Takes spans and sends them. `close()` sends what is left."""

    def __init__(
        self,
        *,
        endpoint: str,
        headers: Mapping[str, str],
        resource: Attributes,
        monotonic: Callable[[], float] = _MACHINE.monotonic,
    ) -> None:
        self._url = endpoint.rstrip("/") + "/v1/traces"
        self._headers = {"content-type": "application/json", **headers}
        self._resource = resource
        self._monotonic = monotonic
        self._waiting: queue.Queue[Span | None] = queue.Queue(MOST_WAITING)
        # two numbers, each counted by one thread alone
        self._turned_away = 0
        self._not_taken = 0
        self._away = False
        self._said = 0
        self._say_after = float("-inf")
        self._thread = threading.Thread(target=self._run, name="traces", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Spans that nobody will see."""
        return self._turned_away + self._not_taken

    def take(self, span: Span) -> None:
        """Never waits."""
        try:
            self._waiting.put_nowait(span)
        except queue.Full:
            self._turned_away += 1

    def close(self, *, patience: float = 3.0) -> None:
        """Send what is left, in bounded time."""
        try:
            self._waiting.put(None, timeout=1)
        except queue.Full:
            return
        self._thread.join(patience)
        if self.dropped > self._said:
            self._say("traces end")

    def _run(self) -> None:
        ending = False
        while not ending:
            first = self._waiting.get()
            if first is None:
                return
            spans = [first]
            threading.Event().wait(PAUSE_SECONDS if self._waiting.empty() else 0.05)
            while len(spans) < MOST_AT_ONCE and not ending:
                try:
                    one = self._waiting.get_nowait()
                except queue.Empty:
                    break
                ending = one is None
                if one is not None:
                    spans.append(one)
            self._send(spans)

    def _send(self, spans: Sequence[Span]) -> None:
        try:
            body = json.dumps(document(spans, resource=self._resource)).encode()
            request = urllib.request.Request(  # noqa: S310 - http or https, see the setting
                self._url, data=body, headers=self._headers, method="POST"
            )
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS):  # noqa: S310 - as above
                pass
        except Exception as error:  # noqa: BLE001 - whatever it is, the next spans are tried
            self._not_taken += len(spans)
            if self._monotonic() >= self._say_after:
                self._away = True
                self._say(f"traces are not taken: {type(error).__name__}")
            return
        if self._away:
            self._away = False
            self._say("traces are taken again")
        elif self.dropped > self._said and self._monotonic() >= self._say_after:
            self._say("traces come faster than they are taken")

    def _say(self, what: str) -> None:
        """One line, with what it has cost. A collector that comes and goes is spoken of as seldom as one that stays away."""
        self._said = self.dropped
        self._say_after = self._monotonic() + SAID_EVERY_SECONDS
        _log.warning("%s; spans dropped so far: %d", what, self._said)


def document(spans: Sequence[Span], *, resource: Attributes) -> dict[str, Any]:
    """The request's body."""
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": _attributes(resource)},
                "scopeSpans": [
                    {"scope": {"name": "ipraktik_chassis"}, "spans": [_span(span) for span in spans]}
                ],
            }
        ]
    }


def _span(span: Span) -> dict[str, Any]:
    made: dict[str, Any] = {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "name": span.name,
        "kind": span.kind,
        "startTimeUnixNano": str(span.started),
        "endTimeUnixNano": str(span.ended),
        "attributes": _attributes(span.attributes),
    }
    if span.parent_id is not None:
        made["parentSpanId"] = span.parent_id
    if span.failed:
        made["status"] = {"code": _FAILED}
    return made


def _attributes(given: Attributes) -> list[dict[str, Any]]:
    return [
        {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}
        for key, value in given.items()
    ]
