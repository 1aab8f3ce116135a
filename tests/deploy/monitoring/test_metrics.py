"""Metrics: named as Prometheus wants them, listed, and used by rules and dashboards only where they are exported."""

import re
import tomllib
from pathlib import Path
from typing import Any

import promql_parser
import pytest
from deploy.monitoring.cases import MONITORING, ROOT, run_promtool
from deploy.monitoring.test_dashboards import DOCUMENTS, as_prometheus_reads_it, expressions
from ruamel.yaml import YAML

from ipraktik_local.environment import ROOMS, SERVICES
from ipraktik_local.watching.exported import exported, exposition
from ipraktik_local.watching.metrics_page import PAGE, page
from ipraktik_local.watching.rules import rules

METRICS = exported()
OTHERS = {
    series
    for group in tomllib.loads((MONITORING / "others.toml").read_text("utf-8")).values()
    for series in group["series"]
}
RECORDED = {rule.name for rule in rules() if not rule.alerts}
EXPORTED = {series for metric in METRICS for series in metric.series}
OURS_BY_TARGET = {"job", "instance", "namespace", "pod", "container", "endpoint", "room"}


def used(expression: str) -> set[str]:
    """The names of series in an expression."""
    found: set[str] = set()

    def visit(node: Any) -> bool:
        if isinstance(node, promql_parser.VectorSelector):
            assert node.name, f"a selector without a name in {expression}"
            found.add(node.name)
        return True

    promql_parser.walk(promql_parser.parse(expression), visit)
    return found


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("service", SERVICES)
def test_prometheus_finds_nothing_to_say_about_the_names(service: str, room: str) -> None:
    shown = exposition(service, room)
    assert "innovationspraktik_build_info{" in shown
    linted = run_promtool("check", "metrics", given=shown)
    assert (linted.returncode, linted.stdout + linted.stderr) == (0, "")


def test_the_list_of_metrics_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), (
        "run .venv/bin/python -m ipraktik_local.watching.metrics_page; then look at who uses what is gone"
    )


def test_names_begin_alike_and_units_are_base_units() -> None:
    for metric in METRICS:
        assert metric.name.startswith(("innovationspraktik_", "http_server_", "process_")), metric.name
        assert not re.search(
            r"_(ms|milliseconds|minutes|hours|kb|kilobytes|megabytes|percent)(_|$)", metric.name
        )
        assert metric.meaning.endswith("."), metric.name


def test_no_label_is_one_that_prometheus_gives_itself() -> None:
    """It would be renamed to exported_…, and a rule that goes by it would look at something else."""
    for metric in METRICS:
        assert not OURS_BY_TARGET & set(metric.labels), metric.name


def test_no_label_can_hold_an_id_or_a_path() -> None:
    closed = {
        "agency", "applied", "event_type", "kind", "method", "name", "needed", "outcome", "partition", "reason", "route", "service",
        "source", "state", "status_code", "topic", "version",
    }  # fmt: skip
    assert {label for metric in METRICS for label in metric.labels} == closed


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: f"{rule.file}-{rule.name}")
def test_rules_use_what_is_exported_or_recorded_or_listed_as_somebody_elses(rule: Any) -> None:
    assert used(rule.expression) - EXPORTED - RECORDED - OTHERS == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_dashboards_use_what_is_exported_or_recorded_or_listed_as_somebody_elses(name: str) -> None:
    for expression in expressions(name):
        assert used(as_prometheus_reads_it(expression)) - EXPORTED - RECORDED - OTHERS == set()


def test_what_is_listed_as_somebody_elses_is_used() -> None:
    asked = {series for rule in rules() for series in used(rule.expression)}
    asked |= {
        series
        for name in DOCUMENTS
        for one in expressions(name)
        for series in used(as_prometheus_reads_it(one))
    }
    assert OTHERS - asked == set()
    assert RECORDED - asked == set()


def test_dashboards_of_one_service_ask_for_what_it_shows() -> None:
    for service in SERVICES:
        shown = {
            series
            for metric in METRICS
            for series in metric.series
            if any(place[0] == service for place in metric.shown_by)
        }
        for expression in expressions(service):
            assert used(as_prometheus_reads_it(expression)) - shown - RECORDED == set(), (service, expression)


def test_what_names_a_route_or_a_bucket_names_one_that_is_there() -> None:
    """An expression that selects nothing is silent for ever."""
    from ipraktik_chassis import metrics as chassis
    from ipraktik_notify import metrics as notify
    from ipraktik_notify.web import feed

    assert 0.5 in chassis._HTTP_BUCKETS
    assert 60.0 in chassis._AGE_BUCKETS
    assert 300.0 in notify._DELAY_BUCKETS
    assert "/api/v1/events" in Path(str(feed.__file__)).read_text("utf-8")


def test_every_pod_is_scraped_with_its_service_and_its_room() -> None:
    """Rules and dashboards go by these two labels; whoever writes a PodMonitor must give them."""
    found = list((ROOT / "deploy" / "k8s").glob("components/monitoring/*/pods.yaml"))
    assert {path.parent.name for path in found} == set(SERVICES)
    for path in found:
        (endpoint,) = YAML(typ="safe").load(path.read_text("utf-8"))["spec"]["podMetricsEndpoints"]
        given = {one["targetLabel"]: one["sourceLabels"] for one in endpoint["relabelings"]}
        label = "__meta_kubernetes_pod_label_app_kubernetes_io_"
        assert given["service"] == [f"{label}name"]
        assert given["room"] == [f"{label}component"]
        assert (endpoint["port"], endpoint["path"]) == ("ops", "/metrics")
