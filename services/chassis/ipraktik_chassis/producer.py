"""The producer behind the outbox, as much of it as is used, so that a test may put something between.

Invariant: what it sends is acknowledged by all in-sync replicas and written once, in the order of the batches of a partition.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from ipraktik_chassis.kafka_login import OPEN, KafkaLogin


class Batch(Protocol):
    """What is used of aiokafka's BatchBuilder."""

    def append(
        self, *, timestamp: int, key: bytes, value: bytes | None, headers: list[tuple[str, bytes]]
    ) -> Any: ...
    def record_count(self) -> int: ...
    def size(self) -> int: ...


class Producer(Protocol):
    """What is used of aiokafka's producer; a test may put something between."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def partitions_for(self, topic: str) -> set[int]: ...
    def create_batch(self) -> Batch: ...
    async def send_batch(self, batch: Batch, topic: str, *, partition: int) -> "asyncio.Future[Any]": ...


ProducerFactory = Callable[[str, int], Producer]
"""From bootstrap addresses and the largest batch to a producer that is not started."""


def idempotent_producer(bootstrap: str, max_batch_bytes: int, *, login: KafkaLogin = OPEN) -> Producer:
    """The producer for the outbox: idempotent, acknowledged by all in-sync replicas, no linger since batches come ready."""
    producer: Producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        **login.client_arguments(),
        enable_idempotence=True,
        acks="all",
        linger_ms=0,
        max_batch_size=max_batch_bytes,
        request_timeout_ms=10_000,
    )
    return producer


async def stop_within(producer: Producer, *, seconds: float) -> None:
    """Stop a producer in bounded time. One whose broker is gone never stops by itself: its connections are cut."""
    try:
        await asyncio.wait_for(producer.stop(), seconds)
    except (KafkaError, OSError, TimeoutError):
        client = getattr(producer, "client", None)
        if client is not None:
            with suppress(KafkaError, OSError, TimeoutError):
                await asyncio.wait_for(client.close(), seconds)


def system_milliseconds() -> int:
    """The real time of day for record timestamps, the only place that takes it.

    The topics stamp records with the broker's own time and refuse a record whose time is far from it, so a simulated clock
    must not show here; the time of the fact travels in `ce_time`.
    """
    return int(time.time() * 1000)
