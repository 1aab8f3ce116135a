"""Tally as a process: it starts without Kafka where it can, it drains when asked to end, and it ends when a part ends."""

import asyncio
import json
import uuid
from pathlib import Path

import asyncpg
import httpx
import pytest
from chassis.facts import accepted
from chassis.listening import Bus, fault, heard, listening, parked
from chassis.processes import NOWHERE, TallyProcess, command
from chassis.tally import SERVICE
from chassis.tally.work import WAIT_LOCK
from chassis.waiting import until
from rig import Databases, Rig, close_spare

from ipraktik_local.postgres import PostgresServer


async def waiting_for_the_lock(conn: asyncpg.Connection) -> bool:
    """Whether somebody in this database waits for an advisory lock."""
    return bool(
        await conn.fetchval(
            "select count(*) from pg_locks where locktype = 'advisory' and not granted "
            "and database = (select oid from pg_database where datname = current_database())"
        )
    )


async def test_serve_starts_and_takes_requests_while_kafka_is_down(tally: Rig, tmp_path: Path) -> None:
    with TallyProcess(tmp_path, "serve", DATABASE_URL=tally.database_url, KAFKA_BOOTSTRAP=NOWHERE) as process:
        await process.ready()
        async with httpx.AsyncClient(base_url=process.http) as client:
            answer = await client.post(
                "/tally/notes", json={"placement_id": str(uuid.uuid4()), "words": "hej"}
            )
        assert answer.status_code == 201
        live = await process.answer("/livez")
        assert live is not None
        assert live.status_code == 200
        process.terminate()
        assert process.wait() == 0
    assert len(await tally.said()) == 1


async def test_serve_finishes_the_request_under_way_before_it_ends(tally: Rig, tmp_path: Path) -> None:
    holder = await asyncpg.connect(tally.database_url)
    try:
        await holder.execute("select pg_advisory_lock($1)", WAIT_LOCK)
        with TallyProcess(
            tmp_path, "serve", DATABASE_URL=tally.database_url, KAFKA_BOOTSTRAP=NOWHERE
        ) as process:
            await process.ready()
            async with httpx.AsyncClient(base_url=process.http, timeout=30) as client:
                asking = asyncio.create_task(client.get("/tally/waiting"))
                await until(lambda: waiting_for_the_lock(holder), what="the request is under way")
                process.terminate()

                async def takes_no_more() -> bool:
                    try:
                        async with httpx.AsyncClient(base_url=process.http, timeout=5) as another:
                            await another.get("/tally/count/" + str(uuid.uuid4()))
                    except httpx.ConnectError:
                        return True
                    except httpx.TransportError:
                        return False  # taken in the moment in which the door closes
                    return False

                await until(takes_no_more, what="no new connection is taken")
                assert not process.ended
                await holder.execute("select pg_advisory_unlock($1)", WAIT_LOCK)
                answer = await asking
            assert (answer.status_code, answer.text) == (200, "waited")
            assert process.wait() == 0
    finally:
        await holder.close()


async def test_work_finishes_its_batch_before_it_ends(tally: Rig, bus: Bus, tmp_path: Path) -> None:
    waits = uuid.uuid4()
    await fault(tally, waits, "waits")
    await bus.tell(tally, accepted(waits))
    holder = await asyncpg.connect(tally.database_url)
    settings = {
        "DATABASE_URL": tally.database_url,
        "KAFKA_BOOTSTRAP": bus.bootstrap,
        "TOPIC_NAMESPACE": bus.namespace,
        "LOCAL_STACK": "1",
    }
    try:
        await holder.execute("select pg_advisory_lock($1)", WAIT_LOCK)
        with TallyProcess(tmp_path, "work", **settings) as process:
            await until(lambda: waiting_for_the_lock(holder), what="the batch is under way")
            process.terminate()
            await asyncio.sleep(0.5)  # long enough for a process that does not wait to be gone
            assert not process.ended
            await holder.execute("select pg_advisory_unlock($1)", WAIT_LOCK)
            assert await asyncio.to_thread(process.wait) == 0
        assert await heard(tally) == {str(waits): [1]}
        # what it took in, it also committed: the next one finds nothing to do
        with TallyProcess(tmp_path / "next", "work", **settings) as process:
            await process.ready()
            assert (await process.quiet())["lag"] == 0
            assert (await process.quiet())["activity"] == 0
            process.terminate()
            assert await asyncio.to_thread(process.wait) == 0
        assert all(process.lines())
    finally:
        await holder.close()
    assert await parked(tally) == []


