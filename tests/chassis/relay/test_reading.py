"""Slices keep the order of each key whatever order transactions commit in, and do not start at the dead front for ever."""

import itertools
import random
from collections import defaultdict
from typing import Any

import asyncpg
import pytest
from chassis.relay import bus
from chassis.relay.bus import OutboxDatabase

from ipraktik_chassis.partitioning import SHARDS, key_hash, shard_of
from ipraktik_chassis.reading import PLANNER, OutboxReader, OutOfOrder

DELETE = "delete from outbox where id = any($1::bigint[])"


class Taking:
    """A reader and what it took, as a relay would: a slice may be on its way while the next one is read."""

    def __init__(self, conn: Any) -> None:
        self.reader = OutboxReader(slice_rows=2 * SHARDS, slice_bytes=1_000_000)
        self.conn = conn
        self.taken: dict[str, list[int]] = defaultdict(list)
        self.on_their_way: list[list[int]] = []

    async def read(self) -> int:
        """Take a slice; how many rows."""
        rows = await self.reader.read()
        self.reader.take(rows)
        for row in rows:
            self.taken[row[4].decode()].append(int(row[6]))
        if rows:
            self.on_their_way.append([row[1] for row in rows])
        return len(rows)

    async def delete(self) -> None:
        """The oldest slice on its way has arrived."""
        if self.on_their_way:
            ids = self.on_their_way.pop(0)
            await self.conn.execute(DELETE, ids)
            self.reader.gone(ids)


def keys_of_one_shard(count: int) -> list[str]:
    """Keys that stand in each other's way."""
    names = (f"participant-{n}" for n in itertools.count())
    return list(itertools.islice((name for name in names if shard_of(key_hash(name.encode())) == 0), count))


@pytest.mark.parametrize("seed", range(8))
async def test_rows_of_a_key_are_taken_once_and_in_order_however_commits_interleave(
    database: OutboxDatabase, seed: int
) -> None:
    chance = random.Random(seed)
    connections = [await asyncpg.connect(database.url) for _ in range(4)]
    reading = await asyncpg.connect(database.url, server_settings=PLANNER)
    taking = Taking(database.conn)
    await taking.reader.prepare(reading)
    taking.reader.rewind(range(SHARDS))
    keys = keys_of_one_shard(6)  # few, so that a key goes on right after its late commit
    said: dict[str, int] = defaultdict(int)
    open_: dict[
        int, tuple[Any, str, int]
    ] = {}  # per connection: its transaction, the key it has locked, how many it said
    try:
        for _ in range(400):
            step, number = chance.random(), chance.randrange(len(connections))
            if step < 0.25:
                await taking.read()
            elif step < 0.4:
                await taking.delete()
            elif number in open_:
                transaction, key, more = open_.pop(number)
                if step < 0.5:
                    await transaction.rollback()
                else:
                    await transaction.commit()
                    said[key] += more
            else:
                locked = {key for _, key, _ in open_.values()}
                key = chance.choice([key for key in keys if key not in locked])
                transaction = connections[number].transaction()
                await transaction.start()
                more = chance.randrange(1, 4)
                numbers = range(said[key] + 1, said[key] + more + 1)
                await bus.say(connections[number], "participants.v1", {key: numbers})
                open_[number] = (transaction, key, more)
        for transaction, key, more in open_.values():
            await transaction.commit()
            said[key] += more
        while await taking.read():
            await taking.delete()
        assert taking.taken == {key: list(range(1, count + 1)) for key, count in said.items() if count}
        assert sum(said.values()) > 50
    finally:
        for connection in (*connections, reading):
            await connection.close()


async def test_the_marks_follow_when_nothing_older_runs_and_wait_when_something_does(
    database: OutboxDatabase,
) -> None:
    older = await asyncpg.connect(database.url)
    reading = await asyncpg.connect(database.url, server_settings=PLANNER)
    taking = Taking(database.conn)
    await taking.reader.prepare(reading)
    taking.reader.rewind(range(SHARDS))

    async def work() -> int:
        """Say, take and delete something a few times; the lowest mark."""
        for _ in range(4):
            await bus.say(database.conn, "participants.v1", {f"participant-{n}": [1] for n in range(100)})
            while await taking.read():
                await taking.delete()
        return min(taking.reader.settled.values())

    try:
        first = await work()
        assert first > 0
        transaction = older.transaction()
        await transaction.start()
        await bus.say(older, "participants.v1", {"slow": [1]})
        id = await older.fetchval("select max(id) from outbox")
        assert await work() < id
        await transaction.rollback()
        assert await work() > id
    finally:
        await older.close()
        await reading.close()


def test_a_slice_in_another_order_than_asked_for_is_not_taken() -> None:
    reader = OutboxReader(slice_rows=64, slice_bytes=1_000_000)
    reader.rewind(range(SHARDS))
    with pytest.raises(OutOfOrder):
        reader.take([(1, 5), (2, 7), (1, 4)])


def test_slices_grow_step_by_step_and_shrink_at_once_when_rows_are_large() -> None:
    reader = OutboxReader(slice_rows=4096, slice_bytes=8_000_000)
    for expected in (512, 1024, 2048, 4096, 4096):
        assert reader.slice_rows == expected
        reader.fit(rows=expected, size=expected * 1000)
    reader.fit(rows=4096, size=4096 * 64_000)
    assert reader.slice_rows == 8_000_000 // 64_000
    reader.fit(rows=3, size=3)  # a short slice says nothing
    assert reader.slice_rows == 125
