"""Whether Kafka still holds what this service has said there. A cluster that lost its disks comes back with the same topics, empty,
and everything else about it looks well: no lag, nothing in the outbox, every right as declared.

Places on a topic are never given twice, whatever is forgotten or compacted there, and every row of the history was acknowledged
once. So a topic whose places are fewer than the rows of the history is not the one that took them.

The history grows for ever, and this look must not: of each shard the newest rows alone are counted. A topic that has had fewer
records than those has lost some; one that has had more since it lost everything is told no longer, after as many new events.
"""

import asyncio
from typing import Any, Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from ipraktik_chassis.doctor.database import connected
from ipraktik_chassis.doctor.examining import Patient
from ipraktik_chassis.doctor.finding import Finding, fail, ok, warn
from ipraktik_chassis.doctor.metadata import Seen
from ipraktik_contracts.counted import counted
from ipraktik_contracts.rights import Rights

# The primary key gives the newest of a shard without a look at the others.
_SAID: Final = """
select newest.topic, count(*) as rows
from generate_series(0, 63) s, lateral (
    select topic from published where shard = s order by id desc limit $2) newest
where newest.topic = any($1::text[]) group by newest.topic
"""
NEWEST: Final = 4_000
"""Rows counted of each of the 64 shards."""
_SAID_SECONDS: Final = 15.0
_SECONDS: Final = 20.0


async def examine_history(
    patient: Patient, *, seen: Seen, its: Rights, newest: int = NEWEST, patience: float = _SAID_SECONDS
) -> list[Finding]:
    """Nothing for a service that says nothing, and where its database cannot be asked, which is said of the database.

    `newest` rows of each shard are counted, and `patience` is how many seconds the database may take for that.
    """
    settings = patient.settings
    names = [topic.in_namespace(settings.topic_namespace) for topic in its.writes]
    shown = [name for name in names if seen.topics[name].error is None]
    if not shown:
        return []
    try:
        async with connected(patient) as conn:
            # before Kafka is asked: what is said meanwhile makes its side larger
            said = await _rows(conn, shown, newest=newest, patience=patience)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError):
        return []
    if said is None:
        within = counted(patience, "second", "seconds")
        return [
            warn(
                "history",
                f"not looked at: the database did not answer within {within}",
                "Try again when it has less to do; until then nobody has asked whether Kafka has lost events",
            )
        ]
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


async def _rows(conn: Any, topics: list[str], *, newest: int, patience: float) -> dict[str, int] | None:
    """By topic, how many of the newest rows are its; None where the database takes too long."""
    try:
        rows = await conn.fetch(_SAID, topics, newest, timeout=patience)
    except TimeoutError:
        return None
    return {row["topic"]: row["rows"] for row in rows}


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
