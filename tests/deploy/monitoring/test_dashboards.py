"""Dashboards: current, made of what is exported, and kept to the eight rules that Grafana's own linter has."""

import json
import re
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest
from deploy.monitoring.cases import MONITORING

from ipraktik_local.watching.boards import BOARDS
from ipraktik_local.watching.dashboards import FOLDER, text

SERVICES = {"registration", "matching", "notify", "evaluation"}
DOCUMENTS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}
each = pytest.mark.parametrize("name", DOCUMENTS)


def panels(name: str) -> Iterator[dict[str, Any]]:
    """The panels of a dashboard, without the headings of rows."""
    return (panel for panel in DOCUMENTS[name]["panels"] if panel["type"] != "row")


def expressions(name: str) -> list[str]:
    """What a dashboard asks for."""
    return [target["expr"] for panel in panels(name) for target in panel["targets"]]


def variables(name: str) -> dict[str, dict[str, Any]]:
    """What a reader may choose."""
    return {one["name"]: one for one in DOCUMENTS[name]["templating"]["list"]}


def as_prometheus_reads_it(expression: str) -> str:
    """Grafana puts a span of time in place of these before it asks."""
    return re.sub(r"\$__(rate_interval|range|interval)", "5m", expression)


def test_the_files_are_what_the_descriptions_say() -> None:
    made = {board.uid: text(board) for board in BOARDS}
    there = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.json")}
    assert there == made, "run .venv/bin/python -m ipraktik_local.watching.dashboards"


def test_there_is_one_for_each_service_and_one_for_the_way_of_an_event() -> None:
    assert set(DOCUMENTS) >= SERVICES | {"event-flow"}
    component = (MONITORING / "kustomization.yaml").read_text("utf-8")
    assert [name for name in DOCUMENTS if f"files: [dashboards/{name}.json]" not in component] == []
    assert [
        one.name for one in (MONITORING / "rules").glob("*.yaml") if f"rules/{one.name}" not in component
    ] == []


@each
def test_it_can_be_brought_in_again_and_again(name: str) -> None:
    document = DOCUMENTS[name]
    assert document["uid"] == f"innovationspraktik-{name}"
    assert "id" not in document
    assert document["timezone"] == "utc"
    places = [tuple(panel["gridPos"][side] for side in "xy") for panel in panels(name)]
    assert len(set(places)) == len(places)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels(name))


@each
def test_the_data_source_is_chosen_by_the_reader(name: str) -> None:
    """template-datasource-rule"""
    assert variables(name)["datasource"]["type"] == "datasource"
    assert variables(name)["datasource"]["query"] == "prometheus"


@each
def test_job_and_instance_are_chosen_by_the_reader(name: str) -> None:
    """template-job-rule, template-instance-rule; and by service and namespace, which is what people think in"""
    for variable in ("namespace", "service", "job", "instance"):
        one = variables(name)[variable]
        assert (one["type"], one["multi"], one["includeAll"], one["allValue"]) == ("query", True, True, ".*")
        assert one["query"]["query"].startswith("label_values(innovationspraktik_build_info{")
        assert one["query"]["query"].endswith(f", {variable})")


@each
def test_every_panel_asks_the_chosen_data_source(name: str) -> None:
    """panel-datasource-rule"""
    for panel in panels(name):
        for place in (panel, *panel["targets"]):
            assert place["datasource"] == {"type": "prometheus", "uid": "${datasource}"}, panel["title"]


@each
def test_every_panel_says_what_it_is_and_what_to_make_of_it(name: str) -> None:
    """panel-title-description-rule"""
    for panel in panels(name):
        assert panel["title"]
        assert panel["description"].endswith("."), panel["title"]
    titles = [panel["title"] for panel in panels(name)]
    assert len(set(titles)) == len(titles)


@each
def test_every_panel_has_a_unit(name: str) -> None:
    """panel-units-rule"""
    known = {"s", "bytes", "short", "reqps", "cps", "percentunit"}
    assert {panel["fieldConfig"]["defaults"]["unit"] for panel in panels(name)} <= known


@each
def test_every_expression_is_one(name: str) -> None:
    """target-promql-rule"""
    for expression in expressions(name):
        promql_parser.parse(as_prometheus_reads_it(expression))
        assert "$SEL" not in expression
        assert "$BY" not in expression


@each
def test_every_rate_goes_by_the_interval_of_the_page(name: str) -> None:
    """target-rate-interval-rule: a span that is fixed shows nothing, or lies, at another zoom. Increases over an hour say so."""
    for expression in expressions(name):
        for function, span in re.findall(r"\b(rate|irate)\([^[]*\[([^]]+)\]", expression):
            assert span == "$__rate_interval" or "duration_seconds_bucket" in expression, (
                function,
                expression,
            )


@each
def test_every_expression_heeds_the_readers_choice(name: str) -> None:
    """target-job-rule, target-instance-rule; series that are recorded, or of others, know neither."""
    for expression in expressions(name):
        if "slo:" not in expression and "kafka_" not in expression:
            for choice in ('namespace=~"$namespace"', 'job=~"$job"', 'instance=~"$instance"'):
                assert choice in expression, expression


@each
def test_nobody_edits_it_where_it_hangs(name: str) -> None:
    """uneditable-dashboard-rule"""
    assert DOCUMENTS[name]["editable"] is False
