"""What matching shows of its solver runs: how many wait, for how long, and how long solving takes."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, Histogram

from ipraktik_chassis.figures import age
from ipraktik_chassis.metrics import PREFIX
from ipraktik_matching.store.runs_standing import Standing
from ipraktik_matching.usecases.solve_next_run import Solve

_BUCKETS = (0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)


class SolverMetrics:
    """Gauges of the queue and the time that solving takes."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._runs = Gauge(
            f"{PREFIX}_solver_runs", "Solver runs that are not done yet.", ["state"], registry=registry
        )
        self._oldest_age = Gauge(
            f"{PREFIX}_solver_oldest_run_age_seconds",
            "Age of the oldest solver run that is not done, by the programme's clock.",
            registry=registry,
        )
        self._duration = Histogram(
            f"{PREFIX}_solver_duration_seconds",
            "From puzzle to plan, by outcome.",
            ["outcome"],
            buckets=_BUCKETS,
            registry=registry,
        )
        for outcome in ("solved", "failed", "stopped"):
            self._duration.labels(outcome)

    def show(self, standing: Standing, *, now: datetime) -> None:
        """Bring the gauges up to date."""
        self._runs.labels("queued").set(standing.queued)
        self._runs.labels("running").set(standing.running)
        self._oldest_age.set(age(standing.since, now=now))

    def timed(self, solve: Solve, *, monotonic: Callable[[], float]) -> Solve:
        """The same, with its time taken."""

        async def solving(puzzle: str) -> str:
            started, outcome = monotonic(), "failed"
            try:
                plan = await solve(puzzle)
                outcome = "solved"
            except asyncio.CancelledError:
                outcome = "stopped"  # by a coordinator, or with its process: no failure of the solver
                raise
            finally:
                self._duration.labels(outcome).observe(monotonic() - started)
            return plan

        return solving
