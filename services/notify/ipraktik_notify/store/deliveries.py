"""What is due to be delivered, what came of each attempt, and how far each agency is behind."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ipraktik_chassis.transaction import Connection


@dataclass(frozen=True, slots=True)
class Due:
    """A webhook that has something to get, and since when it may be tried."""

    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver one message. `outcome` is `delivered` or a code of `domain.trouble`."""

    kind: str
    message_id: str
    type: str
    position: int | None
    attempt: int
    outcome: str
    status: int | None
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Behind:
    """How far an agency's webhooks are behind, paused ones included: events of the log, and since when the oldest waits."""

    agency: str
    state: str
    webhooks: int
    events: int
    since: datetime | None


# Positions have no gap: for a webhook that gets everything, what follows is the next number.
_NEXT: Final = """
select n.position, n.logged_at from (
    (select position, logged_at from event_log
     where cardinality(w.topics) + cardinality(w.types) = 0 and position = w.position + 1)
    union all
    select l.position, l.logged_at from unnest(w.topics) o (topic) cross join lateral (
        select position, logged_at from event_log where topic = o.topic and position > w.position
        order by position limit 1) l
    union all
    select l.position, l.logged_at from unnest(w.types) o (type) cross join lateral (
        select position, logged_at from event_log where type = o.type and position > w.position
        order by position limit 1) l
) n order by n.position limit 1
"""
_DUE: Final = f"""
select w.number, coalesce(w.next_try_at, n.logged_at) as due_at
from webhook w cross join lateral ({_NEXT}) n
where w.state = 'active' and w.number <> all($1::int[])
order by 2, 1
"""  # noqa: S608 - own text
_BEHIND: Final = f"""
select w.agency, w.state, count(*) as webhooks, min(n.logged_at) as since,
       coalesce(max((select coalesce(max(position), 0) from event_log) - n.position + 1), 0) as events
from webhook w left join lateral ({_NEXT}) n on true
group by w.agency, w.state
"""  # noqa: S608 - own text


async def due(conn: Connection, *, but: Collection[int]) -> list[Due]:
    """Active webhooks that have something to get, except these; whose time comes first is first."""
    rows = await conn.fetch(_DUE, list(but))
    return [Due(row["number"], row["due_at"]) for row in rows]


async def behind(conn: Connection) -> list[Behind]:
    """How far each agency is behind, by state."""
    return [Behind(**dict(row)) for row in await conn.fetch(_BEHIND)]


async def note(conn: Connection, *, webhook_id: UUID, attempt: Attempt, now: datetime) -> None:
    """Write an attempt down, unless the webhook is gone."""
    await conn.execute(
        """
        insert into webhook_attempt (webhook_id, kind, message_id, type, position, attempt, attempted_at, outcome, status,
                                     milliseconds)
        select webhook_id, $2, $3, $4, $5, $6, $7, $8, $9, $10 from webhook where webhook_id = $1
        """,
        webhook_id,
        attempt.kind,
        attempt.message_id,
        attempt.type,
        attempt.position,
        attempt.attempt,
        now,
        attempt.outcome,
        attempt.status,
        attempt.milliseconds,
    )


async def taken(conn: Connection, *, number: int, old: int, new: int) -> int | None:
    """The subscriber has taken the event at `new`; the webhook's revision, or None where it does not stand at `old` any more."""
    revision: int | None = await conn.fetchval(
        """
        update webhook set position = $3, attempts = 0, failing_since = null, next_try_at = null
        where number = $1 and position = $2 returning revision
        """,
        number,
        old,
        new,
    )
    return revision


async def put_off(
    conn: Connection,
    *,
    number: int,
    old: int,
    revision: int,
    attempts: int,
    failing_since: datetime,
    next_try_at: datetime | None,
    reason: str | None,
) -> bool:
    """An attempt has failed: try again then, or pause where a reason is given. False where somebody changed it meanwhile."""
    return bool(
        await conn.fetchval(
            """
            update webhook
            set attempts = $4, failing_since = $5, next_try_at = $6, reason = $7,
                state = case when $7::text is null then state else 'paused' end
            where number = $1 and position = $2 and revision = $3 and state = 'active' returning true
            """,
            number,
            old,
            revision,
            attempts,
            failing_since,
            next_try_at,
            reason,
        )
    )


async def log(
    conn: Connection, *, webhook_id: UUID, before: int | None, outcome: str | None, limit: int
) -> list[dict[str, Any]]:
    """Attempts, newest first."""
    rows = await conn.fetch(
        """
        select id, kind, message_id, type, position, attempt, attempted_at, outcome, status, milliseconds
        from webhook_attempt
        where webhook_id = $1 and ($2::bigint is null or id < $2) and ($3::text is null or outcome = $3)
        order by id desc limit $4
        """,
        webhook_id,
        before,
        outcome,
        limit,
    )
    return [dict(row) for row in rows]


async def oldest(conn: Connection) -> datetime | None:
    """When the oldest attempt of the log was."""
    moment: datetime | None = await conn.fetchval("select min(attempted_at) from webhook_attempt")
    return moment


async def forget(conn: Connection, *, before: datetime, limit: int = 5000) -> int:
    """Delete attempts older than that; how many."""
    rows = await conn.fetch(
        """
        delete from webhook_attempt where id in (
            select id from webhook_attempt where attempted_at < $1 order by id limit $2 for update skip locked)
        returning id
        """,
        before,
        limit,
    )
    return len(rows)
