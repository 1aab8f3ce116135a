"""Traces: spans carry the ids that events and logs carry, say nothing of anybody, and hold nothing up."""

import http.server
import json
import re
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.facts import proposed
from chassis.processes import NOWHERE, TallyProcess
from chassis.tally.web import app
from chassis.waiting import until
from rig import Rig

from ipraktik_chassis import tracing
from ipraktik_chassis.cause import because_of, new_cause
from ipraktik_chassis.outbox import pack_headers
from ipraktik_chassis.tracing import Span
from ipraktik_chassis.tracing_export import ANSWER_SECONDS, SAID_EVERY_SECONDS, Exporter, document
from ipraktik_local.ports import reserve_port

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = "b7ad6b7169203331"


@pytest.fixture
def spans() -> Iterator[list[Span]]:
    """What is recorded meanwhile."""
    taken: list[Span] = []
    tracing.begin(taken.append)
    yield taken
    tracing.end()


@contextmanager
def collector(port: int = 0) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A collector's address and what it was sent."""
    received: list[dict[str, Any]] = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            received.append(
                {
                    "path": self.path,
                    "headers": {name.lower(): value for name, value in self.headers.items()},
                    "body": body,
                }
            )
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quietly."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        server.shutdown()
        server.server_close()


def a_span(number: int = 1) -> Span:
    return Span(
        "GET /x", tracing.SERVER, TRACE, f"{number:016x}", CALLER, 10, 20, {"http.response.status_code": 200}
    )


async def test_nothing_is_recorded_where_nobody_asked(tally: Rig) -> None:
    assert not tracing.active()
    async with tally.database.transaction() as tx:
        await tx.emit(proposed())
        assert tx.said == []


async def test_a_request_goes_on_with_its_callers_trace_and_names_the_route_alone(
    tally: Rig, spans: list[Span]
) -> None:
    transport = httpx.ASGITransport(app=app(tally.context))
    async with httpx.AsyncClient(transport=transport, base_url="http://tally") as client:
        key = str(uuid.uuid4())
        for path in (f"/tally/count/{key}?name=MARKER", "/MARKER", "/tally/broken?words=MARKER"):
            await client.get(path, headers={"traceparent": f"00-{TRACE}-{CALLER}-01"})
    assert [(one.name, one.failed) for one in spans] == [
        ("GET /tally/count/{key}", False),
        ("GET unmatched", False),
        ("GET /tally/broken", True),
    ]
    assert {(one.trace_id, one.parent_id, one.kind) for one in spans} == {(TRACE, CALLER, tracing.SERVER)}
    assert all(one.started < one.ended for one in spans)
    assert "MARKER" not in repr(spans)
    assert key not in repr(spans)


async def test_who_began_a_trace_decides_whether_it_is_recorded(tally: Rig, spans: list[Span]) -> None:
    transport = httpx.ASGITransport(app=app(tally.context))
    async with httpx.AsyncClient(transport=transport, base_url="http://tally") as client:
        await client.get("/tally/count/1", headers={"traceparent": f"00-{TRACE}-{CALLER}-00"})
    assert spans == []


async def test_an_event_names_the_step_that_said_it_and_the_next_step_hangs_below(
    tally: Rig, spans: list[Span]
) -> None:
    with because_of(new_cause(parent=f"00-{TRACE}-{CALLER}-01")) as cause:
        async with tally.database.transaction() as tx:
            await tx.emit(proposed(), proposed())
    (commit,) = spans
    step = cause.traceparent.split("-")[2]
    assert (commit.name, commit.trace_id, commit.parent_id) == ("commit outbox", TRACE, step)
    assert commit.attributes == {"messaging.batch.message_count": 2, "events": "MatchProposed"}
    spans.clear()
    async with tally.database.reading() as conn:
        headers = await conn.fetchval("select headers from outbox limit 1")
    assert tracing.header_of(headers) == cause.traceparent

    heard = tally.envelope(proposed())
    told = tally.record(heard)
    told_on = type(told)(
        told.topic,
        told.partition,
        told.position,
        told.key,
        (
            *((name, value) for name, value in told.headers if name != "traceparent"),
            ("traceparent", cause.traceparent.encode()),
        ),
        told.body,
    )
    await tally.intake.take([told_on])
    process = next(one for one in spans if one.kind == tracing.CONSUMER)
    said = next(one for one in spans if one.name == "commit outbox")
    assert (process.name, process.trace_id, process.parent_id) == ("process MatchProposed", TRACE, step)
    assert (said.trace_id, said.parent_id) == (TRACE, process.span_id)


def test_the_trace_is_found_among_packed_headers() -> None:
    trace = f"00-{TRACE}-{CALLER}-01"
    for headers in (
        [("ce_id", b"1"), ("traceparent", trace.encode()), ("ce_type", b"x")],
        [("traceparent", trace.encode())],
    ):
        assert tracing.header_of(pack_headers(headers)) == trace
    assert tracing.header_of(pack_headers([("ce_id", b"1")])) is None
    assert tracing.header_of(b"") is None


def test_the_body_is_what_collectors_take() -> None:
    assert document([a_span()], resource={"service.name": "tally-serve"}) == {
        "resourceSpans": [
            {
                "resource": {
                    "attributes": [{"key": "service.name", "value": {"stringValue": "tally-serve"}}]
                },
                "scopeSpans": [
                    {
                        "scope": {"name": "ipraktik_chassis"},
                        "spans": [
                            {
                                "traceId": TRACE,
                                "spanId": "0000000000000001",
                                "parentSpanId": CALLER,
                                "name": "GET /x",
                                "kind": 2,
                                "startTimeUnixNano": "10",
                                "endTimeUnixNano": "20",
                                "attributes": [
                                    {"key": "http.response.status_code", "value": {"intValue": "200"}}
                                ],
                            }
                        ],
                    }
                ],
            }
        ]
    }


