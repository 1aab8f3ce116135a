"""Parked records: what could not be taken in, kept whole and in order, until somebody replays or discards it.

Invariant: while a key has a parked record, every later record of that key is parked behind it, so a replay keeps the order.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

RawHeaders = tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record as it came from Kafka; `topic` without namespace."""

    topic: str
    partition: int
    position: int
    key: bytes | None
    headers: RawHeaders
    body: bytes | None


@dataclass(frozen=True, slots=True)
class ParkedRecord:
    """A record that waits, with why."""

    id: int
    record: RawRecord
    kind: str
    reason: str
    parked_at: datetime


_PARK = """
insert into parked (consumer, topic, partition, position, key, headers, body, kind, reason, parked_at)
values ($1, $2, $3, $4, $5, $6::json, $7, $8, $9, $10) on conflict do nothing
"""
_KEYS = "select distinct topic, key from parked where consumer = $1 and key = any($2::bytea[])"
_LIST = """
select * from parked where consumer = $1 and ($2::bigint is null or id = $2) and ($3::text[] is null or kind = any($3))
order by id limit $4
"""
_LINE = """
select * from parked where consumer = $1 and topic = $2 and key is not distinct from $3 order by id
"""


async def park(conn: Any, *, consumer: str, record: RawRecord, kind: str, reason: str, now: datetime) -> None:
    """Keep a record. Parking the same record of the same position twice keeps one."""
    headers = json.dumps(
        [[name, None if raw is None else base64.b64encode(raw).decode()] for name, raw in record.headers]
    )
    await conn.execute(
        _PARK,
        consumer,
        record.topic,
        record.partition,
        record.position,
        record.key,
        headers,
        record.body,
        kind,
        reason.replace("\0", "")[:500],  # it may name a header's value, and text takes no NUL
        now,
    )


async def parked_keys(conn: Any, *, consumer: str, keys: Iterable[bytes]) -> set[tuple[str, bytes]]:
    """Of these keys, the (topic, key) pairs that have something parked."""
    rows = await conn.fetch(_KEYS, consumer, list(set(keys)))
    return {(row["topic"], row["key"]) for row in rows}


async def listed(
    conn: Any, *, consumer: str, id: int | None = None, kinds: Sequence[str] | None = None, limit: int = 1000
) -> list[ParkedRecord]:
    """Parked records, oldest first."""
    rows = await conn.fetch(_LIST, consumer, id, list(kinds) if kinds else None, limit)
    return [_parked(row) for row in rows]


async def line_of(conn: Any, *, consumer: str, topic: str, key: bytes | None) -> list[ParkedRecord]:
    """Everything parked of one key, oldest first."""
    return [_parked(row) for row in await conn.fetch(_LINE, consumer, topic, key)]


async def remove(conn: Any, *, id: int) -> bool:
    """Take a record off the list; False where it was not on it."""
    return bool(await conn.fetchval("delete from parked where id = $1 returning true", id))


async def forget(conn: Any, *, keys: Sequence[bytes]) -> None:
    """Delete everything parked under these keys: part of an erasure."""
    await conn.execute("delete from parked where key = any($1::bytea[])", list(keys))


async def count(conn: Any) -> int:
    """How many records are parked."""
    found: int = await conn.fetchval("select count(*) from parked")
    return found


def _parked(row: Any) -> ParkedRecord:
    headers = tuple(
        (name, None if text is None else base64.b64decode(text)) for name, text in json.loads(row["headers"])
    )
    record = RawRecord(row["topic"], row["partition"], row["position"], row["key"], headers, row["body"])
    return ParkedRecord(row["id"], record, row["kind"], row["reason"], row["parked_at"])
