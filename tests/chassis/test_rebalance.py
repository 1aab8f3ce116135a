"""Consumers join, leave and die while events flow: the end is that of one consumer that was never disturbed."""

import asyncio
import os
import signal
import uuid
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from chassis.facts import accepted, declined, proposed
from chassis.listening import Bus, consumer_of, heard, intake_of, listening, parked
from chassis.tally import SERVICE
from chassis.waiting import until
from chassis.wire import publish, wired
from rig import Databases, Rig, rig_of

from ipraktik_contracts.envelope import CloudEvent

KEYS = 60
EVENTS = 3000


def a_season(rig: Rig) -> list[CloudEvent]:
    """3,000 events over 60 keys: each begins with a proposal, the rest are of two kinds."""
    keys = [uuid.uuid4() for _ in range(KEYS)]
    events = [rig.envelope(proposed(key)) for key in keys]
    for number in range(EVENTS - KEYS):
        make = accepted if number % 7 else declined
        events.append(rig.envelope(make(keys[(number * 17) % KEYS])))
    return events


async def taken_in(rig: Rig) -> int:
    """How many effects there are."""
    async with rig.database.reading() as conn:
        found: int = await conn.fetchval("select count(*) from heard")
    return found


async def end_state(rig: Rig) -> Any:
    """All that one can see of what tally did."""
    async with rig.database.reading() as conn:
        counts = {row["key"]: row["count"] for row in await conn.fetch("select key, count from tallies")}
        inbox = await conn.fetchval("select count(*) from inbox")
        # said, whether a process has relayed it already or not
        asked = await conn.fetch(
            "select key::text from (select key from outbox union all select key from published) s order by 1"
        )
    return {
        "order": await heard(rig),
        "counts": counts,
        "inbox": inbox,
        "asked": [row["key"] for row in asked],
    }


async def in_portions(bus: Bus, events: list[CloudEvent], pace: asyncio.Semaphore) -> None:
    """Publish a sixth at a time, each when the test lets it."""
    size = len(events) // 6
    for start in range(0, len(events), size):
        await pace.acquire()
        await publish(bus.bootstrap, bus.namespace, [wired(event) for event in events[start : start + size]])


async def test_consumers_that_join_and_leave_under_load_end_where_a_single_one_ends(
    tally: Rig, databases: Databases, bus: Bus
) -> None:
    events = a_season(tally)
    pace = asyncio.Semaphore(1)
    publishing = asyncio.create_task(in_portions(bus, events, pace))
    async with listening(tally, bus) as first:
        await first.assigned()
        pace.release()
        second = consumer_of(tally, bus, intake_of(tally))
        await second.start()
        pace.release()
        await until(lambda: second.partitions, what="the second has its share")
        pace.release()
        third = consumer_of(tally, bus, intake_of(tally))
        await third.start()
        pace.release()
        await second.stop(patience=20)
        pace.release()
        await publishing
        await third.stop(patience=20)
        await until(lambda: _is(tally, EVENTS), what="everything has taken effect", within=60)
        await first.caught_up()
    assert await parked(tally) == []
    async with rig_of(SERVICE, databases) as alone:
        await alone.intake.take([wired(event).at(place) for place, event in enumerate(events)])
        assert await end_state(tally) == await end_state(alone)


@pytest.mark.long
async def test_consumers_that_are_killed_under_load_leave_no_trace(
    tally: Rig, databases: Databases, bus: Bus, tmp_path: Path
) -> None:
    from chassis.processes import TallyProcess

    events = a_season(tally)
    pace = asyncio.Semaphore(1)
    publishing = asyncio.create_task(in_portions(bus, events, pace))
    settings = {
        "DATABASE_URL": tally.database_url,
        "KAFKA_BOOTSTRAP": bus.bootstrap,
        "TOPIC_NAMESPACE": bus.namespace,
    }
    before = 0
    for round_number in range(3):
        with TallyProcess(tmp_path / str(round_number), "work", **settings) as process:
            pace.release()
            if round_number == 1:
                pace.release()
            await until(partial(_more_than, tally, before), what="it has begun", within=60)
            os.kill(process.pid, signal.SIGKILL)
            await asyncio.to_thread(process.wait)
        before = await taken_in(tally)
    for _ in range(3):
        pace.release()
    await publishing
    async with listening(tally, bus) as last:
        await until(lambda: _is(tally, EVENTS), what="everything has taken effect", within=90)
        await last.caught_up()
    assert await parked(tally) == []
    async with rig_of(SERVICE, databases) as alone:
        await alone.intake.take([wired(event).at(place) for place, event in enumerate(events)])
        assert await end_state(tally) == await end_state(alone)


async def _is(rig: Rig, number: int) -> bool:
    found = await taken_in(rig)
    assert found <= number, f"{found} effects of {number} events"
    return found == number


async def _more_than(rig: Rig, number: int) -> bool:
    return await taken_in(rig) > number
