"""The sending queue, shared by slices: claiming, and noting what became of each attempt.

Invariants: a claim (state `sending`, attempt counted) is committed before a byte goes to the mail server. Only the holder of a
slice's lock claims in it, and keeps the lock until every outcome is noted, so a row of a slice that is `sending` when its lock is
taken was left behind by a sender that died: it is in doubt and goes out again under the same Message-ID. The locks live as long as
the session; a sender whose session has ended begins no other mail and puts none back, for somebody else may have them (`held`).
"""

import json
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from ipraktik_chassis.transaction import Connection
from ipraktik_notify.domain.kinds import KINDS

_LOCK: Final = (4715, 1)
"""Senders hold it shared. A release that sends alone holds it whole, and takes back whatever is `sending`: it waits for all of us,
and we for it."""
SLICE_LOCK: Final = 4719
"""With the slice's number; 4711 to 4714 are the chassis', 4716 the event log's, 4717 and 4718 the webhooks'."""
SLICES: Final = 16
SLICES_AT_ONCE: Final = 4
"""A quarter: four replicas find work at the same time, and a fifth whatever one of them leaves."""
_SLICE: Final = f"get_byte(uuid_send(coalesce(contact_id, id)), 15) % {SLICES}"
"""By whom it goes to, so that one person's mails keep their order; ids are random at the end."""
_LOOKED_AT: Final = 2000
"""Among so many of the oldest every slice that is far behind is found."""
STANDING: Final = """
select state, count(*) as mails, min(since) as since from (
    -- a reminder is planned long before it is a mail: it waits from the moment it is due
    select state, coalesce(ready_at, due_at, created_at) as since from mail where state in ('waiting', 'held')
    union all select state, coalesce(ready_at, created_at) from mail where state = 'pending'
    union all select state, coalesce(ready_at, created_at) from mail where state = 'sending'
    union all select state, coalesce(ready_at, created_at) from mail where state = 'failed'
) unsent group by state
"""
TRACE: Final = "traceparent"
"""Among a mail's facts, and no fact: the trace that its sending belongs to."""
_WITH_ENTRY: Final = [kind.name for kind in KINDS.values() if kind.calendar is not None]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that this sender, and nobody else, is to deliver."""

    id: UUID
    fact_id: UUID
    kind: str
    party: str
    contact_id: UUID
    edition_id: UUID | None
    participant_id: UUID | None
    placement_id: UUID | None
    intern_id: UUID | None
    host_id: UUID | None
    aggregate_id: UUID | None
    subject_id: UUID
    facts: dict[str, Any]
    attempts: int
    ready_at: datetime | None = None
    """Since when it may go."""
    traceparent: str | None = None
    calendar_uid: str | None = None
    """The calendar entry that it is about, where its kind has one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt. `state`: sent, pending (again later), failed or dropped.

    tried: whether the server was asked at all; doubt: it may have taken the mail although we did not hear so.
    """

    mail_id: UUID
    state: str
    message_id: str | None = None
    code: int | None = None
    reason: str | None = None
    tried: bool = True
    doubt: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Mails in one state, and since when the oldest is there."""

    mails: int
    since: datetime | None


@asynccontextmanager
async def may_send(conn: Connection) -> AsyncIterator[bool]:
    """Whether this process may send beside others, for as long as the block lasts."""
    free = bool(await conn.fetchval("select pg_try_advisory_lock_shared($1, $2)", *_LOCK))
    try:
        yield free
    finally:
        if free:
            await conn.execute("select pg_advisory_unlock_shared($1, $2)", *_LOCK)


def held(conn: Connection) -> bool:
    """Whether the session lives that the locks were taken in; they are gone with it."""
    try:
        return not conn.is_closed()
    except asyncpg.InterfaceError:  # closed, and the pool has it back
        return False


@asynccontextmanager
async def own_slices(conn: Connection, *, but: Sequence[UUID]) -> AsyncIterator[list[int]]:
    """Slices in which there is something to send, except these mails, and in which nobody else sends while the block lasts."""
    rows = await conn.fetch(
        f"""
        select distinct slice from (
            (select {_SLICE} as slice from mail where state = 'pending' and id <> all($1::uuid[]) order by id limit $2)
            union all select {_SLICE} from mail where state = 'sending') ready
        """,  # noqa: S608 - the slice of a mail, from above
        list(but),
        _LOOKED_AT,
    )
    wanted = [int(row["slice"]) for row in rows]
    random.shuffle(wanted)  # replicas that look at the same time should not ask for the same ones first
    mine: list[int] = []
    try:
        for one in wanted:
            if len(mine) == SLICES_AT_ONCE:
                break
            if await conn.fetchval("select pg_try_advisory_lock($1, $2)", SLICE_LOCK, one):
                mine.append(one)
        yield mine
    finally:
        for one in mine:
            await conn.execute("select pg_advisory_unlock($1, $2)", SLICE_LOCK, one)


