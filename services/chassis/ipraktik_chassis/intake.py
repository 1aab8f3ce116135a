"""Taking records in: decode one by one, note each event as taken together with its effect, park what cannot be taken.

The runtime of every consumer, without the bus. Invariants: an event's effect and its inbox row are one transaction; a record
is never dropped, it takes effect, is skipped because nobody here handles its type, or is parked; order per key is kept, parked
keys included. Transient failures (database, network) are retried in place and never parked.
"""

import asyncio
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ipraktik_contracts.envelope import CloudEvent, MalformedRecord, NewerMajor, UnknownType, decode
from ipraktik_contracts.topics import BY_NAME

from . import inbox, parked, tracing
from .cause import Cause, because_of, new_cause
from .clock import Clock
from .database import TRANSIENT, Database
from .metrics import ConsumerMetrics
from .parked import RawRecord
from .subscriptions import Subscriptions
from .transaction import Transaction

_log = logging.getLogger(__name__)

ATTEMPTS: Final = 3
"""How often a record is tried whose handler fails for no transient reason."""
PATIENCE_SECONDS: Final = 45.0
"""How long a transient failure is retried in place before the batch is handed back. Far below max_poll_interval."""


_Outcome = tuple[str, str, float | None]
"""Event type, what came of it, and its age where it took effect."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A record and what became of reading it: an event, an erasure, or a reason to park."""

    record: RawRecord
    event: CloudEvent | None = None
    erasure: bool = False
    kind: str = ""
    reason: str = ""


