"""The event log: everything said in public, in the order of taking it in, for the feed and the webhooks.

Invariants: the position has no gap, and whoever sees a position sees every lower one. Both come from one advisory lock, held
from before the highest position is looked at until the transaction ends: a transaction that commits late has not drawn its
positions yet, and one that is rolled back leaves none behind. An event is in the log once, whatever is taken in twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from ipraktik_chassis.transaction import Connection
from ipraktik_notify.domain.cursor import START, Cursor
from ipraktik_notify.domain.scope import Scope

_LOCK: Final = (4716, 1)
"""Beside the chassis' 4711 to 4714, and the mails' 4715 and 4719."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event to be kept: `event` is the CloudEvent in structured mode."""

    event_id: UUID
    topic: str
    type: str
    subject: str
    sequence: int
    event: str


@dataclass(frozen=True, slots=True)
class Logged:
    """An event of the log."""

    position: int
    event_id: UUID
    type: str
    logged_at: datetime
    event: str


# The lock is a statement of its own: the next one then looks at the table as it is when the lock is held, not when it was asked for.
_TAKE_THE_LINE: Final = "select pg_advisory_xact_lock($1, $2)"
_APPEND: Final = """
insert into event_log (position, event_id, topic, type, subject, sequence, logged_at, size, event)
select (select coalesce(max(position), 0) from event_log) + row_number() over (order by r.place),
       r.event_id, r.topic, r.type, r.subject, r.sequence, $7, octet_length(r.event), r.event::json
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[])
    with ordinality as r (event_id, topic, type, subject, sequence, event, place)
where not exists (select from event_log l where l.event_id = r.event_id)
"""
_WITHOUT_THE_ONE_BEFORE: Final = """
select count(*) from unnest($1::text[], $2::text[], $3::bigint[]) as r (topic, subject, sequence)
where r.sequence > 1 and not exists (
    select from event_log l where l.topic = r.topic and l.subject = r.subject and l.sequence = r.sequence - 1)
"""

_HEAD: Final = "select position, event_id from event_log order by position desc limit 1"

# Each way asks an index for no more than the page: by position alone where all is open, else by topic and by type.
_FOLLOWING: Final = """
with found as (
    select position from (
        (select position from event_log
         where cardinality($2::text[]) + cardinality($3::text[]) = 0 and position > $1 order by position limit $4)
        union
        select l.position from unnest($2::text[]) o (topic) cross join lateral (
            select position from event_log where topic = o.topic and position > $1 order by position limit $4) l
        union
        select l.position from unnest($3::text[]) o (type) cross join lateral (
            select position from event_log where type = o.type and position > $1 order by position limit $4) l
    ) any_way order by position limit $4
), fitting as (
    select l.position, l.event_id, l.type, l.logged_at, l.event,
           sum(l.size) over (order by l.position) - l.size as bytes_before
    from found join event_log l using (position)
)
select position, event_id, type, logged_at, event, (select count(*) from found) as matched
from fitting where bytes_before < $5 order by position
"""


async def append(conn: Connection, *, entries: Sequence[Entry], now: datetime) -> int:
    """Keep these events, in this order, but for those that are there. Held until the transaction ends: call it last.

    Returns how many stand there without the one before them in their aggregate's line: none, in a log that is whole.
    """
    once: dict[UUID, Entry] = {}
    for entry in entries:
        once.setdefault(entry.event_id, entry)
    fresh = list(once.values())
    await conn.execute(_TAKE_THE_LINE, *_LOCK)
    await conn.execute(
        _APPEND,
        [entry.event_id for entry in fresh],
        [entry.topic for entry in fresh],
        [entry.type for entry in fresh],
        [entry.subject for entry in fresh],
        [entry.sequence for entry in fresh],
        [entry.event for entry in fresh],
        now,
    )
    alone: int = await conn.fetchval(
        _WITHOUT_THE_ONE_BEFORE,
        [entry.topic for entry in fresh],
        [entry.subject for entry in fresh],
        [entry.sequence for entry in fresh],
    )
    return alone


async def head(conn: Connection) -> Cursor:
    """The cursor of whoever has read all there is."""
    row = await conn.fetchrow(_HEAD)
    return START if row is None else Cursor.at(row["position"], row["event_id"])


async def event_at(conn: Connection, *, position: int) -> UUID | None:
    """Which event is at a position."""
    found: UUID | None = await conn.fetchval("select event_id from event_log where position = $1", position)
    return found


async def cursors(conn: Connection, *, positions: Collection[int]) -> dict[int, Cursor]:
    """The cursor at each of these positions."""
    rows = await conn.fetch(
        "select position, event_id from event_log where position = any($1::bigint[])", list(positions)
    )
    return {0: START, **{row["position"]: Cursor.at(row["position"], row["event_id"]) for row in rows}}


async def following(
    conn: Connection, *, after: int, scope: Scope, limit: int, most_bytes: int
) -> tuple[list[Logged], bool]:
    """The next events of a scope, in order, at least one where there is one; and whether these are all."""
    rows = await conn.fetch(_FOLLOWING, after, list(scope.topics), list(scope.types), limit, most_bytes)
    matched = rows[0]["matched"] if rows else 0
    events = [
        Logged(row["position"], row["event_id"], row["type"], row["logged_at"], row["event"]) for row in rows
    ]
    return events, matched < limit and len(events) == matched
