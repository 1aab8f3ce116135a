"""The history: every row that Kafka has acknowledged, moved here by the relay, from which an empty Kafka is filled again.

Invariants: append-only but for erasure; a row is in the outbox or here, never in both, since one statement moves it; within a
key (shard, id) is the order in which it was said.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from ipraktik_chassis import outbox_dead
from ipraktik_chassis.partitioning import SHARDS, key_hash, shard_of
from ipraktik_chassis.producer import ProducerFactory, idempotent_producer
from ipraktik_chassis.sending import CannotSend, RecordSender
from ipraktik_chassis.shards import hold_all, release_all

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
_TOPICS = "select distinct topic from published order by 1"
_PAGE = """
select p.shard, p.id, p.hash, p.topic, p.key, p.headers, p.body
from unnest($1::smallint[], $2::bigint[]) s (shard, low) cross join lateral (
    select * from published where shard = s.shard and id > s.low and topic = any($4::text[]) order by id limit $3) p
"""
_PAGE_ROWS: Final = 64
_KAFKA_SECONDS: Final = 30.0

_log = logging.getLogger(__name__)


class TopicsNotEmpty(Exception):
    """A topic to be filled holds records already."""


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


async def replay_all(
    conn: Any,
    *,
    bootstrap: str,
    topics: Collection[str] | None = None,
    force: bool = False,
    producer_factory: ProducerFactory = idempotent_producer,
) -> dict[str, int]:
    """Send the whole history, or that of some topics, to Kafka again; order is kept within each key.

    No relay may be at work (raises ShardsHeld), or something new would come before what is old. The topics must be empty
    (raises TopicsNotEmpty) unless forced: subscribers that keep an inbox drop what they have, others see it twice. `conn` is
    a session of its own, not from a pool. Returns how many rows went to each topic; raises CannotSend half-way, and a
    forced second run completes it.
    """
    await hold_all(conn)
    try:
        chosen = sorted(topics) if topics is not None else [row["topic"] for row in await conn.fetch(_TOPICS)]
        filled = await _not_empty(bootstrap, chosen)
        if filled and not force:
            raise TopicsNotEmpty(f"{', '.join(filled)}: not empty; replay only what is empty, or force it")
        sender = RecordSender(bootstrap=bootstrap, producer_factory=producer_factory)
        await sender.start()
        try:
            return await _stream(conn, sender, chosen)
        finally:
            await sender.stop()
    finally:
        await release_all(conn)


async def _stream(conn: Any, sender: RecordSender, topics: Sequence[str]) -> dict[str, int]:
    sent: Counter[str] = Counter()
    low = dict.fromkeys(range(SHARDS), 0)
    held: set[tuple[str, bytes]] = set()
    while low:
        rows = await conn.fetch(_PAGE, list(low), list(low.values()), _PAGE_ROWS, list(topics))
        returned = Counter(row["shard"] for row in rows)
        low |= {row["shard"]: row["id"] for row in rows}
        low = {shard: mark for shard, mark in low.items() if returned[shard] == _PAGE_ROWS}
        built = await sender.build(rows, held=held)
        await sender.deliver(built, held=held)
        if built.refused:
            refused, reason = built.refused[0]
            raise CannotSend(reason, f"{refused[3]} refuses a row that it once took: {reason}")
        sent.update(row["topic"] for row in rows)
        _log.info("Replayed %d rows of history", sent.total())
    return dict(sent)


async def _not_empty(bootstrap: str, topics: Sequence[str]) -> list[str]:
    """Which of the topics hold a record. Raises CannotSend where one is missing or Kafka does not answer."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=None)
    try:
        async with asyncio.timeout(_KAFKA_SECONDS):
            await admin.start()
            missing = sorted(set(topics).difference(await admin.list_topics()))
            if missing:
                raise CannotSend("unknown_topic", f"{', '.join(missing)}: not there; create the topics first")
            described = await admin.describe_topics(list(topics)) if topics else []
            partitions = [
                TopicPartition(topic["topic"], partition["partition"])
                for topic in described
                for partition in topic["partitions"]
            ]
            await consumer.start()
            first = await consumer.beginning_offsets(partitions)
            end = await consumer.end_offsets(partitions)
    except (KafkaError, OSError, TimeoutError) as error:
        raise CannotSend(
            "broker_unreachable", f"no answer from {bootstrap}: {type(error).__name__}"
        ) from error
    finally:
        with suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(_KAFKA_SECONDS):
                await consumer.stop()
                await admin.close()
    return sorted({partition.topic for partition in partitions if end[partition] > first[partition]})
