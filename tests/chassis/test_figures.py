"""The figures that a scrape shows: right, bounded in their labels, read seldom, and there although a source is away."""

import asyncio
import uuid
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from chassis.processes import NOWHERE
from chassis.tally.web import app
from chassis.waiting import until
from prometheus_client import generate_latest
from rig import START, Rig

from ipraktik_chassis import figures, outbox_dead, parked
from ipraktik_chassis.database import Database
from ipraktik_chassis.figures import Seldom, age, standing
from ipraktik_chassis.ground import Ground
from ipraktik_chassis.lateness import Lag
from ipraktik_chassis.metrics import ConsumerMetrics, HttpMetrics, ProcessMetrics, new_registry
from ipraktik_chassis.parked import RawRecord
from ipraktik_chassis.service import Context
from ipraktik_chassis.settings import Settings
from ipraktik_chassis.transaction import Origin
from ipraktik_chassis.worker import Worker
from ipraktik_local.postgres import PostgresServer


def shown(context: Context) -> list[str]:
    """The lines of a scrape."""
    return generate_latest(context.registry).decode().splitlines()


def worker_of(tally: Rig, *, context: Context | None = None) -> Worker:
    """A replica's `work` that nobody has started."""
    settings = Settings(database_url=tally.database_url, kafka_bootstrap=NOWHERE, local_stack=True)
    fresh = context or replace(tally.context, registry=new_registry(service="tally", version="1"))
    ground = Ground(context=fresh, needed="1")
    return Worker(service=tally.service, context=fresh, settings=settings, ground=ground.metrics)


async def let_much_wait(tally: Rig) -> None:
    """Two rows of the outbox for half an hour, one that Kafka refuses for ten minutes, and a parked record for an hour."""
    rows = "insert into outbox (shard, hash, topic, key, headers, body, event_id, created_at) values ($1, 0, 't', 'k', '', '', $2, $3)"
    async with tally.database.transaction() as tx:
        for shard, minutes in ((5, 20), (63, 30), (5, 10)):
            await tx.conn.execute(rows, shard, uuid.uuid4(), START - timedelta(minutes=minutes))
        await parked.park(
            tx.conn,
            consumer="tally",
            record=RawRecord("t", 0, 1, b"k", (), b""),
            kind="failed",
            reason="a test",
            now=START - timedelta(hours=1),
        )
    async with tally.database.reading() as conn:
        (first,) = await conn.fetch("select shard, id from outbox order by created_at desc limit 1")
        await outbox_dead.bury(conn, refused=[((first["shard"], first["id"]), "too_large")], behind=[])


async def test_what_waits_is_told_with_how_much_and_since_when(tally: Rig) -> None:
    async with tally.database.reading() as conn:
        assert await standing(conn) == figures.Standing(0, None, 0, None, 0, None)
    await let_much_wait(tally)
    async with tally.database.reading() as conn:
        found = await standing(conn)
    assert found == figures.Standing(
        pending=2,
        pending_since=START - timedelta(minutes=30),
        dead=1,
        dead_since=START - timedelta(minutes=10),
        parked=1,
        parked_since=START - timedelta(hours=1),
    )


async def test_a_scrape_shows_what_waits_how_much_and_for_how_long(tally: Rig) -> None:
    """What OutboxStuck, OutboxRowsRefused, ParkedTooLong and JobOverdue go by."""
    await let_much_wait(tally)
    async with tally.database.transaction() as tx:
        await tx.conn.execute("insert into reminders values (1, $1)", START - timedelta(minutes=45))
    context = replace(tally.context, registry=new_registry(service="tally", version="1"))
    worker = worker_of(tally, context=context)

    async def waits_for_its_turn(*_: object) -> int:
        """Another replica has it in hand: it stays due."""
        return 0

    (job,) = worker._jobs._jobs
    worker._jobs._jobs = (replace(job, run=waits_for_its_turn),)
    stop = asyncio.Event()
    looking = asyncio.create_task(worker._jobs.run(stop))

    async def looked() -> bool:
        await worker.refresh()
        return 'innovationspraktik_job_overdue_seconds{name="tally reminders"} 2700.0' in shown(context)

    try:
        await until(looked, what="the job is shown as overdue")
    finally:
        stop.set()
        await looking
    lines = shown(context)
    for line in (
        "innovationspraktik_outbox_pending 2.0",
        "innovationspraktik_outbox_oldest_age_seconds 1800.0",
        "innovationspraktik_outbox_dead_rows 1.0",
        "innovationspraktik_outbox_dead_oldest_age_seconds 600.0",
        "innovationspraktik_parked_records 1.0",
        "innovationspraktik_parked_oldest_age_seconds 3600.0",
    ):
        assert line in lines, line


