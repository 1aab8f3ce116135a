"""Whatever ends a process, a run is neither lost nor solved by somebody whom nobody hears; the loop goes on meanwhile."""

import asyncio
import sys
from pathlib import Path

from chassis.waiting import until
from matching.cast import Cast, first_come
from matching.running import asked, lives, slowly, solving
from rig import Rig

from ipraktik_chassis.jobs import JobRunner
from ipraktik_chassis.metrics import JobMetrics, new_registry
from ipraktik_matching.jobs import jobs
from ipraktik_matching.usecases.solve_next_run import solve_next_run


async def test_a_process_that_is_told_to_end_puts_its_run_back_as_if_it_had_not_begun(
    rig: Rig, cast: Cast
) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    run_id = await asked(rig, cast)
    stop = asyncio.Event()

    async def begins(puzzle: str) -> str:
        stop.set()
        return await slowly(puzzle)

    runner = JobRunner(
        jobs=jobs(solve=begins),
        database=rig.database,
        clock=rig.clock,
        metrics=JobMetrics(new_registry(service="matching", version="test")),
        poll_seconds=0.01,
    )
    await asyncio.wait_for(runner.run(stop), 20)
    run = await cast.run(run_id)
    assert (run.state, run.attempts) == ("queued", 0)
    await solve_next_run(rig.database, solve=first_come)
    assert (await cast.run(run_id)).state == "solved"


async def test_the_loop_goes_on_while_the_engine_works(rig: Rig, cast: Cast) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    await asked(rig, cast)
    async with solving(rig):
        looks = 0
        async with asyncio.timeout(20):
            while looks < 20:
                async with rig.database.reading() as conn:
                    assert await conn.fetchval("select 1") == 1
                looks += 1
                await asyncio.sleep(0.01)


async def test_a_child_whose_parent_dies_ends_by_itself(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    child = (
        "import os, pathlib, time; from ipraktik_matching import child; teller = child.Teller();"
        f"pathlib.Path({str(note)!r}).write_text(str(os.getpid()) + '.'); time.sleep(600)"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])",
        stderr=asyncio.subprocess.DEVNULL,
    )

    async def begun() -> bool:
        return note.exists() and note.read_text().endswith(".")

    async def gone() -> bool:
        return not lives(int(note.read_text().rstrip(".")))

    try:
        await until(begun, what="the child works")
    finally:
        parent.kill()
        await parent.wait()
    await until(gone, what="the child ends")


DIES = """
import asyncio, sys
from ipraktik_chassis.clock import SystemClock
from ipraktik_chassis.database import Database
from ipraktik_chassis.jobs import JobRunner
from ipraktik_chassis.metrics import JobMetrics, new_registry
from ipraktik_chassis.transaction import Origin
from ipraktik_matching.jobs import jobs

async def hangs(puzzle):
    print("solving", flush=True)
    await asyncio.Event().wait()

async def work():
    clock = SystemClock()
    database = Database(url=sys.argv[1], clock=clock, origin=Origin("urn:test"), size=3)
    await database.open()
    metrics = JobMetrics(new_registry(service="matching", version="test"))
    runner = JobRunner(jobs=jobs(solve=hangs), database=database, clock=clock, metrics=metrics, poll_seconds=0.05)
    await runner.run(asyncio.Event())

asyncio.run(work())
"""


async def test_a_run_whose_process_is_killed_is_solved_by_another(rig: Rig, cast: Cast) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    run_id = await asked(rig, cast)
    stop = asyncio.Event()
    runner = JobRunner(
        jobs=jobs(solve=first_come),
        database=rig.database,
        clock=rig.clock,
        metrics=JobMetrics(new_registry(service="matching", version="test")),
        poll_seconds=0.05,
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DIES, rig.database_url, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.readline(), 30) == b"solving\n"
        other = asyncio.create_task(runner.run(stop))
        # the other replica looks, and leaves the run to who holds it
        await until(lambda: looked_at(runner), what="another replica looks for runs")
        assert ((await cast.run(run_id)).state, (await cast.run(run_id)).attempts) == ("running", 1)
    finally:
        process.kill()
        await process.wait()

    async def solved() -> bool:
        return (await cast.run(run_id)).state == "solved"

    await until(solved, what="the run is taken up again")
    stop.set()
    await other
    assert (await cast.run(run_id)).attempts == 2


async def looked_at(runner: JobRunner) -> bool:
    return "solve runs" in runner._due
