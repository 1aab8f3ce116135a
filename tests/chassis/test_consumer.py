"""Listening on a real bus: once, in order per key, from the first record on, and on after trouble with the database."""

import asyncio
import uuid
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from chassis.facts import accepted, contact, declined, expired, proposed
from chassis.listening import (
    Bus,
    Listener,
    consumer_of,
    fault,
    heard,
    intake_of,
    listening,
    mend,
    parked,
)
from chassis.tally import SERVICE
from chassis.tally.work import WAIT_LOCK
from chassis.waiting import until
from chassis.wire import Wire, left_for, wired
from rig import Databases, Rig, close_spare, rig_of

from ipraktik_contracts.events import EvaluationRequested
from ipraktik_contracts.topics import CONTACTS, PLACEMENTS
from ipraktik_local.postgres import PostgresServer


async def test_what_was_said_before_a_service_first_listened_is_heard(tally: Rig, bus: Bus) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    await bus.tell(tally, proposed(first), accepted(first), proposed(second))
    async with listening(tally, bus) as listener:
        await listener.caught_up()
        await bus.tell(tally, declined(first))
        await listener.caught_up()
    assert await heard(tally) == {str(first): [1, 2, 3], str(second): [1]}
    assert len(await tally.said(EvaluationRequested)) == 2


async def test_what_is_delivered_again_takes_effect_once(tally: Rig, bus: Bus) -> None:
    told = await bus.tell(tally, *(accepted() for _ in range(30)))
    async with listening(tally, bus) as listener:
        await listener.caught_up()
    # a relay in doubt writes again; a group whose offsets are lost reads again
    await bus.publish(*(wired(envelope) for envelope in told))
    async with listening(tally, Bus(bus.bootstrap, bus.namespace)) as listener:
        await listener.caught_up()
        assert listener.intake.taken == 30
    assert sorted(len(numbers) for numbers in (await heard(tally)).values()) == [1] * 30


async def test_offsets_are_committed_only_after_the_effect(tally: Rig, bus: Bus) -> None:
    waits = uuid.uuid4()
    await fault(tally, waits, "waits")
    holder = await asyncpg.connect(tally.database_url)
    try:
        await holder.execute("select pg_advisory_lock($1)", WAIT_LOCK)
        await bus.tell(tally, accepted(waits))
        async with listening(tally, bus) as listener:
            await until(lambda: listener.intake.busy, what="the record is being taken in")
            assert (
                await left_for(bus.bootstrap, bus.namespace + "tally", bus.namespace + PLACEMENTS.name) == 1
            )
            await holder.execute("select pg_advisory_unlock($1)", WAIT_LOCK)
            await listener.caught_up()

            async def is_committed() -> bool:
                return not await left_for(
                    bus.bootstrap, bus.namespace + "tally", bus.namespace + PLACEMENTS.name
                )

            await until(is_committed, what="the offset is committed")
    finally:
        await holder.close()


async def test_later_events_of_a_key_wait_behind_the_one_that_fails_and_other_keys_go_on(
    tally: Rig, bus: Bus
) -> None:
    bad, good = uuid.uuid4(), uuid.uuid4()
    await fault(tally, bad)
    async with listening(tally, bus) as listener:
        await bus.tell(tally, accepted(good), accepted(bad), accepted(good))
        await listener.caught_up()
        await mend(tally, bad)
        await bus.tell(tally, accepted(bad), accepted(good))
        await listener.caught_up()
    assert await heard(tally) == {str(good): [1, 2, 3]}
    assert [(row["kind"], row["key"].decode()) for row in await parked(tally)] == [
        ("failed", str(bad)),
        ("behind", str(bad)),
    ]


async def test_a_session_that_ends_in_the_middle_of_a_batch_delays_it_and_parks_nothing(
    tally: Rig, bus: Bus
) -> None:
    waits = uuid.uuid4()
    await fault(tally, waits, "waits")
    holder = await asyncpg.connect(tally.database_url)
    try:
        await holder.execute("select pg_advisory_lock($1)", WAIT_LOCK)
        async with listening(tally, bus) as listener:
            await bus.tell(tally, proposed(waits), *(accepted() for _ in range(5)))

            async def ended() -> bool:
                return bool(
                    await holder.fetch(
                        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not "
                        "granted and database = (select oid from pg_database where datname = current_database())"
                    )
                )

            for _ in range(3):
                await until(ended, what="the batch waits and its session is ended")
            await holder.execute("select pg_advisory_unlock($1)", WAIT_LOCK)
            await listener.caught_up()
    finally:
        await holder.close()
    assert sorted(len(numbers) for numbers in (await heard(tally)).values()) == [1] * 6
    assert len(await tally.said(EvaluationRequested)) == 1
    assert await parked(tally) == []


