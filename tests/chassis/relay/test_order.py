"""Per-key order is a promise: gapless, whatever number of relays run and whoever commits late."""

import asyncio
import time

import asyncpg
import pytest
from chassis.relay import bus
from chassis.relay.bus import OutboxDatabase

from ipraktik_chassis import outbox
from ipraktik_chassis.relay import RelayCrashed, RelaySettings
from ipraktik_local.kafka import KafkaServer


async def test_events_of_each_key_arrive_once_in_order_and_without_a_gap(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    said = {f"participant-{n}": range(1, 41) for n in range(50)}
    await bus.say(database.conn, topic, {key: numbers[:20] for key, numbers in said.items()})
    async with bus.relaying(database.url, kafka.bootstrap) as running:
        await bus.say(database.conn, topic, {key: numbers[20:] for key, numbers in said.items()})
        await bus.drained(database.conn)
        assert running.relay.progress.rows_relayed == 50 * 40
    arrived = bus.arrivals(await bus.records_of(kafka.bootstrap, topic))
    assert arrived == {key: list(numbers) for key, numbers in said.items()}


async def test_a_record_carries_the_very_bytes_that_were_committed(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    event = bus.event(topic, "placement-æøå", 7)
    tombstone = outbox.OutboxRecord(topic, b"contact-1", (), None, event.event_id)
    await outbox.append(database.conn, [event, tombstone], now=bus.NOW)
    async with bus.relaying(database.url, kafka.bootstrap):
        await bus.drained(database.conn)
    found = {record.key: record for record in await bus.records_of(kafka.bootstrap, topic)}
    assert found[event.key].value == event.body
    assert tuple(found[event.key].headers) == event.headers
    assert abs(found[event.key].timestamp / 1000 - time.time()) < 600, (
        "brokers refuse records from another year"
    )
    assert found[tombstone.key].value is None
    assert tuple(found[tombstone.key].headers) == ()


async def test_what_commits_late_with_a_lower_id_comes_before_what_was_said_after_it(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    """Its shard has long been read past its ids, and its key goes on at once."""
    slow = await asyncpg.connect(database.url)
    gate = bus.Gate()
    gate.open.set()
    never = RelaySettings(sweep_seconds=3600)
    try:
        late = slow.transaction()
        await late.start()
        await bus.say(slow, topic, {"slow": [1, 2]})
        async with bus.relaying(
            database.url, kafka.bootstrap, settings=never, producer_factory=gate
        ) as running:
            await running.owns(64)
            await bus.say(database.conn, topic, {f"quick-{n}": [1, 2, 3] for n in range(200)})
            await bus.drained(database.conn)
            gate.open.clear()
            gate.arrived.clear()
            await bus.say(database.conn, topic, {"quick-1": [4]})
            await asyncio.wait_for(gate.arrived.wait(), bus.PATIENCE)
            await late.commit()  # while the relay is busy, so that it sees both at once
            await bus.say(database.conn, topic, {"slow": [3]})
            gate.open.set()
            await bus.drained(database.conn)
    finally:
        await slow.close()
    arrived = bus.arrivals(await bus.records_of(kafka.bootstrap, topic))
    assert arrived["slow"] == [1, 2, 3]
    assert all(numbers[:3] == [1, 2, 3] for numbers in arrived.values())


async def test_a_busy_relay_finds_a_late_commit_at_once(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    """Long before it has worked off what else there is."""
    slow = await asyncpg.connect(database.url)
    late = slow.transaction()
    await late.start()
    await bus.say(slow, topic, {"slow": [1]})
    await bus.say(database.conn, topic, {f"quick-{n}": [1, 2] for n in range(10_000)})
    small_steps = RelaySettings(slice_rows=64, sweep_seconds=3600)
    async with bus.relaying(database.url, kafka.bootstrap, settings=small_steps) as running:

        async def has_passed_it() -> bool:
            return running.relay.progress.rows_relayed > 2000

        await bus.until(has_passed_it)
        await late.commit()

        async def gone() -> bool:
            return not await slow.fetchval("select exists (select from outbox where key = 'slow')")

        await bus.until(gone)
        assert (await outbox.backlog(database.conn)).rows > 0, "it was found only when all else was done"
    await slow.close()
    assert bus.arrivals(await bus.records_of(kafka.bootstrap, topic))["slow"] == [1]


async def test_a_relay_that_loses_its_session_in_the_middle_of_a_slice_leaves_order_and_loses_nothing(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    said = {f"participant-{n}": range(1, 31) for n in range(40)}
    await bus.say(database.conn, topic, {key: numbers[:20] for key, numbers in said.items()})
    gate = bus.Gate()
    async with bus.relaying(database.url, kafka.bootstrap, producer_factory=gate) as zombie:
        await asyncio.wait_for(gate.arrived.wait(), bus.PATIENCE)
        assert await bus.end_lock_session(database.admin) == 1
        async with bus.relaying(database.url, kafka.bootstrap) as heir:
            await heir.owns(64)
            await bus.say(database.conn, topic, {key: numbers[20:] for key, numbers in said.items()})
            await bus.drained(database.conn)
            gate.open.set()  # what the zombie had in its hands goes out after the heir's
            with pytest.raises(RelayCrashed) as crash:
                await asyncio.wait_for(zombie.task, bus.PATIENCE)
    assert crash.value.reason == "lock_session_lost"
    records = await bus.records_of(kafka.bootstrap, topic)
    assert len(records) > 40 * 30, "the zombie sent nothing, so this test shows nothing"
    assert bus.first_appearances(records) == {key: list(numbers) for key, numbers in said.items()}


async def test_a_relay_without_its_session_sends_no_further_slice(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    async with bus.relaying(database.url, kafka.bootstrap) as running:
        await running.owns(64)
        await bus.end_lock_session(database.admin)
        await bus.say(database.conn, topic, {"participant-1": [1]})
        with pytest.raises(RelayCrashed) as crash:
            await asyncio.wait_for(running.task, bus.PATIENCE)
    assert crash.value.reason == "lock_session_lost"
    assert await bus.records_of(kafka.bootstrap, topic) == []
    assert (await outbox.backlog(database.conn)).rows == 1


async def test_rows_of_all_sizes_go_in_order(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    """More than one batch to a partition in one slice, and slices cut by bytes."""
    records = [
        bus.event(topic, f"participant-{n % 7}", n // 7 + 1, size=60_000 if n % 3 else 0)
        for n in range(7 * 60)
    ]
    await outbox.append(database.conn, records, now=bus.NOW)
    async with bus.relaying(database.url, kafka.bootstrap):
        await bus.drained(database.conn)
    arrived = bus.arrivals(await bus.records_of(kafka.bootstrap, topic))
    assert arrived == {f"participant-{n}": list(range(1, 61)) for n in range(7)}
