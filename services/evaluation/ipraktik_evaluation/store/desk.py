"""What coordinators see of editions: how far asking and answering have come, and which report stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

# Counts are kept by the database as rows change (edition_progress): a list that counted anew would grow with every answer.
_EDITIONS = """
select e.edition_id, e.name, e.mode, e.closes_at, p.stays, p.to_follow_up, p.asked, p.submitted, p.open,
    (select max(r.revision) from report r where r.edition_id = e.edition_id) as revision
from edition e
cross join lateral (
    select coalesce(sum(stays), 0)::bigint as stays, coalesce(sum(to_follow_up), 0)::bigint as to_follow_up,
        coalesce(sum(asked), 0)::bigint as asked, coalesce(sum(submitted), 0)::bigint as submitted,
        coalesce(sum(open), 0)::bigint as open
    from edition_progress where edition_id = e.edition_id) p
where e.name is not null and ($1::uuid is null or e.edition_id = $1)
order by (select min(s.first_day) from stay s where s.edition_id = e.edition_id) desc nulls first, e.name, e.edition_id
limit 200
"""


@dataclass(frozen=True, slots=True)
class DeskEdition:
    """An edition with what has come of its evaluations."""

    edition_id: UUID
    name: str
    mode: str | None
    closes_at: datetime | None
    stays: int
    to_follow_up: int
    asked: int
    submitted: int
    open: int
    revision: int | None

    @property
    def unfinished(self) -> bool:
        """Whether answers are still to come."""
        return self.open > 0 or self.to_follow_up > 0


async def desk_editions(conn: Any) -> list[DeskEdition]:
    """Every edition, the newest first."""
    return [DeskEdition(**dict(row)) for row in await conn.fetch(_EDITIONS, None)]


async def desk_edition(conn: Any, *, edition_id: UUID) -> DeskEdition | None:
    """One of them."""
    row = await conn.fetchrow(_EDITIONS, edition_id)
    return None if row is None else DeskEdition(**dict(row))
