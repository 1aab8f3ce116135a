"""The bus side of taking records in: one FastStream batch subscriber per service, at least once.

The construction is exact, and each part guards against a loss that was seen (docs/decisions/003): NACK_ON_ERROR, because the
Kafka default acknowledges first; an explicit group and `earliest`; a parser that touches neither header nor body, because the
default one drops a batch for one null header; no middleware that swallows exceptions.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage
from faststream.security import BaseSecurity, SASLScram256, SASLScram512

from .admission import BusLog, NotAdmitted, refusal_of, refused, why_not_in
from .intake import Intake
from .kafka_login import OPEN, KafkaLogin
from .lateness import Lag, Lateness
from .parked import RawRecord
from .producer import system_milliseconds

_log = logging.getLogger(__name__)

MAX_RECORDS: Final = 500
BATCH_TIMEOUT_MS: Final = 20
FETCH_BYTES: Final = 128 * 1024
"""Read ahead per partition; a batch that is larger comes alone. The client's own 1 MiB, times sixty partitions, would let a backlog
fill the memory of a small process."""
PAUSE_SECONDS: Final = 1.0
"""Between handing a batch back and reading it again, beside the intake's own patience."""
LOOK_SECONDS: Final = 5.0
"""How often the consumer asks whether it may still listen."""
_LOOKS_AT_START: Final = 3


class HandedBack(Exception):
    """A batch that could not be taken in now; the offsets stay where they are and it is read again."""


