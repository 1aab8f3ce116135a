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


async def release_held(conn: Connection, *, edition_id: UUID, now: datetime) -> int:
    """Let the held mails of an edition go; how many."""
    rows = await conn.fetch(
        """
        update mail set state = 'pending', ready_at = $2
        where id in (select id from mail where state = 'held' and edition_id = $1 order by id for update)
        returning id
        """,
        edition_id,
        now,
    )
    return len(rows)
