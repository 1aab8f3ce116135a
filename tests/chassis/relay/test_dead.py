"""A row that can never be sent stops its own key and nothing else, and is never skipped."""

from collections.abc import Awaitable, Callable

from chassis.relay import bus
from chassis.relay.bus import OutboxDatabase
from prometheus_client import CollectorRegistry

from ipraktik_chassis import outbox, outbox_dead
from ipraktik_chassis.relay import RelayMetrics, RelaySettings
from ipraktik_local.kafka import KafkaServer

TopicMaker = Callable[..., Awaitable[str]]


async def test_a_row_too_large_for_a_batch_is_set_aside_with_what_follows_it_and_other_keys_go_on(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    events = [
        bus.event(topic, "large", 1),
        bus.event(topic, "large", 2, size=600_000),
        bus.event(topic, "large", 3),
    ]
    await outbox.append(database.conn, events, now=bus.NOW)
    await bus.say(database.conn, topic, {f"small-{n}": [1, 2, 3] for n in range(20)})
    registry = CollectorRegistry()
    async with bus.relaying(database.url, kafka.bootstrap, metrics=RelayMetrics(registry)):
        await bus.drained(database.conn)
        await bus.say(database.conn, topic, {"large": [4], "small-1": [4]})
        await bus.drained(database.conn)
    dead = await outbox_dead.listed(database.conn)
    assert [(row.key, row.event_id, row.reason) for row in dead[:2]] == [
        (b"large", events[1].event_id, "too_large"),
        (b"large", events[2].event_id, "behind"),
    ]
    assert [row.reason for row in dead] == ["too_large", "behind", "behind"]
    arrived = bus.arrivals(await bus.records_of(kafka.bootstrap, topic))
    assert arrived.pop("large") == [1]
    assert arrived.pop("small-1") == [1, 2, 3, 4]
    assert all(numbers == [1, 2, 3] for numbers in arrived.values())
    assert registry.get_sample_value("innovationspraktik_relay_dead_rows_total", {"reason": "too_large"}) == 1
    assert registry.get_sample_value("innovationspraktik_relay_dead_rows_total", {"reason": "behind"}) == 2


async def test_a_row_that_the_broker_refuses_is_found_in_its_batch(
    database: OutboxDatabase, kafka: KafkaServer, another_topic: TopicMaker
) -> None:
    """The topic takes less than the relay's batches may hold, and all keys share its one partition."""
    topic = await another_topic("small.v1", partitions=1, max_message_bytes="20000")
    said = {f"participant-{n}": [1, 2, 3] for n in range(10)}
    await bus.say(database.conn, topic, said)
    await outbox.append(database.conn, [bus.event(topic, "participant-3", 4, size=30_000)], now=bus.NOW)
    await bus.say(database.conn, topic, {key: [5, 6] for key in said})
    async with bus.relaying(database.url, kafka.bootstrap):
        await bus.drained(database.conn)
        await bus.say(database.conn, topic, {key: [7] for key in said})
        await bus.drained(database.conn)
    arrived = bus.arrivals(await bus.records_of(kafka.bootstrap, topic))
    assert arrived.pop("participant-3") == [1, 2, 3]
    assert arrived == {f"participant-{n}": [1, 2, 3, 5, 6, 7] for n in range(10) if n != 3}
    assert [row.reason for row in await outbox_dead.listed(database.conn)] == ["too_large"] + ["behind"] * 3


async def test_batches_larger_than_the_topic_allows_still_arrive_row_by_row(
    database: OutboxDatabase, kafka: KafkaServer, another_topic: TopicMaker
) -> None:
    topic = await another_topic("small.v1", partitions=1, max_message_bytes="20000")
    records = [bus.event(topic, f"participant-{n % 3}", n // 3 + 1, size=3000) for n in range(30)]
    async with bus.relaying(database.url, kafka.bootstrap):
        await outbox.append(database.conn, records[:3], now=bus.NOW)
        await bus.drained(database.conn)  # from here on the broker counts the producer's batches
        await outbox.append(database.conn, records[3:], now=bus.NOW)
        await bus.drained(database.conn)
    arrived = bus.arrivals(await bus.records_of(kafka.bootstrap, topic))
    assert arrived == {f"participant-{n}": list(range(1, 11)) for n in range(3)}
    assert await outbox_dead.count(database.conn) == 0


async def test_what_was_acknowledged_before_a_refusal_is_not_sent_again(
    database: OutboxDatabase, kafka: KafkaServer, another_topic: TopicMaker
) -> None:
    """The large row does not fit the batch of the small ones, so the partition gets two batches in one slice."""
    topic = await another_topic("small.v1", partitions=1, max_message_bytes="20000")
    small = [bus.event(topic, "participant-1", n, size=3000) for n in (1, 2, 3)]
    large = bus.event(topic, "participant-1", 4, size=35_000)
    await outbox.append(database.conn, [*small, large, bus.event(topic, "participant-1", 5)], now=bus.NOW)
    narrow = RelaySettings(max_batch_bytes=40_000, sweep_seconds=0.2)
    async with bus.relaying(database.url, kafka.bootstrap, settings=narrow):
        await bus.drained(database.conn)
    assert bus.arrivals(await bus.records_of(kafka.bootstrap, topic)) == {"participant-1": [1, 2, 3]}
    assert [row.reason for row in await outbox_dead.listed(database.conn)] == ["too_large", "behind"]


async def test_a_topic_name_that_kafka_would_never_take_stops_its_rows_only(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    await bus.say(database.conn, topic, {"participant-1": [1]})
    await database.conn.execute(
        "insert into outbox (shard, hash, topic, key, headers, event_id, created_at) "
        "select shard, hash, 'no such name', key, headers, event_id, created_at from outbox"
    )
    async with bus.relaying(database.url, kafka.bootstrap):
        await bus.drained(database.conn)
    assert [(row.topic, row.reason) for row in await outbox_dead.listed(database.conn)] == [
        ("no such name", "invalid_topic")
    ]
    assert bus.arrivals(await bus.records_of(kafka.bootstrap, topic)) == {"participant-1": [1]}


async def test_a_retried_key_goes_out_whole_and_in_order(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    await outbox.append(
        database.conn,
        [
            bus.event(topic, "large", 1, size=150_000),
            bus.event(topic, "large", 2),
            bus.event(topic, "other", 1),
        ],
        now=bus.NOW,
    )
    narrow = RelaySettings(max_batch_bytes=100_000, sweep_seconds=0.2)
    async with bus.relaying(database.url, kafka.bootstrap, settings=narrow):
        await bus.drained(database.conn)
    assert await outbox_dead.held_keys(database.conn, shards=range(64)) == {(topic, b"large")}
    async with bus.relaying(database.url, kafka.bootstrap) as running:
        await running.owns(64)
        await bus.say(database.conn, topic, {"large": [3]})
        await bus.drained(database.conn)
        assert await outbox_dead.retry(database.conn, topic=topic, keys=[b"large", b"other"]) == 3
        await bus.say(database.conn, topic, {"large": [4]})
        await bus.drained(database.conn)
    assert await outbox_dead.count(database.conn) == 0
    assert bus.arrivals(await bus.records_of(kafka.bootstrap, topic)) == {"large": [1, 2, 3, 4], "other": [1]}


async def test_a_row_whose_key_was_retried_meanwhile_is_not_buried_again(
    database: OutboxDatabase, topic: str
) -> None:
    await bus.say(database.conn, topic, {"participant-1": [1, 2]})
    rows = await database.conn.fetch(
        "select shard, id, hash, topic, key, headers, body from outbox order by id"
    )
    await outbox_dead.bury(database.conn, refused=[(rows[0], "too_large")], behind=[])
    await outbox_dead.retry(database.conn, topic=topic, keys=[b"participant-1"])
    await outbox_dead.bury(database.conn, refused=[], behind=[rows[1]])
    assert await outbox_dead.count(database.conn) == 0
    ids = await database.conn.fetch("select id from outbox order by id")
    assert [row["id"] for row in ids] == [row["id"] for row in rows]