class _Membership(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """What the group has told this consumer: whether it has its share yet, be the share nothing."""

    def __init__(self, *, lateness: Lateness, on_shared_out: Callable[[], None]) -> None:
        self.joined = False
        self.positions: dict[TopicPartition, int] = {}
        self._lateness = lateness
        self._on_shared_out = on_shared_out

    async def on_partitions_revoked(self, revoked: object) -> None:
        """The group is being shared out anew."""
        self.joined = False

    async def on_partitions_assigned(self, assigned: object) -> None:
        """Others may have read on meanwhile, also in what was ours before: only the broker knows how far."""
        self.joined = True
        self.positions.clear()
        self._lateness.forget()
        self._on_shared_out()


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
        login: KafkaLogin = OPEN,
        instance: str | None = None,
        drain_seconds: float = 15.0,
        on_shared_out: Callable[[], None] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._namespace = namespace
        self._intake = intake
        self._lateness = Lateness(monotonic=monotonic, wall_ms=system_milliseconds)
        self._membership = _Membership(lateness=self._lateness, on_shared_out=on_shared_out)
        self._positions = self._membership.positions
        self._bootstrap = bootstrap
        self._login = login
        self._topics, self._group = [namespace + topic for topic in topics], namespace + group
        self._bus_log = BusLog(_log)
        self._refusal: str | None = None
        self._looking: AIOKafkaConsumer | None = None
        """A client of its own for looking at offsets: on the reader's connection a question waits behind a long fetch."""
        self._broker = KafkaBroker(
            bootstrap,
            security=_security(login),
            allow_auto_create_topics=False,
            ack_policy=AckPolicy.NACK_ON_ERROR,
            apply_types=False,
            logger=self._bus_log,  # its own would write lines that are not JSON to standard output
            log_level=logging.DEBUG,
            graceful_timeout=drain_seconds,
        )
        self.subscriber: Any = self._broker.subscriber(
            *self._topics,
            group_id=self._group,
            group_instance_id=f"{namespace}{group}-{instance}" if instance else None,
            batch=True,
            max_records=MAX_RECORDS,
            batch_timeout_ms=BATCH_TIMEOUT_MS,
            max_partition_fetch_bytes=FETCH_BYTES,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.NACK_ON_ERROR,
            listener=self._membership,
        )
        self.subscriber(self._handle, parser=self._parse, decoder=_decode)

    async def start(self) -> None:
        """Join the group and start reading. Raises NotAdmitted, having said why."""
        self._looking = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, **self._login.client_arguments())
        try:
            try:
                await self._looking.start()
                await self._broker.connect()
                await self._admitted()
                await self._broker.start()
            except (KafkaError, OSError) as error:
                sentence = await why_not_in(login=self._login, bootstrap=self._bootstrap)
                raise self._not_admitted(sentence) from error
        except BaseException:
            await self.stop(patience=2)
            raise

    async def until_refused(self, stop: asyncio.Event) -> None:
        """Until told to stop. Raises NotAdmitted, having said why, where Kafka no longer lets this service read."""
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
                return
            if self._bus_log.refusal is not None:
                raise self._not_admitted(self.refusal or "")
            before, self._refusal = self._refusal, await self._refused()
            if before and self._refusal:  # twice: rights that are being granted anew are gone for a moment
                raise self._not_admitted(self._refusal)

    async def _admitted(self) -> None:
        for look in range(1, _LOOKS_AT_START + 1):
            if (sentence := await self._refused()) is None:
                return
            if look == _LOOKS_AT_START:
                raise self._not_admitted(sentence)
            await asyncio.sleep(1)  # topics and rights may be on their way

    async def _refused(self) -> str | None:
        asking = self._broker.config.admin_client
        return await refused(asking, login=self._login, topics=self._topics, group=self._group)

    def _not_admitted(self, sentence: str) -> NotAdmitted:
        # Said here, since who catches it logs types only; ours name topics, groups and users, never a password.
        self._refusal = sentence
        _log.error("Listening is not possible: %s", sentence)
        return NotAdmitted(sentence)

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

    @property
    def refusal(self) -> str | None:
        """What Kafka refuses to this consumer, as far as it has noticed."""
        heard = self._bus_log.refusal
        return self._refusal if heard is None else refusal_of(heard, login=self._login, group=self._group)

    async def lag(self) -> dict[str, int] | None:
        """Records not yet taken in, by topic; None while the group has not shared out its partitions. Asks the broker."""
        lags = await self.lags()
        if lags is None:
            return None
        totals: dict[str, int] = {}
        for lag in lags:
            totals[lag.topic] = totals.get(lag.topic, 0) + lag.messages
        return totals

    async def lags(self) -> list[Lag] | None:
        """The same for each partition, and for how long; None as above."""
        consumer = self.subscriber.consumer
        if consumer is None or self._looking is None or not self._membership.joined:
            return None
        ends = await asyncio.wait_for(self._looking.end_offsets(list(consumer.assignment())), 10)
        lags: list[Lag] = []
        for partition, end in ends.items():
            position = self._positions.get(partition)
            if position is None:
                position = await asyncio.wait_for(consumer.committed(partition), 10)
                if position is None:
                    position = (await self._looking.beginning_offsets([partition]))[partition]
                position = self._positions.setdefault(partition, position)
            topic = partition.topic.removeprefix(self._namespace)
            seconds = self._lateness.look(partition, position=position, end=end)
            lags.append(Lag(topic, partition.partition, max(end - position, 0), seconds))
        return lags

    @property
    def polled_at(self) -> float | None:
        """When the broker last answered a fetch, in seconds since 1970; None while nothing is assigned."""
        consumer = self.subscriber.consumer
        if consumer is None or not self._membership.joined:
            return None
        stamps = [consumer.last_poll_timestamp(partition) for partition in consumer.assignment()]
        known = [stamp for stamp in stamps if stamp is not None]
        return max(known) / 1000 if known else None

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
        self._note_times(
            reversed(records)
        )  # while they are in hand, the first of each partition is the one that waits
        try:
            await self._intake.take([self._raw(record) for record in records])
        except Exception as error:  # noqa: BLE001 - raised again as one that says nothing of its input
            # FastStream logs the text of an error and reads again at once; the text may quote what came in
            _log.exception("a batch is handed back")
            await asyncio.sleep(PAUSE_SECONDS)
            raise HandedBack(type(error).__name__) from None
        self._note_times(records)
        for record in records:
            self._positions[TopicPartition(record.topic, record.partition)] = record.offset + 1

    def _note_times(self, records: Iterable[ConsumerRecord]) -> None:
        stamps = {(record.topic, record.partition): record.timestamp for record in records}
        for (topic, partition), stamp in stamps.items():
            self._lateness.taking(TopicPartition(topic, partition), stamp_ms=stamp)

    def _raw(self, record: ConsumerRecord) -> RawRecord:
        return RawRecord(
            topic=record.topic.removeprefix(self._namespace),
            partition=record.partition,
            position=record.offset,
            key=record.key,
            headers=tuple(record.headers),
            body=record.value,
        )


def _security(login: KafkaLogin) -> BaseSecurity | None:
    if login.by_password:
        kind = {"SCRAM-SHA-512": SASLScram512, "SCRAM-SHA-256": SASLScram256}[login.mechanism]
        encrypted = login.ssl_context is not None
        return kind(login.username, login.password, ssl_context=login.ssl_context, use_ssl=encrypted)
    return BaseSecurity(ssl_context=login.ssl_context) if login.ssl_context is not None else None


async def _decode(message: Any) -> Any:
    """Hand the raw records on: decoding is done one by one, so that one bad record cannot spoil a batch."""
    return message.raw_message
