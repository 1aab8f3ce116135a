"""The history: every row that Kafka has acknowledged, moved here by the relay, from which an empty Kafka is filled again (refilling).

Invariants: append-only but for erasure; a row is in the outbox or here, never in both, since one statement moves it; within a
key (shard, id) is the order in which it was said. Nothing here speaks to Kafka: `serve` erases, and loads no client for it.
"""

from collections.abc import Sequence
from typing import Any, Final

from ipraktik_chassis import outbox_dead
from ipraktik_chassis.partitioning import key_hash, shard_of

MOVE: Final = """
with gone as (
    delete from outbox where shard = any($1::smallint[]) and id = any($2::bigint[]) returning shard, id, hash, topic, key, headers, body, event_id, created_at)
insert into published (shard, id, hash, topic, key, headers, body, event_id, created_at) select shard, id, hash, topic, key, headers, body, event_id, created_at from gone
"""
"""What the relay does with acknowledged rows. By id, never by range: a range would take a late commit that was never sent."""

# A shard is a 64th of the history; an index by key would cost every row of every day for the sake of a rare erasure.
_FORGET_WAITING = """
delete from outbox t using unnest($1::smallint[], $3::bytea[]) k (shard, key)
where t.shard = k.shard and t.topic = $2 and t.key = k.key and t.body is not null
"""
_FORGET_DEAD = """
delete from outbox_dead t using unnest($1::smallint[], $3::bytea[]) k (shard, key)
where t.shard = k.shard and t.topic = $2 and t.key = k.key and t.body is not null
"""
_FORGET_SAID = """
delete from published t using unnest($1::smallint[], $3::bytea[]) k (shard, key)
where t.shard = k.shard and t.topic = $2 and t.key = k.key and t.body is not null
"""


async def forget(conn: Any, *, topic: str, keys: Sequence[bytes]) -> int:
    """Delete every body of these keys from history, outbox and dead rows, in the caller's transaction: part of an erasure.

    `topic` as Kafka knows it. Tombstones stay, so it does not matter whether they are written before or after; one that
    waited behind a dead row goes back to the outbox. The order of tables is that of a row's way, so one that is just being
    moved is waited for, and found. Returns how many rows were deleted.
    """
    shards = [shard_of(key_hash(key)) for key in keys]
    await outbox_dead.lock(conn, shards=shards)
    deleted = 0
    for statement in (_FORGET_WAITING, _FORGET_DEAD, _FORGET_SAID):
        done: str = await conn.execute(statement, shards, topic, list(keys))
        deleted += int(done.rsplit(maxsplit=1)[-1])
    await outbox_dead.retry(conn, topic=topic, keys=keys)
    return deleted
