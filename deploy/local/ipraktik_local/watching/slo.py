"""`python -m ipraktik_local.watching.slo`: write deploy/monitoring/rules/recording.yaml from the service level objectives below.

Each objective is a ratio of bad to all, over eight windows; alerts compare them with the budget. A test holds that the file is current and
that deploy/monitoring/slo.md says the same figures.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ipraktik_contracts.rights import written_by
from ipraktik_local.environment import SERVICES

ROOT: Final = Path(__file__).resolve().parents[4]
FILE: Final = ROOT / "deploy" / "monitoring" / "rules" / "recording.yaml"
QUICK: Final = ("5m", "30m", "1h", "2h", "6h")
SLOW: Final = ("1d", "3d", "30d")
BY: Final = "sum by (namespace, service)"
_REQUESTS: Final = "http_server_request_duration_seconds"
_TAKEN: Final = "innovationspraktik_requests_total"
"""By outcome alone, and both are there from a process's start: a failure counts although it is the first of its route on its pod."""
_ANSWERED: Final = 'route!~"unmatched|/api/v1/events"'


@dataclass(frozen=True, slots=True)
class Objective:
    """What share may be bad over thirty days. `bad` and `all` are counters; where `good` is given, bad is what is left."""

    name: str
    budget: float
    all: str
    good: str = ""
    bad: str = ""


OBJECTIVES: Final = (
    Objective(
        "availability",
        0.001,
        all=_TAKEN,
        bad=f'{_TAKEN}{{outcome="failed"}}',
    ),
    Objective(
        "latency",
        0.05,
        all=f"{_REQUESTS}_count{{{_ANSWERED}}}",
        good=f'{_REQUESTS}_bucket{{{_ANSWERED}, le="0.5"}}',
    ),
    Objective(
        "event_age",
        0.01,
        all="innovationspraktik_event_age_seconds_count",
        good='innovationspraktik_event_age_seconds_bucket{le="60.0"}',
    ),
    Objective(
        "mail_delay",
        0.01,
        all="innovationspraktik_mail_delay_seconds_count",
        good='innovationspraktik_mail_delay_seconds_bucket{le="300.0"}',
    ),
)
FRESH_SECONDS: Final = 10
"""An outbox whose oldest row is younger is up to date."""


def ratio(objective: Objective, window: str) -> str:
    """The share that was bad."""
    every = _over("rate", objective.all, window)
    if objective.good:
        return f"1 - {_over('rate', objective.good, window)}\n/ {every}"
    return f"{_over('rate', objective.bad, window)}\n/ {every}"


def fresh() -> str:
    """Whether what a service says goes out. Where none of its `work` answers there is no age, and that is no good time either: any
    process of the service that Prometheus knows of makes it a zero."""
    speakers = "|".join(service for service in SERVICES if written_by(service))
    return (
        "(\n"
        f'  max by (namespace, service) (innovationspraktik_outbox_oldest_age_seconds{{service=~"{speakers}"}})\n'
        f"  <= bool {FRESH_SECONDS}\n"
        ")\n"
        f'or 0 * max by (namespace, service) (up{{service=~"{speakers}"}})'
    )


def _over(function: str, counter: str, window: str) -> str:
    return f"{BY} (\n  {function}({counter}[{window}])\n)"


def text() -> str:
    """The file."""
    lines = [
        "# Written by `.venv/bin/python -m ipraktik_local.watching.slo`: the ratios that burn-rate alerts and dashboards build on.",
        "apiVersion: monitoring.coreos.com/v1",
        "kind: PrometheusRule",
        "metadata:",
        "  name: innovationspraktik-recording",
        "  labels: {app.kubernetes.io/name: monitoring, app.kubernetes.io/part-of: innovationspraktik}",
        "spec:",
        "  groups:",
        "    - name: innovationspraktik-ratios",
        "      rules:",
    ]
    for objective in OBJECTIVES:
        lines += _ratios(objective, QUICK)
    failed = OBJECTIVES[0].bad
    for window in ("1h", "1d"):
        lines += _rule(f"service:http_failed_requests:increase{window}", _over("increase", failed, window))
    lines += _rule("service:outbox_fresh:bool", fresh())
    lines += [
        "    # Days are slow to read and slow to change.",
        "    - name: innovationspraktik-ratios-of-days",
        "      interval: 5m",
        "      rules:",
    ]
    for objective in OBJECTIVES:
        lines += _ratios(objective, SLOW)
    lines += _rule(
        "slo:error_ratio:rate30d",
        "1 - avg_over_time(service:outbox_fresh:bool[30d])",
        labels="{slo: published}",
    )
    return "\n".join(lines) + "\n"


def _ratios(objective: Objective, windows: tuple[str, ...]) -> list[str]:
    labels = f"{{slo: {objective.name}}}"
    return [
        line
        for window in windows
        for line in _rule(f"slo:error_ratio:rate{window}", ratio(objective, window), labels=labels)
    ]


def _rule(record: str, expression: str, *, labels: str = "") -> list[str]:
    lines = [f"        - record: {record}", "          expr: |"]
    lines += [f"            {line}" for line in expression.split("\n")]
    return lines + ([f"          labels: {labels}"] if labels else [])


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