async def test_work_says_nothing_but_json_lines_on_standard_error(
    tally: Rig, bus: Bus, tmp_path: Path
) -> None:
    bad = uuid.uuid4()
    await fault(tally, bad)
    await bus.tell(tally, accepted(bad))
    with TallyProcess(
        tmp_path,
        "work",
        DATABASE_URL=tally.database_url,
        KAFKA_BOOTSTRAP=bus.bootstrap,
        TOPIC_NAMESPACE=bus.namespace,
        LOCAL_STACK="1",
    ) as process:
        await process.ready()
        await until(lambda: parked(tally), what="the record is parked")
        process.terminate()
        assert await asyncio.to_thread(process.wait) == 0
        said = process.lines()
    assert any(line["message"] == "parked a record" and line["kind"] == "failed" for line in said)
    assert {line["service"] for line in said} == {"tally"}
    assert not [line for line in said if "no tally for" in json.dumps(line)]


async def test_run_does_both_and_what_it_is_told_by_a_request_comes_back_by_the_bus(
    tally: Rig, bus: Bus, tmp_path: Path
) -> None:
    placement = uuid.uuid4()
    with TallyProcess(
        tmp_path,
        "run",
        DATABASE_URL=tally.database_url,
        KAFKA_BOOTSTRAP=bus.bootstrap,
        TOPIC_NAMESPACE=bus.namespace,
        LOCAL_STACK="1",
    ) as process:
        await process.ready()
        async with httpx.AsyncClient(base_url=process.http) as client:
            for _ in range(3):
                note = {"placement_id": str(placement), "words": "hej"}
                assert (await client.post("/tally/notes", json=note)).status_code == 201

        async def all_came_back() -> bool:
            return await heard(tally) == {str(placement): [1, 2, 3]}

        await until(all_came_back, what="what was said is heard")

        async def has_nothing_to_do() -> bool:
            return bool((await process.quiet())["quiet"])

        await until(has_nothing_to_do, what="the process is quiet")
        metrics = await process.answer("/metrics")
        assert metrics is not None
        assert "innovationspraktik_events_processed_total" in metrics.text
        assert 'http_server_request_duration_seconds_count{method="POST",route="/tally/notes"' in metrics.text
        process.terminate()
        assert await asyncio.to_thread(process.wait) == 0


async def test_work_without_a_broker_ends_with_status_1(tally: Rig, tmp_path: Path) -> None:
    with TallyProcess(tmp_path, "work", DATABASE_URL=tally.database_url, KAFKA_BOOTSTRAP=NOWHERE) as process:
        assert await asyncio.to_thread(process.wait) == 1
        assert any("ended with an error" in line["message"] for line in process.lines())


async def test_the_end_of_one_part_ends_the_process_with_status_1(
    tally: Rig, bus: Bus, postgres: PostgresServer, tmp_path: Path
) -> None:
    with TallyProcess(
        tmp_path,
        "run",
        DATABASE_URL=tally.database_url,
        KAFKA_BOOTSTRAP=bus.bootstrap,
        TOPIC_NAMESPACE=bus.namespace,
        LOCAL_STACK="1",
    ) as process:
        await process.ready()
        inside = await asyncpg.connect(tally.database_url)

        async def relay_lost_its_session() -> bool:
            return bool(
                await inside.fetch(
                    "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted "
                    "and classid = 4711 and database = (select oid from pg_database where "
                    "datname = current_database())"
                )
            )

        try:
            await until(relay_lost_its_session, what="the relay's session is ended")
        finally:
            await inside.close()
        assert await asyncio.to_thread(process.wait) == 1
        assert any(line["message"] == "relay ended with an error" for line in process.lines())