async def test_a_tombstone_on_contacts_erases(tally: Rig, bus: Bus) -> None:
    kept, gone = uuid.uuid4(), uuid.uuid4()
    async with listening(tally, bus) as listener:
        await bus.tell(tally, contact(kept), contact(gone))
        await bus.publish(Wire(CONTACTS.name, str(gone).encode(), (), None))
        await listener.caught_up()
    async with tally.database.reading() as conn:
        assert [row["contact_id"] for row in await conn.fetch("select contact_id from contacts")] == [kept]
    assert await parked(tally) == []


async def test_known_types_that_nobody_handles_are_read_and_skipped(tally: Rig, bus: Bus) -> None:
    async with listening(tally, bus) as listener:
        await bus.tell(tally, expired(), expired(), accepted())
        await listener.caught_up()
        assert listener.intake.taken == 3
    assert len(await heard(tally)) == 1
    assert await parked(tally) == []


async def test_lag_is_what_is_left_after_another_consumer_came_and_went(tally: Rig, bus: Bus) -> None:
    keys = [uuid.uuid4() for _ in range(40)]
    async with listening(tally, bus) as stays:
        await stays.assigned(24)
        await bus.tell(tally, *(accepted(key) for key in keys))
        await stays.caught_up()
        async with listening(tally, bus) as comes:
            await comes.assigned(12)
            await stays.assigned(12)
            await bus.tell(tally, *(accepted(key) for key in keys))
            await until(lambda: _count(tally, 80), what="both have done their part")
        await stays.assigned(24)
        # the positions of what the other one took in must not be remembered from before
        await stays.caught_up()
    assert set(map(tuple, (await heard(tally)).values())) == {(1, 2)}


async def _count(tally: Rig, number: int) -> bool:
    async with tally.database.reading() as conn:
        return bool(await conn.fetchval("select count(*) = $1 from heard", number))


async def test_a_consumer_leaves_within_its_patience_although_a_handler_does_not_end(
    tally: Rig, bus: Bus
) -> None:
    waits = uuid.uuid4()
    await fault(tally, waits, "waits")
    holder = await asyncpg.connect(tally.database_url)
    try:
        await holder.execute("select pg_advisory_lock($1)", WAIT_LOCK)
        await bus.tell(tally, accepted(waits))
        async with listening(tally, bus, drain_seconds=1) as listener:
            await until(lambda: listener.intake.busy, what="the record is being taken in")
            async with asyncio.timeout(5):
                await listener.consumer.stop(patience=2)
        await holder.execute("select pg_advisory_unlock($1)", WAIT_LOCK)
        async with listening(tally, bus) as listener:
            await listener.caught_up()
    finally:
        await holder.close()
    assert await heard(tally) == {str(waits): [1]}


async def test_a_database_that_is_stopped_and_started_again_costs_nothing_but_time(
    bus: Bus, home: Path
) -> None:
    with PostgresServer(home=home, fast=True) as server:
        async with rig_of(SERVICE, Databases(server)) as tally, listening(tally, bus) as listener:
            keys = [uuid.uuid4() for _ in range(10)]
            await bus.tell(tally, *(proposed(key) for key in keys))
            await listener.caught_up()
            await asyncio.to_thread(server.stop)
            await bus.tell(tally, *(accepted(key) for key in keys), *(declined(key) for key in keys))
            await until(lambda: listener.intake.busy, what="a batch is under way")
            await asyncio.to_thread(server.start)
            await listener.caught_up()
            assert await heard(tally) == {str(key): [1, 2, 3] for key in keys}
            assert len(await tally.said(EvaluationRequested)) == 10
            assert await parked(tally) == []
        close_spare(server.admin_url)


async def test_a_replica_with_a_stable_name_comes_back_and_goes_on(tally: Rig, bus: Bus) -> None:
    key = uuid.uuid4()
    for number in range(1, 3):
        intake = intake_of(tally)
        consumer = consumer_of(tally, bus, intake, instance="tally-0")
        await consumer.start()
        try:
            await Listener(consumer, intake).assigned(24)
            await bus.tell(tally, accepted(key))
            await until(partial(_count, tally, number), what="it has heard")
        finally:
            await consumer.stop(patience=20)
    assert await heard(tally) == {str(key): [1, 2]}


@pytest.mark.long
async def test_a_consumer_goes_on_after_the_broker_was_killed_and_came_back(
    tally: Rig, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from ipraktik_local.kafka import start_kafka
    from ipraktik_local.topics import create_topics

    with await asyncio.to_thread(start_kafka, tmp_path_factory.mktemp("own-kafka")) as server:
        bus = Bus(server.bootstrap, "")
        await asyncio.to_thread(create_topics, server.bootstrap, "")
        keys = [uuid.uuid4() for _ in range(20)]
        async with listening(tally, bus) as listener:
            await bus.tell(tally, *(accepted(key) for key in keys))
            await listener.caught_up()
            await asyncio.to_thread(server.kill)
            assert not await listener.consumer.reachable()
            await asyncio.to_thread(server.restart)
            await bus.tell(tally, *(accepted(key) for key in keys))
            await until(lambda: _count(tally, 40), what="all is heard", within=60)
        assert set(map(tuple, (await heard(tally)).values())) == {(1, 2)}
