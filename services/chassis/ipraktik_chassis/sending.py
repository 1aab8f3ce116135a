"""Sending outbox rows to Kafka: whole record batches, one line per partition, in the order in which the rows come.

Invariants: a batch of a partition goes out only when the one before it is acknowledged, so nothing overtakes what was
refused; a row refused for good holds its (topic, key), and nothing of that key goes out after it; every wait on the producer
has a bound, since an idempotent aiokafka producer waits for ever by itself.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from ipraktik_chassis.outbox import is_topic_name, unpack_headers
from ipraktik_chassis.partitioning import partition_of
from ipraktik_chassis.producer import (
    Batch,
    Producer,
    ProducerFactory,
    idempotent_producer,
    stop_within,
    system_milliseconds,
)
from ipraktik_chassis.reading import Row

TOO_LARGE: Final = "too_large"
INVALID_TOPIC: Final = "invalid_topic"
_REFUSALS: Final = {
    MessageSizeTooLargeError: TOO_LARGE,
    RecordListTooLargeError: TOO_LARGE,
    InvalidTopicError: INVALID_TOPIC,
}
_BATCH_OVERHEAD: Final = 61
_STOP_SECONDS: Final = 2.0
_METADATA_SECONDS: Final = 5.0

Key = tuple[str, bytes]
Line = tuple[str, int]
"""A topic and one of its partitions."""

_log = logging.getLogger(__name__)


class CannotSend(Exception):
    """Kafka does not take rows at the moment, or not from this producer. `reason` is a code, the text says what to do."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(slots=True)
class Slice:
    """Rows made into batches, and what cannot go."""

    rows: Sequence[Row]
    lines: dict[Line, list[Batch]] = field(default_factory=dict)
    refused: list[tuple[Row, str]] = field(default_factory=list)
    behind: list[Row] = field(default_factory=list)

    def acknowledged(self) -> list[Row]:
        """After `deliver`: the rows that Kafka has."""
        if not self.refused and not self.behind:
            return list(self.rows)
        left = {row[1] for row, _ in self.refused} | {row[1] for row in self.behind}
        return [row for row in self.rows if row[1] not in left]

    def size(self) -> int:
        """Bytes of all batches."""
        return sum(batch.size() for batches in self.lines.values() for batch in batches)


class _Names(dict[bytes, str]):
    """Header names, decoded once."""

    def __missing__(self, raw: bytes) -> str:
        name = self[raw] = raw.decode()
        return name


