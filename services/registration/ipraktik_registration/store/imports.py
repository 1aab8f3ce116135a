"""Lists that coordinators bring: the text between looking and taking in, and the one statement that takes many sign-ups in.

Invariants: a text is gone after a day; a list is taken in once, under its own row's lock; nothing is written unless the edition
takes sign-ups at this instant and the keys are new.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_chassis.outbox import COLUMNS, OutboxRecord, outbox_columns
from ipraktik_registration.domain.details import Details
from ipraktik_registration.domain.importing import Standing, Who
from ipraktik_registration.domain.life import Role
from ipraktik_registration.domain.names import email_key
from ipraktik_registration.store.contacts import Contact

_KEEP = """
insert into import_text (import_id, edition_id, brought_by, created_at, delete_at, content) values ($1, $2, $3, $4, $5, $6)
on conflict (import_id) do update set delete_at = excluded.delete_at, brought_by = excluded.brought_by
where import_text.done_at is null
"""
_COLUMNS = "import_id, edition_id, brought_by, created_at, content, done_at, taken, known, failed"
_ONE = f"select {_COLUMNS} from import_text where import_id = $1 and delete_at > $2"  # noqa: S608 - our own column names
_LOCKED = f"{_ONE} for update"
_DONE = """
update import_text set content = $2, done_at = $3, taken = $4, known = $5, failed = $6 where import_id = $1
"""
_ONE_AT_A_TIME = "select pg_advisory_xact_lock($1, hashtext($2))"
_LOCK_SPACE = 4715
_NEXT_END = "select min(delete_at) from import_text"
_DELETE = "delete from import_text where delete_at <= $1 returning true"
_FORGET = "delete from import_text where position($1 in lower(content)) > 0"
_STANDING = """
select p.role, c.email_key, coalesce(p.reference, '') as reference, p.fingerprint
from unnest($2::text[], $3::text[]) w (role, email_key)
join contact c on c.email_key = w.email_key and c.relation = 'self'
join participant p on p.participant_id = c.participant_id and p.role = w.role
where p.edition_id = $1 and p.state in ('unconfirmed', 'awaiting_consent', 'registered')
order by p.participant_id
"""
_TAKE_IN = f"""
with chosen as (
    select edition_id, draw_seed from edition
    where edition_id = $1 and opens_at <= $2 and (closes_at is null or closes_at > $2)
), taken as (
    insert into participant (participant_id, edition_id, role, state, reference, lot, idempotency_key, fingerprint, created_at,
        respond_by, body, job_title, unit_name, presentation)
    select u.participant_id, edition_id, u.role, 'unconfirmed', u.reference,
        encode(sha256(convert_to(draw_seed || ':' || u.key::text, 'UTF8')), 'hex'), u.key, u.fingerprint, $2, $3, u.body::jsonb,
        u.job_title, u.unit_name, u.presentation
    from chosen, unnest($4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::bytea[], $9::text[], $10::text[], $11::text[],
        $12::text[]) u (participant_id, role, reference, key, fingerprint, body, job_title, unit_name, presentation)
    on conflict (idempotency_key) do nothing
    returning participant_id
), people as (
    insert into contact (contact_id, participant_id, relation, name, email, email_key, language)
    select u.* from unnest($13::uuid[], $14::uuid[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[])
        u (contact_id, participant_id, relation, name, email, email_key, language) join taken using (participant_id)
), mentions as (
    insert into named (participant_id, kind, name, email, email_key)
    select u.* from unnest($20::uuid[], $21::text[], $22::text[], $23::text[], $24::text[])
        u (participant_id, kind, name, email, email_key) join taken using (participant_id)
), numbers as (
    insert into event_sequence (topic, key, last)
    select u.topic, u.key, 1 from unnest($25::uuid[], $26::text[], $27::text[]) u (participant_id, topic, key)
    join taken using (participant_id) order by 1, 2
), said as (
    insert into outbox ({COLUMNS})
    select u.shard, u.hash, u.topic, u.key, u.headers, u.body, u.event_id, $2
    from unnest($25::uuid[], $28::smallint[], $29::int[], $30::text[], $31::bytea[], $32::bytea[], $33::bytea[], $34::uuid[])
        with ordinality as u (participant_id, shard, hash, topic, key, headers, body, event_id, place)
    join taken using (participant_id)
    order by u.place
), noted as (
    insert into sign_up_history (participant_id, at, act, actor, coordinator)
    select participant_id, $2, 'imported', 'coordinator', $35 from taken
)
select count(*) from taken
"""  # noqa: S608 - our own column names


@dataclass(frozen=True, slots=True)
class Brought:
    """A list that was brought. `content` is null once nothing of it is left; the counts are null until it is taken in."""

    import_id: UUID
    edition_id: UUID
    brought_by: str
    created_at: datetime
    content: str | None
    done_at: datetime | None
    taken: int | None
    known: int | None
    failed: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One sign-up to be written, with everything that comes to be with it."""

    participant_id: UUID
    role: Role
    reference: str
    key: UUID
    fingerprint: bytes
    details: Details
    people: Sequence[Contact]
    numbered: Sequence[tuple[str, str]]
    records: Sequence[OutboxRecord]


async def keep(
    conn: Any,
    *,
    import_id: UUID,
    edition_id: UUID,
    brought_by: str,
    now: datetime,
    delete_at: datetime,
    content: str,
) -> None:
    """Keep the text until then. The same one again is the same list."""
    await conn.execute(_KEEP, import_id, edition_id, brought_by, now, delete_at, content)


async def one(conn: Any, *, import_id: UUID, now: datetime) -> Brought | None:
    """The list, while it is kept."""
    row = await conn.fetchrow(_ONE, import_id, now)
    return None if row is None else Brought(**row)


async def locked(conn: Any, *, import_id: UUID, now: datetime) -> Brought | None:
    """The list, for taking it in; two lists of one edition wait for each other, so that nobody is taken in by both."""
    row = await conn.fetchrow(_LOCKED, import_id, now)
    if row is None:
        return None
    await conn.execute(_ONE_AT_A_TIME, _LOCK_SPACE, str(row["edition_id"]))
    return Brought(**row)


async def done(
    conn: Any, *, import_id: UUID, left: str | None, now: datetime, taken: int, known: int, failed: int
) -> None:
    """The list is taken in; only what is left of it is kept."""
    await conn.execute(_DONE, import_id, left, now, taken, known, failed)


async def next_end(conn: Any) -> datetime | None:
    """When the next text is to be deleted."""
    moment: datetime | None = await conn.fetchval(_NEXT_END)
    return moment


async def delete_old(conn: Any, *, now: datetime) -> int:
    """Delete the texts whose day is over; how many."""
    return len(await conn.fetch(_DELETE, now))


async def forget(conn: Any, *, key: str) -> None:
    """Delete every text in which an address stands: its owner is erased."""
    await conn.execute(_FORGET, key)


async def standing(conn: Any, *, edition_id: UUID, who: Sequence[Who]) -> dict[Who, Standing]:
    """The sign-ups that count already, of these people."""
    rows = await conn.fetch(_STANDING, edition_id, [role for role, _ in who], [key for _, key in who])
    return {(row["role"], row["email_key"]): Standing(row["reference"], row["fingerprint"]) for row in rows}


async def take_in(
    conn: Any,
    *,
    edition_id: UUID,
    now: datetime,
    respond_by: datetime,
    entries: Sequence[Entry],
    coordinator: str,
) -> int:
    """Write them all in one statement; how many were new. Raises UniqueViolationError where a reference is taken."""
    people = [person for entry in entries for person in entry.people]
    mentions = [(entry.participant_id, mention) for entry in entries for mention in entry.details.mentions]
    numbered = [(entry.participant_id, *pair) for entry in entries for pair in entry.numbered]
    rows = [outbox_columns(record, now=now) for entry in entries for record in entry.records]
    count: int = await conn.fetchval(
        _TAKE_IN,
        edition_id,
        now,
        respond_by,
        [one.participant_id for one in entries],
        [one.role for one in entries],
        [one.reference for one in entries],
        [one.key for one in entries],
        [one.fingerprint for one in entries],
        [json.dumps(one.details.body) for one in entries],
        [one.details.job_title for one in entries],
        [one.details.unit_name for one in entries],
        [one.details.presentation for one in entries],
        [one.contact_id for one in people],
        [one.participant_id for one in people],
        [one.relation for one in people],
        [one.name for one in people],
        [one.email for one in people],
        [email_key(one.email) for one in people],
        [one.language for one in people],
        [owner for owner, _ in mentions],
        [one.kind for _, one in mentions],
        [one.name for _, one in mentions],
        [one.email for _, one in mentions],
        [None if one.email is None else email_key(one.email) for _, one in mentions],
        [owner for owner, _, _ in numbered],
        [topic for _, topic, _ in numbered],
        [key for _, _, key in numbered],
        *([values[place] for values in rows] for place in range(7)),
        coordinator,
    )
    return count
