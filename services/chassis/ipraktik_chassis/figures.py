"""What a scrape shows of the database, read anew at most every few seconds however many scrape.

One statement, each part of which an index answers in the time of a few rows: a backlog is when figures matter most, and must not
be made worse by who looks at it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

CACHE_SECONDS: Final = 10.0
PATIENCE_SECONDS: Final = 2.0
"""How long a source may take; a scrape waits no longer, and shows what was known."""
_SHARDS: Final = 64
_COUNTED: Final = 100_000

# Ids of a shard rise with time, so the oldest row of all is among the first of each.
_BACKLOG: Final = f"""
select (select count(*) from (select from outbox limit {_COUNTED}) o) as pending,
       (select min(first.created_at) from generate_series(0, {_SHARDS - 1}) s, lateral (
            select created_at from outbox where shard = s order by id limit 1) first) as pending_since,
       (select count(*) from (select from outbox_dead limit {_COUNTED}) d) as dead,
       (select min(created_at) from outbox_dead) as dead_since,
       (select count(*) from (select from parked limit {_COUNTED}) p) as parked,
       (select parked_at from parked order by id limit 1) as parked_since
"""  # noqa: S608 - our own two numbers


@dataclass(frozen=True, slots=True)
class Standing:
    """What waits in a service's database, how much and since when."""

    pending: int
    pending_since: datetime | None
    dead: int
    dead_since: datetime | None
    parked: int
    parked_since: datetime | None


async def standing(conn: Any) -> Standing:
    """What waits now."""
    return Standing(**dict(await conn.fetchrow(_BACKLOG)))


def age(since: datetime | None, *, now: datetime) -> float:
    """Seconds since then; 0 where nothing waits."""
    return 0.0 if since is None else max((now - since).total_seconds(), 0.0)


class Seldom:
    """Says whether it is time to read anew. A reading that fails is tried again at the next scrape."""

    def __init__(self, *, monotonic: Callable[[], float], seconds: float = CACHE_SECONDS) -> None:
        self._monotonic = monotonic
        self._seconds = seconds
        self._read_at = float("-inf")

    @property
    def due(self) -> bool:
        """Whether what is known is old."""
        return self._monotonic() - self._read_at >= self._seconds

    def done(self) -> None:
        """What is known is fresh."""
        self._read_at = self._monotonic()
