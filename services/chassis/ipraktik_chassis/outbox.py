"""The outbox: events that are true and not yet acknowledged by Kafka, as the very bytes that will be sent.

Invariants: a row is written in the transaction of the state it speaks of; ids are drawn after the aggregate's lock is taken
and in the order of the records given, so the ids of one key rise in the order in which things happened.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from ipraktik_chassis.partitioning import key_hash, shard_of

COLUMNS: Final = "shard, hash, topic, key, headers, body, event_id, created_at"
"""The columns of `outbox_columns`, for a statement that writes its row itself (a hot path with one round trip).

It must have written something else before, as a CTE that the insert selects from: the id is drawn by a transaction that has
locked what it speaks of and has its number.
"""

_TOPIC = re.compile(r"[a-zA-Z0-9._-]{1,249}")

# `with ordinality … order by`: the ids are drawn in the order of the records, not in one the planner likes. The condition
# gives the transaction its number before any id is drawn, which the relay's reader builds on.
_APPEND = """
insert into outbox (shard, hash, topic, key, headers, body, event_id, created_at)
select r.shard, r.hash, r.topic, r.key, r.headers, r.body, r.event_id, $8
from unnest($1::smallint[], $2::int[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[], $7::uuid[])
    with ordinality as r (shard, hash, topic, key, headers, body, event_id, place)
where (select pg_current_xact_id() is not null)
order by r.place
"""
_BACKLOG = "select count(*) as rows, min(created_at) as oldest_created_at from outbox"


@dataclass(frozen=True, slots=True)
class OutboxRecord:
    """A record to be sent. `topic` as Kafka knows it, namespace included; no body is a tombstone."""

    topic: str
    key: bytes
    headers: tuple[tuple[str, bytes], ...]
    body: bytes | None
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits to be sent."""

    rows: int
    oldest_created_at: datetime | None


@lru_cache(maxsize=256)
def is_topic_name(topic: str) -> bool:
    """Whether Kafka would take this as the name of a topic."""
    return topic not in (".", "..") and _TOPIC.fullmatch(topic) is not None


def pack_headers(headers: Sequence[tuple[str, bytes]]) -> bytes:
    """Headers as `name NUL value NUL …`, which the relay takes apart at half the price of lengths and prefixes.

    Raises ValueError where a name or value holds a NUL or a name is empty.
    """
    packed = b"\0".join([part for name, value in headers for part in (name.encode(), value)])
    if headers and packed.count(0) != 2 * len(headers) - 1:
        culprit = next(name for name, value in headers if "\0" in name or b"\0" in value)
        raise ValueError(
            f"header {culprit!r} holds a NUL, which separates headers in the outbox; encode it as text"
        )
    if any(not name for name, _ in headers):
        raise ValueError("a header has no name; name it or leave it out")
    return packed


def unpack_headers(packed: bytes) -> list[tuple[str, bytes]]:
    """The headers that `pack_headers` packed."""
    parts = iter(packed.split(b"\0"))
    return [(name.decode(), value) for name, value in zip(parts, parts, strict=False)]


def outbox_columns(
    record: OutboxRecord, *, now: datetime
) -> tuple[int, int, str, bytes, bytes, bytes | None, UUID, datetime]:
    """The values of one row, in the order of `COLUMNS`. Raises ValueError for a topic or header that could never be sent."""
    if not is_topic_name(record.topic):
        raise ValueError(
            f"{record.topic!r} is not a topic name; use letters, digits, '.', '_' and '-', 249 at most"
        )
    hashed = key_hash(record.key)
    packed = pack_headers(record.headers)
    return shard_of(hashed), hashed, record.topic, record.key, packed, record.body, record.event_id, now


async def append(conn: Any, records: Sequence[OutboxRecord], *, now: datetime) -> None:
    """Write the records, in this order, in the caller's transaction and in one statement."""
    if not records:
        return
    columns = list(zip(*(outbox_columns(record, now=now) for record in records), strict=True))
    await conn.execute(_APPEND, *columns[:7], now)


async def backlog(conn: Any) -> Backlog:
    """How many rows wait and since when."""
    row = await conn.fetchrow(_BACKLOG)
    return Backlog(row["rows"], row["oldest_created_at"])
