"""The ops port: alive, ready and why not, figures, and how quiet it is."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from chassis.facts import accepted
from chassis.listening import Bus, fault
from chassis.processes import NOWHERE, TallyProcess
from chassis.tally.work import WAIT_LOCK
from chassis.waiting import until
from prometheus_client import Gauge
from rig import START, Rig

from ipraktik_chassis import ops
from ipraktik_chassis.metrics import new_registry
from ipraktik_chassis.ops import Check, ops_app


async def well() -> str | None:
    """All is well."""
    return None


async def nothing() -> None:
    """Nothing to refresh."""


async def asked(
    path: str,
    *,
    ready: dict[str, Check] | None = None,
    before_metrics: Callable[[], Awaitable[None]] = nothing,
    quiet: Callable[[], Awaitable[dict[str, Any]]] | None = None,
) -> httpx.Response:
    """What an ops port with these checks answers."""
    registry = new_registry(service="tally", version="1")
    Gauge("figure", "A figure.", registry=registry).set(7)
    app = ops_app(registry=registry, ready=ready or {}, before_metrics=before_metrics, quiet=quiet)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://ops") as client:
        return await client.get(path)


async def test_alive_is_that_the_loop_turns_whatever_is_not_ready() -> None:
    async def never() -> str | None:
        return "the database is away"

    answer = await asked("/livez", ready={"schema": never})
    assert (answer.status_code, answer.text) == (200, "ok")


async def test_ready_is_when_every_check_is_well() -> None:
    answer = await asked("/readyz", ready={"schema": well, "broker": well})
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "reasons": {}})


async def test_not_ready_says_which_check_and_why_and_nothing_of_an_errors_words() -> None:
    async def behind() -> str | None:
        return "run migrate"

    async def fails() -> str | None:
        raise ConnectionRefusedError("MARKER: password of the database")

    answer = await asked("/readyz", ready={"schema": behind, "broker": fails, "other": well})
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "reasons": {"schema": "run migrate", "broker": "ConnectionRefusedError"},
    }


async def test_a_check_that_hangs_is_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ops, "PROBE_SECONDS", 0.2)

    async def hangs() -> str | None:
        await asyncio.Event().wait()
        return None

    async with asyncio.timeout(5):
        answer = await asked("/readyz", ready={"broker": hangs})
    assert answer.json()["reasons"] == {"broker": "no answer within 0.2 seconds"}


async def test_figures_are_served_although_some_cannot_be_had_now() -> None:
    async def fails() -> None:
        raise OSError

    answer = await asked("/metrics", before_metrics=fails)
    assert answer.status_code == 200
    assert "figure 7.0" in answer.text
    assert 'innovationspraktik_build_info{service="tally",version="1"} 1.0' in answer.text


async def test_quiet_is_told_only_on_the_local_stack() -> None:
    async def report() -> dict[str, Any]:
        return {"quiet": True}

    assert (await asked("/quiet", quiet=report)).json() == {"quiet": True}
    assert (await asked("/quiet")).status_code == 404
    assert (await asked("/elsewhere")).status_code == 404


async def test_serve_outside_the_local_stack_has_no_quiet(tally: Rig, tmp_path: Path) -> None:
    with TallyProcess(tmp_path, "serve", DATABASE_URL=tally.database_url, KAFKA_BOOTSTRAP=NOWHERE) as process:
        await process.ready()
        answer = await process.answer("/quiet")
        assert answer is not None
        assert answer.status_code == 404


async def test_quiet_says_what_is_left_and_when_the_next_thing_is_due(
    tally: Rig, bus: Bus, tmp_path: Path
) -> None:
    waits, bad = uuid.uuid4(), uuid.uuid4()
    await fault(tally, waits, "waits")
    await fault(tally, bad)
    clock = tmp_path / "clock"
    clock.write_text(START.isoformat())
    due = START + timedelta(days=30)
    async with tally.database.transaction() as tx:
        await tx.conn.execute("insert into reminders values (1, $1)", due)
    holder = await asyncpg.connect(tally.database_url)
    try:
        await holder.execute("select pg_advisory_lock($1)", WAIT_LOCK)
        await bus.tell(tally, accepted(bad), accepted(waits), accepted(waits))
        with TallyProcess(
            tmp_path,
            "work",
            DATABASE_URL=tally.database_url,
            KAFKA_BOOTSTRAP=bus.bootstrap,
            TOPIC_NAMESPACE=bus.namespace,
            LOCAL_STACK="1",
            CLOCK_FILE=str(clock),
        ) as process:
            await process.ready()

            async def in_flight() -> bool:
                return bool((await process.quiet())["in_flight"])

            await until(in_flight, what="a batch is under way")
            busy = await process.quiet()
            assert busy["quiet"] is False
            assert busy["lag"] >= 2
            await holder.execute("select pg_advisory_unlock($1)", WAIT_LOCK)

            async def quiet() -> bool:
                return bool((await process.quiet())["quiet"])

            await until(quiet, what="it is quiet")
            first = await process.quiet()
            assert first == {
                "quiet": True,
                "activity": 3,
                "outbox": 0,
                "lag": 0,
                "parked": 1,
                "in_flight": 0,
                "jobs_due": 0,
                "next_due": due.isoformat(),
            }
            assert await process.quiet() == first
            # the driver moves the clock to the next due moment, and the process does what is due then
            fresh = clock.with_suffix(".new")
            fresh.write_text(due.isoformat())
            fresh.replace(clock)

            async def has_moved_on() -> bool:
                return (await process.quiet())["next_due"] is None

            await until(has_moved_on, what="the reminder is given")
            await until(quiet, what="it is quiet again")
            assert (await process.quiet())["activity"] == 4
            metrics = await process.answer("/metrics")
            assert metrics is not None
            for line in (
                "innovationspraktik_parked_records 1.0",
                "innovationspraktik_outbox_pending 0.0",
                "innovationspraktik_consumer_assigned_partitions 24.0",
                'innovationspraktik_job_runs_total{name="tally reminders",outcome="ok"} 1.0',
                'innovationspraktik_consumer_lag_messages{partition="0",topic="innovationspraktik.placements.v1"} 0.0',
                'innovationspraktik_consumer_lag_seconds{partition="0",topic="innovationspraktik.placements.v1"} 0.0',
                "innovationspraktik_outbox_oldest_age_seconds 0.0",
                'innovationspraktik_job_overdue_seconds{name="tally reminders"} 0.0',
                "innovationspraktik_consumer_rebalances_total 1.0",
            ):
                assert line in metrics.text.splitlines()
            assert str(bad) not in metrics.text
            assert str(waits) not in metrics.text
    finally:
        await holder.close()


@pytest.mark.long
async def test_work_is_not_ready_while_the_broker_is_silent(
    tally: Rig, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from ipraktik_local.kafka import start_kafka
    from ipraktik_local.topics import create_topics

    with await asyncio.to_thread(start_kafka, tmp_path_factory.mktemp("own-kafka")) as server:
        await asyncio.to_thread(create_topics, server.bootstrap, "")
        with TallyProcess(
            tmp_path, "work", DATABASE_URL=tally.database_url, KAFKA_BOOTSTRAP=server.bootstrap
        ) as process:
            await process.ready()
            server.pause()
            try:
                answer = await process.answer("/readyz")
                assert answer is not None
                assert answer.status_code == 503
                assert "broker" in answer.json()["reasons"]
                live = await process.answer("/livez")
                assert live is not None
                assert live.status_code == 200
            finally:
                server.resume()
            await process.ready()
