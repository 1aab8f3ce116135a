"""Webhooks: who is called where, how far each has got, and how each stands.

Invariant: `position` only moves from the one it was read at, so of two that deliver at once (one of them cut off from the
database meanwhile) one moves it and the other learns that it is no longer its turn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ipraktik_chassis.transaction import Connection
from ipraktik_notify.domain.scope import Scope
from ipraktik_notify.store.people import Contact


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as it stands."""

    webhook_id: UUID
    number: int
    agency: str
    url: str = field(repr=False)
    scope: Scope
    owner_email: str = field(repr=False)
    language: str
    state: str
    reason: str | None
    position: int
    revision: int
    attempts: int
    failing_since: datetime | None
    next_try_at: datetime | None
    secret: str = field(repr=False)
    former_secret: str | None = field(repr=False)
    former_until: datetime | None
    created_by: str
    created_at: datetime
    changed_at: datetime

    def secrets(self, now: datetime) -> tuple[str, ...]:
        """What signs now: the secret, and the one before it as long as both hold."""
        if self.former_secret is not None and self.former_until is not None and now < self.former_until:
            return self.secret, self.former_secret
        return (self.secret,)


async def add(
    conn: Connection,
    *,
    webhook_id: UUID,
    agency: str,
    url: str,
    scope: Scope,
    owner_email: str,
    language: str,
    position: int,
    secret: str,
    created_by: str,
    now: datetime,
) -> Webhook:
    """Keep a new webhook; it is active at once."""
    row = await conn.fetchrow(
        """
        insert into webhook (webhook_id, agency, url, topics, types, owner_email, language, state, position, secret,
                             created_by, created_at, changed_at)
        values ($1, $2, $3, $4, $5, $6, $7, 'active', $8, $9, $10, $11, $11) returning *
        """,
        webhook_id,
        agency,
        url,
        list(scope.topics),
        list(scope.types),
        owner_email,
        language,
        position,
        secret,
        created_by,
        now,
    )
    return _webhook(row)


async def count_of(conn: Connection, *, agency: str) -> int:
    """How many webhooks an agency has; nobody else adds one until the transaction ends."""
    await conn.execute("select pg_advisory_xact_lock(4718, hashtext($1))", agency)
    found: int = await conn.fetchval("select count(*) from webhook where agency = $1", agency)
    return found


async def get(conn: Connection, *, webhook_id: UUID, lock: bool = False) -> Webhook | None:
    """One webhook; with `lock` nobody else changes it until the transaction ends."""
    row = await conn.fetchrow(
        "select * from webhook where webhook_id = $1 for update"
        if lock
        else "select * from webhook where webhook_id = $1",
        webhook_id,
    )
    return None if row is None else _webhook(row)


async def by_number(conn: Connection, *, number: int) -> Webhook | None:
    """The webhook with this number."""
    row = await conn.fetchrow("select * from webhook where number = $1", number)
    return None if row is None else _webhook(row)


async def page(conn: Connection, *, agency: str | None, after: UUID | None, limit: int) -> list[Webhook]:
    """Webhooks in the order in which they were made."""
    rows = await conn.fetch(
        """
        select * from webhook
        where ($1::text is null or agency = $1) and ($2::uuid is null or webhook_id > $2) order by webhook_id limit $3
        """,
        agency,
        after,
        limit,
    )
    return [_webhook(row) for row in rows]


_CHANGE: Final = """
update webhook
set url = $2, owner_email = $3, language = $4, state = $5, reason = $6, position = $7, attempts = $8, failing_since = $9,
    next_try_at = $10, secret = $11, former_secret = $12, former_until = $13, changed_at = $14, revision = revision + 1
where webhook_id = $1 returning *
"""


async def change(conn: Connection, *, webhook: Webhook, now: datetime) -> Webhook:
    """Keep what a person changed. The caller has locked the row."""
    row = await conn.fetchrow(
        _CHANGE,
        webhook.webhook_id,
        webhook.url,
        webhook.owner_email,
        webhook.language,
        webhook.state,
        webhook.reason,
        webhook.position,
        webhook.attempts,
        webhook.failing_since,
        webhook.next_try_at,
        webhook.secret,
        webhook.former_secret,
        webhook.former_until,
        now,
    )
    return _webhook(row)


async def remove(conn: Connection, *, webhook_id: UUID) -> None:
    """Delete a webhook with its delivery log and its owner's address."""
    await conn.execute("delete from webhook where webhook_id = $1", webhook_id)


async def owners(conn: Connection, *, webhook_ids: Sequence[UUID]) -> dict[UUID, Contact]:
    """Whom to write to about these webhooks, as far as they are still there."""
    rows = await conn.fetch(
        "select webhook_id, owner_email, language from webhook where webhook_id = any($1::uuid[])",
        list(webhook_ids),
    )
    return {
        row["webhook_id"]: Contact(
            row["webhook_id"], row["webhook_id"], "owner", "", row["owner_email"], row["language"], "", 1
        )
        for row in rows
    }


def _webhook(row: Mapping[str, Any]) -> Webhook:
    fields = dict(row)
    scope = Scope(tuple(fields.pop("topics")), tuple(fields.pop("types")))
    return Webhook(scope=scope, **fields)
