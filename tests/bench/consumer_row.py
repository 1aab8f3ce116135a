"""Taking events in: the real consumer and intake, beside a hand-written aiokafka loop, and beside the inserts alone.

All three run the same handler in the same transaction with the same inbox; what differs is who reads, decodes and keeps order.
"""

import gc
import statistics
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import asyncpg
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from bench.bench_relay import until
from bench.figures import Comparison
from bench.listening import TimedDatabase, bench_database, opened, participant_updated, see, subscriptions
from bench.sizes import Size
from bench.topics import made_topics

from ipraktik_chassis import inbox
from ipraktik_chassis.clock import SystemClock
from ipraktik_chassis.consumer import BATCH_TIMEOUT_MS, MAX_RECORDS, Consumer
from ipraktik_chassis.intake import Intake
from ipraktik_chassis.metrics import ConsumerMetrics, new_registry
from ipraktik_chassis.parked import RawRecord
from ipraktik_contracts.envelope import CloudEvent, decode, encode
from ipraktik_contracts.topics import PARTICIPANTS
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.postgres import PostgresServer

NAMESPACE = "benchconsumer."
_WARM_EVENTS = 2000
_SENT_AT_ONCE = 2000


@dataclass
class Run:
    """One drain of the topic: from the first batch in hand to the last commit."""

    seconds: float
    batches: int
    decoding: float
    tables: float

    @property
    def reading(self) -> float:
        """Everything else: the bus client, its framework, committing offsets."""
        return self.seconds - self.decoding - self.tables


class _TimedIntake(Intake):
    """Notes when it is handed a batch and when it is done."""

    began = 0.0
    ended = 0.0
    inside = 0.0
    batches = 0

    async def take(self, records: Sequence[RawRecord]) -> None:
        """As the real one."""
        started = perf_counter()
        self.began = self.began or started
        await super().take(records)
        self.ended = perf_counter()
        self.inside += self.ended - started
        self.batches += 1


