"""Tally listening to a real bus: consumers that join and leave, and what came of what they heard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from chassis.waiting import PATIENCE, until
from chassis.wire import Wire, publish, wired
from rig import Rig

from ipraktik_chassis.consumer import Consumer
from ipraktik_chassis.intake import Intake
from ipraktik_chassis.metrics import ConsumerMetrics, new_registry
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import Event


@dataclass(frozen=True)
class Bus:
    """A namespace on a broker."""

    bootstrap: str
    namespace: str

    async def publish(self, *records: Wire) -> None:
        """Write records, good or bad."""
        await publish(self.bootstrap, self.namespace, records)

    async def tell(self, rig: Rig, *events: Event) -> list[CloudEvent]:
        """Write events as their service would, each the next in its aggregate's line."""
        told = [rig.envelope(event) for event in events]
        await self.publish(*(wired(envelope) for envelope in told))
        return told


@dataclass
class Listener:
    """A consumer with the intake behind it."""

    consumer: Consumer
    intake: Intake

    async def assigned(self, partitions: int | None = None) -> None:
        """Wait until it holds partitions, or exactly so many."""
        await until(
            lambda: self.consumer.partitions and partitions in (None, self.consumer.partitions),
            what="the consumer holds its partitions",
        )

    async def caught_up(self, *, within: float = PATIENCE) -> None:
        """Wait until nothing is left to take in."""

        async def nothing_left() -> bool:
            lags = await self.consumer.lag()
            return lags is not None and not any(lags.values()) and not self.intake.busy

        await until(nothing_left, what="the consumer has caught up", within=within)


def intake_of(rig: Rig) -> Intake:
    """A second intake beside the rig's own, as a second replica has one."""
    return Intake(
        database=rig.database,
        consumer=rig.service.name,
        subscriptions=rig.work.subscriptions,
        clock=rig.clock,
        metrics=ConsumerMetrics(new_registry(service=rig.service.name, version="test")),
    )


def consumer_of(
    rig: Rig, bus: Bus, intake: Intake, *, instance: str | None = None, drain_seconds: float = 15.0
) -> Consumer:
    """The consumer as the worker builds it."""
    return Consumer(
        bootstrap=bus.bootstrap,
        namespace=bus.namespace,
        group=rig.service.name,
        topics=rig.work.subscriptions.topics,
        intake=intake,
        instance=instance,
        drain_seconds=drain_seconds,
    )


@asynccontextmanager
async def listening(rig: Rig, bus: Bus, *, drain_seconds: float = 15.0) -> AsyncIterator[Listener]:
    """Listen for as long as the block runs."""
    intake = intake_of(rig)
    consumer = consumer_of(rig, bus, intake, drain_seconds=drain_seconds)
    await consumer.start()
    try:
        yield Listener(consumer, intake)
    finally:
        await consumer.stop(patience=drain_seconds + 5)


async def heard(rig: Rig) -> dict[str, list[int]]:
    """Per key, the sequence numbers in the order in which they took effect, repeats included."""
    async with rig.database.reading() as conn:
        rows = await conn.fetch("select key, sequence from heard order by place")
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row["key"], []).append(row["sequence"])
    return found


async def parked(rig: Rig) -> list[Any]:
    """What is parked, in order: kind, topic, key, body, reason."""
    async with rig.database.reading() as conn:
        rows: list[Any] = await conn.fetch("select kind, topic, key, body, reason from parked order by id")
    return rows


async def fault(rig: Rig, key: object, kind: str = "fails") -> None:
    """Let everything about a key go wrong from now on."""
    async with rig.database.transaction() as tx:
        await tx.conn.execute("insert into faults values ($1, $2)", str(key), kind)


async def mend(rig: Rig, key: object) -> None:
    """Let it go right again."""
    async with rig.database.transaction() as tx:
        await tx.conn.execute("delete from faults where key = $1", str(key))
