"""How long a link opens what it opens: past the deadline of its act, at least two weeks, at most 400 days."""

from datetime import datetime, timedelta
from typing import Final

AFTER_DEADLINE: Final = timedelta(days=7)
AT_LEAST: Final = timedelta(days=14)
AT_MOST: Final = timedelta(days=400)
OVERVIEW: Final = timedelta(days=365)
SIGN_IN: Final = timedelta(hours=12)
"""How long a coordinator stays signed in: a working day."""
SIGN_IN_LINK: Final = timedelta(minutes=30)
"""How long the link of a sign-in mail can be used, once: for mail servers that let a first mail wait, and no longer."""


def link_expiry(*, now: datetime, deadline: datetime | None, overview: bool = False) -> datetime:
    """When a link that is minted now runs out. The overview is there for the edition and its evaluations."""
    wanted = now + (OVERVIEW if overview else AT_LEAST)
    if deadline is not None:
        wanted = max(wanted, deadline + AFTER_DEADLINE)
    return min(max(wanted, now + AT_LEAST), now + AT_MOST)