class Intake:
    """One consumer's way of taking records in."""

    def __init__(
        self,
        *,
        database: Database,
        consumer: str,
        subscriptions: Subscriptions,
        clock: Clock,
        metrics: ConsumerMetrics,
    ) -> None:
        self._database = database
        self._consumer = consumer
        self._subscriptions = subscriptions
        self._clock = clock
        self._metrics = metrics
        self.busy = False
        self.taken = 0
        self._steps: list[tuple[Cause, str, str]] = []
        """What is being taken in, where traces are wanted: why, from which topic, what."""

    async def take(self, records: Sequence[RawRecord]) -> None:
        """Take a batch in. Returns when it is durable; raises only when a transient failure outlasts the patience."""
        self.busy = True
        started = self._clock.monotonic()
        try:
            reads = [self._read(record) for record in records]
            await self._with_patience(reads)
            self.taken += len(records)
        finally:
            self.busy = False
            self._metrics.batch_duration.observe(self._clock.monotonic() - started)

    async def replay(self, record: RawRecord) -> str | None:
        """Take one parked record in, now. None when it took effect, else why it did not."""
        read = self._read(record)
        if read.kind:
            return read.reason
        try:
            await self._commit([read], heed_parked=False)
        except TRANSIENT:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the operator is told and the record stays parked
            return f"{type(error).__name__} in its handler"
        return None

    async def _with_patience(self, reads: Sequence[_Read]) -> None:
        deadline = self._clock.monotonic() + PATIENCE_SECONDS
        pause = 0.05
        while True:
            try:
                await self._whole_or_one_by_one(reads)
                return
            except TRANSIENT as error:
                if self._clock.monotonic() + pause > deadline:
                    raise
                self._metrics.retried(type(error).__name__)
                _log.warning("retrying a batch after %s", type(error).__name__)
                await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
                pause = min(pause * 2, 5.0)

    async def _whole_or_one_by_one(self, reads: Sequence[_Read]) -> None:
        try:
            await self._commit(reads)
            return
        except TRANSIENT:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the records are tried alone and the culprit is parked
            if len(reads) == 1:
                _log.exception("a record's handler failed")
            else:
                _log.warning("a batch failed; its records are taken one by one")
        for read in reads:
            await self._alone(read)

    async def _alone(self, read: _Read) -> None:
        reason = ""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await self._commit([read])
                return
            except TRANSIENT:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the record is parked in the end
                _log.exception("a record's handler failed", extra={"attempt": attempt})
                reason = f"{type(error).__name__} in its handler"
        async with self._database.transaction() as tx:
            await self._park(tx, read.record, kind="failed", reason=reason)
        self._metrics.outcome("unknown", "parked")

    async def _commit(self, reads: Sequence[_Read], *, heed_parked: bool = True) -> None:
        """One transaction. What came of the records is counted once it is true."""
        began = tracing.instant()
        self._steps.clear()
        async with self._database.transaction() as tx:
            outcomes = await self._apply(tx, reads, heed_parked=heed_parked)
        for name, outcome, age in outcomes:
            self._metrics.outcome(name, outcome, age=age)
        for cause, topic, name in self._steps:
            said = {
                "messaging.system": "kafka",
                "messaging.destination.name": topic,
                "messaging.consumer.group.name": self._consumer,
                "event.type": name,
            }
            tracing.step(cause, f"process {name}", kind=tracing.CONSUMER, started=began, attributes=said)

    async def _apply(self, tx: Transaction, reads: Sequence[_Read], *, heed_parked: bool) -> list[_Outcome]:
        outcomes: list[_Outcome] = []
        keys = [read.record.key for read in reads if read.record.key is not None]
        held = await parked.parked_keys(tx.conn, consumer=self._consumer, keys=keys) if heed_parked else set()
        going: list[_Read] = []
        for read in reads:
            record = read.record
            place = None if record.key is None else (record.topic, record.key)
            if read.kind:
                await self._park(tx, record, kind=read.kind, reason=read.reason)
                outcomes.append(("unknown", "parked", None))
                if place:
                    held.add(place)
            elif read.erasure:
                # It overtakes what is parked of its key: whatever came before an erasure is to be forgotten, not kept.
                if place in held and record.key is not None:
                    await parked.forget(tx.conn, keys=[record.key])
                    held.discard((record.topic, record.key))
                going.append(read)
            elif place in held:
                await self._park(tx, record, kind="behind", reason="an earlier record of its key is parked")
                outcomes.append(("unknown", "parked", None))
            elif read.event and self._subscriptions.handles(type(read.event.data)):
                going.append(read)
            elif read.event:
                outcomes.append((type(read.event.data).__name__, "skipped", None))
        outcomes += await self._effects(tx, going)
        heard = [(read.record, read.event) for read in going if read.event]
        if heard and self._subscriptions.witness is not None:
            await self._subscriptions.witness(tx, heard)
        return outcomes

    async def _effects(self, tx: Transaction, reads: Sequence[_Read]) -> list[_Outcome]:
        outcomes: list[_Outcome] = []
        ids = [read.event.id for read in reads if read.event]
        fresh = await inbox.take(tx.conn, consumer=self._consumer, event_ids=ids) if ids else set()
        if fresh and self._subscriptions.locking is not None:
            due = {read.event.id: read.event for read in reads if read.event and read.event.id in fresh}
            await self._subscriptions.locking(tx, list(due.values()))
        queue: list[CloudEvent] = []

        async def flush() -> None:
            if queue:
                events = tuple(queue)
                queue.clear()
                with because_of(self._cause_of(*events)):
                    await self._subscriptions.many[type(events[0].data)](tx, events)

        for read in reads:
            event = read.event
            if event is None:
                await flush()
                await self._subscriptions.erasures[read.record.topic](tx, [(read.record.key or b"").decode()])
                continue
            name = type(event.data).__name__
            if not self._first(fresh, event.id):
                outcomes.append((name, "duplicate", None))
                continue
            outcomes.append((name, "ok", (tx.now - event.time).total_seconds()))
            if type(event.data) in self._subscriptions.many:
                if queue and type(queue[0].data) is not type(event.data):
                    await flush()
                queue.append(event)
                continue
            await flush()
            with because_of(self._cause_of(event)):
                await self._subscriptions.handlers[type(event.data)](tx, event)
        await flush()
        return outcomes

    def _cause_of(self, *events: CloudEvent) -> Cause:
        """Why what follows happens: the first of the events. Each is a step of its own trace."""
        causes = [
            new_cause(correlation_id=one.correlation_id, causation_id=str(one.id), parent=one.traceparent)
            for one in (events if tracing.active() else events[:1])
        ]
        if tracing.active():
            self._steps += [
                (cause, one.data.TOPIC, type(one.data).__name__)
                for cause, one in zip(causes, events, strict=True)
            ]
        return causes[0]

    @staticmethod
    def _first(fresh: set[UUID], id: UUID) -> bool:
        """Whether the id is fresh; the second of two equal ids in one batch is not."""
        if id in fresh:
            fresh.remove(id)
            return True
        return False

    async def _park(self, tx: Transaction, record: RawRecord, *, kind: str, reason: str) -> None:
        _log.error(
            "parked a record",
            extra={
                "topic": record.topic,
                "partition": record.partition,
                "position": record.position,
                "kind": kind,
                "reason": reason,
            },
        )
        await parked.park(
            tx.conn, consumer=self._consumer, record=record, kind=kind, reason=reason, now=tx.now
        )

    def _read(self, record: RawRecord) -> _Read:
        if (
            record.body is None
            and not BY_NAME[record.topic].public
            and BY_NAME[record.topic].config["cleanup.policy"] == "compact"
        ):
            if record.topic in self._subscriptions.erasures and record.key is not None:
                return _Read(record, erasure=True)
            return _Read(record)
        try:
            event = decode(record.headers, record.body)
        except UnknownType as error:
            return _Read(record, kind="unknown_type", reason=str(error))
        except NewerMajor as error:
            return _Read(record, kind="newer_major", reason=str(error))
        except MalformedRecord as error:
            return _Read(record, kind="malformed", reason=str(error))
        except Exception as error:  # noqa: BLE001 - a record that nobody foresaw must not stop its partition
            return _Read(record, kind="malformed", reason=f"{type(error).__name__} while it was decoded")
        if record.topic != event.data.TOPIC or record.key != event.key.encode():
            return _Read(record, kind="malformed", reason="topic or key does not belong to the event")
        return _Read(record, event=event)
