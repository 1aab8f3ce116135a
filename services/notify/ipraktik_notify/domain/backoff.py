"""How long a subscriber that fails is given: more and more time for about a day, then it is paused."""

from datetime import datetime, timedelta
from typing import Final

DELAYS: Final = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=6),
    timedelta(hours=10, minutes=20),
)
MOST: Final = timedelta(hours=12)
"""A subscriber may ask for more time between attempts, but not for more than this."""


def next_try(failures: int, *, now: datetime, asked: timedelta | None = None) -> datetime | None:
    """When to try again after so many failures in a row; None when it has been long enough. `asked`: the subscriber's wish."""
    if failures > len(DELAYS):
        return None
    delay = DELAYS[failures - 1]
    return now + (delay if asked is None else max(delay, min(asked, MOST)))
