"""Editions as registration says them, and the lock under which seats of an edition are given out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

_SAVE = """
insert into editions (edition_id, name, mode, first_day, last_day, answer_days, sign_days, closes_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (edition_id) do update set
    name = excluded.name, mode = excluded.mode, first_day = excluded.first_day, last_day = excluded.last_day,
    answer_days = excluded.answer_days, sign_days = excluded.sign_days, closes_at = excluded.closes_at
"""
_FIND = """
select edition_id, name, mode, first_day, last_day, answer_days, sign_days, closes_at from editions where edition_id = $1
"""
_ALL = """
select edition_id, name, mode, first_day, last_day, answer_days, sign_days, closes_at from editions
order by first_day desc, edition_id limit 100
"""
# Something is done in it, or will be: somebody takes part, or a case is not at its end.
_ALIVE = """
select edition_id from editions e
where edition_id = any($1) and (exists (select from participants p where p.edition_id = e.edition_id and p.state = 'registered')
   or exists (select from placements p where p.edition_id = e.edition_id and p.state in ('proposed', 'drafted', 'signed')))
"""
# An advisory lock, not the row's: sign-ups may come before their edition.
_LOCK = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 7301))"
# By the lock's number, so that even two editions of one number do not change the order.
_LOCK_MANY = """
select pg_advisory_xact_lock(number)
from (select distinct hashtextextended(id::text, 7301) as number from unnest($1::uuid[]) id order by number) numbers
"""


@dataclass(frozen=True, slots=True)
class Edition:
    """One round of the programme, as far as matching needs it. `closes_at`: when sign-ups end; None where that is not known here yet."""

    edition_id: UUID
    name: str
    mode: str
    first_day: date
    last_day: date
    answer_days: int
    sign_days: int
    closes_at: datetime | None

    @property
    def dates(self) -> tuple[date, date]:
        """First and last day on which stays may lie."""
        return self.first_day, self.last_day


async def save(conn: Any, edition: Edition) -> None:
    """Keep the edition as it stands now."""
    await conn.execute(
        _SAVE,
        edition.edition_id,
        edition.name,
        edition.mode,
        edition.first_day,
        edition.last_day,
        edition.answer_days,
        edition.sign_days,
        edition.closes_at,
    )


async def find(conn: Any, *, edition_id: UUID) -> Edition | None:
    """The edition, if it is known here yet."""
    row = await conn.fetchrow(_FIND, edition_id)
    return None if row is None else Edition(**dict(row))


async def all_known(conn: Any) -> list[Edition]:
    """The editions heard of, the latest first."""
    return [Edition(**dict(row)) for row in await conn.fetch(_ALL)]


async def alive(conn: Any, *, edition_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the editions in which somebody takes part or a case is under way."""
    return {row["edition_id"] for row in await conn.fetch(_ALIVE, list(edition_ids))}


async def lock(conn: Any, *, edition_id: UUID) -> None:
    """Be the only one, until the transaction ends, who changes who takes part and gives out seats in this edition.

    Always taken before any placement's row. A transaction that needs several editions begins with `lock_many`.
    """
    await conn.execute(_LOCK, edition_id)


async def lock_many(conn: Any, *, edition_ids: Collection[UUID]) -> None:
    """Take the locks of all these editions, in one order for all who do, so that two transactions never wait for each other."""
    await conn.fetch(_LOCK_MANY, list(edition_ids))
