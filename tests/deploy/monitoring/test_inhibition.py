"""deploy/monitoring/alertmanager.yaml: one cause calls once, what is no symptom still calls, and nothing silences what it stands on."""

import re
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from deploy.monitoring.cases import MONITORING, cases
from foreign import tool
from ruamel.yaml import YAML

from ipraktik_local.ports import reserve_port
from ipraktik_local.processes import spawn, stop
from ipraktik_local.watching.rules import Rule, rules

FILE: Final = MONITORING / "alertmanager.yaml"
CONFIG: Final[dict[str, Any]] = YAML(typ="safe").load(FILE.read_text("utf-8"))
INHIBITIONS: Final[list[dict[str, Any]]] = CONFIG["inhibit_rules"]
ALERTS: Final = [rule for rule in rules() if rule.alerts]
DEBIAN: Final = "Alertmanager (Debian, Ubuntu: sudo apt install prometheus-alertmanager)"
SERVICES: Final = ("registration", "matching", "notify", "evaluation")
each = pytest.mark.parametrize("inhibition", INHIBITIONS, ids=lambda one: str(one["source_matchers"][0]))


def matchers(listed: list[str]) -> dict[str, re.Pattern[str]]:
    """Label and pattern of each; all of ours ask for a value."""
    found = {}
    for one in listed:
        match = re.fullmatch(r'(\w+)(=~?)"([^"]+)"', one)
        assert match, one
        found[match[1]] = re.compile(match[3] if match[2] == "=~" else re.escape(match[3]))
    return found


def labels_of(rule: Rule) -> set[str]:
    """The labels that an alert of this rule may have: those of its cases, its own, and those it is grouped by."""
    grouped = re.findall(r"by \(([^)]*)\)", rule.expression)
    return {
        "alertname",
        *rule.labels,
        *(label.strip() for one in grouped for label in one.split(",")),
        *(label for case in cases() if case.rule == rule for label in case.labels),
    }


def taken_by(listed: list[str]) -> list[Rule]:
    """The rules that a side of an inhibition speaks of."""
    asked = matchers(listed)
    fixed = {label: asked[label] for label in ("alertname", "severity") if label in asked}
    return [
        rule
        for rule in ALERTS
        if all(
            pattern.fullmatch({"alertname": rule.name, **rule.labels}.get(label, ""))
            for label, pattern in fixed.items()
        )
    ]


@each
def test_every_name_is_an_alerts_and_every_label_one_that_it_has(inhibition: dict[str, Any]) -> None:
    names = {rule.name for rule in ALERTS}
    known = {
        label: {case.labels[label] for case in cases() if label in case.labels}
        for label in ("service", "room", "source")
    }
    assert set(inhibition) <= {"source_matchers", "target_matchers", "equal"}
    for side in ("source_matchers", "target_matchers"):
        asked = matchers(inhibition[side])
        assert taken_by(inhibition[side]), inhibition[side]
        if "alertname" in asked:
            said = set(asked["alertname"].pattern.split("|"))
            assert said <= names, said - names
            assert set(asked) <= set.intersection(*(labels_of(rule) for rule in taken_by(inhibition[side])))
        for label in set(asked) - {"alertname", "severity"}:
            assert set(asked[label].pattern.split("|")) <= known[label], (label, asked[label].pattern)
    # a label that neither side has is equal too, and would silence what belongs to somebody else
    for label in inhibition.get("equal", ()):
        if "alertname" in matchers(inhibition["source_matchers"]):
            assert all(label in labels_of(rule) for rule in taken_by(inhibition["source_matchers"]))
        else:
            assert label in matchers(inhibition["source_matchers"])


def test_nothing_silences_itself_and_no_two_silence_each_other() -> None:
    """Along the inhibitions one comes from any silenced alert to one that is sent."""
    silencers: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for inhibition in INHIBITIONS:
        for target in taken_by(inhibition["target_matchers"]):
            for source in taken_by(inhibition["source_matchers"]):
                place = (target.name, target.labels["severity"])
                silencers.setdefault(place, set()).add((source.name, source.labels["severity"]))
    assert not any(place in there for place, there in silencers.items())
    order = list(TopologicalSorter(silencers).static_order())
    assert ("KafkaAway", "page") in order
    assert ("KafkaAway", "page") not in silencers
    assert ("DatabaseAway", "page") not in silencers
    assert not any(name == "Watchdog" for name, _ in order)


