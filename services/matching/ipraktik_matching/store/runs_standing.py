"""How many solver runs are to do, and since when: for whoever watches."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

_STANDING = """
select count(*) filter (where state = 'queued') as queued, count(*) filter (where state = 'running') as running,
       min(requested_at) as since
from runs where state in ('queued', 'running')
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Runs that are not done, and when the oldest was asked for."""

    queued: int
    running: int
    since: datetime | None


async def standing(conn: Any) -> Standing:
    """The runs to do."""
    return Standing(**dict(await conn.fetchrow(_STANDING)))
