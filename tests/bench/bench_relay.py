"""How fast the relay drains an outbox, beside a bare producer that sends the same bytes. Figures, never a pass mark.

Four designs take turns, so that a busy machine bends them alike: `send` (an idempotent producer's own loop, awaiting every
2000), `send_batch` (whole batches, partitions known beforehand: the ceiling), `relay` (outbox to Kafka and on to the
history) and `relay_without_history`. One JSON line per design, with the ratio of medians to `send`.

    python tests/bench/bench_relay.py --rows 30000 --repeats 3
"""

import argparse
import asyncio
import gc
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import uvloop
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from ipraktik_chassis import outbox, schema
from ipraktik_chassis.outbox import OutboxRecord
from ipraktik_chassis.partitioning import SHARDS, key_hash, partition_of
from ipraktik_chassis.relay import Relay, RelaySettings
from ipraktik_local.kafka import KafkaServer, start_kafka
from ipraktik_local.postgres import PostgresServer, start_postgres

NOW = datetime(2018, 4, 9, 8, 0, tzinfo=UTC)
PARTITIONS = 12
AT_ONCE = 2000
KEYS = 5000


async def until(fact: Callable[[], bool]) -> None:
    """Wait for a fact, five milliseconds at a time."""
    deadline = time.monotonic() + 300
    while not fact():
        if time.monotonic() > deadline:
            raise TimeoutError
        await asyncio.sleep(0.005)


@dataclass
class Run:
    """One measured drain."""

    seconds: float
    cpu: dict[str, float]


