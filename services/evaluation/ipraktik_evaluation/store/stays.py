"""Completed stays and when their follow-up is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

_ADD = """
insert into stay (placement_id, edition_id, intern_id, host_id, first_day, last_day, follow_up_at)
values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning true
"""
_LAST_DAYS = (
    "select placement_id, last_day from stay where edition_id = $1 and not followed_up order by 1 for update"
)
_PLAN = """
update stay s set follow_up_at = p.moment
from unnest($1::uuid[], $2::timestamptz[]) p (placement_id, moment) where s.placement_id = p.placement_id
"""
_NEXT_DUE = "select min(follow_up_at) from stay where follow_up_at is not null"
_TAKE_DUE = """
with due as (
    select placement_id from stay where follow_up_at <= $1 order by follow_up_at, placement_id limit $2 for update skip locked)
update stay s set followed_up = true, follow_up_at = null from due where s.placement_id = due.placement_id
returning s.placement_id, s.edition_id, s.intern_id, s.host_id, s.first_day, s.last_day
"""


@dataclass(frozen=True, slots=True)
class CompletedStay:
    """One intern's stay at one host."""

    placement_id: UUID
    edition_id: UUID
    intern_id: UUID
    host_id: UUID
    first_day: date
    last_day: date


async def add_stay(conn: Any, *, stay: CompletedStay, follow_up_at: datetime | None) -> bool:
    """Keep a completed stay; False where it is known already."""
    added = await conn.fetchval(
        _ADD,
        stay.placement_id,
        stay.edition_id,
        stay.intern_id,
        stay.host_id,
        stay.first_day,
        stay.last_day,
        follow_up_at,
    )
    return bool(added)


async def stays_to_follow_up(conn: Any, *, edition_id: UUID) -> list[tuple[UUID, date]]:
    """Placement and last day of every stay whose follow-up has not been asked for, locked."""
    return [(row["placement_id"], row["last_day"]) for row in await conn.fetch(_LAST_DAYS, edition_id)]


async def plan_follow_ups(conn: Any, *, moments: Sequence[tuple[UUID, datetime]]) -> None:
    """Set when each stay's follow-up is due."""
    await conn.execute(_PLAN, [one for one, _ in moments], [moment for _, moment in moments])


async def next_follow_up(conn: Any) -> datetime | None:
    """When the next follow-up is due."""
    moment: datetime | None = await conn.fetchval(_NEXT_DUE)
    return moment


async def take_due_follow_ups(conn: Any, *, now: datetime, limit: int) -> list[CompletedStay]:
    """Stays whose follow-up is due, marked as asked for; in a fixed order."""
    rows = await conn.fetch(_TAKE_DUE, now, limit)
    return sorted((CompletedStay(**dict(row)) for row in rows), key=lambda stay: stay.placement_id)
