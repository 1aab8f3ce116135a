"""`make observe`: Prometheus against the stack of `make up` or `make demo`, and a page that shows a season passing through.

What the page says comes from Prometheus alone: how many have reached each step, by what notify has heard; what is oldest; which alerts
fire. A line is added when something has changed. Runs until it is interrupted.
"""

import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx

from ipraktik_local.noted import RunningProcess, noted
from ipraktik_local.processes import ChildDidNotStart
from ipraktik_local.watching.look import AGES, STEPS, Look
from ipraktik_local.watching.prometheus import NoPrometheus, Prometheus
from ipraktik_local.watching.season_page import page

DEMO: Final = "demo"
"""Where a demo keeps its stack, below the home of both."""
_LOOK_SECONDS: Final = 5
_MOST_LOOKS: Final = 2000


def look(prometheus: Prometheus) -> Look:
    """Ask for everything once."""
    heard = {
        labels["event_type"]: round(count)
        for labels, count in prometheus.ask(
            'sum by (event_type) (innovationspraktik_events_processed_total{service="notify", outcome!="duplicate"})'
        )
    }
    mails = prometheus.ask('sum(innovationspraktik_mails_total{outcome="sent"})')
    ages = (prometheus.ask(expression) for expression in AGES.values())
    return Look(
        steps=tuple(heard.get(event, 0) for event in STEPS.values()),
        mails=round(mails[0][1]) if mails else 0,
        ages=tuple(found[0][1] if found else 0.0 for found in ages),
        firing=tuple(prometheus.firing()),
    )


def standing(home: Path) -> tuple[RunningProcess, ...]:
    """The processes of the demo, if one is being played, else those of `make up`."""
    return noted(home / DEMO) or noted(home)


def observe(home: Path, *, stop: threading.Event, seconds: int = _LOOK_SECONDS) -> None:
    """Look every so many seconds until told to stop. Raises NoPrometheus, ChildDidNotStart."""
    folder = home / "observe"
    looks: list[tuple[datetime, Look]] = []
    with Prometheus(folder, scrape_seconds=seconds) as prometheus:
        season = folder / "season.html"
        watched = prometheus.watch(standing(home))
        _say(f"Prometheus watches {watched} processes, with every rule of deploy/monitoring loaded.")
        _say(f"  {'Alerts':22} {prometheus.url}/alerts")
        _say(f"  {'Processes':22} {prometheus.url}/targets")
        _say(f"  {'Ask it':22} {prometheus.url}/graph")
        _say(f"  {'A season, as a page':22} {season.resolve().as_uri()}")
        _say("Ctrl-C ends it. A line follows whenever something has changed.")
        season.write_text(page(looks, url=prometheus.url), "utf-8")
        while not stop.wait(seconds):
            if not prometheus.watch(standing(home)):
                continue  # nothing is up; what was counted stands
            try:
                now = look(prometheus)
            except httpx.HTTPError as error:
                _say(f"Prometheus does not answer ({type(error).__name__}); see {folder / 'prometheus.log'}")
                continue
            if not looks or now != looks[-1][1]:
                looks = [*looks, (datetime.now(UTC), now)][-_MOST_LOOKS:]
                _say(now.line(looks[-1][0]))
                season.write_text(page(looks, url=prometheus.url), "utf-8")


def main() -> int:
    """The command."""
    home = Path(os.environ.get("LOCAL_HOME") or ".local").resolve()
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    try:
        if not standing(home):
            _say("Nothing is up yet. Start it beside this: make up, or make demo")
        observe(home, stop=stop)
    except (NoPrometheus, ChildDidNotStart) as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command line
        return 1
    return 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command line


if __name__ == "__main__":
    sys.exit(main())