async def take_back_doubtful(conn: Connection, *, slices: Sequence[int]) -> int:
    """Put what a dead sender left in doubt back into the queue, counted. The caller holds these slices."""
    rows = await conn.fetch(
        f"""
        update mail set state = 'pending', resent = resent + 1
        where state = 'sending' and {_SLICE} = any($1::int[]) returning id
        """,  # noqa: S608 - as above
        list(slices),
    )
    return len(rows)


async def drop_late(conn: Connection, *, now: datetime) -> int:
    """Drop mails that ask for an act whose deadline has passed. Several senders may do so at once; none waits for another."""
    rows = await conn.fetch(
        """
        update mail set state = 'dropped', reason = 'too_late'
        where id in (select id from mail where state = 'pending' and useless_after <= $1 for update skip locked) returning id
        """,
        now,
    )
    return len(rows)


async def claim(
    conn: Connection, *, slices: Sequence[int], but: Sequence[UUID], limit: int, domain: str
) -> list[Claimed]:
    """Claim the oldest mails of these slices that are ready, except some. The caller holds the slices.

    A mail with a calendar entry is about the entry that the recipient has, if an earlier mail brought one: what names it then
    names it for good, whatever mails come from by then. A new one is named after its placement and the sender's domain: so does the
    version before, which keeps no names and must meet its own entries again where it comes back or runs beside this one.
    """
    rows = await conn.fetch(
        f"""
        update mail m set state = 'sending', attempts = attempts + 1, calendar_uid = case when m.kind = any($3::text[]) then coalesce(
            m.calendar_uid,
            (select coalesce(f.calendar_uid, f.placement_id || '@' || split_part(rtrim(f.message_id, '>'), '@', 2))
             from mail f
             where f.placement_id = m.placement_id and f.contact_id = m.contact_id and f.kind = any($3::text[])
                   and f.message_id is not null and f.id <> m.id
             order by f.id limit 1),
            m.placement_id || '@' || $4) end
        where id in (select id from mail where state = 'pending' and id <> all($1::uuid[]) and {_SLICE} = any($5::int[])
                     order by id limit $2 for update skip locked)
        returning id, fact_id, kind, party, contact_id, edition_id, participant_id, placement_id, intern_id, host_id,
                  aggregate_id, subject_id, facts, attempts, ready_at, calendar_uid
        """,  # noqa: S608 - as above
        list(but),
        limit,
        _WITH_ENTRY,
        domain,
        list(slices),
    )
    return sorted(map(_claimed, rows), key=lambda mail: mail.id)


def _claimed(row: Any) -> Claimed:
    facts = json.loads(row["facts"])
    return Claimed(**{**dict(row), "facts": facts, "traceparent": facts.pop(TRACE, None)})


async def settle(conn: Connection, *, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Note what became of attempts, in one statement; what went wrong is kept beside the mail."""
    await conn.execute(
        """
        with outcome as (
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::boolean[], $7::boolean[])
                     as o(id, state, message_id, code, reason, tried, doubt)
        ), trouble as (
            insert into mail_trouble (mail_id, at, reason, code, doubt)
            select o.id, $8, o.reason, o.code, o.doubt from outcome o where o.state <> 'sent' and (o.tried or o.state = 'failed')
        )
        update mail m
        set state = o.state, message_id = coalesce(o.message_id, m.message_id), code = o.code, reason = o.reason,
            attempts = m.attempts - case when o.tried then 0 else 1 end,
            resent = m.resent + case when o.doubt then 1 else 0 end,
            sent_at = case o.state when 'sent' then $8::timestamptz end
        from outcome o
        where m.id = o.id and m.state = 'sending'
        """,
        [o.mail_id for o in outcomes],
        [o.state for o in outcomes],
        [o.message_id for o in outcomes],
        [o.code for o in outcomes],
        [o.reason for o in outcomes],
        [o.tried for o in outcomes],
        [o.doubt for o in outcomes],
        now,
    )


async def oldest_ready(conn: Connection, *, but: Sequence[UUID]) -> datetime | None:
    """Since when there is something to send, except these."""
    moment: datetime | None = await conn.fetchval(
        """
        select min(created_at) from (
            (select created_at from mail where state = 'pending' and id <> all($1::uuid[]) order by id limit 1)
            union all (select created_at from mail where state = 'sending' order by id limit 1)) ready
        """,
        list(but),
    )
    return moment


async def unsettled(conn: Connection) -> int:
    """Mails that are ready and neither sent nor failed."""
    return int(await conn.fetchval("select count(*) from mail where state in ('pending', 'sending')"))


async def standing(conn: Connection) -> dict[str, Standing]:
    """How many mails wait, are held, are ready or failed, and since when; each branch has its index."""
    return {row["state"]: Standing(row["mails"], row["since"]) for row in await conn.fetch(STANDING)}
