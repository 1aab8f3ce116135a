"""The season on a secured Kafka: every service with its own user and no more than its rights, and an agency that reads along."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from ipraktik_contracts import decode
from ipraktik_contracts.rights import PUBLIC, SERVICES
from ipraktik_local.agencies import agency_file, grant
from ipraktik_local.environment import read_env
from ipraktik_local.login import KafkaLogin, login_from

from .conftest import SEED, Played, play_season, stack_of_season

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
PARTICIPANTS = 60
"""Enough to walk the usual paths; what a larger season brings is no matter of rights."""


@pytest.fixture(scope="module")
def secured(servers_home: Path) -> Iterator[Played]:
    """A small season in which nothing dies and everybody logs in."""
    with stack_of_season(servers_home / "secured", secure=True) as stack:
        grant(stack.home, "skat")
        yield play_season(stack, participants=PARTICIPANTS, seed=SEED)


def test_everything_adds_up_as_it_does_without_logins(secured: Played) -> None:
    assert secured.figures.reconciliation["findings"] == []
    assert secured.figures.holds
    assert secured.figures.funnel["internships completed"] > 0
    assert len(secured.reading.events) > 500


async def test_every_service_said_what_it_may_say_and_nothing_else(secured: Played) -> None:
    for service, its in SERVICES.items():
        conn = await asyncpg.connect(secured.stack.env[f"DATABASE_URL_{service.upper()}"])
        try:
            said = {row["topic"] for row in await conn.fetch("select distinct topic from published")}
        finally:
            await conn.close()
        assert said == {topic.name for topic in its.writes}, service


def test_nobody_was_refused_anything_and_no_password_is_in_a_log(secured: Played) -> None:
    logs = {log.name: log.read_text("utf-8", "replace") for log in secured.stack.logs.glob("*.log")}
    assert len(logs) > 8
    assert [name for name, text in logs.items() if "uthoriz" in text or "not possible" in text] == []
    assert [name for name, text in logs.items() if secured.stack.env["KAFKA_PASSWORD"] in text] == []
    assert [process.restarts for process in secured.stack.processes if process.restarts] == []


async def test_an_agency_reads_every_public_event_in_order(secured: Played) -> None:
    env = read_env(agency_file(secured.stack.home, "skat"))
    public = {event.id for event in secured.reading.events if type(event.data).AUDIENCE == "public"}
    found = await asyncio.wait_for(_public_ids(login_from(env)), 60)
    assert found == public


async def _public_ids(login: KafkaLogin) -> set[object]:
    places = [TopicPartition(topic.name, number) for topic in PUBLIC for number in range(topic.partitions)]
    consumer = AIOKafkaConsumer(**login.aiokafka(), auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        found: set[object] = set()
        while any([await consumer.position(place) < ends[place] for place in places]):
            for records in (await consumer.getmany(*places, timeout_ms=500)).values():
                found |= {decode(record.headers, record.value).id for record in records}
    finally:
        await consumer.stop()
    return found
