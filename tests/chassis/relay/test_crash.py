"""Whatever dies, nothing is lost: at worst something is sent twice, and first appearances stay in order."""

import asyncio
from collections.abc import Iterator

import pytest
from chassis.relay import bus
from chassis.relay.bus import OutboxDatabase

from ipraktik_chassis.relay import RelayCrashed, RelaySettings
from ipraktik_local.kafka import KafkaServer, start_kafka


@pytest.fixture(scope="module")
def own_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    """A Kafka that may be hurt."""
    server = start_kafka(tmp_path_factory.mktemp("kafka"))
    yield server
    server.close()


@pytest.mark.parametrize("where", ["before_send", "after_ack"])
async def test_a_relay_killed_between_sending_and_deleting_gives_duplicates_at_worst(
    database: OutboxDatabase, kafka: KafkaServer, topic: str, where: str
) -> None:
    said = {f"participant-{n}": range(1, 21) for n in range(30)}
    await bus.say(database.conn, topic, said)
    async with bus.halted_relay(database.url, kafka.bootstrap, where):
        pass  # it is there, and dies
    before = await bus.records_of(kafka.bootstrap, topic)
    assert bool(before) == (where == "after_ack")
    async with bus.relaying(database.url, kafka.bootstrap):
        await bus.drained(database.conn)
    records = await bus.records_of(kafka.bootstrap, topic)
    assert len(records) == len(before) + 30 * 20
    assert bus.first_appearances(records) == {key: list(numbers) for key, numbers in said.items()}
    history = await database.conn.fetchval("select count(*) from published")
    assert history == 30 * 20


@pytest.mark.parametrize("fault", ["pause", "restart", "kill"])
async def test_a_broker_that_goes_away_for_a_while_costs_time_only(
    database: OutboxDatabase, own_kafka: KafkaServer, topic_namespace: str, fault: str
) -> None:
    topic = await bus.create_topic(own_kafka.bootstrap, f"{topic_namespace}participants.v1")
    said = {f"participant-{n}": range(1, 61) for n in range(20)}
    await bus.say(database.conn, topic, {key: numbers[:20] for key, numbers in said.items()})
    patient = RelaySettings(send_timeout=bus.PATIENCE, sweep_seconds=0.2)
    async with bus.relaying(database.url, own_kafka.bootstrap, settings=patient) as running:
        await bus.drained(database.conn)
        if fault == "pause":
            own_kafka.pause()
        elif fault == "kill":
            own_kafka.kill()
        await bus.say(database.conn, topic, {key: numbers[20:40] for key, numbers in said.items()})
        if fault == "pause":
            own_kafka.resume()
        else:
            await asyncio.to_thread(own_kafka.restart)
        await bus.say(database.conn, topic, {key: numbers[40:] for key, numbers in said.items()})
        await bus.drained(database.conn)
        assert not running.task.done()
    records = await bus.records_of(own_kafka.bootstrap, topic)
    assert bus.first_appearances(records) == {key: list(numbers) for key, numbers in said.items()}


async def test_a_relay_that_waits_too_long_for_kafka_crashes_and_a_fresh_one_resumes(
    database: OutboxDatabase, own_kafka: KafkaServer, topic_namespace: str
) -> None:
    topic = await bus.create_topic(own_kafka.bootstrap, f"{topic_namespace}participants.v1")
    impatient = RelaySettings(send_timeout=1.0, sweep_seconds=0.2)
    async with bus.relaying(database.url, own_kafka.bootstrap, settings=impatient) as running:
        await running.owns(64)
        own_kafka.pause()
        try:
            await bus.say(database.conn, topic, {"participant-1": [1, 2, 3]})
            with pytest.raises(RelayCrashed) as crash:
                await asyncio.wait_for(running.task, bus.PATIENCE)
        finally:
            own_kafka.resume()
    assert crash.value.reason == "send_timeout"
    async with bus.relaying(database.url, own_kafka.bootstrap):
        await bus.drained(database.conn)
    records = await bus.records_of(own_kafka.bootstrap, topic)
    assert bus.first_appearances(records) == {"participant-1": [1, 2, 3]}


async def test_a_stop_while_kafka_is_silent_ends_in_bounded_time_and_keeps_the_rows(
    database: OutboxDatabase, own_kafka: KafkaServer, topic_namespace: str
) -> None:
    topic = await bus.create_topic(own_kafka.bootstrap, f"{topic_namespace}participants.v1")
    hasty = RelaySettings(drain_seconds=0.5, sweep_seconds=0.2)
    async with bus.relaying(database.url, own_kafka.bootstrap, settings=hasty) as running:
        await running.owns(64)
        await bus.say(database.conn, topic, {"participant-1": [1]})
        await bus.drained(database.conn)
        own_kafka.pause()
        try:
            await bus.say(database.conn, topic, {"participant-1": [2]})
            running.stop.set()
            await asyncio.wait_for(running.task, 15)
        finally:
            own_kafka.resume()
    async with bus.relaying(database.url, own_kafka.bootstrap):
        await bus.drained(database.conn)
    records = await bus.records_of(own_kafka.bootstrap, topic)
    assert bus.first_appearances(records) == {"participant-1": [1, 2]}


async def test_without_a_broker_a_relay_says_so(database: OutboxDatabase) -> None:
    async with bus.relaying(database.url, "127.0.0.1:1") as running:
        with pytest.raises(RelayCrashed) as crash:
            await asyncio.wait_for(running.task, bus.PATIENCE)
    assert crash.value.reason == "broker_unreachable"


async def test_a_topic_that_is_not_there_stops_the_relay_and_the_rows_wait(
    database: OutboxDatabase, kafka: KafkaServer, topic_namespace: str
) -> None:
    topic = f"{topic_namespace}forgotten.v1"
    await bus.say(database.conn, topic, {"participant-1": [1]})
    settings = RelaySettings(send_timeout=2.0)
    async with bus.relaying(database.url, kafka.bootstrap, settings=settings) as running:
        with pytest.raises(RelayCrashed) as crash:
            await asyncio.wait_for(running.task, bus.PATIENCE)
    assert crash.value.reason == "unknown_topic"
    await bus.create_topic(kafka.bootstrap, topic)
    async with bus.relaying(database.url, kafka.bootstrap):
        await bus.drained(database.conn)
    assert bus.arrivals(await bus.records_of(kafka.bootstrap, topic)) == {"participant-1": [1]}


async def test_a_database_that_ends_the_relays_sessions_is_a_crash_with_a_reason(
    database: OutboxDatabase, kafka: KafkaServer
) -> None:
    async with bus.relaying(database.url, kafka.bootstrap) as running:
        await running.owns(64)
        await database.admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid not in "
            "(select pid from pg_locks where locktype = 'advisory') and pid <> pg_backend_pid() and query like '%outbox%'"
        )
        with pytest.raises(RelayCrashed) as crash:
            await asyncio.wait_for(running.task, bus.PATIENCE)
    assert crash.value.reason == "database_failed"
