"""Mails that a coordinator wants: one more of a kind that was there already, and dropping one that is held.

Invariant: one more is a mail of its own, with a fact of its own and so a Message-ID of its own. Who it goes to is looked up
anew, so it reaches who is in that place now.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from ipraktik_chassis.ids import new_id
from ipraktik_chassis.transaction import Connection
from ipraktik_notify.store.mails import PATIENCE

_COPY: Final = """
with original as (
    select * from mail where id = $1
), again as (
    insert into mail (id, fact_id, kind, party, recipient, contact_id, edition_id, participant_id, relation, placement_id,
                      intern_id, host_id, aggregate_id, subject_id, facts, names, bodies, awaits, needs_placement,
                      needs_erased, needs_aggregate, holdable, useless_after, give_up_at, state, created_at, resend_of, acted_by)
    select $2, $3, $4, party, recipient, case when relation is null then contact_id end, edition_id, participant_id, relation,
           placement_id, intern_id, host_id, aggregate_id, subject_id, facts, names, bodies, array[$2::uuid] || awaits,
           needs_placement, needs_erased, needs_aggregate, false, useless_after,
           coalesce(useless_after, $5::timestamptz + $6::interval), 'waiting', $5, $7, $8
    from original
    on conflict do nothing
    returning id
), told as (
    insert into arrival (ref, arrived_at) select id, $5 from again
)
select id from again union all select id from mail where fact_id = $3 and kind = $4 limit 1
"""


async def write_again(
    conn: Connection,
    *,
    mail_id: UUID,
    fact_id: UUID,
    kind: str,
    resend_of: UUID | None,
    acted_by: str,
    now: datetime,
    patience: timedelta = PATIENCE,
) -> UUID:
    """One more mail after the pattern of another; the same fact once only. Its id, new or there already."""
    found: UUID = await conn.fetchval(
        _COPY, mail_id, new_id(now), fact_id, kind, now, patience, resend_of, acted_by
    )
    return found


async def lock(conn: Connection, *, mail_id: UUID) -> None:
    """Two who repeat a mail at once do so one after the other."""
    await conn.execute("select from mail where id = $1 for update", mail_id)


async def drop_held(conn: Connection, *, mail_id: UUID, reason: str, acted_by: str) -> bool:
    """Drop a held mail; whether it was held still."""
    rows = await conn.fetch(
        "update mail set state = 'dropped', reason = $2, acted_by = $3 where id = $1 and state = 'held' returning id",
        mail_id,
        reason,
        acted_by,
    )
    return bool(rows)
