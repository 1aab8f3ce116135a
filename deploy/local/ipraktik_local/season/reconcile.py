"""The reconciliation: does what the services committed stand on the topics, once in effect, in order and without a gap?

Reads every topic from its first record and every service's own tables. Each finding is a sentence; no finding means it holds.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from ipraktik_contracts import TOPICS, CloudEvent, DecodingError, decode
from ipraktik_contracts.counted import counted, times
from ipraktik_contracts.topics import BY_NAME
from ipraktik_local.login import KafkaLogin, login_at

SERVICES: Final = ("registration", "matching", "notify", "evaluation")


@dataclass
class Reading:
    """What stands on the topics."""

    events: list[CloudEvent] = field(default_factory=list)
    records: int = 0
    repeated: int = 0
    erased: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    @property
    def tombstones(self) -> int:
        """Erasures on the internal, compacted topic."""
        return self.erased.total()

    @property
    def by_type(self) -> Counter[str]:
        """Events by type."""
        return Counter(type(event.data).__name__ for event in self.events)


@dataclass
class Reconciliation:
    """The outcome: figures, and what does not hold."""

    committed: int
    on_topics: int
    repeated: int
    tombstones: int
    aggregates: int
    findings: list[str]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


async def read_topics(place: str | KafkaLogin, *, namespace: str = "") -> Reading:
    """Every record of every topic, first appearances in order; checks decoding, order, gaps and twins with other content.

    `place` is an address, or a login that may read everything."""
    reading = Reading()
    consumer = AIOKafkaConsumer(
        **login_at(place).aiokafka(), enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        partitions = [
            TopicPartition(topic.in_namespace(namespace), number)
            for topic in TOPICS
            for number in range(topic.partitions)
        ]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        await consumer.seek_to_beginning(*partitions)
        seen: dict[UUID, bytes] = {}
        last: dict[tuple[str, str], int] = defaultdict(int)
        open_partitions = {partition for partition in partitions if ends[partition] > 0}
        while open_partitions:
            batches = await consumer.getmany(*open_partitions, timeout_ms=1000, max_records=5000)
            for partition, records in batches.items():
                for record in records:
                    _take(reading, partition.topic.removeprefix(namespace), record, seen=seen, last=last)
            for partition in tuple(open_partitions):
                if await consumer.position(partition) >= ends[partition]:
                    open_partitions.discard(partition)
    finally:
        await consumer.stop()
    return reading


def _take(
    reading: Reading, topic: str, record: Any, *, seen: dict[UUID, bytes], last: dict[tuple[str, str], int]
) -> None:
    reading.records += 1
    declared = BY_NAME[topic]
    if record.value is None and not declared.public:
        reading.erased[topic, (record.key or b"").decode()] += 1
        return
    try:
        event = decode(record.headers, record.value)
    except DecodingError as error:
        reading.findings.append(f"{topic}: a record does not decode: {error}")
        return
    if event.id in seen:
        reading.repeated += 1
        if seen[event.id] != record.value:
            reading.findings.append(f"{topic}: event {event.id} stands twice with different content")
        return
    seen[event.id] = record.value
    place = (topic, event.key)
    if event.sequence != last[place] + 1 and declared.public:
        reading.findings.append(f"{topic}: {event.key} goes from {last[place]} to {event.sequence}")
    last[place] = event.sequence
    reading.events.append(event)


async def reconcile(reading: Reading, *, databases: Mapping[str, str]) -> Reconciliation:
    """Hold the topics against each service's tables."""
    findings = list(reading.findings)
    on_topics = {event.id for event in reading.events}
    newest: dict[tuple[str, str], int] = defaultdict(int)
    for event in reading.events:
        newest[event.data.TOPIC, event.key] = max(newest[event.data.TOPIC, event.key], event.sequence)
    committed = 0
    for service in SERVICES:
        conn = await asyncpg.connect(databases[service])
        try:
            findings += await _service(
                conn, service, on_topics=on_topics, newest=newest, erased=reading.erased
            )
            committed += await conn.fetchval("select coalesce(sum(last), 0)::bigint from event_sequence")
            for name, table in (
                ("parked", "parked"),
                ("held back", "outbox_dead"),
                ("not yet published", "outbox"),
            ):
                count = await conn.fetchval(f"select count(*) from {table}")  # noqa: S608 - three fixed names
                if count:
                    findings.append(f"{service}: {counted(count, 'record is', 'records are')} {name}")
        finally:
            await conn.close()
    committed -= reading.tombstones  # an erasure is counted in its key's line too
    if committed != len(on_topics):
        findings.append(f"events committed: {committed}; different ones on the topics: {len(on_topics)}")
    return Reconciliation(
        committed, len(on_topics), reading.repeated, reading.tombstones, len(newest), findings
    )


async def _service(
    conn: Any,
    service: str,
    *,
    on_topics: set[UUID],
    newest: Mapping[tuple[str, str], int],
    erased: Mapping[tuple[str, str], int],
) -> list[str]:
    findings = []
    for row in await conn.fetch("select topic, key, last from event_sequence"):
        place = (row["topic"], row["key"])
        found = newest.get(place, 0) + erased.get(place, 0)
        if found != row["last"]:
            findings.append(
                f"{service}: {row['topic']} {row['key']} was said {times(row['last'])}; on the topic: {found}"
            )
    missing = [
        row["event_id"]
        for row in await conn.fetch("select event_id from published where body is not null")
        if row["event_id"] not in on_topics
    ]
    if missing:
        findings.append(f"{service}: published events that stand on no topic: {len(missing)}")
    taken = {row["event_id"] for row in await conn.fetch("select event_id from inbox")}
    strangers = taken - on_topics
    if strangers:
        findings.append(f"{service}: events that took effect and stand on no topic: {len(strangers)}")
    return findings


async def taken_in_everywhere(
    reading: Reading, *, databases: Mapping[str, str], handled: Mapping[str, frozenset[str]]
) -> list[str]:
    """Whether every event that a service handles is in its inbox: none missed, and none but once, by the table's key."""
    findings = []
    for service, kinds in handled.items():
        conn = await asyncpg.connect(databases[service])
        try:
            taken = {row["event_id"] for row in await conn.fetch("select event_id from inbox")}
        finally:
            await conn.close()
        missing = [
            event for event in reading.events if type(event.data).__name__ in kinds and event.id not in taken
        ]
        if missing or not kinds:
            findings.append(
                f"{service}: events that have not taken effect: {len(missing)}, of {counted(len(kinds), 'handled type', 'handled types')}"
            )
    return findings
