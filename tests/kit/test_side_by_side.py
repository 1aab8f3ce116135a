"""Two members of a group at the same database in the same moment, step by step: the intake of the kit in Python, without Kafka."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from aiokafka import ConsumerRecord
from chassis.waiting import until
from kit.expected import placements
from kit.hostile import Stream, Wire
from kit.lives import Happened
from kit.members import new_database
from kit.python.subscriber.intake import SCHEMA, Intake

from ipraktik_contracts import events
from ipraktik_contracts.topics import PARTICIPANTS, PLACEMENTS
from ipraktik_local.postgres import PostgresServer

_WAITING = """
select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
"""


def _record(wire: Wire, offset: int) -> ConsumerRecord:
    return ConsumerRecord(
        topic=wire.topic,
        partition=0,
        offset=offset,
        timestamp=0,
        timestamp_type=1,
        key=wire.key,
        value=wire.value,
        checksum=None,
        serialized_key_size=0,
        serialized_value_size=0,
        headers=wire.headers,
    )


def _records(stream: Stream, topic: str) -> list[ConsumerRecord]:
    wires = [wire for wire in stream.records if wire.topic == topic]
    return [_record(wire, offset) for offset, wire in enumerate(wires)]


@pytest.fixture
async def pool(postgres: PostgresServer) -> AsyncIterator[asyncpg.Pool]:
    async with asyncpg.create_pool(await new_database(postgres), min_size=1, max_size=6) as pool:
        await pool.execute(SCHEMA)
        yield pool


def _intake(pool: asyncpg.Pool) -> Intake:
    return Intake(pool=pool, namespace="", echo_file=None)


@asynccontextmanager
async def _made_to_wait(pool: asyncpg.Pool, *held: str) -> AsyncIterator[Any]:
    """Another member's transaction that has done `held` and is not over before the block is."""
    async with pool.acquire() as other:
        transaction = other.transaction()
        await transaction.start()
        for statement in held:
            await other.execute(statement)
        yield other
        await transaction.commit()


async def _waits(pool: asyncpg.Pool, task: "asyncio.Task[None]") -> None:
    async def waiting() -> bool:
        assert not task.done(), "it went ahead"
        return bool(await pool.fetchval(_WAITING))

    await until(waiting, what="it waits for the other member")


async def _rows(pool: asyncpg.Pool) -> Sequence[Any]:
    found = await pool.fetch(
        "select placement_id::text, edition_id::text, state, last_sequence from placement order by placement_id"
    )
    return [tuple(row) for row in found]


async def test_both_take_in_the_same_records_and_each_event_takes_effect_once(
    pool: asyncpg.Pool, happened: Happened, stream: Stream
) -> None:
    one, other = _intake(pool), _intake(pool)
    for topic in (PARTICIPANTS.name, PLACEMENTS.name):
        records = _records(stream, topic)
        for begin in range(0, len(records), 40):
            batch = records[begin : begin + 40]
            await asyncio.gather(one.take_in(batch), other.take_in(batch))
    assert await _rows(pool) == placements(happened, stream)
    assert await pool.fetchval("select count(*) from gap") == 0
    assert await pool.fetchval("select count(*) from inbox") == sum(
        wire.topic in (PARTICIPANTS.name, PLACEMENTS.name) for wire in stream.events.values()
    )


async def test_a_placement_waits_for_an_erasure_that_is_under_way_and_then_finds_it(
    pool: asyncpg.Pool, happened: Happened, stream: Stream
) -> None:
    named = next(told for told in happened.told if isinstance(told.data, events.MatchProposed))
    intern = named.data.model_dump()["intern_id"]
    wire = next(wire for wire in stream.records if wire.id == str(named.id))
    batch = [_record(wire, 0)]
    async with _made_to_wait(pool, f"insert into erased values ('{intern}')"):
        task = asyncio.create_task(_intake(pool).take_in(batch))
        await _waits(pool, task)
    await task
    assert await _rows(pool) == []


async def test_an_erasure_waits_for_a_placement_that_is_being_written_and_then_deletes_it(
    pool: asyncpg.Pool, happened: Happened, stream: Stream
) -> None:
    gone = min(happened.erased, key=str)
    erasures = [record for record in _records(stream, PARTICIPANTS.name) if record.key == str(gone).encode()]
    writes = (
        "lock table erased in share mode",
        f"insert into placement select gen_random_uuid(), gen_random_uuid(), 'proposed', 1, '{gone}', '{gone}'",
    )
    async with _made_to_wait(pool, *writes):
        task = asyncio.create_task(_intake(pool).take_in(erasures))
        await _waits(pool, task)
    await task
    assert await _rows(pool) == []
