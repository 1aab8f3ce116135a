"""Records as they lie in Kafka, good and bad, and the way to put them there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from ipraktik_chassis.parked import RawHeaders, RawRecord
from ipraktik_contracts.envelope import CloudEvent, encode


@dataclass(frozen=True)
class Wire:
    """A record on its way to Kafka; `topic` without namespace."""

    topic: str
    key: bytes | None
    headers: RawHeaders
    value: bytes | None

    def header(self, name: str, value: bytes | None) -> "Wire":
        """The same with one header changed, or added at the end."""
        kept = tuple((known, value if known == name else raw) for known, raw in self.headers)
        added = () if any(known == name for known, _ in kept) else ((name, value),)
        return replace(self, headers=kept + added)

    def at(self, position: int, *, partition: int = 0) -> RawRecord:
        """As the intake is handed it."""
        return RawRecord(self.topic, partition, position, self.key, self.headers, self.value)


def wired(event: CloudEvent) -> Wire:
    """The event as its service would write it."""
    record = encode(event)
    return Wire(record.topic, record.key, record.headers, record.value)


async def publish(bootstrap: str, namespace: str, records: Sequence[Wire]) -> None:
    """Write the records in this order and wait until the broker has them."""
    # the pairs of a header are lists of bytes to aiokafka, which also writes a null when asked
    producer: Any = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True)
    await producer.start()
    try:
        sent = [
            await producer.send(
                namespace + record.topic, key=record.key, value=record.value, headers=list(record.headers)
            )
            for record in records
        ]
        for acknowledged in sent:
            await acknowledged
    finally:
        await producer.stop()


async def left_for(bootstrap: str, group: str, topic: str) -> int:
    """How many records of a topic lie after what the group has committed, by the broker's word."""
    asking = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await asking.start()
    await admin.start()
    try:
        ends = await asking.end_offsets(asking.assignment())
        noted = await admin.list_consumer_group_offsets(group, partitions=list(ends))
        return sum(end - max(noted[partition].offset, 0) for partition, end in ends.items())
    finally:
        await admin.close()
        await asking.stop()
