"""The host registry: valid hosts of an edition, facts of organisations only. And the coordinators' list of sign-ups."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_registration.domain.life import Role, State

_HOSTS = """
select p.participant_id, p.edition_id, o.name as organisation_name, p.body from participant p
join organisation o using (organisation_id)
where p.role = 'host' and p.state = 'registered' and ($1::uuid is null or p.edition_id = $1)
    and ($2::text is null or p.body->>'field' = $2) and ($3::text is null or p.body->'workplace'->>'sector' = $3)
    and ($4::text is null or p.body->'workplace'->>'municipality_code' = $4)
    and ($5::uuid is null or p.participant_id > $5)
order by p.participant_id limit $6
"""
# From the narrow rows that triggers keep in the same transaction: their index (sign_up_line_by_state) alone answers.
_COUNT = "select count(*) from sign_up_line where edition_id = any($1::uuid[]) and role = 'host' and state = 'registered'"
_EDITION_OF_HOST = """
select edition_id from participant where participant_id = $1 and role = 'host' and state = 'registered'
"""
_SIGN_UPS = """
select participant_id, edition_id, role, state, reference, created_at, respond_by from participant
where ($1::uuid is null or edition_id = $1) and ($2::text is null or state = $2) and ($3::uuid is null or participant_id > $3)
order by participant_id limit $4
"""


@dataclass(frozen=True, slots=True)
class Host:
    """A host on offer."""

    participant_id: UUID
    edition_id: UUID
    organisation_name: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A sign-up as coordinators see it in a list: no names."""

    participant_id: UUID
    edition_id: UUID
    role: Role
    state: State
    reference: str | None
    created_at: datetime
    respond_by: datetime | None


async def hosts(
    conn: Any,
    *,
    edition_id: UUID | None,
    field: str | None,
    sector: str | None,
    municipality_code: str | None,
    after: UUID | None,
    limit: int,
) -> list[Host]:
    """Valid hosts, by id."""
    rows = await conn.fetch(_HOSTS, edition_id, field, sector, municipality_code, after, limit)
    return [Host(**{**row, "body": json.loads(row["body"])}) for row in rows]


async def host_count(conn: Any, *, edition_ids: list[UUID]) -> int:
    """How many valid hosts these editions have."""
    count: int = await conn.fetchval(_COUNT, edition_ids)
    return count


async def edition_of_host(conn: Any, *, participant_id: UUID) -> UUID | None:
    """The edition in which that is a valid host; None where it is none."""
    edition_id: UUID | None = await conn.fetchval(_EDITION_OF_HOST, participant_id)
    return edition_id


async def sign_ups(
    conn: Any, *, edition_id: UUID | None, state: str | None, after: UUID | None, limit: int
) -> list[Line]:
    """Sign-ups in the order in which they came."""
    return [Line(**row) for row in await conn.fetch(_SIGN_UPS, edition_id, state, after, limit)]
