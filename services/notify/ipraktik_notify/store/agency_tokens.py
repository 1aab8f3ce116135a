"""Tokens of agencies. A token itself is never stored, only its digest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ipraktik_chassis.transaction import Connection
from ipraktik_notify.domain.scope import Scope


@dataclass(frozen=True, slots=True)
class AgencyToken:
    """What a token is and opens."""

    token_id: UUID
    agency: str
    scope: Scope
    minted_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_on: date | None


_COLUMNS = "token_id, agency, topics, types, minted_by, created_at, expires_at, revoked_at, last_used_on"


async def add(conn: Connection, *, token: AgencyToken, digest: bytes) -> None:
    """Keep a new token."""
    await conn.execute(
        """
        insert into agency_token (token_id, agency, digest, topics, types, minted_by, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        token.token_id,
        token.agency,
        digest,
        list(token.scope.topics),
        list(token.scope.types),
        token.minted_by,
        token.created_at,
        token.expires_at,
    )


async def by_digest(conn: Connection, *, digest: bytes, today: date) -> AgencyToken | None:
    """The token with this digest, revoked or run out as it may be; the day of its use is noted, once a day."""
    row = await conn.fetchrow(f"select {_COLUMNS} from agency_token where digest = $1", digest)  # noqa: S608 - own text
    if row is None:
        return None
    if row["last_used_on"] != today:
        await conn.execute(
            "update agency_token set last_used_on = $2 where token_id = $1", row["token_id"], today
        )
    return _token(row)


async def page(conn: Connection, *, agency: str | None, after: UUID | None, limit: int) -> list[AgencyToken]:
    """Tokens in the order in which they were minted, old ones included."""
    rows = await conn.fetch(
        f"""
        select {_COLUMNS} from agency_token
        where ($1::text is null or agency = $1) and ($2::uuid is null or token_id > $2) order by token_id limit $3
        """,  # noqa: S608 - own text
        agency,
        after,
        limit,
    )
    return [_token(row) for row in rows]


async def revoke(conn: Connection, *, token_id: UUID, now: datetime) -> AgencyToken | None:
    """Make a token void, once and for all; None where there is no such token."""
    row = await conn.fetchrow(
        f"""
        update agency_token set revoked_at = coalesce(revoked_at, $2) where token_id = $1 returning {_COLUMNS}
        """,  # noqa: S608 - own text
        token_id,
        now,
    )
    return None if row is None else _token(row)


def _token(row: Mapping[str, Any]) -> AgencyToken:
    fields = dict(row)
    scope = Scope(tuple(fields.pop("topics")), tuple(fields.pop("types")))
    return AgencyToken(scope=scope, **fields)
