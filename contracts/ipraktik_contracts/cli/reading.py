"""Reading the public topics: from where, and to their present end or on and on.

A plan says for every partition where it begins and where its end was when it was drawn up; what comes later is not read, so that two
readings of a plan are the same.
"""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aiokafka import TopicPartition

from .broker import PATIENCE, PUBLIC_TOPICS, admin_of, bounded, consumer_of, partitions_of, sentences
from .login import Login
from .records import Place, Taken
from .refusal import CannotDo

Start = datetime | Sequence[Place] | str
"""`start`, `now`, the instant at which the broker took a record, or places."""
_POLL_MS: Final = 250


@dataclass(frozen=True, slots=True)
class Stretch:
    """One partition: its first offset still there, the offset to begin with, and the one after its last record."""

    topic: str
    partition: int
    first: int
    begin: int
    end: int

    @property
    def records(self) -> int:
        """How many are to be read, where none were removed in between."""
        return max(self.end - self.begin, 0)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be read."""

    stretches: tuple[Stretch, ...]

    @property
    def records(self) -> int:
        """How many in all."""
        return sum(stretch.records for stretch in self.stretches)


class Reader:
    """A consumer with a plan. Made by `reader_of`."""

    def __init__(self, consumer: Any, plan: Plan) -> None:
        self._consumer = consumer
        self.plan = plan

    async def to_the_end(self, take: Callable[[Sequence[Taken]], None]) -> None:
        """Hand over every record of the plan, batch by batch, in the order of its partition. Raises CannotDo when Kafka falls silent."""
        waiting = {
            TopicPartition(stretch.topic, stretch.partition): stretch.end
            for stretch in self.plan.stretches
            if stretch.records
        }
        heard = time.monotonic()
        while waiting:
            batches = await self._consumer.getmany(*waiting, timeout_ms=_POLL_MS)
            for partition, records in batches.items():
                end = waiting[partition]
                if records[-1].offset >= end:
                    records = [record for record in records if record.offset < end]  # noqa: PLW2901 - cut at the plan's end
                take(records)
            for partition in list(batches or waiting):
                # the position, not the last record: the last ones before the end may have been removed
                if await self._consumer.position(partition) >= waiting[partition]:
                    del waiting[partition]
                    self._consumer.pause(partition)
            heard = time.monotonic() if batches else still_heard(heard)

    async def next_ones(self, *, within_ms: int = _POLL_MS) -> Sequence[Taken]:
        """What comes within the time, perhaps nothing."""
        batches = await self._consumer.getmany(timeout_ms=within_ms)
        return [record for records in batches.values() for record in records]


def still_heard(since: float) -> float:
    """The moment at which Kafka was last heard, if that is not too long ago. Raises CannotDo."""
    if time.monotonic() - since > PATIENCE:
        raise CannotDo(
            f"Kafka has given no record for {PATIENCE:g} s although more are there: look at the brokers"
        )
    return since


@asynccontextmanager
async def reader_of(
    login: Login, *, start: Start = "start", topics: Sequence[str] = PUBLIC_TOPICS, full_names: bool = False
) -> AsyncIterator[Reader]:
    """A reader of the topics (without namespace, unless these are full names), planned from the start asked for."""
    names = list(topics) if full_names else [login.namespace + topic for topic in topics]
    async with admin_of(login) as admin:
        counts = await partitions_of(admin, login, names)
    async with consumer_of(login) as consumer:
        plan = await _plan(consumer, counts, start)
        yield Reader(consumer, plan)


async def _plan(consumer: Any, counts: dict[str, int], start: Start) -> Plan:
    partitions = [TopicPartition(topic, number) for topic, count in counts.items() for number in range(count)]
    if isinstance(start, Sequence) and not isinstance(start, str):
        partitions = _placed(partitions, start)
    consumer.assign(partitions)
    first = await bounded(consumer.beginning_offsets(partitions), what="the first offsets")
    end = await bounded(consumer.end_offsets(partitions), what="the last offsets")
    begin = await _begin(consumer, partitions, start, first, end)
    for partition in partitions:
        consumer.seek(partition, begin[partition])
    return Plan(
        tuple(
            Stretch(one.topic, one.partition, first[one], begin[one], end[one]) for one in sorted(partitions)
        )
    )


def _placed(partitions: Sequence[TopicPartition], places: Sequence[Place]) -> list[TopicPartition]:
    wanted = {TopicPartition(place.topic, place.partition) for place in places}
    if unknown := wanted - set(partitions):
        raise CannotDo(
            f"There is no partition {unknown.pop()}: check the place, and write the topic with its namespace"
        )
    return [partition for partition in partitions if partition in wanted]


async def _begin(
    consumer: Any,
    partitions: Sequence[TopicPartition],
    start: Start,
    first: dict[Any, int],
    end: dict[Any, int],
) -> dict[TopicPartition, int]:
    if start == "now":
        return dict(end)
    if isinstance(start, datetime):
        moment = int(start.timestamp() * 1000)
        found = await bounded(
            consumer.offsets_for_times(dict.fromkeys(partitions, moment)), what="the offsets at that time"
        )
        return {one: end[one] if found.get(one) is None else found[one].offset for one in partitions}
    if isinstance(start, str):
        return dict(first)
    wanted = {TopicPartition(place.topic, place.partition): place.offset for place in start}
    for one, offset in wanted.items():
        if not first[one] <= offset <= end[one]:
            raise CannotDo(
                f"{one.topic}[{one.partition}] holds offsets {first[one]} to {end[one] - 1}, not {offset}"
            )
    return wanted


async def read_all(login: Login, take: Callable[[Sequence[Taken]], None], *, start: Start = "start") -> Plan:
    """Read the public topics once, from the start asked for to their present end."""
    with sentences(login):
        async with reader_of(login, start=start) as reader:
            await reader.to_the_end(take)
            return reader.plan
