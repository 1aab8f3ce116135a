"""The bus side of taking records in: one FastStream batch subscriber per service, at least once.

The construction is exact, and each part guards against a loss that was seen (docs/decisions/003): NACK_ON_ERROR, because the
Kafka default acknowledges first; an explicit group and `earliest`; a parser that touches neither header nor body, because the
default one drops a batch for one null header; no middleware that swallows exceptions.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage

from .intake import Intake
from .parked import RawRecord

_log = logging.getLogger(__name__)

MAX_RECORDS: Final = 1000
BATCH_TIMEOUT_MS: Final = 20
PAUSE_SECONDS: Final = 1.0
"""Between handing a batch back and reading it again, beside the intake's own patience."""


class HandedBack(Exception):
    """A batch that could not be taken in now; the offsets stay where they are and it is read again."""


class _Membership(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """What the group has told this consumer: whether it has its share yet, be the share nothing."""

    def __init__(self) -> None:
        self.joined = False
        self.positions: dict[TopicPartition, int] = {}

    async def on_partitions_revoked(self, revoked: object) -> None:
        """The group is being shared out anew."""
        self.joined = False

    async def on_partitions_assigned(self, assigned: object) -> None:
        """Others may have read on meanwhile, also in what was ours before: only the broker knows how far."""
        self.joined = True
        self.positions.clear()


class Consumer:
    """Reads a service's topics and hands batches to its intake."""

    def __init__(
        self,
        *,
        bootstrap: str,
        namespace: str,
        group: str,
        topics: Sequence[str],
        intake: Intake,
        instance: str | None = None,
        drain_seconds: float = 15.0,
    ) -> None:
        self._namespace = namespace
        self._intake = intake
        self._membership = _Membership()
        self._positions = self._membership.positions
        self._bootstrap = bootstrap
        self._looking: AIOKafkaConsumer | None = None
        """A client of its own for looking at offsets: on the reader's connection a question waits behind a long fetch."""
        self._broker = KafkaBroker(
            bootstrap,
            allow_auto_create_topics=False,
            ack_policy=AckPolicy.NACK_ON_ERROR,
            apply_types=False,
            logger=_log,  # its own would write lines that are not JSON to standard output
            log_level=logging.DEBUG,
            graceful_timeout=drain_seconds,
        )
        self.subscriber: Any = self._broker.subscriber(
            *(namespace + topic for topic in topics),
            group_id=namespace + group,
            group_instance_id=f"{namespace}{group}-{instance}" if instance else None,
            batch=True,
            max_records=MAX_RECORDS,
            batch_timeout_ms=BATCH_TIMEOUT_MS,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.NACK_ON_ERROR,
            listener=self._membership,
        )
        self.subscriber(self._handle, parser=self._parse, decoder=_decode)

    async def start(self) -> None:
        """Join the group and start reading."""
        self._looking = AIOKafkaConsumer(bootstrap_servers=self._bootstrap)
        try:
            await self._looking.start()
            await self._broker.start()
        except BaseException:
            await self._looking.stop()
            raise

    async def stop(self, *, patience: float) -> None:
        """Finish the batch under way, commit it, leave. Bounded: a dead broker must not hold up the shutdown."""
        try:
            await asyncio.wait_for(self._broker.stop(), patience)
        except TimeoutError:
            _log.warning(
                "leaving the consumer group took too long; the session timeout will end the membership"
            )
        finally:
            if self._looking is not None:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._looking.stop(), 2)

    async def lag(self) -> dict[str, int] | None:
        """Records not yet taken in, by topic; None while the group has not shared out its partitions. Asks the broker."""
        consumer = self.subscriber.consumer
        if consumer is None or self._looking is None or not self._membership.joined:
            return None
        ends = await asyncio.wait_for(self._looking.end_offsets(list(consumer.assignment())), 10)
        lags: dict[str, int] = {}
        for partition, end in ends.items():
            position = self._positions.get(partition)
            if position is None:
                position = await asyncio.wait_for(consumer.committed(partition), 10)
                if position is None:
                    position = (await self._looking.beginning_offsets([partition]))[partition]
                position = self._positions.setdefault(partition, position)
            topic = partition.topic.removeprefix(self._namespace)
            lags[topic] = lags.get(topic, 0) + max(end - position, 0)
        return lags

    @property
    def joined(self) -> bool:
        """Whether the group has given this consumer its share; a spare one has none and is as ready as it can be."""
        return self._membership.joined

    @property
    def partitions(self) -> int:
        """Partitions held now."""
        consumer = self.subscriber.consumer
        return 0 if consumer is None else len(consumer.assignment())

    async def reachable(self) -> bool:
        """Whether the broker answers."""
        return bool(await self._broker.ping(2.0))

    async def _parse(self, records: Sequence[ConsumerRecord]) -> KafkaAckableMessage:
        first = records[0]
        return KafkaAckableMessage(
            body=b"",
            raw_message=tuple(records),
            consumer=self.subscriber.consumer,
            headers={},
            reply_to="",
            content_type=None,
            message_id=f"{first.topic}:{first.partition}:{first.offset}",
            correlation_id=None,
        )

    async def _handle(self, records: Sequence[ConsumerRecord]) -> None:
        try:
            await self._intake.take([self._raw(record) for record in records])
        except Exception as error:  # noqa: BLE001 - raised again as one that says nothing of its input
            # FastStream logs the text of an error and reads again at once; the text may quote what came in
            _log.exception("a batch is handed back")
            await asyncio.sleep(PAUSE_SECONDS)
            raise HandedBack(type(error).__name__) from None
        for record in records:
            self._positions[TopicPartition(record.topic, record.partition)] = record.offset + 1

    def _raw(self, record: ConsumerRecord) -> RawRecord:
        return RawRecord(
            topic=record.topic.removeprefix(self._namespace),
            partition=record.partition,
            position=record.offset,
            key=record.key,
            headers=tuple(record.headers),
            body=record.value,
        )


async def _decode(message: Any) -> Any:
    """Hand the raw records on: decoding is done one by one, so that one bad record cannot spoil a batch."""
    return message.raw_message
