"""Relays share the shards among themselves, hand them over, and never send the same shard at the same time."""

import asyncio
import contextlib
from collections import Counter

import asyncpg
import pytest
from chassis.relay import bus
from chassis.relay.bus import OutboxDatabase
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_chassis.partitioning import SHARDS
from ipraktik_chassis.shards import Shards, ShardsHeld, hold_all, owner_of, release_all
from ipraktik_local.kafka import KafkaServer

MEMBERS = st.sets(st.integers(min_value=0, max_value=2**31 - 1), min_size=1, max_size=6)


@given(MEMBERS, st.integers(min_value=0, max_value=2**31 - 1))
def test_a_member_that_joins_takes_only_what_becomes_its_own(members: set[int], newcomer: int) -> None:
    for shard in range(SHARDS):
        before = owner_of(shard, members=members)
        assert owner_of(shard, members=members | {newcomer}) in {before, newcomer}


@given(st.sets(st.integers(min_value=0, max_value=2**31 - 1), min_size=2, max_size=2))
def test_two_members_both_get_a_fair_part(members: set[int]) -> None:
    shares = Counter(owner_of(shard, members=members) for shard in range(SHARDS))
    assert min(shares[member] for member in members) >= SHARDS // 8


async def test_two_relays_share_the_shards_and_a_leaving_one_hands_over(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    said = {f"participant-{n}": range(1, 91) for n in range(60)}

    async def parts() -> None:
        for start in range(0, 90, 3):
            await bus.say(database.conn, topic, {key: n[start : start + 3] for key, n in said.items()})
            await asyncio.sleep(0.01)

    async with bus.relaying(database.url, kafka.bootstrap) as stays:
        await stays.owns(64)
        work = asyncio.create_task(parts())
        async with bus.relaying(database.url, kafka.bootstrap) as leaves:

            async def both() -> bool:
                shares = stays.relay.progress.shards_owned, leaves.relay.progress.shards_owned
                return sum(shares) == 64 and min(shares) > 0

            await bus.until(both)
            await bus.until(lambda: _has_relayed(leaves))
            await leaves.end()
        await stays.owns(64)
        await work
        await bus.drained(database.conn)
        assert await database.conn.fetchval("select count(*) from relay_members") == 1
    assert await database.conn.fetchval("select count(*) from relay_members") == 0
    arrived = bus.arrivals(await bus.records_of(kafka.bootstrap, topic))
    assert arrived == {key: list(numbers) for key, numbers in said.items()}, (
        "an orderly handover repeats nothing"
    )


async def test_the_shards_of_a_killed_relay_are_taken_over_at_once(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    await bus.say(database.conn, topic, {"participant-1": [1]})
    async with contextlib.AsyncExitStack() as stack:
        async with bus.halted_relay(database.url, kafka.bootstrap, "before_send"):
            stays = await stack.enter_async_context(bus.relaying(database.url, kafka.bootstrap))

            async def both_are_members() -> bool:
                return bool(await database.conn.fetchval("select count(*) = 2 from relay_members"))

            await bus.until(both_are_members)
            assert stays.relay.progress.shards_owned == 0
        await stays.owns(64)
        await bus.drained(database.conn)


async def test_a_relay_that_stands_still_loses_its_session_to_the_others(database: OutboxDatabase) -> None:
    time = 0.0

    def make() -> Shards:
        return Shards(database_url=database.url, member_timeout=10, answer_timeout=5, monotonic=lambda: time)

    still, lively = make(), make()
    try:
        await still.join()
        await still.rebalance()
        await lively.join()
        for _ in range(9):
            time += 1.0
            assert len(await lively.rebalance()) == 0, "shards in somebody's hands were taken"
        await still.rebalance()  # lets go of what is not its own any more, and its counter moves
        for _ in range(9):
            time += 1.0
            assert 0 < len(await lively.rebalance()) < SHARDS
        time += 3.0
        await lively.rebalance()

        async def everything() -> bool:
            return len(await lively.rebalance()) == SHARDS

        await bus.until(everything)
        with pytest.raises(Exception, match="session"):
            await still.ping()
    finally:
        await still.leave()
        await lively.leave()


async def test_a_shard_has_one_holder(database: OutboxDatabase) -> None:
    first, second = await asyncpg.connect(database.url), await asyncpg.connect(database.url)
    try:
        await hold_all(first)
        with pytest.raises(ShardsHeld):
            await hold_all(second)
        await release_all(first)
        await hold_all(second)
    finally:
        await first.close()
        await second.close()


async def _has_relayed(running: bus.Running) -> bool:
    return running.relay.progress.rows_relayed > 0
