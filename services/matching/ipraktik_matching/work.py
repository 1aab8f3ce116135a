"""The composition of `work`: what matching listens to and what the clock brings."""

from datetime import datetime
from typing import Any

from ipraktik_chassis.service import Context, Work
from ipraktik_matching import solver
from ipraktik_matching.events import subscriptions
from ipraktik_matching.jobs import jobs
from ipraktik_matching.metrics import SolverMetrics
from ipraktik_matching.store import runs, runs_standing


def compose(context: Context) -> Work:
    """Put the parts together. A simulated clock waits while runs are queued or running."""
    metrics = SolverMetrics(context.registry)

    async def show(conn: Any, now: datetime) -> None:
        metrics.show(await runs_standing.standing(conn), now=now)

    return Work(
        subscriptions=subscriptions(),
        jobs=jobs(solve=metrics.timed(solver.solve, monotonic=context.clock.monotonic)),
        pending=runs.pending,
        show=show,
    )
