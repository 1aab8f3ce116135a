"""The mail log as coordinators read it, and letting held mails go."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_chassis.transaction import Connection


async def page(
    conn: Connection, *, participant_id: UUID | None, state: str | None, after: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """Mails in the order in which they were planned. No address: there is none."""
    rows = await conn.fetch(
        """
        select id as mail_id, fact_id, kind, party, contact_id, participant_id, placement_id, edition_id, state, reason,
               code, attempts, resent, message_id, created_at, due_at, ready_at, sent_at
        from mail
        where ($1::uuid is null or participant_id = $1) and ($2::text is null or state = $2)
          and ($3::uuid is null or id > $3)
        order by id limit $4
        """,
        participant_id,
        state,
        after,
        limit,
    )
    return [dict(row) for row in rows]


async def release_held(
    conn: Connection, *, edition_id: UUID, now: datetime, up_to: datetime | None = None
) -> int:
    """Let the held mails of an edition go, those that were held by a moment where one is given; how many."""
    rows = await conn.fetch(
        """
        update mail set state = 'pending', ready_at = $2
        where id in (select id from mail where state = 'held' and edition_id = $1 and ($3::timestamptz is null or ready_at <= $3)
                     order by id for update)
        returning id
        """,
        edition_id,
        now,
        up_to,
    )
    return len(rows)


async def held_by_kind(
    conn: Connection, *, edition_id: UUID | None = None, up_to: datetime | None = None
) -> list[dict[str, Any]]:
    """How many mails are held per edition and kind, and since when the last of them is; of one edition, by a moment, if wanted."""
    rows = await conn.fetch(
        """
        select m.edition_id, e.name as edition, m.kind, count(*) as mails,
               max(m.ready_at) as newest
        from mail m join edition e on e.edition_id = m.edition_id
        where m.state = 'held' and ($1::uuid is null or m.edition_id = $1) and ($2::timestamptz is null or m.ready_at <= $2)
        group by m.edition_id, e.name, e.first_day, m.kind order by e.first_day, m.edition_id, m.kind
        """,
        edition_id,
        up_to,
    )
    return [dict(row) for row in rows]
