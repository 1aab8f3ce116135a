"""Fill an empty Kafka again from the history: for the day after everything on it was lost."""

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from ipraktik_chassis.admission import why_not_in
from ipraktik_chassis.kafka_login import OPEN, KafkaLogin
from ipraktik_chassis.partitioning import SHARDS
from ipraktik_chassis.producer import ProducerFactory, idempotent_producer
from ipraktik_chassis.sending import CannotSend, RecordSender
from ipraktik_chassis.shards import hold_all, release_all

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


async def replay_all(
    conn: Any,
    *,
    bootstrap: str,
    topics: Collection[str] | None = None,
    force: bool = False,
    login: KafkaLogin = OPEN,
    producer_factory: ProducerFactory | None = None,
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
        filled = await _not_empty(bootstrap, chosen, login=login)
        if filled and not force:
            raise TopicsNotEmpty(f"{', '.join(filled)}: not empty")
        factory = producer_factory or partial(idempotent_producer, login=login)
        sender = RecordSender(bootstrap=bootstrap, producer_factory=factory)
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
        _log.info("Rows of history replayed: %d", sent.total())
    return dict(sent)


async def _not_empty(bootstrap: str, topics: Sequence[str], *, login: KafkaLogin) -> list[str]:
    """Which of the topics hold a record. Raises CannotSend where one is missing or Kafka does not answer."""
    if not topics:  # a service that has said nothing yet; a client that is asked nothing fails to stop
        return []
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, **login.client_arguments())
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=None, **login.client_arguments())
    try:
        async with asyncio.timeout(_KAFKA_SECONDS):
            await admin.start()
            missing = sorted(set(topics).difference(await admin.list_topics()))
            if missing:
                sentence = f"{', '.join(missing)}: not there, or not for {login}; create the topics first"
                raise CannotSend("unknown_topic", sentence)
            described = await admin.describe_topics(list(topics))
            partitions = [
                TopicPartition(topic["topic"], partition["partition"])
                for topic in described
                for partition in topic["partitions"]
            ]
            await consumer.start()
            first = await consumer.beginning_offsets(partitions)
            end = await consumer.end_offsets(partitions)
    except (KafkaError, OSError, TimeoutError) as error:
        reason = await why_not_in(login=login, bootstrap=bootstrap)
        raise CannotSend("broker_unreachable", f"no answer from {reason}") from error
    finally:
        with suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(_KAFKA_SECONDS):
                await consumer.stop()
                await admin.close()
    return sorted({partition.topic for partition in partitions if end[partition] > first[partition]})
