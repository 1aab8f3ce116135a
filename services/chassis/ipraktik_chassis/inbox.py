"""The inbox: which events a consumer has taken in. Written in the transaction of their effect, so every effect happens once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

_TAKE = """
insert into inbox (consumer, event_id) select $1, id from unnest($2::uuid[]) id order by id
on conflict do nothing returning event_id
"""


async def take(conn: Any, *, consumer: str, event_ids: Sequence[UUID]) -> set[UUID]:
    """Of these ids, the ones this consumer sees for the first time. Sorted before the insert: overlapping batches cannot deadlock."""
    rows = await conn.fetch(_TAKE, consumer, list(event_ids))
    return {row["event_id"] for row in rows}
