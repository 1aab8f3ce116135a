"""The one statement that takes a sign-up in: state, people, numbers and outbox rows, in one round trip.

Invariants: nothing is written unless exactly one edition takes sign-ups at this instant and the key is new; the keys of the
events are new too, so their counters start at one and nobody else can hold them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_chassis.outbox import COLUMNS, OutboxRecord, outbox_columns
from ipraktik_registration.domain.details import Details
from ipraktik_registration.domain.life import Role
from ipraktik_registration.domain.names import email_key
from ipraktik_registration.store.contacts import Contact

_TAKE_IN = f"""
with open_edition as (
    select edition_id, draw_seed from edition
    where ($1::uuid is null or edition_id = $1) and opens_at <= $2 and (closes_at is null or closes_at > $2)
), chosen as (
    select edition_id, draw_seed from open_edition where (select count(*) from open_edition) = 1
), taken as (
    insert into participant (participant_id, edition_id, role, state, reference, lot, idempotency_key, fingerprint, created_at,
        respond_by, body, job_title, unit_name, presentation)
    select $3, edition_id, $4, 'unconfirmed', $5, encode(sha256(convert_to(draw_seed || ':' || $6::uuid::text, 'UTF8')), 'hex'),
        $6, $7, $2, $8, $9::jsonb, $10, $11, $12
    from chosen
    on conflict (idempotency_key) do nothing
    returning participant_id
), people as (
    insert into contact (contact_id, participant_id, relation, name, email, email_key, language)
    select c.* from taken, lateral (select u.contact_id, taken.participant_id, u.relation, u.name, u.email, u.email_key, u.language
        from unnest($13::uuid[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[])
            u (contact_id, relation, name, email, email_key, language)) c
), mentions as (
    insert into named (participant_id, kind, name, email, email_key, other_id)
    select taken.participant_id, u.* from taken,
        unnest($19::text[], $20::text[], $21::text[], $22::text[], $23::uuid[]) u
), numbers as (
    insert into event_sequence (topic, key, last)
    select u.topic, u.key, 1 from taken, unnest($24::text[], $25::text[]) u (topic, key) order by 1, 2
), said as (
    insert into outbox ({COLUMNS})
    select u.shard, u.hash, u.topic, u.key, u.headers, u.body, u.event_id, $2
    from taken, unnest($26::smallint[], $27::int[], $28::text[], $29::bytea[], $30::bytea[], $31::bytea[], $32::uuid[])
        with ordinality as u (shard, hash, topic, key, headers, body, event_id, place)
    order by u.place
), noted as (
    insert into sign_up_history (participant_id, at, act, actor, coordinator)
    select participant_id, $2, 'registered_on_behalf', 'coordinator', $33 from taken where $33::text is not null
)
select (select count(*) from open_edition) as editions, (select count(*) from taken) as taken
"""  # noqa: S608 - our own column names
_BY_KEY = """
select participant_id, reference, created_at, role, fingerprint from participant where idempotency_key = $1
"""
_EXISTS = "select exists (select from edition where edition_id = $1)"


@dataclass(frozen=True, slots=True)
class Taken:
    """A sign-up that an idempotency key stands for."""

    participant_id: UUID
    reference: str | None
    created_at: datetime
    role: Role
    fingerprint: bytes | None


async def take_in(
    conn: Any,
    *,
    edition_id: UUID | None,
    now: datetime,
    participant_id: UUID,
    role: Role,
    reference: str,
    key: UUID,
    fingerprint: bytes,
    respond_by: datetime,
    details: Details,
    people: Sequence[Contact],
    numbered: Sequence[tuple[str, str]],
    records: Sequence[OutboxRecord],
    on_behalf: str | None = None,
) -> tuple[int, bool]:
    """Write it all or nothing; how many editions take sign-ups now, and whether this one was taken in.

    `numbered` names (topic without namespace, key) of each event. Raises UniqueViolationError where the reference is taken.
    """
    mentions = details.mentions
    rows = [outbox_columns(record, now=now) for record in records]
    row = await conn.fetchrow(
        _TAKE_IN,
        edition_id,
        now,
        participant_id,
        role,
        reference,
        key,
        fingerprint,
        respond_by,
        json.dumps(details.body),
        details.job_title,
        details.unit_name,
        details.presentation,
        [one.contact_id for one in people],
        [one.relation for one in people],
        [one.name for one in people],
        [one.email for one in people],
        [email_key(one.email) for one in people],
        [one.language for one in people],
        [one.kind for one in mentions],
        [one.name for one in mentions],
        [one.email for one in mentions],
        [None if one.email is None else email_key(one.email) for one in mentions],
        [one.other_id for one in mentions],
        [topic for topic, _ in numbered],
        [event_key for _, event_key in numbered],
        *([values[place] for values in rows] for place in range(7)),
        on_behalf,
    )
    return row["editions"], row["taken"] == 1


async def by_key(conn: Any, *, key: UUID) -> Taken | None:
    """The sign-up that the key stands for."""
    row = await conn.fetchrow(_BY_KEY, key)
    return None if row is None else Taken(**row)


async def edition_exists(conn: Any, *, edition_id: UUID) -> bool:
    """Whether there is such an edition, open or not."""
    found: bool = await conn.fetchval(_EXISTS, edition_id)
    return found
