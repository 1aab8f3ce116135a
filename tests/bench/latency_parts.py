"""The processes of the latency row: who says, who relays, who listens. Each notes, by the machine's one monotonic clock, when.

Whoever says is `serve`, the relay is `work` of the same service, whoever listens is `work` of another one.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from bench.bench_relay import until
from bench.listening import opened, participant_updated, subscriptions
from bench.part import Line

from ipraktik_chassis import outbox
from ipraktik_chassis.clock import SystemClock
from ipraktik_chassis.consumer import Consumer
from ipraktik_chassis.intake import Intake
from ipraktik_chassis.metrics import ConsumerMetrics, new_registry
from ipraktik_chassis.outbox import OutboxRecord
from ipraktik_chassis.parked import RawRecord
from ipraktik_chassis.partitioning import SHARDS
from ipraktik_chassis.producer import Batch, Producer, idempotent_producer
from ipraktik_chassis.relay import Relay
from ipraktik_contracts.envelope import Record, encode
from ipraktik_contracts.topics import PARTICIPANTS

Times = dict[bytes, float]
"""By `ce_id`, when it happened."""

_TICK_SECONDS = 0.002
_GROUP = "bench-latency"


def _id_of(headers: Sequence[tuple[str, bytes | None]]) -> bytes:
    return next(value for name, value in headers if name == "ce_id" and value is not None)


async def _at_a_pace(say: Callable[[Record], Awaitable[None]], *, per_second: int, seconds: float) -> None:
    """Say so many a second, each by itself: one that takes long does not hold up the next."""
    records = [
        encode(participant_updated(uuid.uuid4(), sequence=1)) for _ in range(round(per_second * seconds))
    ]
    saying: list[asyncio.Future[None]] = []
    started = perf_counter()
    while len(saying) < len(records):
        due = min(int((perf_counter() - started) * per_second) + 1, len(records))
        saying += [asyncio.ensure_future(say(record)) for record in records[len(saying) : due]]
        await asyncio.sleep(_TICK_SECONDS)
    await asyncio.gather(*saying)


async def commit(line: Line, *, url: str, namespace: str, per_second: int, seconds: float) -> Times:
    """Write events to the outbox, each in a transaction of its own; when each was committed."""
    committed: Times = {}
    async with opened(url) as database:

        async def say(record: Record) -> None:
            event_id = uuid.UUID(_id_of(record.headers).decode())
            row = OutboxRecord(namespace + record.topic, record.key, record.headers, record.value, event_id)
            async with database.reading() as conn:
                await outbox.append(conn, [row], now=SystemClock().now())
            committed[_id_of(record.headers)] = perf_counter()

        line.ready()
        await line.go.wait()
        await _at_a_pace(say, per_second=per_second, seconds=seconds)
    return committed


class _NotingBatch:
    """A record batch that notes when a record is put into it: then the relay has read it."""

    def __init__(self, batch: Batch, read: Times) -> None:
        self.real: Any = batch
        self._read = read

    def append(
        self, *, timestamp: int, key: bytes, value: bytes | None, headers: list[tuple[str, bytes]]
    ) -> Any:
        self._read.setdefault(_id_of(headers), perf_counter())
        return self.real.append(timestamp=timestamp, key=key, value=value, headers=headers)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


class _NotingProducer:
    """The relay's producer, with noting batches."""

    def __init__(self, producer: Producer, read: Times) -> None:
        self._real: Any = producer
        self._read = read

    def create_batch(self) -> Batch:
        return _NotingBatch(self._real.create_batch(), self._read)

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> "asyncio.Future[Any]":
        sent: asyncio.Future[Any] = await self._real.send_batch(batch.real, topic, partition=partition)
        return sent

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


async def relay(line: Line, *, url: str, bootstrap: str) -> Times:
    """Relay until told to stop; when each event was read from the outbox."""
    read: Times = {}

    def producer(bootstrap: str, max_batch_bytes: int) -> Producer:
        noting: Any = _NotingProducer(idempotent_producer(bootstrap, max_batch_bytes), read)
        real: Producer = noting
        return real

    relaying = Relay(database_url=url, bootstrap=bootstrap, producer_factory=producer)
    running = asyncio.ensure_future(relaying.run(line.stop))
    await until(lambda: running.done() or relaying.progress.shards_owned == SHARDS)
    line.ready()
    await running
    return read


class _NotingIntake(Intake):
    """Notes when each event came in, and when its effect was durable."""

    def __init__(self, *, expected: int, **parts: Any) -> None:
        super().__init__(**parts)
        self._expected = expected
        self.all_taken = asyncio.Event()
        self.came: Times = {}
        self.effective: Times = {}

    async def take(self, records: Sequence[RawRecord]) -> None:
        """As the real one."""
        ids = [_id_of(record.headers) for record in records]
        now = perf_counter()
        for id in ids:
            self.came.setdefault(id, now)
        await super().take(records)
        now = perf_counter()
        for id in ids:
            self.effective.setdefault(id, now)
        if len(self.effective) >= self._expected:
            self.all_taken.set()


async def listen(
    line: Line, *, url: str, bootstrap: str, namespace: str, expected: int
) -> tuple[Times, Times]:
    """Take so many events in; when each came and when its effect was committed."""
    async with opened(url) as database:
        intake = _NotingIntake(
            expected=expected,
            database=database,
            consumer=_GROUP,
            subscriptions=subscriptions(),
            clock=SystemClock(),
            metrics=ConsumerMetrics(new_registry(service="bench", version="0")),
        )
        consumer = Consumer(
            bootstrap=bootstrap,
            namespace=namespace,
            group=_GROUP,
            topics=subscriptions().topics,
            intake=intake,
        )
        await consumer.start()
        try:
            await until(lambda: consumer.joined)
            line.ready()
            await _either(intake.all_taken, line.stop)
        finally:
            await consumer.stop(patience=20)
    return intake.came, intake.effective


async def produce(line: Line, *, bootstrap: str, namespace: str, per_second: int, seconds: float) -> Times:
    """Send events with a bare producer; when each was sent."""
    sent: Times = {}
    producer: Any = AIOKafkaProducer(
        bootstrap_servers=bootstrap, enable_idempotence=True, acks="all", linger_ms=0
    )
    await producer.start()

    async def say(record: Record) -> None:
        sent[_id_of(record.headers)] = perf_counter()
        await producer.send_and_wait(
            namespace + record.topic, key=record.key, value=record.value, headers=list(record.headers)
        )

    try:
        await producer.partitions_for(namespace + PARTICIPANTS.name)
        line.ready()
        await line.go.wait()
        await _at_a_pace(say, per_second=per_second, seconds=seconds)
    finally:
        await producer.stop()
    return sent


async def consume(line: Line, *, bootstrap: str, namespace: str, expected: int) -> Times:
    """Read so many events with a bare consumer; when each was in hand."""
    came: Times = {}
    consumer: Any = AIOKafkaConsumer(
        namespace + PARTICIPANTS.name,
        bootstrap_servers=bootstrap,
        group_id=namespace + _GROUP,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        line.ready()
        while len(came) < expected and not line.stop.is_set():
            found = await consumer.getmany(timeout_ms=20)
            now = perf_counter()
            for records in found.values():
                for record in records:
                    came.setdefault(_id_of(record.headers), now)
    finally:
        await consumer.stop()
    return came


async def _either(*events: asyncio.Event) -> None:
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for one in waiting:
        one.cancel()
