"""What tests of the relay stand on: events with a number per key in the outbox, and what of them arrived in Kafka.

The body of an event says its number within its key, so order, gaps and duplicates can be read from the topic alone.
"""

import asyncio
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from ipraktik_chassis import outbox
from ipraktik_chassis.outbox import OutboxRecord
from ipraktik_chassis.producer import Batch, Producer, idempotent_producer
from ipraktik_chassis.relay import Relay, RelaySettings
from ipraktik_chassis.relay_metrics import RelayMetrics

NOW = datetime(2018, 4, 9, 8, 0, tzinfo=UTC)
PATIENCE = 90.0
QUICK = RelaySettings(sweep_seconds=0.2)


def event(topic: str, key: str, number: int, *, size: int = 0) -> OutboxRecord:
    """The numbered event of a key; `size` makes its body that much larger."""
    headers = (("ce_id", str(uuid.uuid4()).encode()), ("ce_sequence", b"%010d" % number))
    return OutboxRecord(topic, key.encode(), headers, b"%d" % number + b" " * size, uuid.uuid4())


async def say(conn: Any, topic: str, numbers: Mapping[str, Sequence[int]]) -> None:
    """Commit these numbers of each key, keys taking turns."""
    longest = max(len(of_key) for of_key in numbers.values())
    records = [
        event(topic, key, of_key[place])
        for place in range(longest)
        for key, of_key in numbers.items()
        if place < len(of_key)
    ]
    await outbox.append(conn, records, now=NOW)


async def create_topic(bootstrap: str, name: str, *, partitions: int = 12, **config: str) -> str:
    """A topic of a test's own, ready for records."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        configs = {setting.replace("_", "."): value for setting, value in config.items()}
        await admin.create_topics([NewTopic(name, partitions, 1, topic_configs=configs)])

        async def is_led() -> bool:
            """The controller answers before the broker leads what was made."""
            found = (await admin.describe_topics([name]))[0]["partitions"]
            return len(found) == partitions and all(partition["leader"] >= 0 for partition in found)

        await until(is_led)
    finally:
        await admin.close()
    return name


async def records_of(bootstrap: str, *topics: str) -> list[Any]:
    """Everything the topics hold now, in order per partition."""
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    found: list[Any] = []
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        deadline = time.monotonic() + PATIENCE
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            assert time.monotonic() < deadline, "the topic could not be read to its end"
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += records
    finally:
        await consumer.stop()
    return found


def arrivals(records: Sequence[Any]) -> dict[str, list[int]]:
    """Per key, the numbers in order of arrival, repeats included."""
    found: dict[str, list[int]] = defaultdict(list)
    for record in records:
        found[record.key.decode()].append(int(record.value))
    return dict(found)


def first_appearances(records: Sequence[Any]) -> dict[str, list[int]]:
    """Per key, the numbers in the order in which each was first seen."""
    return {key: list(dict.fromkeys(numbers)) for key, numbers in arrivals(records).items()}


async def until(fact: Callable[[], Awaitable[bool]], *, within: float = PATIENCE) -> None:
    """Wait for a fact, within a bound."""
    deadline = time.monotonic() + within
    while not await fact():
        assert time.monotonic() < deadline, "what was waited for did not come true"
        await asyncio.sleep(0.02)


async def drained(conn: Any) -> None:
    """Wait until the outbox is empty."""

    async def empty() -> bool:
        return (await outbox.backlog(conn)).rows == 0

    await until(empty)


@dataclass(frozen=True)
class OutboxDatabase:
    """A database with an empty outbox. `url` is the running role's, `conn` a session of that role."""

    url: str
    admin: Any
    conn: Any


@dataclass
class Running:
    """A relay at work."""

    relay: Relay
    stop: asyncio.Event
    task: "asyncio.Task[None]"

    async def end(self) -> None:
        """Ask it to stop and wait until it has."""
        self.stop.set()
        await asyncio.wait_for(self.task, PATIENCE)

    async def owns(self, shards: int) -> None:
        """Wait until it holds that many shards."""

        async def so_many() -> bool:
            assert not self.task.done(), self.task.exception()
            return self.relay.progress.shards_owned == shards

        await until(so_many)


@asynccontextmanager
async def relaying(
    database_url: str,
    bootstrap: str,
    *,
    settings: RelaySettings = QUICK,
    producer_factory: Callable[[str, int], Producer] = idempotent_producer,
    metrics: RelayMetrics | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> AsyncIterator[Running]:
    """A relay for as long as the block runs. A crash that the test did not look at fails the test."""
    relay = Relay(
        database_url=database_url,
        bootstrap=bootstrap,
        settings=settings,
        metrics=metrics,
        producer_factory=producer_factory,
        monotonic=monotonic,
    )
    stop = asyncio.Event()
    running = Running(relay, stop, asyncio.create_task(relay.run(stop)))
    try:
        yield running
    finally:
        if not running.task.done():
            await running.end()
    if not stop.is_set():
        assert running.task.exception() is not None, "a relay ended without being asked"


@dataclass
class Gate:
    """A producer factory whose producers wait before each batch while the gate is shut."""

    open: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self, bootstrap: str, max_batch_bytes: int) -> Producer:
        """A gated producer."""
        return _GatedProducer(idempotent_producer(bootstrap, max_batch_bytes), self)


class PassingOn:
    """A producer that lets everything through to another; tests override what they want to disturb."""

    def __init__(self, inner: Producer) -> None:
        self._inner = inner

    async def start(self) -> None:
        await self._inner.start()

    async def stop(self) -> None:
        await self._inner.stop()

    async def partitions_for(self, topic: str) -> set[int]:
        return await self._inner.partitions_for(topic)

    def create_batch(self) -> Batch:
        return self._inner.create_batch()

    async def send_batch(self, batch: Batch, topic: str, *, partition: int) -> "asyncio.Future[Any]":
        return await self._inner.send_batch(batch, topic, partition=partition)


class _GatedProducer(PassingOn):
    def __init__(self, inner: Producer, gate: Gate) -> None:
        super().__init__(inner)
        self._gate = gate

    async def send_batch(self, batch: Batch, topic: str, *, partition: int) -> "asyncio.Future[Any]":
        self._gate.arrived.set()
        await self._gate.open.wait()
        return await self._inner.send_batch(batch, topic, partition=partition)


@asynccontextmanager
async def halted_relay(database_url: str, bootstrap: str, where: str) -> AsyncIterator[None]:
    """A relay in a process of its own that has halted in its first slice, `before_send` or `after_ack`; killed at the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "chassis.relay.halting_relay", database_url, bootstrap, where),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    try:
        assert await asyncio.wait_for(process.stdout.readline(), PATIENCE) == b"HALTED\n"
        yield
    finally:
        process.kill()
        await process.wait()


async def end_lock_session(admin: asyncpg.Connection, *, shard: int | None = None) -> int:
    """End the sessions that hold shards' locks in this database, as a failing network would. How many there were."""
    ended = await admin.fetch(
        "select pg_terminate_backend(pid) from (select distinct pid from pg_locks where locktype = 'advisory' "
        "and classid = 4711 and ($1::int is null or objid::int = $1) "
        "and database = (select oid from pg_database where datname = current_database())) s",
        shard,
    )
    return len(ended)
