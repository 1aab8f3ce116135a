"""What Kafka has acknowledged is kept once, can be sent again to an empty Kafka, and forgets a person when asked."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from chassis.relay import bus
from chassis.relay.bus import OutboxDatabase

from ipraktik_chassis import outbox, outbox_dead, published, refilling
from ipraktik_chassis.outbox import OutboxRecord
from ipraktik_chassis.refilling import TopicsNotEmpty
from ipraktik_chassis.sending import CannotSend
from ipraktik_chassis.shards import ShardsHeld
from ipraktik_local.kafka import KafkaServer

TopicMaker = Callable[..., Awaitable[str]]
SAID = {f"participant-{n}": list(range(1, 31)) for n in range(40)}
COLUMNS = "shard, id, hash, topic, key, headers, body, event_id, created_at"


async def test_the_history_holds_everything_acknowledged_exactly_once(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    await bus.say(database.conn, topic, SAID)
    said = await database.conn.fetch(f"select {COLUMNS} from outbox order by shard, id")
    async with bus.relaying(database.url, kafka.bootstrap):
        await bus.drained(database.conn)
    assert await database.conn.fetch(f"select {COLUMNS} from published order by shard, id") == said


async def test_a_row_is_in_the_history_only_after_its_acknowledgement(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    await bus.say(database.conn, topic, {"participant-1": [1]})
    gate = bus.Gate()
    async with bus.relaying(database.url, kafka.bootstrap, producer_factory=gate):
        await asyncio.wait_for(gate.arrived.wait(), bus.PATIENCE)
        assert await database.conn.fetchval("select count(*) from published") == 0
        assert await database.conn.fetchval("select count(*) from outbox") == 1
        gate.open.set()
        await bus.drained(database.conn)
    assert await database.conn.fetchval("select count(*) from published") == 1


async def test_an_empty_kafka_is_filled_again_in_order(
    database: OutboxDatabase, kafka: KafkaServer, topic: str, another_topic: TopicMaker
) -> None:
    elsewhere = await another_topic("placements.v1")
    await bus.say(database.conn, topic, SAID)
    await bus.say(database.conn, elsewhere, {"placement-1": [1, 2, 3]})
    async with bus.relaying(database.url, kafka.bootstrap):
        await bus.drained(database.conn)
    before = {record.key: list(record.headers) for record in await bus.records_of(kafka.bootstrap, topic)}
    # a Kafka that has lost everything: the same names, nothing in them
    lost, lost_elsewhere = (
        await another_topic("lost.participants.v1"),
        await another_topic("lost.placements.v1"),
    )
    for old, new in ((topic, lost), (elsewhere, lost_elsewhere)):
        await database.conn.execute("update published set topic = $2 where topic = $1", old, new)
    sent = await refilling.replay_all(database.conn, bootstrap=kafka.bootstrap)
    assert sent == {lost: 40 * 30, lost_elsewhere: 3}
    again = await bus.records_of(kafka.bootstrap, lost)
    assert bus.arrivals(again) == SAID
    assert {record.key: list(record.headers) for record in again} == before
    assert bus.arrivals(await bus.records_of(kafka.bootstrap, lost_elsewhere)) == {"placement-1": [1, 2, 3]}


async def test_a_topic_that_holds_something_is_not_filled_unless_forced(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    await bus.say(database.conn, topic, {"participant-1": [1, 2]})
    async with bus.relaying(database.url, kafka.bootstrap):
        await bus.drained(database.conn)
    with pytest.raises(TopicsNotEmpty):
        await refilling.replay_all(database.conn, bootstrap=kafka.bootstrap)
    assert len(await bus.records_of(kafka.bootstrap, topic)) == 2
    assert await refilling.replay_all(database.conn, bootstrap=kafka.bootstrap, force=True) == {topic: 2}
    assert bus.arrivals(await bus.records_of(kafka.bootstrap, topic)) == {"participant-1": [1, 2, 1, 2]}


async def test_only_the_topics_asked_for_are_filled(
    database: OutboxDatabase, kafka: KafkaServer, topic: str, another_topic: TopicMaker
) -> None:
    elsewhere = await another_topic("placements.v1")
    await bus.say(database.conn, elsewhere, {f"placement-{n}": [1, 2, 3] for n in range(100)})
    await bus.say(database.conn, topic, {"participant-1": [1, 2, 3]})
    async with bus.relaying(database.url, kafka.bootstrap):
        await bus.drained(database.conn)
    sent = await refilling.replay_all(database.conn, bootstrap=kafka.bootstrap, topics=[topic], force=True)
    assert sent == {topic: 3}


async def test_a_service_that_has_said_nothing_yet_fills_nothing(
    database: OutboxDatabase, kafka: KafkaServer
) -> None:
    assert await refilling.replay_all(database.conn, bootstrap=kafka.bootstrap) == {}


async def test_nothing_is_replayed_while_a_relay_is_at_work(
    database: OutboxDatabase, kafka: KafkaServer
) -> None:
    async with bus.relaying(database.url, kafka.bootstrap) as running:
        await running.owns(64)
        with pytest.raises(ShardsHeld):
            await refilling.replay_all(database.conn, bootstrap=kafka.bootstrap)


async def test_a_topic_to_be_filled_must_be_there(
    database: OutboxDatabase, kafka: KafkaServer, topic_namespace: str
) -> None:
    with pytest.raises(CannotSend) as refusal:
        await refilling.replay_all(
            database.conn, bootstrap=kafka.bootstrap, topics=[f"{topic_namespace}nowhere.v1"]
        )
    assert refusal.value.reason == "unknown_topic"


async def test_an_erased_contact_leaves_history_outbox_and_dead_rows_but_for_its_tombstone(
    database: OutboxDatabase, kafka: KafkaServer, topic: str, another_topic: TopicMaker
) -> None:
    public = await another_topic("placements.v1")
    await bus.say(database.conn, topic, {"contact-1": [1, 2], "contact-2": [1]})
    await bus.say(database.conn, public, {"contact-1": [1]})
    async with bus.relaying(database.url, kafka.bootstrap):
        await bus.drained(database.conn)
    await bus.say(database.conn, topic, {"contact-1": [3], "contact-2": [2]})
    async with database.conn.transaction():
        await outbox.append(database.conn, [_tombstone(topic, "contact-1")], now=bus.NOW)
        assert await published.forget(database.conn, topic=topic, keys=[b"contact-1"]) == 3
    async with bus.relaying(database.url, kafka.bootstrap):
        await bus.drained(database.conn)
    left = await database.conn.fetch("select topic, key, body from published order by shard, id")
    assert sorted(
        (row["topic"], row["key"], row["body"]) for row in left if row["body"] is not None
    ) == sorted([(public, b"contact-1", b"1"), (topic, b"contact-2", b"1"), (topic, b"contact-2", b"2")])
    assert [row["key"] for row in left if row["body"] is None] == [b"contact-1"]
    last = [record for record in await bus.records_of(kafka.bootstrap, topic) if record.key == b"contact-1"][
        -1
    ]
    assert last.value is None


async def test_the_tombstone_of_a_contact_that_could_not_be_sent_goes_out(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    await outbox.append(database.conn, [bus.event(topic, "contact-1", 1, size=600_000)], now=bus.NOW)
    async with bus.relaying(database.url, kafka.bootstrap):
        await bus.drained(database.conn)
        await outbox.append(database.conn, [_tombstone(topic, "contact-1")], now=bus.NOW)
        await bus.drained(database.conn)
        assert await outbox_dead.count(database.conn) == 2
        async with database.conn.transaction():
            assert await published.forget(database.conn, topic=topic, keys=[b"contact-1"]) == 1
        await bus.drained(database.conn)
    assert await outbox_dead.count(database.conn) == 0
    assert [(r.key, r.value) for r in await bus.records_of(kafka.bootstrap, topic)] == [(b"contact-1", None)]


async def test_what_is_on_its_way_while_it_is_forgotten_does_not_reach_the_history(
    database: OutboxDatabase, kafka: KafkaServer, topic: str
) -> None:
    await bus.say(database.conn, topic, {"contact-1": [1]})
    gate = bus.Gate()
    eraser = await asyncpg.connect(database.url)
    try:
        async with bus.relaying(database.url, kafka.bootstrap, producer_factory=gate) as running:
            await asyncio.wait_for(gate.arrived.wait(), bus.PATIENCE)
            erasure = eraser.transaction()
            await erasure.start()
            await published.forget(eraser, topic=topic, keys=[b"contact-1"])
            gate.open.set()

            async def acknowledged() -> bool:
                return running.relay.progress.rows_relayed == 1

            await bus.until(acknowledged)
            await erasure.commit()
    finally:
        await eraser.close()
    assert await database.conn.fetchval("select count(*) from published") == 0


def _tombstone(topic: str, key: str) -> OutboxRecord:
    return OutboxRecord(topic, key.encode(), (), None, bus.event(topic, key, 0).event_id)
