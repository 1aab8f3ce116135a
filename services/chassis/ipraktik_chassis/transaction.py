"""One transaction of one use case: its connection, its instant, and the events that become true with it.

Invariants: events are written to `outbox` in the same transaction as the state they speak of; the aggregate's counter row is
locked before an outbox id is drawn, so ids of one aggregate rise in the order of its events, and `ce_sequence` has no gap.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from ipraktik_contracts.envelope import CloudEvent, encode
from ipraktik_contracts.events import Event

from . import outbox, tracing
from .cause import current_cause, new_cause
from .ids import new_id

Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
"""A connection as use cases and stores see it, from a pool or not."""

_NEXT_SEQUENCES = """
insert into event_sequence as s (topic, key, last)
select * from unnest($1::text[], $2::text[], $3::bigint[]) order by 1, 2
on conflict (topic, key) do update set last = s.last + excluded.last
returning topic, key, last
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who speaks: the service's `ce_source` and the namespace its topics live in."""

    source: str
    topic_namespace: str = ""


class Transaction:
    """What a use case is given. It never commits; the edge that opened it does."""

    __slots__ = ("_origin", "conn", "now", "said")

    def __init__(self, *, conn: Any, now: datetime, origin: Origin) -> None:
        self.conn = conn
        self.now = now
        self._origin = origin
        self.said: list[tuple[str, str]] = []
        """Trace and name of each event, where traces are wanted."""

    async def emit(self, *events: Event) -> None:
        """Say what has happened, in this order. Several aggregates may be mixed. One statement for numbers, one for rows."""
        if not events:
            return
        cause = current_cause() or new_cause()
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for event in events:
            counts[event.TOPIC, event.key] += 1
        following = await self._draw(counts)
        records = []
        for event in events:
            following[event.TOPIC, event.key] += 1
            envelope = CloudEvent(
                id=new_id(self.now),
                source=self._origin.source,
                time=self.now,
                sequence=following[event.TOPIC, event.key],
                data=event,
                correlation_id=cause.correlation_id,
                causation_id=cause.causation_id,
                traceparent=cause.traceparent,
            )
            records.append(self._row(envelope))
        await outbox.append(self.conn, records, now=self.now)
        if tracing.active():
            self.said += [(cause.traceparent, type(event).__name__) for event in events]

    async def erase(self, event_class: type[Event], *keys: UUID) -> None:
        """Write tombstones for keys of a compacted internal topic. Raises ValueError for a public topic."""
        if event_class.AUDIENCE == "public":
            raise ValueError(f"{event_class.TOPIC} is public; a tombstone there is malformed")
        if not keys:
            return
        # A tombstone takes a number like an event: the lock makes it the last word on what is being said at this moment.
        await self._draw({(event_class.TOPIC, str(key)): 1 for key in keys})
        records = [
            outbox.OutboxRecord(
                topic=self._origin.topic_namespace + event_class.TOPIC,
                key=str(key).encode(),
                headers=(),
                body=None,
                event_id=new_id(self.now),
            )
            for key in sorted(set(keys))
        ]
        await outbox.append(self.conn, records, now=self.now)

    async def _draw(self, counts: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
        """Lock the aggregates' counters, in one order for all, and move them on. Returns where each stood before."""
        pairs = sorted(counts)
        rows = await self.conn.fetch(
            _NEXT_SEQUENCES,
            [topic for topic, _ in pairs],
            [key for _, key in pairs],
            [counts[pair] for pair in pairs],
        )
        return {(row["topic"], row["key"]): row["last"] - counts[row["topic"], row["key"]] for row in rows}

    def _row(self, event: CloudEvent) -> outbox.OutboxRecord:
        record = encode(event)
        return outbox.OutboxRecord(
            topic=self._origin.topic_namespace + record.topic,
            key=record.key,
            headers=record.headers,
            body=record.value,
            event_id=event.id,
        )