@dataclass
class _Bench:
    """The servers, the events on the topic, and the database that is emptied before each run."""

    bootstrap: str
    owner_url: str
    database: TimedDatabase
    events: list[CloudEvent]
    namespace: str

    async def with_the_consumer(self) -> Run:
        """As a `work` process does it."""
        name = f"bench-{uuid.uuid4().hex[:8]}"
        await self._empty()
        intake = _TimedIntake(
            database=self.database,
            consumer=name,
            subscriptions=subscriptions(),
            clock=SystemClock(),
            metrics=ConsumerMetrics(new_registry(service="bench", version="0")),
        )
        consumer = Consumer(
            bootstrap=self.bootstrap,
            namespace=self.namespace,
            group=name,
            topics=subscriptions().topics,
            intake=intake,
        )
        await consumer.start()
        try:
            await until(lambda: intake.taken >= len(self.events))
        finally:
            await consumer.stop(patience=20)
        tables = self.database.seconds
        return Run(intake.ended - intake.began, intake.batches, intake.inside - tables, tables)

    async def by_hand(self) -> Run:
        """The loop one writes without a chassis: no parking, no skipping, no metrics, no retry."""
        name = f"bench-{uuid.uuid4().hex[:8]}"
        await self._empty()
        reader: Any = AIOKafkaConsumer(
            self.namespace + PARTICIPANTS.name,
            bootstrap_servers=self.bootstrap,
            group_id=name,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        taken, batches, decoding, began, ended = 0, 0, 0.0, 0.0, 0.0
        await reader.start()
        try:
            while taken < len(self.events):
                found = await reader.getmany(timeout_ms=BATCH_TIMEOUT_MS, max_records=MAX_RECORDS)
                records = [record for line in found.values() for record in line]
                if not records:
                    continue
                started = perf_counter()
                began = began or started
                events = [decode(record.headers, record.value) for record in records]
                decoding += perf_counter() - started
                await self._write(name, events)
                ended = perf_counter()
                await reader.commit()
                taken += len(records)
                batches += 1
        finally:
            await reader.stop()
        return Run(ended - began, batches, decoding, self.database.seconds)

    async def inserts_alone(self) -> Run:
        """Nothing read, nothing decoded: what PostgreSQL takes of one writer."""
        name = f"bench-{uuid.uuid4().hex[:8]}"
        await self._empty()
        started = perf_counter()
        for at in range(0, len(self.events), MAX_RECORDS):
            await self._write(name, self.events[at : at + MAX_RECORDS])
        seconds = perf_counter() - started
        return Run(seconds, -(-len(self.events) // MAX_RECORDS), 0.0, self.database.seconds)

    async def _write(self, name: str, events: Sequence[CloudEvent]) -> None:
        async with self.database.transaction() as tx:
            fresh = await inbox.take(tx.conn, consumer=name, event_ids=[event.id for event in events])
            await see(tx, [event for event in events if event.id in fresh])

    async def _empty(self) -> None:
        conn = await asyncpg.connect(self.owner_url)
        try:
            await conn.execute("truncate inbox, participant_seen")
        finally:
            await conn.close()
        self.database.seconds = 0.0
        gc.collect()
        gc.freeze()  # the events kept here for the inserts alone are no service's to look through


async def _publish(bootstrap: str, topic: str, events: Sequence[CloudEvent]) -> None:
    producer: Any = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True)
    await producer.start()
    try:
        for at in range(0, len(events), _SENT_AT_ONCE):
            sent = []
            for event in events[at : at + _SENT_AT_ONCE]:
                record = encode(event)
                sent.append(
                    await producer.send(
                        topic, key=record.key, value=record.value, headers=list(record.headers)
                    )
                )
            for acknowledged in sent:
                await acknowledged
    finally:
        await producer.stop()


def _events(count: int) -> list[CloudEvent]:
    """Two events of each participant, far enough apart that no batch holds both: a state change per event."""
    people = [uuid.uuid4() for _ in range(max(count // 2, 1))]
    return [
        participant_updated(people[place % len(people)], sequence=1 + place // len(people))
        for place in range(count)
    ]


def compare_consumer(*, kafka: KafkaServer, postgres: PostgresServer, size: Size) -> Sequence[Comparison]:
    """Both rows."""
    made = bench_database(postgres, "bench_consumer")
    for namespace in (NAMESPACE, "warm." + NAMESPACE):
        made_topics(kafka.bootstrap, namespace)

    async def turns() -> dict[str, list[Run]]:
        runs: dict[str, list[Run]] = {"ours": [], "by hand": [], "inserts": []}
        async with opened(made.url) as database:
            for namespace, count, repeats in (
                ("warm." + NAMESPACE, min(_WARM_EVENTS, size.consumer_events), 1),
                (NAMESPACE, size.consumer_events, size.repeats),
            ):
                bench = _Bench(kafka.bootstrap, made.migration_url, database, _events(count), namespace)
                await _publish(kafka.bootstrap, namespace + PARTICIPANTS.name, bench.events)
                runs = {design: [] for design in runs}
                for _ in range(repeats):
                    runs["ours"].append(await bench.with_the_consumer())
                    runs["by hand"].append(await bench.by_hand())
                    runs["inserts"].append(await bench.inserts_alone())
        return runs

    return _comparisons(uvloop.run(turns()), events=size.consumer_events)


def _comparisons(runs: dict[str, list[Run]], *, events: int) -> Sequence[Comparison]:
    ours = runs["ours"]
    whole = statistics.median(run.seconds for run in ours)
    goes_to = {
        "reading and committing offsets (aiokafka, FastStream)": statistics.median(r.reading for r in ours)
        / whole,
        "decoding": statistics.median(run.decoding for run in ours) / whole,
        "the transaction (inbox, state, commit)": statistics.median(run.tables for run in ours) / whole,
    }
    rates = "; ".join(_rate(design, took, events=events) for design, took in runs.items())

    def beside(design: str, bare: str, aim: float) -> Comparison:
        return Comparison(
            ours="Consumer with inbox and a state change per event",
            bare=bare,
            ratios=[b.seconds / o.seconds for o, b in zip(ours, runs[design], strict=True)],
            aim=aim,
            goes_to=goes_to,
            remark="Shares of the elapsed time.",
            rates=rates,
        )

    return [
        beside("by hand", "raw aiokafka `getmany`, same handler and transaction, commit per batch", 0.9),
        beside("inserts", "the same inserts without a bus or decoding", 0.5),
    ]


def _rate(design: str, took: Sequence[Run], *, events: int) -> str:
    def middle(values: Sequence[float]) -> float:
        return statistics.median(values)

    run = middle([one.seconds for one in took])
    per = 1e6 / events
    return (
        f"{design} {events / run:,.0f}/s in {middle([one.batches for one in took]):.0f} batches, us per event: "
        f"reading {per * middle([one.reading for one in took]):.1f}, "
        f"decoding {per * middle([one.decoding for one in took]):.1f}, "
        f"tables {per * middle([one.tables for one in took]):.1f}"
    )