def test_a_page_is_silenced_by_pages_alone_and_the_two_great_causes_fire_first() -> None:
    lasting = {(rule.name, rule.labels["severity"]): _seconds(rule.lasting) for rule in ALERTS}
    for inhibition in INHIBITIONS:
        for source in taken_by(inhibition["source_matchers"]):
            assert source.labels["severity"] == "page", source.name
            if source.name in {"KafkaAway", "DatabaseAway"}:
                for target in taken_by(inhibition["target_matchers"]):
                    if "alertname" in matchers(inhibition["target_matchers"]):
                        severity = target.labels["severity"]
                        assert lasting[source.name, "page"] <= lasting[target.name, severity], target.name


def _seconds(lasting: str) -> int:
    number, unit = int(lasting[:-1]), lasting[-1]
    return number * {"s": 1, "m": 60, "h": 3600}[unit]


def test_every_severity_has_its_receiver() -> None:
    receivers = {one["name"] for one in CONFIG["receivers"]}
    routes = [CONFIG["route"], *CONFIG["route"]["routes"]]
    assert {route["receiver"] for route in routes} == receivers
    assert {rule.labels["severity"] for rule in ALERTS} == {"page", "ticket", "none"}
    assert [route["matchers"] for route in CONFIG["route"]["routes"]] == [
        ['alertname="Watchdog"'],
        ['severity="page"'],
        ['severity="ticket"'],
    ]


