"""What the clock brings: one replica at a time, once per due moment, and on after a failure."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from chassis.waiting import until
from rig import START, Rig

from ipraktik_chassis.database import Database
from ipraktik_chassis.jobs import Job, JobRunner, stopping
from ipraktik_chassis.metrics import JobMetrics, new_registry
from ipraktik_chassis.shards import MEMBER_LOCK, SHARD_LOCK
from ipraktik_chassis.transaction import Origin

POLL = 0.02


def runner_of(tally: Rig, jobs: Sequence[Job], *, database: Database | None = None) -> JobRunner:
    """A runner as a replica has one."""
    return JobRunner(
        jobs=jobs,
        database=database or tally.database,
        clock=tally.clock,
        metrics=JobMetrics(new_registry(service="tally", version="test")),
        poll_seconds=POLL,
    )


@asynccontextmanager
async def running(*runners: JobRunner) -> AsyncIterator[asyncio.Event]:
    """Let them run until the block ends. A runner that fails or ends by itself fails the test."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(runner.run(stop)) for runner in runners]
    try:
        yield stop
        assert stop.is_set() or not any(task.done() for task in tasks)
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 20)


async def remind(tally: Rig, *moments: datetime) -> None:
    """Write reminders that are due at these instants."""
    async with tally.database.transaction() as tx:
        for moment in moments:
            await tx.conn.execute(
                "insert into reminders (id, due) select coalesce(max(id), 0) + 1, $1 from reminders", moment
            )


async def given(tally: Rig) -> list[int]:
    """How often each reminder was given."""
    async with tally.database.reading() as conn:
        return [row["times"] for row in await conn.fetch("select times from reminders order by id")]


class Overlap:
    """A job that notes how many of it run at once, and is due until it was done often enough."""

    def __init__(self, *, name: str = "overlap", wanted: int = 20) -> None:
        self.name = name
        self.wanted = wanted
        self.done = 0
        self.at_once = 0
        self.most_at_once = 0

    def job(self) -> Job:
        async def next_due(_: Any) -> datetime | None:
            return START if self.done < self.wanted else None

        async def run(database: Database) -> int:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            async with database.transaction() as tx:
                await tx.conn.execute("select 1")
                await asyncio.sleep(0.001)
            self.done += 1
            self.at_once -= 1
            return 1

        return Job(self.name, next_due, run)


async def test_of_several_replicas_one_runs_a_job_at_a_time(tally: Rig) -> None:
    overlap = Overlap()
    async with running(*(runner_of(tally, [overlap.job()]) for _ in range(3))):
        await until(lambda: overlap.done >= overlap.wanted, what="all is done")
    assert overlap.most_at_once == 1


async def test_a_job_that_is_shared_out_by_itself_runs_in_several_replicas_at_once(tally: Rig) -> None:
    together = asyncio.Barrier(2)

    async def next_due(_: Any) -> datetime | None:
        return None if together.broken else START

    async def run(_: Database) -> int:
        async with asyncio.timeout(20):
            await together.wait()  # ends only when another replica runs it at the same time
        await together.abort()
        return 1

    job = Job("shared", next_due, run, shared=True)
    async with running(*(runner_of(tally, [job]) for _ in range(2))):
        await until(lambda: together.broken, what="both have run it at once")


async def test_what_is_due_is_done_once_although_two_replicas_saw_it(tally: Rig) -> None:
    (real,) = tally.work.jobs
    runs: list[str] = []
    saw, first_is_done = asyncio.Event(), asyncio.Event()

    async def next_due_of_the_slow(conn: Any) -> datetime | None:
        moment = await real.next_due(conn)
        if not saw.is_set():
            saw.set()
            await first_is_done.wait()
        return moment

    async def run_of_the_slow(_: Database) -> int:
        runs.append("slow")
        return 0

    await remind(tally, START)
    slow = Job(real.name, next_due_of_the_slow, run_of_the_slow)
    async with running(runner_of(tally, [slow])):
        await saw.wait()
        async with running(runner_of(tally, [real])):
            await until(lambda: _has_given(tally, [1]), what="the first has done it")
        first_is_done.set()
        await asyncio.sleep(5 * POLL)
    assert runs == []


async def test_each_reminder_is_given_once_when_it_is_due(tally: Rig) -> None:
    await remind(tally, START - timedelta(days=1), START, START + timedelta(seconds=1))
    runner = runner_of(tally, tally.work.jobs)
    async with running(runner, runner_of(tally, tally.work.jobs)):
        await until(lambda: _has_given(tally, [1, 1, 0]), what="what was due is given")
        await asyncio.sleep(5 * POLL)
        assert await given(tally) == [1, 1, 0]


async def test_a_jump_of_the_simulated_clock_wakes_what_has_become_due(tally: Rig) -> None:
    await remind(tally, START + timedelta(days=100))
    runner = runner_of(tally, tally.work.jobs)
    async with running(runner):
        assert await runner.due() == (0, START + timedelta(days=100))
        tally.clock.advance(timedelta(days=100))
        await until(lambda: _has_given(tally, [1]), what="the reminder is given", within=10)
        assert await runner.due() == (0, None)
        assert runner.done == 1


