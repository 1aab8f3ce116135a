"""Notes about practical needs. They are read one by one by whom the domain lets, and never leave by any other way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_WRITE = """
insert into practical_needs (placement_id, note, written_at, delete_at) values ($1, $2, $3, $4)
on conflict (placement_id) do update set
    note = excluded.note, written_at = excluded.written_at, delete_at = excluded.delete_at
"""
_FIND = "select note, written_at, delete_at from practical_needs where placement_id = $1"
_DELETE = "delete from practical_needs where placement_id = any($1)"
_MOVE = """
update practical_needs n set delete_at = moved.at
from unnest($1::uuid[], $2::timestamptz[]) as moved (placement_id, at)
where n.placement_id = moved.placement_id and n.delete_at <> moved.at
"""
_DELETE_OF_PARTICIPANT = """
delete from practical_needs
where placement_id in (select placement_id from placements where intern_id = $1 or host_id = $1)
"""
_NEXT_DUE = "select min(delete_at) from practical_needs"
_DELETE_DUE = "delete from practical_needs where delete_at <= $1"


@dataclass(frozen=True, slots=True)
class Note:
    """What the intern wrote."""

    note: str
    written_at: datetime
    delete_at: datetime


async def write(conn: Any, *, placement_id: UUID, note: str, now: datetime, delete_at: datetime) -> None:
    """Keep the note in place of the one before."""
    await conn.execute(_WRITE, placement_id, note, now, delete_at)


async def find(conn: Any, *, placement_id: UUID) -> Note | None:
    """The note, if there is one."""
    row = await conn.fetchrow(_FIND, placement_id)
    return None if row is None else Note(**dict(row))


async def delete(conn: Any, *, placement_id: UUID) -> None:
    """Forget the note."""
    await conn.execute(_DELETE, [placement_id])


async def follow(conn: Any, *, deleted_at: Mapping[UUID, datetime | None]) -> None:
    """Keep notes as long as their placements say now; None: no longer at all."""
    gone = [placement_id for placement_id, at in deleted_at.items() if at is None]
    kept = {placement_id: at for placement_id, at in deleted_at.items() if at is not None}
    if gone:
        await conn.execute(_DELETE, gone)
    if kept:
        await conn.execute(_MOVE, list(kept), list(kept.values()))


async def delete_of_participant(conn: Any, *, participant_id: UUID) -> None:
    """Forget the notes of a sign-up's placements."""
    await conn.execute(_DELETE_OF_PARTICIPANT, participant_id)


async def next_due(conn: Any) -> datetime | None:
    """When the next note is to be deleted."""
    moment: datetime | None = await conn.fetchval(_NEXT_DUE)
    return moment


async def delete_due(conn: Any, *, now: datetime) -> int:
    """Forget every note whose time is over; how many."""
    status: str = await conn.execute(_DELETE_DUE, now)
    return int(status.rpartition(" ")[2])