def test_alertmanager_finds_nothing_wrong_with_the_file() -> None:
    checked = subprocess.run(
        [tool("amtool", install=DEBIAN), "check-config", str(FILE)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"{len(INHIBITIONS)} inhibit rules" in checked.stdout


@pytest.fixture(scope="module")
def alertmanager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Alertmanager with our file; nobody is called before the test is over."""
    program = tool("prometheus-alertmanager", "alertmanager", install=DEBIAN)
    home = tmp_path_factory.mktemp("alertmanager")
    with reserve_port() as port:
        url = f"http://127.0.0.1:{port.number}"
        process = spawn(
            [
                program,
                f"--config.file={FILE}",
                f"--storage.path={home / 'data'}",
                f"--web.listen-address=127.0.0.1:{port.number}",
                "--cluster.listen-address=",
            ],
            log=home / "log",
        )
        try:
            _until(lambda: _ready(url), why=home / "log")
            yield url
        finally:
            stop(process, grace=10)


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/-/ready", timeout=2).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _until(fact: Any, *, why: Path | None = None) -> None:
    deadline = time.monotonic() + 30
    while not fact():
        assert time.monotonic() < deadline, why.read_text() if why else "it did not come true"
        time.sleep(0.05)


def fired(alert: str, /, *, severity: str = "page", **labels: str) -> dict[str, str]:
    """An alert as Prometheus sends it."""
    (rule,) = [one for one in ALERTS if one.name == alert and one.labels["severity"] == severity]
    own = {label: value for label, value in rule.labels.items() if "{{" not in value}
    grouped = {"namespace": "innovationspraktik"} if "namespace" in labels_of(rule) else {}
    return {"alertname": alert, **grouped, **own, **labels}


def sent(url: str, alerts: list[dict[str, str]]) -> set[tuple[str, str]]:
    """Which of these somebody is called for, by name and service. The alerts end afterwards."""
    now = datetime.now(UTC)
    marked = [{"labels": one, "startsAt": now.isoformat()} for one in alerts]
    httpx.post(f"{url}/api/v2/alerts", json=marked, timeout=10).raise_for_status()

    def there() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(f"{url}/api/v2/alerts", timeout=10).json()
        return found

    _until(lambda: len(there()) == len(alerts) and any(one["status"]["inhibitedBy"] for one in there()))
    called = {
        (one["labels"]["alertname"], one["labels"].get("service", ""))
        for one in there()
        if not one["status"]["inhibitedBy"]
    }
    over = [one | {"endsAt": (now + timedelta(milliseconds=1)).isoformat()} for one in marked]
    httpx.post(f"{url}/api/v2/alerts", json=over, timeout=10).raise_for_status()
    _until(lambda: not there())
    return called


def test_kafka_away_calls_once_for_all_services(alertmanager: str) -> None:
    symptoms = [
        fired(name, service=service)
        for service in SERVICES
        for name in ("OutboxStuck", "ConsumerStalled", "ConsumerGroupEmpty", "ConsumerGroupUnseen")
    ]
    symptoms += [fired("ServiceDown", service=service, room="work") for service in SERVICES]
    symptoms += [
        fired("FiguresMissing", severity="ticket", service="matching", source="kafka"),
        fired("ConsumerBehind", severity="ticket", service="evaluation"),
        fired("KafkaUnderMinIsr", namespace="kafka"),
        fired("KafkaPartitionsOffline", namespace="kafka"),
    ]
    others = [
        fired("ServiceDown", service="matching", room="serve"),
        fired("ErrorBudgetBurnFast", service="registration", slo="availability"),
        fired("KafkaDiskFull", namespace="kafka"),
    ]
    assert sent(alertmanager, [fired("KafkaAway"), *symptoms, *others]) == {
        ("KafkaAway", "kafka"),
        ("ServiceDown", "matching"),
        ("ErrorBudgetBurnFast", "registration"),
        ("KafkaDiskFull", "kafka"),
    }


def test_a_database_away_calls_once_for_its_service_and_for_no_other(alertmanager: str) -> None:
    symptoms = [
        fired("ErrorBudgetBurnFast", service="notify", slo="availability"),
        fired("ServiceDown", service="notify", room="work"),
        fired("OutboxStuck", service="notify"),
        fired("ConsumerGroupUnseen", service="notify", consumergroup="notify"),
        fired("MailsLate", service="notify"),
        fired("JobOverdue", severity="ticket", service="notify", name="send mails"),
        fired("ProcessRestarting", severity="ticket", service="notify", room="work"),
    ]
    others = [
        fired("OutboxStuck", service="matching"),
        fired("ParkedTooLong", service="notify"),
        fired("PostgresXidAge", severity="ticket", pod="notify-1"),
        fired("ServiceDown", service="notify", room="serve"),
    ]
    assert sent(alertmanager, [fired("DatabaseAway", service="notify"), *symptoms, *others]) == {
        ("DatabaseAway", "notify"),
        ("OutboxStuck", "matching"),
        ("ParkedTooLong", "notify"),
        ("PostgresXidAge", "postgresql"),
        ("ServiceDown", "notify"),
    }


def test_a_page_silences_its_services_tickets_and_nobody_elses(alertmanager: str) -> None:
    pages = [fired("ParkedTooLong", service="matching"), fired("PostgresBackupOld", cluster="matching")]
    foreign = [
        {"alertname": "SomebodyElses", "severity": "page"},
        {"alertname": "SomebodyElsesToo", "severity": "ticket"},
    ]
    tickets = [
        fired("SolverRunWaiting", severity="ticket", service="matching"),
        fired("MailsWaiting", severity="ticket", service="notify"),
        fired("PostgresReplicaLags", severity="ticket", pod="notify-2"),
    ]
    assert sent(alertmanager, [*pages, *foreign, *tickets]) == {
        ("ParkedTooLong", "matching"),
        ("PostgresBackupOld", "postgresql"),
        ("SomebodyElses", ""),
        ("SomebodyElsesToo", ""),
        ("MailsWaiting", "notify"),
        ("PostgresReplicaLags", "postgresql"),
    }


def test_without_a_cause_above_it_the_nearest_one_calls(alertmanager: str) -> None:
    alerts = [
        fired("ServiceDown", service="matching", room="work"),
        fired("ConsumerGroupUnseen", service="matching", consumergroup="matching"),
        fired("ConsumerStalled", service="registration"),
        fired("ConsumerBehind", severity="ticket", service="registration"),
        fired("MailServerAway", service="notify"),
        fired("MailsLate", service="notify"),
    ]
    # what is absent has no namespace, and is silenced and silences all the same
    del alerts[0]["namespace"]
    assert sent(alertmanager, alerts) == {
        ("ServiceDown", "matching"),
        ("ConsumerStalled", "registration"),
        ("MailServerAway", "notify"),
    }
