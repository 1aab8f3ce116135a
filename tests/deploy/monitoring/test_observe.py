"""`make observe`: a real Prometheus with the rules loaded, which sees the processes and tells of the season."""

import http.server
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from deploy.monitoring.test_dashboards import DOCUMENTS, as_prometheus_reads_it, expressions
from foreign import tool

from ipraktik_local.environment import ROOMS, SERVICES
from ipraktik_local.noted import RunningProcess, note, observed
from ipraktik_local.watching import prometheus
from ipraktik_local.watching.exported import exposition
from ipraktik_local.watching.look import Look
from ipraktik_local.watching.observe import look, observe
from ipraktik_local.watching.prometheus import NoPrometheus, Prometheus, targets
from ipraktik_local.watching.rules import rules
from ipraktik_local.watching.season_page import page

DEBIAN = "Prometheus (Debian, Ubuntu: sudo apt install prometheus)"
SHOWN = """
innovationspraktik_events_processed_total{event_type="ParticipantRegistered",outcome="ok"} 142
innovationspraktik_events_processed_total{event_type="ParticipantRegistered",outcome="duplicate"} 9
innovationspraktik_events_processed_total{event_type="MatchProposed",outcome="ok"} 60
innovationspraktik_mails_total{kind="confirm",outcome="sent"} 300
innovationspraktik_outbox_oldest_age_seconds 0
innovationspraktik_parked_oldest_age_seconds 90000
innovationspraktik_events_processed_total{event_type="unknown",outcome="parked"} 0
"""


def process(name: str, ops_url: str | None) -> RunningProcess:
    return RunningProcess(name=name, pid=1, created=0, ops_url=ops_url)


@contextmanager
def shown(text: str) -> Iterator[str]:
    """An ops port that says this."""

    class Ops(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Quietly."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ops)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def until(true: Callable[[], bool], *, within: float = 40) -> None:
    """Wait for a fact."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.2)


def test_processes_are_labelled_as_pods_are() -> None:
    found = targets(
        [
            process("kafka", None),
            process("notify-work-1", "http://127.0.0.1:7001"),
            process("registration-serve-2", "http://127.0.0.1:7002"),
            process("gateway", None),
        ]
    )
    assert [(one["targets"], one["labels"]["service"], one["labels"]["room"]) for one in found] == [
        (["127.0.0.1:7001"], "notify", "work"),
        (["127.0.0.1:7002"], "registration", "serve"),
    ]


def test_prometheus_takes_all_rules_and_tells_how_far_the_season_is(home: Path) -> None:
    tool("prometheus", install=DEBIAN)
    with shown(SHOWN) as url, Prometheus(home / "observe", scrape_seconds=1) as running:
        loaded = httpx.get(f"{running.url}/api/v1/rules", timeout=10).json()["data"]["groups"]
        assert sum(len(group["rules"]) for group in loaded) == len(rules())
        assert running.watch([process("notify-work-1", url)]) == 1
        until(lambda: bool(running.ask('up{service="notify", room="work"} == 1')))
        until(lambda: look(running).mails > 0)
        assert look(running) == Look(
            steps=(142, 60, 0, 0, 0, 0, 0, 0), mails=300, ages=(0.0, 0.0, 90000.0), firing=()
        )
        until(lambda: bool(running.ask('ALERTS{alertname="ParkedTooLong", alertstate="pending"}')))
        until(lambda: bool(running.ask('ALERTS{alertname="Watchdog", alertstate="firing"}')))
        assert running.firing() == []


@pytest.mark.long
def test_what_dashboards_ask_is_answered_and_rules_are_well(home: Path) -> None:
    """That an expression can be read does not mean that its parts fit each other; that is seen where it is worked out."""
    tool("prometheus", install=DEBIAN)
    with ExitStack() as stack:
        processes = [
            process(f"{service}-{room}-1", stack.enter_context(shown(exposition(service, room))))
            for service in SERVICES
            for room in ROOMS
        ]
        running = stack.enter_context(Prometheus(home / "observe", scrape_seconds=1))
        assert running.watch(processes) == 8
        until(lambda: len(running.ask("up == 1")) == 8)
        for name in DOCUMENTS:
            for expression in expressions(name):
                asked = as_prometheus_reads_it(
                    re.sub(r"\$(namespace|service|job|instance)", ".*", expression)
                )
                running.ask(asked)

        def all_looked_at() -> bool:
            groups = httpx.get(f"{running.url}/api/v1/rules", timeout=10).json()["data"]["groups"]
            healths = {rule["name"]: rule["health"] for group in groups for rule in group["rules"]}
            assert "err" not in healths.values(), healths
            return set(healths.values()) == {"ok"}

        until(all_looked_at)
        assert running.ask(
            'innovationspraktik_build_info{service="matching", room="work", namespace="local"}'
        )


def test_observing_writes_a_page_that_follows_the_season(home: Path) -> None:
    tool("prometheus", install=DEBIAN)
    stop = threading.Event()
    with shown(SHOWN) as url:
        ourselves = observed(name="notify-work-1", pid=os.getpid(), ops_url=url)
        assert ourselves is not None
        note(home, [ourselves])
        watching = threading.Thread(target=lambda: observe(home, stop=stop, seconds=1), daemon=True)
        watching.start()
        season = home / "observe" / "season.html"
        try:
            until(lambda: season.exists() and "<td>142</td><td>60</td>" in season.read_text("utf-8"))
        finally:
            stop.set()
            watching.join(20)
    assert not watching.is_alive()


def test_where_the_program_is_missing_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoPrometheus, match="sudo apt install prometheus"):
        Prometheus(tmp_path)
    assert "\n" not in prometheus.INSTALL


def test_a_line_says_what_prometheus_said() -> None:
    seen = Look(
        steps=(142, 60, 118, 55, 0, 0, 0, 0), mails=300, ages=(0, 2.4, 0), firing=("MailsLate (notify)",)
    )
    line = seen.line(datetime(2026, 9, 7, 10, 30, 5, tzinfo=UTC))
    assert line.startswith("10:30:05  signed up 142  proposed 60  said yes 118  signed 55  held 0")
    assert line.endswith("oldest: outbox 0 s  lag 2 s  parked 0 s  |  alerts: MailsLate (notify)")


def test_the_page_shows_where_the_season_is_and_each_change_the_newest_first() -> None:
    at = datetime(2026, 9, 7, 10, 30, 5, tzinfo=UTC)
    early = Look(steps=(3, 0, 0, 0, 0, 0, 0, 0), mails=7, ages=(0, 0, 0), firing=())
    late = Look(
        steps=(142, 60, 118, 55, 0, 0, 0, 0), mails=300, ages=(0, 2.4, 0), firing=("MailsLate (<b>)",)
    )
    made = page([(at, early), (at + timedelta(minutes=1), late)], url="http://127.0.0.1:1")
    assert "<dt>signed up</dt><dd>142</dd>" in made
    assert "<dt>longest lag</dt><dd>2 s</dd>" in made
    assert "<strong>Alerts:</strong> MailsLate (&lt;b&gt;)" in made
    assert made.index("<td>10:31:05</td><td>142</td>") < made.index("<td>10:30:05</td><td>3</td>")
    assert 'href="http://127.0.0.1:1/alerts"' in made
    assert "No alert fires." in page([(at, early)], url="http://127.0.0.1:1")
    assert "Nothing is counted yet" in page([], url="http://127.0.0.1:1")