async def test_spans_reach_the_collector_and_the_last_ones_at_the_end() -> None:
    with collector() as (url, received):
        exporter = Exporter(endpoint=url, headers={"x-key": "k"}, resource={"service.name": "tally"})
        exporter.take(a_span(1))
        await until(lambda: received, what="the first span is there")
        for number in range(2, 1500):
            exporter.take(a_span(number))
        exporter.close()
    assert sent(received) == [f"{number:016x}" for number in range(1, 1500)]
    assert {one["path"] for one in received} == {"/v1/traces"}
    assert {one["headers"]["x-key"] for one in received} == {"k"}


def sent(received: list[dict[str, Any]]) -> list[str]:
    """The ids of the spans that a collector was sent."""
    return [
        span["spanId"]
        for one in received
        for resource in one["body"]["resourceSpans"]
        for span in resource["scopeSpans"][0]["spans"]
    ]


def test_a_collector_that_does_not_answer_holds_nothing_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        exporter = Exporter(endpoint=f"http://127.0.0.1:{silent.getsockname()[1]}", headers={}, resource={})
        began = time.monotonic()
        for number in range(12_000):
            exporter.take(a_span(number))
        assert time.monotonic() - began < ANSWER_SECONDS / 2, "who records a span waits for nobody"
        assert exporter.dropped > 1000
        began = time.monotonic()
        exporter.close(patience=0.2)
        assert time.monotonic() - began < ANSWER_SECONDS / 2


async def test_spans_arrive_again_when_a_collector_that_was_away_is_there(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with reserve_port() as port:
        exporter = Exporter(endpoint=f"http://127.0.0.1:{port.number}", headers={}, resource={})
        exporter.take(a_span())
        await until(lambda: exporter.dropped, what="it is lost")
    with collector(port.number) as (_, received):

        def arrives() -> bool:
            exporter.take(a_span(0xABCDEF))
            return f"{0xABCDEF:016x}" in sent(received)

        await until(arrives, what="a later span arrives", every=0.2)
        exporter.close()
    said = [record.getMessage() for record in caplog.records]
    # refused or cut off: a port that nobody listens on answers either way
    assert re.fullmatch(
        r"traces are not taken: (URLError|ConnectionResetError); spans dropped so far: \d+", said[0]
    )
    assert said[1] == f"traces are taken again; spans dropped so far: {exporter.dropped}"
    assert len(said) == 2, "once in a while"


async def test_an_answer_that_is_no_http_ends_no_thread_and_tells_no_secret(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[object] = []
    monkeypatch.setattr(threading, "excepthook", ended.append)

    def answers(server: socket.socket) -> None:
        for answer in (b"MARKER is starting\r\n\r\n", b"HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n"):
            conn, _ = server.accept()
            with conn:
                heard = b""
                while b"spanId" not in heard:
                    heard += conn.recv(65536)
                taken.append(heard)
                conn.sendall(answer)

    taken: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answers, args=(server,), daemon=True).start()
        exporter = Exporter(
            endpoint=f"http://127.0.0.1:{server.getsockname()[1]}",
            headers={"authorization": "Bearer hemmelig"},
            resource={},
        )
        exporter.take(a_span(1))
        await until(lambda: exporter.dropped == 1, what="the first is lost")
        exporter.take(a_span(2))
        await until(lambda: len(taken) == 2, what="the second is sent")
        exporter.close()
    assert not ended
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "traces are not taken: BadStatusLine; spans dropped so far: 1",
        "traces are taken again; spans dropped so far: 1",
    ]


async def test_a_collector_that_stays_away_is_spoken_of_once_in_a_while(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = 0.0
    exporter = Exporter(endpoint="http://127.0.0.1:1", headers={}, resource={}, monotonic=lambda: now)
    given: list[Span] = []
    for _ in range(4):
        given.append(a_span())
        exporter.take(given[-1])
        await until(lambda: exporter.dropped == len(given), what="one more is lost")
        now += SAID_EVERY_SECONDS / 2
    exporter.close()
    assert [record.getMessage().rpartition(" ")[2] for record in caplog.records] == ["1", "3", "4"]


async def test_a_header_comes_from_the_setting_to_the_request(tally: Rig, tmp_path: Path) -> None:
    with collector() as (url, received):
        with TallyProcess(
            tmp_path,
            "serve",
            DATABASE_URL=tally.database_url,
            KAFKA_BOOTSTRAP=NOWHERE,
            OTEL_EXPORTER_OTLP_ENDPOINT=f" {url}/ ",
            OTEL_EXPORTER_OTLP_HEADERS="authorization=Basic%20aGVtbWVsaWc=, x-of = drift%2C nat, ",
        ) as process:
            await process.ready()
            async with httpx.AsyncClient(base_url=process.http) as client:
                await client.get(f"/tally/count/{uuid.uuid4()}")
            await until(lambda: received, what="the span is there")
            process.terminate()
            assert process.wait() == 0
        (headers,) = [one["headers"] for one in received[:1]]
    assert (headers["authorization"], headers["x-of"]) == ("Basic aGVtbWVsaWc=", "drift, nat")


@pytest.mark.parametrize(("room", "composition"), [("web_server", "web"), ("worker", "work")])
def test_who_does_not_ask_for_traces_loads_nothing_for_them(room: str, composition: str) -> None:
    code = f"""
import importlib, sys
from ipraktik_chassis import composition, ops, process, {room}
composition.imported(importlib.import_module("ipraktik_registration.main").SERVICE.{composition})
print([name for name in sys.modules if "tracing_export" in name])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr
