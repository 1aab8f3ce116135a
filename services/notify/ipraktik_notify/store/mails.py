"""Planning mails: new rows, reminders that become due or pointless, rows that wait for what is not known yet."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from ipraktik_chassis import tracing
from ipraktik_chassis.cause import current_cause
from ipraktik_chassis.ids import new_id
from ipraktik_chassis.transaction import Connection
from ipraktik_notify.domain.drafts import Draft
from ipraktik_notify.store.queue import TRACE

PATIENCE: Final = timedelta(days=30)
"""How long a mail waits at least for what is not known; until the edition's end where that is later."""

_INSERT = """
with planned as (
    insert into mail (id, fact_id, kind, party, recipient, contact_id, edition_id, participant_id, relation, placement_id,
                      intern_id, host_id, aggregate_id, subject_id, facts, names, bodies, awaits, needs_placement,
                      needs_erased, needs_aggregate, holdable, due_at, useless_after, give_up_at, state, created_at)
    select d.id, d.fact_id, d.kind, d.party, d.recipient, d.contact_id, d.edition_id, d.participant_id, d.relation,
           d.placement_id, d.intern_id, d.host_id, d.aggregate_id, d.subject_id, d.facts, d.names, d.bodies, d.awaits,
           d.needs_placement, d.needs_erased, d.needs_aggregate, d.holdable, d.due_at, d.useless_after,
           coalesce(d.useless_after, greatest($2::timestamptz + $3::interval,
               (select (e.last_day + 1)::timestamp at time zone 'Europe/Copenhagen' from edition e
                where e.edition_id = d.edition_id))),
           case when d.due_at is null then 'waiting' else 'scheduled' end, $2
    from jsonb_to_recordset($1::jsonb) as d(
        id uuid, fact_id uuid, kind text, party text, recipient text, contact_id uuid, edition_id uuid, participant_id uuid,
        relation text, placement_id uuid, intern_id uuid, host_id uuid, aggregate_id uuid, subject_id uuid, facts jsonb,
        names uuid[], bodies uuid[], awaits uuid[], needs_placement boolean, needs_erased boolean, needs_aggregate boolean,
        holdable boolean, due_at timestamptz, useless_after timestamptz)
    on conflict do nothing
    returning id, state
)
insert into arrival (ref, arrived_at) select id, $2 from planned where state = 'waiting'
"""


async def plan(conn: Connection, *, drafts: Sequence[Draft], now: datetime) -> None:
    """Keep planned mails; one that is there already stays as it is."""
    if drafts:
        rows = json.dumps([_row(draft, new_id(now)) for draft in drafts])
        await conn.execute(_INSERT, rows, now, PATIENCE)


def _row(draft: Draft, id: UUID) -> dict[str, Any]:
    about = draft.subjects
    return {
        "id": str(id),
        "fact_id": str(draft.fact_id),
        "kind": draft.kind,
        "party": draft.party,
        "recipient": draft.recipient,
        "contact_id": _text(draft.contact_id),
        "edition_id": _text(about.edition_id),
        "participant_id": _text(draft.participant_id),
        "relation": draft.relation,
        "placement_id": _text(about.placement_id),
        "intern_id": _text(about.intern_id),
        "host_id": _text(about.host_id),
        "aggregate_id": _text(about.aggregate_id),
        "subject_id": str(about.subject_id),
        "facts": dict(draft.facts) | _trace(),
        "names": [str(id) for id in draft.names],
        "bodies": [str(id) for id in draft.bodies],
        "awaits": [str(id), *(str(id) for id in draft.awaits)],
        "needs_placement": draft.needs_placement,
        "needs_erased": draft.needs_erased,
        "needs_aggregate": draft.needs_aggregate,
        "holdable": draft.holdable,
        "due_at": draft.due_at.isoformat() if draft.due_at else None,
        "useless_after": draft.useless_after.isoformat() if draft.useless_after else None,
    }


def _trace() -> dict[str, str]:
    """The trace that a mail goes on with, where traces are wanted. It travels with the facts and is taken out when the mail is claimed."""
    cause = current_cause() if tracing.active() else None
    return {} if cause is None else {TRACE: cause.traceparent}


def _text(id: UUID | None) -> str | None:
    return None if id is None else str(id)


async def forget_reminders(
    conn: Connection, *, subject_id: UUID, kinds: Sequence[str], party: str | None = None
) -> None:
    """The matter is settled: what was planned for later is not a mail at all."""
    await conn.execute(
        """
        delete from mail where state = 'scheduled' and subject_id = $1 and kind = any($2::text[])
          and ($3::text is null or party = $3)
        """,
        subject_id,
        list(kinds),
        party,
    )


