"""Which waiting mails have become complete. Set-based: one statement looks at everything that a handful of arrivals may concern.

Invariant: a handler that stores something a mail may wait for notes its id in `arrival` in the same transaction. The sorting
job takes arrivals that are committed and then looks, so of two facts that come at once the later commit finds the other.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ipraktik_chassis.transaction import Connection


async def note(conn: Connection, *, refs: Sequence[UUID], now: datetime) -> None:
    """These ids have come to be known."""
    await conn.execute(
        "insert into arrival (ref, arrived_at) select ref, $2 from unnest($1::uuid[]) ref", list(refs), now
    )


async def oldest(conn: Connection) -> datetime | None:
    """Since when there is something to look at."""
    moment: datetime | None = await conn.fetchval("select arrived_at from arrival order by id limit 1")
    return moment


async def take(conn: Connection, *, limit: int = 2000) -> list[UUID]:
    """Take arrivals off the list; how they are dealt with is part of the same transaction."""
    rows = await conn.fetch(
        """
        delete from arrival where id in (select id from arrival order by id limit $1 for update skip locked) returning ref
        """,
        limit,
    )
    return list({row["ref"] for row in rows})


# An evaluation names its placement only; who its parties are comes from there.
_PARTIES = """
update mail m
set needs_placement = false, intern_id = p.intern_id, host_id = p.host_id,
    participant_id = case m.party when 'host' then p.host_id else p.intern_id end,
    names = array[p.intern_id, p.host_id], bodies = array[p.intern_id, p.host_id],
    awaits = m.awaits || array[p.intern_id, p.host_id],
    facts = m.facts || jsonb_build_object('first_day', p.first_day, 'last_day', p.last_day)
from placement p
where m.state = 'waiting' and m.needs_placement and m.placement_id = p.placement_id and m.awaits && $1::uuid[]
"""

_COMPLETE = """
with open as (
    select * from mail where state = 'waiting' and not needs_placement and awaits && $1::uuid[] order by id for update
), seen as (
    select o.id, coalesce(c.contact_id, case when o.party in ('coordinator', 'owner') then o.contact_id end) as contact_id,
           coalesce(c.erased, false) or coalesce(p.state = 'erased', false) as gone,
           o.holdable and coalesce(e.hold_mails, false) as hold,
           (o.edition_id is null or e.edition_id is not null)
           and not exists (
               select from unnest(o.names) n
               where not exists (select from contact k where k.participant_id = n and k.relation = 'self')
                 and not exists (select from participant k where k.participant_id = n and k.state = 'erased'))
           and not exists (
               select from unnest(o.bodies) b where not exists (select from participant k where k.participant_id = b))
           and (not o.needs_erased or exists (
               select from participant k where k.participant_id in (o.intern_id, o.host_id) and k.state = 'erased'))
           and (not o.needs_aggregate or o.aggregate_id = o.participant_id
               or exists (select from contact k where k.participant_id = o.aggregate_id)
               or exists (select from placement k where k.placement_id = o.aggregate_id)
               or exists (select from evaluation k where k.evaluation_id = o.aggregate_id)) as known
    from open o
    left join lateral (
        select k.contact_id, k.erased from contact k
        where k.contact_id = o.contact_id
        union all
        (select k.contact_id, k.erased from contact k
         where o.contact_id is null and k.participant_id = o.participant_id and k.relation = o.relation
         order by k.erased, k.contact_id desc limit 1)
        limit 1
    ) c on true
    left join participant p on p.participant_id = o.participant_id
    left join edition e on e.edition_id = o.edition_id
)
update mail m
set state = case when s.gone then 'dropped' when s.hold then 'held' else 'pending' end,
    reason = case when s.gone then 'erased' end,
    contact_id = coalesce(m.contact_id, s.contact_id), ready_at = $2
from seen s
where m.id = s.id and (s.gone or (s.contact_id is not null and s.known))
returning m.id
"""


async def complete(conn: Connection, *, refs: Sequence[UUID], now: datetime) -> int:
    """Let go (or hold, or drop) the waiting mails that these arrivals made complete; how many."""
    await conn.execute(_PARTIES, list(refs))
    return len(await conn.fetch(_COMPLETE, list(refs), now))