class RecordSender:
    """Builds slices and delivers them. One at a time: `build`, then `deliver`, then the next."""

    def __init__(
        self,
        *,
        bootstrap: str,
        max_batch_bytes: int = 524_288,
        send_timeout: float = 30.0,
        producer_factory: ProducerFactory = idempotent_producer,
        wall_ms: Callable[[], int] = system_milliseconds,
    ) -> None:
        self._bootstrap = bootstrap
        self._max_batch_bytes = max_batch_bytes
        self._timeout = send_timeout
        self._factory = producer_factory
        self._wall_ms = wall_ms
        self._producer: Producer | None = None
        self._partitions: dict[str, int] = {}
        self._names = _Names()

    async def start(self) -> None:
        """Connect. Raises CannotSend."""
        self._producer = self._factory(self._bootstrap, self._max_batch_bytes)
        try:
            await asyncio.wait_for(self._producer.start(), self._timeout)
        except ClusterAuthorizationFailedError as error:
            # Kafka's answer to a user that asks for a producer's number and may write to no topic at all
            await self.stop()
            raise _cannot_send(TopicAuthorizationFailedError(), topic="any topic") from error
        except (KafkaError, OSError, TimeoutError) as error:
            await self.stop()
            raise CannotSend(
                "broker_unreachable", f"no producer on {self._bootstrap}: {type(error).__name__}"
            ) from error

    @property
    def started(self) -> bool:
        """Whether there is a producer."""
        return self._producer is not None

    async def stop(self) -> None:
        """Let go of the producer, in bounded time."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await stop_within(producer, seconds=_STOP_SECONDS)

    async def build(self, rows: Sequence[Row], *, held: set[Key]) -> Slice:
        """Make batches of the rows that may go. Keys that turn out to be unsendable are added to `held`."""
        for topic in {row[3] for row in rows}.difference(self._partitions):
            self._partitions[topic] = await self._count_partitions(topic)
        partitions, names, now = self._partitions, self._names, self._wall_ms()
        built = Slice(rows)
        open_batches: dict[Line, Batch] = {}
        for row in rows:
            _, _, hashed, topic, key, packed, body = row
            if held and (topic, key) in held:
                built.behind.append(row)
                continue
            count = partitions[topic]
            if not count:
                built.refused.append((row, INVALID_TOPIC))
                held.add((topic, key))
                continue
            parts = iter(packed.split(b"\0"))
            headers = [(names[name], value) for name, value in zip(parts, parts, strict=False)]
            line = (topic, hashed % count)
            batch = open_batches.get(line)
            if batch is None or batch.append(timestamp=now, key=key, value=body, headers=headers) is None:
                batch = self._create_batch()
                batch.append(timestamp=now, key=key, value=body, headers=headers)
                # The first record of a batch is taken whatever its size, so only here can one be too large.
                if batch.size() > self._max_batch_bytes + _BATCH_OVERHEAD:
                    open_batches.pop(line, None)
                    built.refused.append((row, TOO_LARGE))
                    held.add((topic, key))
                    continue
                open_batches[line] = batch
                built.lines.setdefault(line, []).append(batch)
        return built

    async def deliver(self, built: Slice, *, held: set[Key]) -> None:
        """Send all batches and wait for all acknowledgements. Moves what the broker refuses into the slice's `refused`.

        Raises CannotSend where Kafka cannot be reached in time or will not work with this producer any more; what of the
        slice has arrived is then unknown, and sending it again gives duplicates only.
        """
        sending = asyncio.gather(
            *(self._send_line(line, batches) for line, batches in built.lines.items()), return_exceptions=True
        )
        outcomes = await self._bounded(sending)
        for (topic, _), failure in zip(built.lines, outcomes, strict=True):
            if isinstance(failure, BaseException):
                raise _cannot_send(failure, topic=topic) from failure
        for (line, batches), acknowledged in zip(built.lines.items(), outcomes, strict=True):
            if acknowledged < sum(batch.record_count() for batch in batches):
                await self._one_by_one(built, line=line, after=acknowledged, held=held)

    async def _send_line(self, line: Line, batches: list[Batch]) -> int:
        """Send batches of one partition one after the other; how many records were taken before one was refused."""
        taken = 0
        for batch in batches:
            count = batch.record_count()
            try:
                await (await self._running().send_batch(batch, line[0], partition=line[1]))
            except tuple(_REFUSALS):
                break
            taken += count
        return taken

    async def _one_by_one(self, built: Slice, *, line: Line, after: int, held: set[Key]) -> None:
        """Find the rows that were refused, by sending the rest of a partition's rows alone and in order."""
        _log.warning(
            "A batch of %s was refused as a whole; its rows are sent one by one. If none is refused, lower the relay's "
            "max_batch_bytes or raise the topic's max.message.bytes.",
            line[0],
        )
        stopped = {row[1] for row, _ in built.refused} | {row[1] for row in built.behind}
        rows = [
            row
            for row in built.rows
            if row[3] == line[0] and row[1] not in stopped and self._line_of(row) == line
        ]
        # A refusal leaves a hole in the producer's sequence numbers for the partition; only a new producer gets past it.
        await self._renew()
        for row in rows[after:]:
            _, _, _, topic, key, packed, body = row
            if (topic, key) in held:
                built.behind.append(row)
                continue
            batch = self._create_batch()
            batch.append(timestamp=self._wall_ms(), key=key, value=body, headers=unpack_headers(packed))
            try:
                sent = await self._bounded(self._running().send_batch(batch, topic, partition=line[1]))
                await self._bounded(sent)
            except tuple(_REFUSALS) as error:
                built.refused.append((row, _REFUSALS[type(error)]))
                held.add((topic, key))
                await self._renew()
            except KafkaError as error:
                raise _cannot_send(error, topic=topic) from error

    async def _renew(self) -> None:
        await self.stop()
        await self.start()

    async def _count_partitions(self, topic: str) -> int:
        """How many partitions a topic has; none where its name is not one."""
        if not is_topic_name(topic):
            return 0
        bound = min(self._timeout, _METADATA_SECONDS)
        try:
            found = await asyncio.wait_for(self._running().partitions_for(topic), bound)
        except TimeoutError as error:
            raise _cannot_send(UnknownTopicOrPartitionError(), topic=topic) from error
        except (KafkaError, OSError) as error:
            raise _cannot_send(error, topic=topic) from error
        return len(found)

    async def _bounded(self, wait: Any) -> Any:
        try:
            return await asyncio.wait_for(wait, self._timeout)
        except TimeoutError as error:
            sentence = f"Kafka did not answer within {self._timeout:g} s; a fresh relay sends the rows again"
            raise CannotSend("send_timeout", sentence) from error

    def _line_of(self, row: Row) -> Line:
        return row[3], partition_of(row[2], partitions=self._partitions[row[3]])

    def _create_batch(self) -> Batch:
        return self._running().create_batch()

    def _running(self) -> Producer:
        if self._producer is None:
            raise CannotSend("not_started", "the sender has no producer; call start() first")
        return self._producer


def _cannot_send(error: BaseException, *, topic: str = "") -> CannotSend:
    if isinstance(error, CannotSend):
        return error
    if isinstance(error, UnknownTopicOrPartitionError):
        return CannotSend(
            "unknown_topic",
            f"Kafka does not know the topic {topic}; create the topics before the services start",
        )
    if isinstance(error, TopicAuthorizationFailedError):
        return CannotSend(
            "not_allowed",
            f"this service may not write to {topic or 'a topic'}; see the ACLs of its Kafka user",
        )
    return CannotSend(
        "producer_failed", f"the producer gave up: {type(error).__name__}; a fresh relay sends the rows again"
    )
