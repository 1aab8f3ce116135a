"""How far behind the service is on Kafka, by the age of the oldest record that it has not taken in; and what time it is there.

Ages of records are the broker's word (LogAppendTime), so they are held against the machine's clock, not the programme's.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from ipraktik_chassis.doctor.database import skew
from ipraktik_chassis.doctor.examining import Patient
from ipraktik_chassis.doctor.finding import Finding, age, by_limits, ok, warn
from ipraktik_chassis.doctor.kafka_rights import asking
from ipraktik_chassis.doctor.metadata import Nobody, look
from ipraktik_contracts.counted import counted
from ipraktik_contracts.rights import SERVICES

_LAG_WARN: Final = 300.0
_LAG_FAIL: Final = 3600.0
_LOOK_SECONDS: Final = 5.0
_AHEAD_BY: Final = 5.0
"""A record's time is later than our own only if the broker's clock is; a few seconds may pass unsaid."""


async def examine_lag(patient: Patient) -> list[Finding]:
    """What waits on the topics for this service."""
    its = SERVICES.get(patient.service.name)
    if its is None:
        return []
    settings, login = patient.settings, patient.settings.kafka_login()
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap,
        **login.client_arguments(),
        enable_auto_commit=False,
        max_partition_fetch_bytes=64 * 1024,
    )
    try:
        async with asyncio.timeout(6 * _LOOK_SECONDS):
            names = [topic.in_namespace(settings.topic_namespace) for topic in its.reads]
            seen = await look(bootstrap=settings.kafka_bootstrap, login=login, topics=names)
            places = [
                TopicPartition(name, number)
                for name in names
                for number in range(seen.topics[name].partitions)
            ]
            if not places:
                return [
                    warn(
                        "lag",
                        "not looked at: no topic is shown to this user",
                        "See what is said of the rights",
                    )
                ]
            await consumer.start()
            first, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
            async with asking(patient, login) as admin:
                group = settings.topic_namespace + its.group
                committed = await admin.list_consumer_group_offsets(group)
            next_up = {
                place: max(committed[place].offset if place in committed else 0, first[place])
                for place in places
            }
            behind = {place: ends[place] - next_up[place] for place in places if ends[place] > next_up[place]}
            oldest = await _times(consumer, {place: next_up[place] for place in behind})
            newest = await _times(
                consumer, {place: ends[place] - 1 for place in places if ends[place] > first[place]}
            )
    except (KafkaError, OSError, TimeoutError, Nobody) as error:
        why = "no broker answered" if isinstance(error, Nobody) else type(error).__name__
        return [warn("lag", f"could not be looked at ({why})", "See what is said of Kafka and the rights")]
    finally:
        await consumer.stop()
    return [_lag(patient, sum(behind.values()), oldest), *_clock(patient, newest)]


async def _times(
    consumer: AIOKafkaConsumer, at: Mapping[TopicPartition, int]
) -> dict[TopicPartition, datetime]:
    """The time of the first record at or behind each place, as far as it is given within a few seconds."""
    found: dict[TopicPartition, datetime] = {}
    if not at:
        return found
    consumer.assign(list(at))
    for place, offset in at.items():
        consumer.seek(place, offset)
    try:
        async with asyncio.timeout(_LOOK_SECONDS):
            while len(found) < len(at):
                for place, records in (await consumer.getmany(timeout_ms=500)).items():
                    found.setdefault(place, datetime.fromtimestamp(records[0].timestamp / 1000, UTC))
                    if not consumer.paused() >= {place}:
                        consumer.pause(place)
    except TimeoutError:
        pass  # compaction may have left nothing at the end of a partition
    consumer.resume(*consumer.paused())
    return found


def _lag(patient: Patient, records: int, oldest: Mapping[TopicPartition, datetime]) -> Finding:
    if not records:
        return ok("lag", "caught up")
    seconds = (patient.wall.now() - min(oldest.values())).total_seconds() if oldest else 0.0
    return by_limits(
        "lag",
        f"{counted(records, 'record is', 'records are')} not taken in yet, the oldest for {age(seconds)}",
        seconds=seconds,
        warn_over=_LAG_WARN,
        fail_over=_LAG_FAIL,
        do="Is a `work` running and ready? Does it say why it retries? See docs/operations/README.md",
    )


def _clock(patient: Patient, newest: Mapping[TopicPartition, datetime]) -> list[Finding]:
    """Only a clock that is ahead shows: a record may be old for good reasons."""
    if not newest:
        return []
    ahead = max(newest.values()) - patient.wall.now()
    return [skew("clock", "the broker's", ahead if ahead > timedelta(seconds=_AHEAD_BY) else timedelta(0))]