async def test_a_process_waits_for_the_migrations_and_ends_in_order_while_it_waits(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    made = postgres.create_service_database(f"unmigrated_{uuid.uuid4().hex[:8]}")
    with TallyProcess(tmp_path, "work", DATABASE_URL=made.url, KAFKA_BOOTSTRAP=NOWHERE) as process:

        def says_that_it_waits() -> bool:
            return process.log.exists() and "run migrate" in process.log.read_text()

        await until(says_that_it_waits, what="it says that it waits for the migrations")
        live, ready = await process.answer("/livez"), await process.answer("/readyz")
        assert live is not None
        assert live.status_code == 200
        assert ready is not None
        assert ready.status_code == 503
        assert "run migrate" in ready.json()["reasons"]["schema"]
        process.terminate()
        assert await asyncio.to_thread(process.wait) == 0


async def test_a_process_whose_database_is_away_can_be_ended_while_it_waits(tmp_path: Path) -> None:
    away = "postgresql://tally@127.0.0.1:1/tally"
    with TallyProcess(tmp_path, "serve", DATABASE_URL=away, KAFKA_BOOTSTRAP=NOWHERE) as process:
        await until(
            lambda: process.log.exists() and "waiting for the database" in process.log.read_text(),
            what="it says that it waits for the database",
        )
        process.terminate()
        assert await asyncio.to_thread(process.wait, 5) == 0


async def test_a_process_that_cannot_begin_says_why_in_one_line(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    nothing = postgres.url(role="postgres", database="no_such_database")
    with TallyProcess(tmp_path, "serve", DATABASE_URL=nothing, KAFKA_BOOTSTRAP=NOWHERE) as process:
        assert await asyncio.to_thread(process.wait) == 1
        (line,) = process.lines()
    assert line["level"] == "ERROR"
    assert line["exc_info"].startswith("InvalidCatalogNameError at ")


@pytest.mark.long
async def test_a_batch_that_does_not_end_is_cut_off_and_left_for_the_next(
    tally: Rig, bus: Bus, tmp_path: Path
) -> None:
    waits = uuid.uuid4()
    await fault(tally, waits, "waits")
    await bus.tell(tally, accepted(waits))
    holder = await asyncpg.connect(tally.database_url)
    settings = {
        "DATABASE_URL": tally.database_url,
        "KAFKA_BOOTSTRAP": bus.bootstrap,
        "TOPIC_NAMESPACE": bus.namespace,
        "DRAIN_SECONDS": "1",
    }
    try:
        await holder.execute("select pg_advisory_lock($1)", WAIT_LOCK)
        with TallyProcess(tmp_path, "work", **settings) as process:
            await until(lambda: waiting_for_the_lock(holder), what="the batch is under way")
            process.terminate()
            await asyncio.to_thread(process.wait, 20)
        await holder.execute("select pg_advisory_unlock($1)", WAIT_LOCK)
    finally:
        await holder.close()
    assert await heard(tally) == {}
    async with listening(tally, bus) as next_one:
        await next_one.caught_up()
    assert await heard(tally) == {str(waits): [1]}
    assert await parked(tally) == []


async def test_migrate_makes_a_waiting_process_ready(postgres: PostgresServer, tmp_path: Path) -> None:
    made = postgres.create_service_database(f"late_{uuid.uuid4().hex[:8]}")
    with TallyProcess(tmp_path, "serve", DATABASE_URL=made.url, KAFKA_BOOTSTRAP=NOWHERE) as process:
        done = await asyncio.to_thread(
            command, "migrate", DATABASE_URL=made.url, MIGRATION_DATABASE_URL=made.migration_url
        )
        assert (done.returncode, done.stdout) == (0, "")
        await process.ready()
        process.terminate()
        assert await asyncio.to_thread(process.wait) == 0


async def test_a_port_that_is_taken_ends_the_process_with_status_1(tally: Rig, tmp_path: Path) -> None:
    taken = await asyncio.start_server(lambda _, __: None, "127.0.0.1", 0)
    number = taken.sockets[0].getsockname()[1]
    done = await asyncio.to_thread(
        command, "serve", DATABASE_URL=tally.database_url, HTTP_PORT=str(number), OPS_PORT="0"
    )
    taken.close()
    await taken.wait_closed()
    assert done.returncode == 1
    assert "address already in use" in done.stderr


async def test_readiness_of_serve_is_the_database_and_not_the_bus(home: Path, tmp_path: Path) -> None:
    with PostgresServer(home=home, fast=True) as server:
        url, _ = await Databases(server).fresh(SERVICE)
        close_spare(server.admin_url)
        with TallyProcess(tmp_path, "serve", DATABASE_URL=url, KAFKA_BOOTSTRAP=NOWHERE) as process:
            await process.ready()
            await asyncio.to_thread(server.stop)
            answer = await process.answer("/readyz")
            assert answer is not None
            assert answer.status_code == 503
            assert list(answer.json()["reasons"]) == ["schema"]
            live = await process.answer("/livez")
            assert live is not None
            assert live.status_code == 200
            async with httpx.AsyncClient(base_url=process.http) as client:
                note = {"placement_id": str(uuid.uuid4()), "words": "hej"}
                refused = await client.post("/tally/notes", json=note)
            assert refused.status_code == 503
            assert refused.headers["content-type"] == "application/problem+json"
            assert refused.headers["retry-after"]
            await asyncio.to_thread(server.start)
            await process.ready()
            process.terminate()
            assert await asyncio.to_thread(process.wait) == 0