async def test_what_is_due_and_what_comes_next_is_reported(tally: Rig) -> None:
    soon, later = START + timedelta(hours=1), START + timedelta(hours=2)

    def fixed(name: str, moment: datetime | None) -> Job:
        async def next_due(_: Any) -> datetime | None:
            return moment

        async def run(_: Database) -> int:
            return 0

        return Job(name, next_due, run)

    jobs = [fixed("late", later), fixed("now", START), fixed("soon", soon), fixed("never", None)]
    assert await runner_of(tally, jobs).due() == (1, soon)


async def test_a_job_that_fails_is_tried_with_growing_pauses_and_recovers(tally: Rig) -> None:
    attempts: list[float] = []
    broken = True

    async def next_due(_: Any) -> datetime | None:
        return START if broken or len(attempts) < 6 else None

    async def run(_: Database) -> int:
        attempts.append(asyncio.get_running_loop().time())
        if broken:
            raise RuntimeError("MARKER")
        return 1

    healthy = Overlap(name="healthy", wanted=5)
    async with running(runner_of(tally, [Job("broken", next_due, run), healthy.job()])):
        await until(lambda: len(attempts) == 5, what="it was tried five times")
        assert healthy.done == 5
        broken = False
        await until(lambda: len(attempts) == 6, what="it has recovered")
    pauses = [later - earlier for earlier, later in pairwise(attempts)]
    assert [pause >= POLL * factor for pause, factor in zip(pauses, (2, 4, 8, 16), strict=False)] == [
        True
    ] * 4


async def test_a_job_that_has_failed_for_weeks_is_still_tried(tally: Rig) -> None:
    from ipraktik_chassis.jobs import pause_after

    assert pause_after(0, poll=1.0) == 1.0
    assert pause_after(3, poll=1.0) == 8.0
    assert pause_after(5_000, poll=1.0) == 30.0
    assert pause_after(5_000, poll=60.0) == 60.0


async def test_a_session_that_ends_while_a_job_runs_is_no_failure_of_the_job(tally: Rig) -> None:
    attempts = 0

    async def next_due(_: Any) -> datetime | None:
        return START if attempts < 2 else None

    async def run(database: Database) -> int:
        nonlocal attempts
        attempts += 1
        async with database.transaction() as tx:
            if attempts == 1:
                await tx.conn.execute("select pg_terminate_backend(pg_backend_pid())")
        return 1

    runner = runner_of(tally, [Job("cut", next_due, run)])
    async with running(runner):
        await until(lambda: runner.done == 1, what="the second try has gone well")
    assert attempts == 2


async def test_jobs_that_are_due_together_do_not_starve_each_other_of_connections(tally: Rig) -> None:
    database = Database(
        url=tally.database_url,
        clock=tally.clock,
        origin=Origin("urn:innovationspraktik:coi:tally"),
        size=2,
    )
    await database.open()
    jobs = [Overlap(name=f"job {number}", wanted=3) for number in range(6)]
    try:
        async with running(runner_of(tally, [job.job() for job in jobs], database=database)):
            await until(lambda: all(job.done == 3 for job in jobs), what="all are done", within=10)
    finally:
        await database.close()


async def test_a_service_without_jobs_runs_on(tally: Rig) -> None:
    async with running(runner_of(tally, [])) as stop:
        await asyncio.sleep(5 * POLL)
        assert not stop.is_set()


async def test_a_job_under_way_is_finished_before_the_runner_ends(tally: Rig) -> None:
    began, may_end = asyncio.Event(), asyncio.Event()
    done: list[bool] = []

    async def next_due(_: Any) -> datetime | None:
        return START

    async def run(database: Database) -> int:
        began.set()
        await may_end.wait()
        async with database.transaction() as tx:
            done.append(await tx.conn.fetchval("select true"))
        return 1

    runner = runner_of(tally, [Job("long", next_due, run)])
    async with running(runner) as stop:
        await began.wait()
        assert runner.running == 1
        stop.set()
        may_end.set()
    assert done == [True]
    assert runner.running == 0


async def test_a_long_run_learns_that_it_should_end_and_only_then(tally: Rig) -> None:
    began, steps = asyncio.Event(), 0

    async def next_due(_: Any) -> datetime | None:
        return START

    async def step() -> None:
        nonlocal steps
        while not stopping():
            steps += 1
            began.set()
            await asyncio.sleep(0)

    async def run(_: Database) -> int:
        await asyncio.gather(step(), step())  # what a run starts learns it too
        return 1

    runner = runner_of(tally, [Job("endless", next_due, run)])
    assert not stopping()
    async with running(runner) as stop:
        await began.wait()
        stop.set()
    assert (runner.done, steps > 0) == (1, True)
    assert not stopping()  # whoever runs it without a runner is not told


def test_the_locks_of_jobs_are_not_those_of_relays() -> None:
    from ipraktik_chassis import jobs

    assert jobs.JOB_LOCK not in {SHARD_LOCK, MEMBER_LOCK}


@pytest.mark.parametrize("failing", ["next_due", "run"])
async def test_a_failure_is_logged_without_its_words(
    tally: Rig, failing: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(*_: Any) -> Any:
        raise RuntimeError("MARKER")

    async def now(_: Any) -> datetime | None:
        return START

    job = Job("broken", fails if failing == "next_due" else now, fails)
    async with running(runner_of(tally, [job])):
        await until(lambda: len(caplog.records) >= 1, what="the failure is logged")
    assert caplog.records[0].getMessage() == "job broken failed"


async def _has_given(tally: Rig, expected: list[int]) -> bool:
    return await given(tally) == expected