@dataclass
class Bench:
    """The servers, the events and what was measured."""

    kafka: KafkaServer
    postgres: PostgresServer
    url: str
    owner_url: str
    rows: int
    runs: dict[str, list[Run]] = field(default_factory=lambda: defaultdict(list))

    def events(self, topic: str) -> list[OutboxRecord]:
        """Events as services say them: keys of 36 bytes, 13 headers, a body of 700 bytes."""
        keys = [str(uuid.uuid5(uuid.NAMESPACE_OID, str(n))).encode() for n in range(KEYS)]
        body = b'{"participant_id": "' + b"x" * 678 + b'"}'
        return [self._event(topic, keys[n * 7919 % KEYS], n, body) for n in range(self.rows)]

    @staticmethod
    def _event(topic: str, key: bytes, n: int, body: bytes) -> OutboxRecord:
        id = uuid.uuid4()
        headers = (
            ("ce_specversion", b"1.0"),
            ("ce_id", str(id).encode()),
            ("ce_type", b"dk.innovationspraktik.ParticipantRegistered.v1"),
            ("ce_source", b"urn:innovationspraktik:coi:registration"),
            ("ce_subject", key),
            ("ce_partitionkey", key),
            ("ce_time", b"2018-04-09T08:00:00.000000Z"),
            ("ce_sequence", b"%010d" % (n // KEYS + 1)),
            ("ce_dataschema", b"urn:innovationspraktik:schema:ParticipantRegistered:1"),
            ("content-type", b"application/json"),
            ("ce_correlationid", b"0af7651916cd43dd8448eb211c80319c"),
            ("ce_causationid", str(id).encode()),
            ("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        )
        return OutboxRecord(topic, key, headers, body, id)

    def cpu(self) -> dict[str, float]:
        """Processor seconds so far: this process, PostgreSQL with all its sessions, Kafka."""
        postgres = psutil.Process(self.postgres.pid)
        family = [postgres, *postgres.children(recursive=True)]
        kafka = psutil.Process(self.kafka.pid).cpu_times()
        ended = postgres.cpu_times()
        times = [member.cpu_times() for member in family if member.is_running()]
        return {
            "process": time.process_time(),
            "postgres": sum(t.user + t.system for t in times) + ended.children_user + ended.children_system,
            "kafka": kafka.user + kafka.system,
        }

    async def measure(self, design: str, drain: Callable[[], Awaitable[None]]) -> None:
        """Time one drain."""
        gc.collect()
        gc.freeze()  # the events that wait in memory here are no service's; looking through them is no part of a drain
        before, started = self.cpu(), time.perf_counter()
        await drain()
        seconds, after = time.perf_counter() - started, self.cpu()
        gc.unfreeze()
        self.runs[design].append(Run(seconds, {part: after[part] - before[part] for part in after}))

    async def new_topic(self) -> str:
        """An empty topic."""
        topic = f"bench.{uuid.uuid4().hex[:8]}"
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka.bootstrap)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(topic, PARTITIONS, 1)])
            led = False
            while not led:
                await asyncio.sleep(0.05)
                led = all(p["leader"] >= 0 for p in (await admin.describe_topics([topic]))[0]["partitions"])
        finally:
            await admin.close()
        return topic

    def _producer(self, **settings: Any) -> Any:
        return AIOKafkaProducer(
            bootstrap_servers=self.kafka.bootstrap, enable_idempotence=True, acks="all", **settings
        )

    async def send(self) -> None:
        """The loop everybody writes first."""
        topic = await self.new_topic()
        events = [(event.key, event.body, list(event.headers)) for event in self.events(topic)]
        producer = self._producer(linger_ms=5, max_batch_size=524_288)
        await producer.start()
        await producer.partitions_for(topic)

        async def drain() -> None:
            for start in range(0, len(events), AT_ONCE):
                sent = [
                    await producer.send(topic, body, key=key, headers=headers)
                    for key, body, headers in events[start : start + AT_ONCE]
                ]
                await asyncio.gather(*sent)

        try:
            await self.measure("send", drain)
        finally:
            await producer.stop()

    async def send_batch(self) -> None:
        """Whole batches from memory, as fast as aiokafka goes."""
        topic = await self.new_topic()
        events = [
            (
                partition_of(key_hash(event.key), partitions=PARTITIONS),
                event.key,
                event.body,
                list(event.headers),
            )
            for event in self.events(topic)
        ]
        producer = self._producer(linger_ms=0, max_batch_size=524_288)
        await producer.start()
        await producer.partitions_for(topic)

        async def drain() -> None:
            for start in range(0, len(events), 2 * AT_ONCE):
                now = int(time.time() * 1000)
                batches = [producer.create_batch() for _ in range(PARTITIONS)]
                sent = []
                for partition, key, body, headers in events[start : start + 2 * AT_ONCE]:
                    if batches[partition].append(timestamp=now, key=key, value=body, headers=headers) is None:
                        sent.append(await producer.send_batch(batches[partition], topic, partition=partition))
                        batches[partition] = producer.create_batch()
                        batches[partition].append(timestamp=now, key=key, value=body, headers=headers)
                for partition, batch in enumerate(batches):
                    sent.append(await producer.send_batch(batch, topic, partition=partition))
                await asyncio.gather(*sent)

        try:
            await self.measure("send_batch", drain)
        finally:
            await producer.stop()

    async def relay(self, *, keep_history: bool) -> None:
        """A relay with everything on: locks, pings, sweeps. From the commit of all rows to the last one's leaving."""
        topic = await self.new_topic()
        conn = await asyncpg.connect(self.url)
        owner = await asyncpg.connect(self.owner_url)
        await owner.execute("truncate published")  # it never holds dead rows, so it does not here
        await owner.close()
        relay = Relay(
            database_url=self.url,
            bootstrap=self.kafka.bootstrap,
            settings=RelaySettings(keep_history=keep_history),
        )
        stop = asyncio.Event()
        task = asyncio.create_task(relay.run(stop))
        try:
            await until(lambda: relay.progress.shards_owned == SHARDS)
            filling = conn.transaction()
            await filling.start()
            events = self.events(topic)
            for start in range(0, len(events), 5000):
                await outbox.append(conn, events[start : start + 5000], now=NOW)

            async def drain() -> None:
                await filling.commit()
                await until(lambda: relay.progress.rows_relayed >= self.rows)
                left = True
                while left:
                    left = await conn.fetchval("select exists (select from outbox)")

            await self.measure("relay" if keep_history else "relay_without_history", drain)
        finally:
            stop.set()
            await task
            await conn.close()

    def report(self) -> None:
        """One line per design."""
        bare = statistics.median(run.seconds for run in self.runs["send"])
        for design, runs in self.runs.items():
            seconds = [run.seconds for run in runs]
            line = {
                "design": design,
                "rows": self.rows,
                "per_second": {
                    name: round(self.rows / of(seconds))
                    for name, of in (("min", max), ("median", statistics.median), ("max", min))
                },
                "ratio_to_send": round(bare / statistics.median(seconds), 2),
                "cpu_us_per_row": {
                    part: round(statistics.median(run.cpu[part] for run in runs) / self.rows * 1e6, 1)
                    for part in runs[0].cpu
                },
            }
            sys.stdout.write(json.dumps(line) + "\n")


async def measured(kafka: KafkaServer, postgres: PostgresServer, *, rows: int, repeats: int) -> None:
    """Everything, in turns."""
    made = postgres.create_service_database("bench")
    await asyncio.to_thread(
        schema.apply_migrations, url=made.migration_url, folders=[schema.CHASSIS_MIGRATIONS]
    )
    bench = Bench(kafka, postgres, made.url, made.migration_url, rows)
    warm = Bench(kafka, postgres, made.url, made.migration_url, min(rows, 5000))
    for turn in [warm] + [bench] * repeats:
        await turn.send()
        await turn.relay(keep_history=True)
        await turn.send_batch()
        await turn.relay(keep_history=False)
    bench.report()


def main() -> None:
    """Start the servers, measure, stop them."""
    parser = argparse.ArgumentParser(description="Drain rate of the relay beside a bare producer.")
    parser.add_argument("--rows", type=int, default=30_000)
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ipraktik-bench-", ignore_cleanup_errors=True) as folder:
        kafka, postgres = start_kafka(Path(folder) / "kafka"), start_postgres(Path(folder) / "postgres")
        try:
            uvloop.run(measured(kafka, postgres, rows=chosen.rows, repeats=chosen.repeats))
        finally:
            kafka.close()
            postgres.close()


if __name__ == "__main__":
    main()
