"""The composition of `work`: what matching listens to and what the clock brings."""

from ipraktik_chassis.service import Context, Work
from ipraktik_matching.events import subscriptions
from ipraktik_matching.jobs import JOBS
from ipraktik_matching.store import runs


def compose(_context: Context) -> Work:
    """Put the parts together. A simulated clock waits while runs are queued or running."""
    return Work(subscriptions=subscriptions(), jobs=JOBS, pending=runs.pending)
