"""Alerts: each fires when it should and stays silent when it should, says what is so, and leads to a runbook."""

from pathlib import Path

import promql_parser
import pytest
from deploy.monitoring.cases import (
    FILES,
    MONITORING,
    cases,
    promtool_recordings,
    promtool_tests,
    run_promtool,
)

from ipraktik_local.watching import slo
from ipraktik_local.watching.rules import Rule, rules, write_rule_files

ALERTS = [rule for rule in rules() if rule.alerts]
SERVICES = {"registration", "matching", "notify", "evaluation"}


def named(rule: Rule) -> str:
    return f"{rule.name}-{rule.labels['severity']}"


def test_prometheus_takes_the_rules(tmp_path: Path) -> None:
    checked = run_promtool("check", "rules", *map(str, write_rule_files(tmp_path)))
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("file", FILES)
def test_alerts_fire_and_stay_silent_when_they_should(file: str, tmp_path: Path) -> None:
    tested = run_promtool("test", "rules", *map(str, promtool_tests(file, tmp_path)))
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_what_is_recorded_is_what_it_should_be(tmp_path: Path) -> None:
    tested = run_promtool("test", "rules", str(promtool_recordings(tmp_path)))
    assert tested.returncode == 0, tested.stdout + tested.stderr


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: f"{rule.file}-{rule.name}")
def test_every_expression_is_one(rule: Rule) -> None:
    """Also where there is no promtool."""
    promql_parser.parse(rule.expression)


@pytest.mark.parametrize("rule", ALERTS, ids=named)
def test_every_alert_is_seen_firing_and_seen_silent(rule: Rule) -> None:
    own = [case for case in cases() if case.rule == rule]
    assert any(case.fires for case in own)
    assert any(case.silent for case in own)


@pytest.mark.parametrize("rule", ALERTS, ids=named)
def test_every_alert_says_how_bad_whose_what_and_what_to_do(rule: Rule) -> None:
    assert rule.labels["severity"] in ({"none"} if rule.name == "Watchdog" else {"page", "ticket"})
    labels = [case.labels for case in cases() if case.rule == rule]
    assert {one["service"] for one in labels} <= SERVICES | {"kafka", "postgresql", "kubernetes", "all"}
    assert set(rule.annotations) == {"summary", "description", "runbook_url", "dashboard"}
    assert rule.annotations["runbook_url"].endswith(f"/docs/operations/alerts/{rule.name}.md")
    uid = rule.annotations["dashboard"].rpartition("/d/innovationspraktik-")[2]
    assert (MONITORING / "dashboards" / f"{uid}.json").exists()


def test_what_a_page_says_in_one_line_fits_on_a_phone() -> None:
    assert [rule.name for rule in ALERTS if len(rule.annotations["summary"]) > 100] == []


def test_recorded_ratios_are_those_of_the_objectives() -> None:
    assert slo.FILE.read_text("utf-8") == slo.text(), "run .venv/bin/python -m ipraktik_local.watching.slo"
    page = (MONITORING / "slo.md").read_text("utf-8")
    for objective in slo.OBJECTIVES:
        assert f"| `{objective.name}` | {100 * (1 - objective.budget):g} %" in page


def test_burn_rates_are_of_the_objectives_budgets() -> None:
    """The factor stands in the alert, the budget in the objective: they are multiplied by hand in the expressions."""
    budgets = {objective.name: objective.budget for objective in slo.OBJECTIVES}
    for rule in ALERTS:
        for line in rule.expression.split("\n"):
            if "slo:error_ratio" in line:
                name = line.partition('slo="')[2].partition('"')[0]
                assert line.rpartition(" ")[2] == f"{budgets[name]:g}", (rule.name, line)


def test_alerts_look_at_ages_and_shares_not_at_depths() -> None:
    """How many wait says nothing of how bad it is. Where a depth appears, a time or a rate decides."""
    depths = (
        "outbox_pending",
        "lag_messages",
        "parked_records",
        "mails_unsent{",
        "webhook_lag_events",
        "dead_rows",
    )
    for rule in ALERTS:
        for depth in depths:
            if depth in rule.expression:
                assert any(word in rule.expression for word in ("age_seconds", "increase(")), rule.name
