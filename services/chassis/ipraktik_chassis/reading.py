"""Reading the outbox: slices of the lowest rows of each shard that are not on their way already.

Invariant: whoever commits late with a lower id is read before anything that was said after it. So a slice starts at the front
of a shard, not behind what was read before: only the ids on their way are left out, and a mark below which everything is
known to be settled spares the dead rows that a queue leaves at its front.

The mark moves like this. Every id up to the highest one read had been drawn, by a transaction that already had its number,
before the next look at the running transactions. Once all that ran then have ended, each of those ids is committed and
visible, or gone for ever. A sweep sets the marks back to nothing, so what breaks these rules is late, not lost.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Final

Row = Sequence[Any]
"""shard, id, hash, topic, key, headers, body."""

# LATERAL keeps to the primary key of each shard whatever the backlog; `shard = any(…) order by id` sorts all of it every time.
# `not in (select unnest(…))` is a hash table made once; an array would be searched from end to end for each row.
_READ: Final = """
select o.shard, o.id, o.hash, o.topic, o.key, o.headers, o.body
from unnest($1::smallint[], $2::bigint[]) s (shard, settled) cross join lateral (
    select * from outbox
    where shard = s.shard and id > s.settled and id not in (select unnest($4::bigint[]))
    order by id limit $3) o
"""
_RUNNING: Final = """
select pg_snapshot_xmin(seen)::text::bigint as oldest_running, pg_snapshot_xmax(seen)::text::bigint as next_to_start
from pg_current_snapshot() seen
"""
_FIRST_SLICE_ROWS: Final = 512

PLANNER: Final = {
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_sort": "off",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
}
"""For connections that work on the outbox: a plan made while the table was empty is kept for a backlog of a hundred thousand
rows, so only the index may be used."""


class OutOfOrder(Exception):
    """PostgreSQL gave a shard's rows in another order than asked for."""


class OutboxReader:
    """Reads slices, as many rows at a time as the bytes of the last ones make fitting."""

    def __init__(self, *, slice_rows: int, slice_bytes: int) -> None:
        self._most_rows = slice_rows
        self._slice_bytes = slice_bytes
        self.slice_rows = min(_FIRST_SLICE_ROWS, slice_rows)
        self._running: Any = None
        self._statement: Any = None
        self._settled: dict[int, int] = {}
        self._on_their_way: set[int] = set()
        self._highest = 0
        self._waiting: deque[tuple[int, int]] = deque()
        self._drawn_and_ended = 0

    async def prepare(self, conn: Any) -> None:
        """Use this connection from now on."""
        self._running = await conn.prepare(_RUNNING)
        self._statement = await conn.prepare(_READ)

    @property
    def shards(self) -> list[int]:
        """The shards that are read."""
        return list(self._settled)

    @property
    def settled(self) -> dict[int, int]:
        """Per shard, the id up to which nothing will ever appear again."""
        return dict(self._settled)

    def rewind(self, shards: Iterable[int]) -> None:
        """Read these shards from their very front. Only when nothing is on its way."""
        self._settled = dict.fromkeys(sorted(shards), 0)
        self._on_their_way.clear()

    async def read(self) -> list[Row]:
        """The next slice. Each shard gives its share, so none can starve another. One read at a time."""
        if not self._settled:
            return []
        await self._look_at_running_transactions()
        per_shard = max(1, self.slice_rows // len(self._settled))
        rows: list[Row] = await self._statement.fetch(
            list(self._settled), list(self._settled.values()), per_shard, list(self._on_their_way)
        )
        return rows

    def take(self, rows: Sequence[Row]) -> None:
        """Count what was read last, be it nothing, as on its way.

        Raises OutOfOrder: SQL promises no order inside a shard without an outer order by.
        """
        last: dict[int, int] = {}
        for row in rows:
            shard, id = row[0], row[1]
            if id <= last.get(shard, 0):
                raise OutOfOrder(f"shard {shard} was not read in id order; nothing of the slice was sent")
            last[shard] = id
        self._on_their_way.update([row[1] for row in rows])
        self._highest = max(self._highest, max(last.values(), default=0))
        ended = self._drawn_and_ended
        for shard, settled in self._settled.items():
            self._settled[shard] = max(settled, min(last.get(shard, ended), ended))

    def gone(self, ids: Iterable[int]) -> None:
        """These rows have left the outbox."""
        self._on_their_way.difference_update(ids)

    def fit(self, *, rows: int, size: int) -> None:
        """Make the next slice as large as the bytes allow, by what was just sent, but at most twice as large as now."""
        if rows * 2 >= self.slice_rows:
            fitting = self._slice_bytes * rows // max(size, 1)
            self.slice_rows = max(1, min(fitting, 2 * self.slice_rows, self._most_rows))

    async def _look_at_running_transactions(self) -> None:
        oldest_running, next_to_start = await self._running.fetchrow()
        if not self._waiting or self._waiting[-1][1] < self._highest:
            self._waiting.append((next_to_start, self._highest))
        while self._waiting and self._waiting[0][0] <= oldest_running:
            self._drawn_and_ended = self._waiting.popleft()[1]
