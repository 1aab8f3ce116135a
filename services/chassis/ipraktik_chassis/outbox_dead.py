"""Rows that Kafka will never take, kept whole with everything of the same key that came after, until somebody acts.

Invariants: while a (topic, key) has a row here, nothing of it is sent, so order and gaplessness hold; nothing leaves but by a
retry, which puts the whole key back in its old place, or by an erasure. There is no discarding: a gap would be a lie.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ipraktik_chassis.partitioning import key_hash, shard_of

BEHIND: Final = "behind"
"""The reason of a row that waits for an earlier one of its key."""

_DEAD_LOCK: Final = 4714

# Burying and retrying the same key exclude each other: a row put behind another must find it still there.
_LOCK = "select pg_advisory_xact_lock($1, shard) from (select distinct unnest($2::int[]) shard order by 1) s"
_BURY = """
with gone as (
    delete from outbox o using unnest($1::smallint[], $2::bigint[], $3::text[]) r (shard, id, reason)
    where o.shard = r.shard and o.id = r.id returning o.*, r.reason)
insert into outbox_dead (shard, id, hash, topic, key, headers, body, event_id, created_at, reason) select shard, id, hash, topic, key, headers, body, event_id, created_at, reason from gone
"""
_BURY_BEHIND = """
with gone as (
    delete from outbox o using unnest($1::smallint[], $2::bigint[]) r (shard, id)
    where o.shard = r.shard and o.id = r.id
      and exists (select from outbox_dead d where d.shard = o.shard and d.topic = o.topic and d.key = o.key)
    returning o.*)
insert into outbox_dead (shard, id, hash, topic, key, headers, body, event_id, created_at, reason) select shard, id, hash, topic, key, headers, body, event_id, created_at, 'behind' from gone
"""
_KEYS = "select distinct topic, key from outbox_dead where shard = any($1::smallint[])"
_LIST = (
    "select shard, id, topic, key, event_id, created_at, reason from outbox_dead order by shard, id limit $1"
)
_RETRY = """
with back as (
    delete from outbox_dead d using unnest($1::smallint[], $3::bytea[]) k (shard, key)
    where d.shard = k.shard and d.topic = $2 and d.key = k.key returning d.*)
insert into outbox (shard, id, hash, topic, key, headers, body, event_id, created_at) overriding system value select shard, id, hash, topic, key, headers, body, event_id, created_at from back
"""


@dataclass(frozen=True, slots=True)
class DeadRow:
    """A row that cannot go, without its content."""

    shard: int
    id: int
    topic: str
    key: bytes
    event_id: UUID
    created_at: datetime
    reason: str


async def bury(
    conn: Any, *, refused: Sequence[tuple[Sequence[Any], str]], behind: Sequence[Sequence[Any]]
) -> None:
    """Move refused rows here, with why, and rows behind a dead one of their key after them, in one transaction.

    A row whose key was retried meanwhile stays in the outbox: the next sweep reads the whole key anew.
    """
    async with conn.transaction():
        await lock(conn, shards=[row[0] for row, _ in refused] + [row[0] for row in behind])
        rows = [row for row, _ in refused]
        await conn.execute(_BURY, *_places(rows), [reason for _, reason in refused])
        await conn.execute(_BURY_BEHIND, *_places(behind))


async def held_keys(conn: Any, *, shards: Iterable[int]) -> set[tuple[str, bytes]]:
    """The (topic, key) pairs of these shards of which nothing may be sent."""
    return {(row["topic"], row["key"]) for row in await conn.fetch(_KEYS, list(shards))}


async def listed(conn: Any, *, limit: int = 1000) -> list[DeadRow]:
    """What is here, in the order within each key."""
    return [DeadRow(**dict(row)) for row in await conn.fetch(_LIST, limit)]


async def count(conn: Any) -> int:
    """How many rows are here."""
    found: int = await conn.fetchval("select count(*) from outbox_dead")
    return found


async def retry(conn: Any, *, topic: str, keys: Sequence[bytes]) -> int:
    """Put everything of these keys back into the outbox, in its old place, after the cause is mended. Returns how many rows."""
    shards = [shard_of(key_hash(key)) for key in keys]
    async with conn.transaction():
        await lock(conn, shards=shards)
        done: str = await conn.execute(_RETRY, shards, topic, list(keys))
    return int(done.rsplit(maxsplit=1)[-1])


async def lock(conn: Any, *, shards: Sequence[int]) -> None:
    """Until the transaction ends, nobody else buries or retries rows of these shards."""
    await conn.execute(_LOCK, _DEAD_LOCK, list(shards))


def _places(rows: Sequence[Sequence[Any]]) -> tuple[list[int], list[int]]:
    return [row[0] for row in rows], [row[1] for row in rows]