async def next_reminder(conn: Connection) -> datetime | None:
    """When the next planned reminder is due."""
    moment: datetime | None = await conn.fetchval("select min(due_at) from mail where state = 'scheduled'")
    return moment


_RELEASE: Final = """
with due as (
    select id, useless_after, kind, party, participant_id, due_at from mail where state = 'scheduled' and due_at <= $1
    order by due_at, id limit $2 for update skip locked
), late as (
    delete from mail where id in (select id from due where useless_after <= $1) returning id
), spare as (
    -- the same list for several interns of one host: the first of them says it
    delete from mail where id in (
        select d.id from due d
        where d.party = 'host' and d.kind like 'prepare%' and exists (
            select from mail o
            where o.participant_id = d.participant_id and o.kind = d.kind and o.party = d.party and o.due_at = d.due_at
              and o.state <> 'dropped' and o.id < d.id))
    returning id
), released as (
    update mail m set state = 'waiting', facts = case when d.together > 1 and d.kind like 'prepare%' and d.party = 'host'
        then m.facts || jsonb_build_object('together', d.together) else m.facts end
    from (select *, count(*) over (partition by participant_id, kind, party, due_at) as together from due) d
    where m.id = d.id and m.id not in (select id from late) and m.id not in (select id from spare)
    returning m.id
), told as (
    insert into arrival (ref, arrived_at) select id, $1 from released
)
select id from due
"""


async def release_reminders(conn: Connection, *, now: datetime, limit: int = 500) -> int:
    """Turn reminders whose moment has come into mails; those whose deadline has passed meanwhile are deleted, and so are the
    copies of one check list for one host."""
    return len(await conn.fetch(_RELEASE, now, limit))


async def lists_told(conn: Connection, *, placement_id: UUID) -> set[str]:
    """The kinds of check lists that the parties of a placement have got, or are about to."""
    rows = await conn.fetch(
        """
        select distinct case kind when 'agreement_signed' then 'prepare_before' else kind end as kind from mail
        where placement_id = $1 and state not in ('scheduled', 'dropped')
          and (kind in ('prepare_before', 'prepare_during') or (kind = 'agreement_signed' and facts @> '{"told_now": true}'))
        """,
        placement_id,
    )
    return {row["kind"] for row in rows}


async def forget_reserve(conn: Connection, *, placement_id: UUID) -> None:
    """What waits for a reserve whom the host has not named: it is overtaken. A reserve named later hears what then holds."""
    await conn.execute(
        "delete from mail where placement_id = $1 and relation = 'reserve' and state = 'waiting' and contact_id is null",
        placement_id,
    )


async def reserve_knows(conn: Connection, *, placement_id: UUID) -> bool:
    """Whether the host's reserve was told that the stay is settled. Asked after `forget_reserve`, whose lock it relies on."""
    return bool(
        await conn.fetchval(
            """
            select exists (select from mail where placement_id = $1 and relation = 'reserve'
                             and kind = 'agreement_signed' and state not in ('waiting', 'dropped'))
            """,
            placement_id,
        )
    )


async def drop_unsent(
    conn: Connection, *, contact_ids: Sequence[UUID] = (), participant_id: UUID | None = None
) -> None:
    """The recipients were erased: nothing of theirs is sent any more."""
    await conn.execute(
        """
        update mail set state = 'dropped', reason = 'erased'
        where state in ('scheduled', 'waiting', 'held', 'pending')
          and (contact_id = any($1::uuid[]) or participant_id = $2)
        """,
        list(contact_ids),
        participant_id,
    )


async def give_up_waiting(conn: Connection, *, now: datetime) -> int:
    """Drop mails that wait for something that did not come in time; how many. A reserve that was never named is missed by nobody."""
    rows = await conn.fetch(
        """
        with nobody as (
            delete from mail where state = 'waiting' and give_up_at <= $1 and relation = 'reserve' returning id
        ), given_up as (
        update mail set state = 'dropped', reason = case when useless_after is null then 'incomplete' else 'too_late' end
        where state = 'waiting' and give_up_at <= $1 and relation is distinct from 'reserve' returning id
        )
        select id from nobody union all select id from given_up
        """,
        now,
    )
    return len(rows)


async def next_give_up(conn: Connection) -> datetime | None:
    """When the next waiting mail is given up."""
    moment: datetime | None = await conn.fetchval("select min(give_up_at) from mail where state = 'waiting'")
    return moment


async def planned_since(conn: Connection, *, contact_id: UUID, kind: str, since: datetime) -> int:
    """How many mails of a kind were planned for a contact since then."""
    return int(
        await conn.fetchval(
            "select count(*) from mail where contact_id = $1 and kind = $2 and created_at > $3",
            contact_id,
            kind,
            since,
        )
    )
