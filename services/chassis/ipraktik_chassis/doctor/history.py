"""Whether Kafka still holds what this service has said there. A cluster that lost its disks comes back with the same topics, empty,
and everything else about it looks well: no lag, nothing in the outbox, every right as declared.

Places on a topic are never given twice, whatever is forgotten or compacted there, and every row of the history was acknowledged
once. So a topic whose places are fewer than the rows of the history is not the one that took them.
"""

import asyncio
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from ipraktik_chassis.doctor.database import connected
from ipraktik_chassis.doctor.examining import Patient
from ipraktik_chassis.doctor.finding import Finding, fail, ok, warn
from ipraktik_chassis.doctor.metadata import Seen
from ipraktik_contracts.rights import Rights

_SAID: Final = "select topic, count(*) as rows from published where topic = any($1::text[]) group by topic"
_SECONDS: Final = 20.0


async def examine_history(patient: Patient, *, seen: Seen, its: Rights) -> list[Finding]:
    """Nothing for a service that says nothing, and where its database cannot be asked, which is said of the database."""
    settings = patient.settings
    names = [topic.in_namespace(settings.topic_namespace) for topic in its.writes]
    shown = [name for name in names if seen.topics[name].error is None]
    if not shown:
        return []
    try:
        async with connected(patient) as conn:
            # before Kafka is asked: what is said meanwhile makes its side larger
            said = {row["topic"]: row["rows"] for row in await conn.fetch(_SAID, shown)}
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError):
        return []
    try:
        there = await _places(patient, seen, shown)
    except (KafkaError, OSError, TimeoutError) as error:
        return [warn("history", f"could not be held against Kafka ({type(error).__name__})", "Try again")]
    lost = [f"{name} {there[name]} of {said[name]}" for name in shown if said.get(name, 0) > there[name]]
    if lost:
        return [
            fail(
                "history",
                f"Kafka has lost events that this service has said; it has had of them: {', '.join(lost)}",
                "Fill it again from the databases: docs/operations/kafka-lost.md",
            )
        ]
    return [ok("history", "Kafka has had every event that was sent there")]


async def _places(patient: Patient, seen: Seen, names: list[str]) -> dict[str, int]:
    """By topic, how many records it has ever had."""
    settings = patient.settings
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap,
        **settings.kafka_login().client_arguments(),
        enable_auto_commit=False,
    )
    places = [
        TopicPartition(name, number) for name in names for number in range(seen.topics[name].partitions)
    ]
    try:
        async with asyncio.timeout(_SECONDS):
            await consumer.start()
            ends = await consumer.end_offsets(places)
    finally:
        await consumer.stop()
    return {name: sum(end for place, end in ends.items() if place.topic == name) for name in names}
