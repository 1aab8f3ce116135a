"""`python -m ipraktik_local.watching.metrics_page`: write docs/operations/metrics.md, the list of all metrics, from the services.

A test holds that the page is current: a metric cannot come, go or change its labels without those who build on it seeing it.
"""

from pathlib import Path
from typing import Final

from ipraktik_local.environment import ROOMS, SERVICES
from ipraktik_local.watching.exported import Metric, exported

ROOT: Final = Path(__file__).resolve().parents[4]
PAGE: Final = ROOT / "docs" / "operations" / "metrics.md"
_HEAD: Final = """# Metrics

What `/metrics` on the ops port shows. Written by `.venv/bin/python -m ipraktik_local.watching.metrics_page`; a test holds that
it is current. Rules and dashboards build on these names and on [those of others](#series-of-others) only.

- Units are seconds, bytes and counts; counters end in `_total` and begin at nothing when a process does.
- Labels hold words from closed lists: kinds, states, topics, partitions, route templates, the short names of agencies. Never an id, an
  address, a path as it was asked for, or anything that people wrote. A method that is none of HTTP's is `other`, a path that no route
  takes is `unmatched`.
- Prometheus adds `service` and `room` (`serve` or `work`), `namespace`, `pod` and `instance`:
  the PodMonitors in [deploy/k8s/components/monitoring](../../deploy/k8s/components/monitoring) say so.
- **What is read from a database** (outbox, parked, mails, solver runs, webhooks) is shown by every `work` of a service alike: take `max`,
  never `sum`. It is read at most every ten seconds. What a consumer holds (lag, partitions) is each replica's own: `sum` or `max` over them.
- Failed requests, parked records, failed jobs and figures that could not be read are counted on series that are there from a process's
  start: Prometheus never counts the value at which a series begins.
- Ages are by the programme's clock; on a simulated clock they jump with it. `consumer_lag_seconds` is real time.

| metric | type | labels | of | says |
|---|---|---|---|---|
"""
_OTHERS: Final = """
## Seen at once

`make observe` runs Prometheus with every rule against `make up` or `make demo` on your own machine
([how](../../deploy/local/README.md#watching)), and keeps a page of the season passing through:

![A page with large figures: 56 signed up, 34 proposed, 29 signed, 26 stays held, 121 evaluated, 965 mails, nothing waits; no alert fires; below it each change with its time](pictures/season.png)

## Series of others

What rules and dashboards use beside these comes from the operators that the services stand on, and is listed with its source in
[deploy/monitoring/others.toml](../../deploy/monitoring/others.toml).
"""


def page() -> str:
    """The whole page."""
    return _HEAD + "".join(_line(metric) for metric in exported()) + _OTHERS


def _line(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{metric.name}` | {metric.kind} | {labels} | {_places(metric)} | {metric.meaning} |\n"


def _places(metric: Metric) -> str:
    rooms = [room for room in ROOMS if any(place[1] == room for place in metric.shown_by)]
    services = [service for service in SERVICES if any(place[0] == service for place in metric.shown_by)]
    who = "all" if len(services) == len(SERVICES) else ", ".join(services)
    return who if len(rooms) == len(ROOMS) else f"{who}: `{rooms[0]}`"


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), "utf-8")
