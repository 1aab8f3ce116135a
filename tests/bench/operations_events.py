"""Events from elsewhere for the rows of operations: sign-ups for matching, requests to write to somebody for notify."""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import uvloop
from aiokafka import AIOKafkaProducer, TopicPartition
from bench.listening import ORIGIN

from ipraktik_chassis.clock import SystemClock
from ipraktik_chassis.ids import new_id
from ipraktik_contracts.envelope import CloudEvent, Record, encode
from ipraktik_contracts.events import (
    ConfirmationRequested,
    ContactChanged,
    EditionChanged,
    Event,
    ParticipantRegistered,
)
from ipraktik_contracts.examples import example_envelopes

_EXAMPLES: dict[type[Event], CloudEvent] = {type(one.data): one for one in example_envelopes()}


@dataclass(frozen=True, slots=True)
class Sent:
    """An event on its topic."""

    event_id: uuid.UUID
    place: TopicPartition


@dataclass(frozen=True, slots=True)
class Ready:
    """An event as the bytes that go out."""

    event_id: uuid.UUID
    record: Record


def edition(edition_id: uuid.UUID) -> list[Ready]:
    """That there is such an edition."""
    return [_ready(EditionChanged, {"edition_id": edition_id})]


def sign_ups(count: int, *, editions: Sequence[uuid.UUID]) -> list[Ready]:
    """So many interns who have signed up, by turns in these editions: the sign-up itself and who stands behind it."""
    made = []
    for number in range(count):
        participant = uuid.uuid4()
        of_them = {"participant_id": participant}
        joins = {
            "edition_id": editions[number % len(editions)],
            "companion_id": None,
            "lot": uuid.uuid4().hex * 2,
        }
        made.append(_ready(ParticipantRegistered, of_them | joins))
        made.append(_ready(ContactChanged, of_them | {"contact_id": uuid.uuid4()}))
    return made


def letters(count: int) -> list[Ready]:
    """So many people who are asked to confirm their address: a mail each."""
    made = []
    for number in range(count):
        person = {"participant_id": uuid.uuid4(), "contact_id": uuid.uuid4()}
        address = {"email": f"bekraeft-{person['contact_id'].hex}-{number}@example.org"}
        asks = {
            "request_id": uuid.uuid4(),
            "aggregate_id": person["participant_id"],
            "respond_by": SystemClock().now() + timedelta(days=14),
        }
        made.append(_ready(ContactChanged, person | address))
        made.append(_ready(ConfirmationRequested, person | asks))
    return made


def publish(bootstrap: str, ready: Sequence[Ready], *, namespace: str = "") -> list[Sent]:
    """Send them; back when Kafka has all."""
    return uvloop.run(_publish(bootstrap, ready, namespace=namespace))


async def _publish(bootstrap: str, ready: Sequence[Ready], *, namespace: str) -> list[Sent]:
    producer: Any = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True, linger_ms=5)
    await producer.start()
    try:
        sending = [
            await producer.send(namespace + r.topic, key=r.key, value=r.value, headers=list(r.headers))
            for r in (one.record for one in ready)
        ]
        placed = await asyncio.gather(*sending)
    finally:
        await producer.stop()
    return [
        Sent(one.event_id, TopicPartition(at.topic, at.partition))
        for one, at in zip(ready, placed, strict=True)
    ]


def _ready(kind: type[Event], changed: dict[str, Any]) -> Ready:
    now, example = SystemClock().now(), _EXAMPLES[kind]
    said = CloudEvent(
        id=new_id(now),
        source=ORIGIN.source,
        time=now,
        sequence=1,
        data=example.data.model_copy(update=changed),
    )
    return Ready(said.id, encode(said))