@pytest.mark.parametrize("trouble", ["slow", "broken"])
async def test_a_services_own_figures_hide_nothing_of_the_outbox(
    tally: Rig, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    async def show(*_: object) -> None:
        if trouble == "broken":
            raise ZeroDivisionError
        await asyncio.Event().wait()

    await let_much_wait(tally)
    monkeypatch.setattr(figures, "PATIENCE_SECONDS", 1.0)
    context = replace(tally.context, registry=new_registry(service="tally", version="1"))
    worker = worker_of(tally, context=context)
    worker._work = replace(worker._work, show=show)
    await worker.refresh()
    lines = shown(context)
    assert "innovationspraktik_outbox_oldest_age_seconds 1800.0" in lines
    assert "innovationspraktik_parked_records 1.0" in lines
    assert 'innovationspraktik_figures_failed_total{source="database"} 1.0' in lines


async def test_a_services_own_figures_are_given_a_connection_and_the_instant_and_seldom(tally: Rig) -> None:
    seen: list[tuple[int, datetime]] = []

    async def show(conn: Any, now: datetime) -> None:
        seen.append((await conn.fetchval("select 1"), now))

    worker = worker_of(tally)
    worker._work = replace(worker._work, show=show)
    await worker.refresh()
    await worker.refresh()
    assert seen == [(1, START)]


async def test_the_oldest_of_many_rows_is_found_without_reading_them(tally: Rig) -> None:
    async with tally.database.transaction() as tx:
        await tx.conn.execute(
            "insert into outbox (shard, hash, topic, key, headers, body, event_id, created_at) "
            "select n % 64, 0, 't', 'k', '', '', gen_random_uuid(), $1::timestamptz + n * interval '1 second' "
            "from generate_series(1, 20000) n",
            START,
        )
    async with tally.database.reading() as conn:
        plan = "\n".join(row[0] for row in await conn.fetch(f"explain {figures._BACKLOG}"))
        found = await standing(conn)
    assert "Index Scan using outbox_pkey" in plan
    assert (found.pending, found.pending_since) == (20_000, START + timedelta(seconds=1))


def test_what_was_read_a_moment_ago_is_not_read_again() -> None:
    hands = [0.0]
    seldom = Seldom(monotonic=lambda: hands[0], seconds=10)
    due = [seldom.due, seldom.due]  # a reading that failed is tried again
    seldom.done()
    for hands[0] in (9.9, 10.0):
        due.append(seldom.due)
    assert due == [True, True, False, True]


def test_nothing_has_no_age_and_a_clock_that_is_behind_makes_none_negative() -> None:
    assert age(None, now=START) == 0
    assert age(START + timedelta(seconds=5), now=START) == 0
    assert age(START - timedelta(seconds=5), now=START) == 5


async def test_schema_and_pool_are_shown_by_every_process(tally: Rig) -> None:
    ground = Ground(context=tally.context, needed="20990101000000")
    await ground.refresh()
    lines = shown(tally.context)
    assert "innovationspraktik_db_pool_limit 6.0" in lines
    (schema,) = [line for line in lines if line.startswith("innovationspraktik_schema_revision_info{")]
    assert 'needed="20990101000000"' in schema
    assert 'applied="2026' in schema
    assert "innovationspraktik_schema_current 0.0" in lines


async def test_a_database_that_was_never_migrated_is_told_from_one_that_is_away(
    tally: Rig, postgres: PostgresServer
) -> None:
    empty = postgres.create_service_database(f"empty_{uuid.uuid4().hex[:8]}")
    database = Database(url=empty.url, clock=tally.clock, origin=Origin("urn:x"))
    await database.open()
    context = replace(tally.context, database=database, registry=new_registry(service="tally", version="1"))
    try:
        await Ground(context=context, needed="1").refresh()
    finally:
        await database.close()
    lines = shown(context)
    assert "innovationspraktik_schema_current 0.0" in lines
    assert 'innovationspraktik_figures_failed_total{source="database"} 0.0' in lines


async def test_a_database_that_is_away_is_counted_and_hides_nothing(tally: Rig) -> None:
    context = replace(tally.context, registry=new_registry(service="tally", version="1"))
    worker = worker_of(tally, context=context)
    await worker.refresh()
    assert 'innovationspraktik_figures_failed_total{source="database"} 0.0' in shown(context)
    worker._seldom._read_at = float("-inf")
    await tally.database.close()
    await worker.refresh()
    lines = shown(context)
    await tally.database.open()
    assert 'innovationspraktik_figures_failed_total{source="database"} 1.0' in lines
    assert "innovationspraktik_consumer_assigned_partitions 0.0" in lines
    assert "innovationspraktik_consumer_last_poll_timestamp_seconds NaN" in lines


async def test_a_source_that_hangs_is_counted_and_holds_no_scrape_up(
    tally: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr("ipraktik_chassis.ground.PATIENCE_SECONDS", 0.1)
    settings = Settings(database_url=tally.database_url, kafka_bootstrap=NOWHERE, local_stack=True)
    context = replace(tally.context, registry=new_registry(service="tally", version="1"))
    ground = Ground(context=context, needed="1")
    worker = Worker(service=tally.service, context=context, settings=settings, ground=ground.metrics)
    async with AsyncExitStack() as busy, asyncio.timeout(10):
        for _ in range(6):  # all that the pool may open
            await busy.enter_async_context(tally.database.reading())
        await ground.refresh()
        await worker.refresh()
    lines = shown(context)
    assert 'innovationspraktik_figures_failed_total{source="database"} 2.0' in lines
    assert "innovationspraktik_db_pool_in_use 6.0" in lines


def test_a_partition_that_went_to_another_consumer_is_shown_no_more() -> None:
    registry = new_registry(service="tally", version="1")
    metrics = ConsumerMetrics(registry)
    metrics.lags([Lag("t", 0, 5, 2.0), Lag("t", 1, 0, 0.0)])
    metrics.lags([Lag("t", 1, 0, 0.0)])
    lines = generate_latest(registry).decode()
    assert 'partition="0"' not in lines
    assert 'innovationspraktik_consumer_lag_seconds{partition="1",topic="t"} 0.0' in lines


def test_a_failing_source_is_there_before_it_fails() -> None:
    registry = new_registry(service="tally", version="1")
    ProcessMetrics(registry)
    assert 'innovationspraktik_figures_failed_total{source="kafka"} 0.0' in generate_latest(registry).decode()


async def test_what_fails_is_counted_on_a_series_that_is_there_before_the_first_request(tally: Rig) -> None:
    """An increase never counts a series' first value: thirty routes that fail once each would be no failure at all."""
    web = app(tally.context)
    transport = httpx.ASGITransport(app=web)

    def requests() -> list[str]:
        return [line for line in shown(tally.context) if line.startswith("innovationspraktik_requests_total")]

    async with httpx.AsyncClient(transport=transport, base_url="http://tally") as client:
        await client.get("/nowhere")  # what no route takes is neither
        assert requests() == [
            'innovationspraktik_requests_total{outcome="ok"} 0.0',
            'innovationspraktik_requests_total{outcome="failed"} 0.0',
        ]
        for path in (f"/tally/count/{uuid.uuid4()}", "/tally/count/none", "/tally/broken", "/tally/mine"):
            await client.get(path)
    assert requests() == [
        'innovationspraktik_requests_total{outcome="ok"} 3.0',
        'innovationspraktik_requests_total{outcome="failed"} 1.0',
    ]


@pytest.mark.parametrize(
    ("status", "outcome"), [(429, "failed"), (500, "failed"), (503, "failed"), (428, "ok"), (302, "ok")]
)
def test_a_refusal_for_being_too_many_is_a_failure_of_ours(status: int, outcome: str) -> None:
    registry = new_registry(service="tally", version="1")
    HttpMetrics(registry).observe(method="POST", route="/tally/notes", status=status, seconds=0.1)
    assert (
        f'innovationspraktik_requests_total{{outcome="{outcome}"}} 1.0' in generate_latest(registry).decode()
    )


def test_whatever_is_parked_is_counted_on_a_series_that_is_there_before_the_first() -> None:
    registry = new_registry(service="tally", version="1")
    metrics = ConsumerMetrics(registry)

    def parked_ones() -> list[str]:
        lines = generate_latest(registry).decode().splitlines()
        return [line for line in lines if 'outcome="parked"' in line]

    series = 'innovationspraktik_events_processed_total{event_type="unknown",outcome="parked"}'
    assert parked_ones() == [f"{series} 0.0"]
    metrics.outcome("unknown", "parked")
    metrics.outcome("MatchAccepted", "parked")
    assert parked_ones() == [f"{series} 2.0"]


async def test_no_request_makes_a_series_of_its_own(tally: Rig) -> None:
    """Whatever is asked for, by whatever method, labels come from closed lists: nobody can fill the memory from outside."""
    transport = httpx.ASGITransport(app=app(tally.context))
    async with httpx.AsyncClient(transport=transport, base_url="http://tally") as client:
        for number in range(30):
            await client.request(f"BREW{number}", f"/nowhere/{number}")
            await client.get(f"/nowhere/{uuid.uuid4()}?q={number}")
    series = [
        line for line in shown(tally.context) if line.startswith("http_server_request_duration_seconds_count")
    ]
    assert sorted(series) == [
        'http_server_request_duration_seconds_count{method="GET",route="unmatched",status_code="404"} 30.0',
        'http_server_request_duration_seconds_count{method="other",route="unmatched",status_code="404"} 30.0',
    ]
