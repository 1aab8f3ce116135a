"""The course of a run: one at a time, how far it is, stopped by a coordinator, and all of it at once."""

import asyncio
import os
import sys
import uuid
from pathlib import Path
from uuid import UUID

import pytest
from chassis.waiting import until
from matching.cast import Cast, first_come
from matching.running import asked, solving
from rig import Rig

from ipraktik_chassis.metrics import new_registry
from ipraktik_contracts.events import MatchProposed
from ipraktik_matching import solver
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.metrics import SolverMetrics
from ipraktik_matching.store import run_attempts, runs
from ipraktik_matching.store.board import plans
from ipraktik_matching.usecases.cancel_run import cancel_run
from ipraktik_matching.usecases.solve_next_run import solve_next_run


async def test_of_coordinators_who_ask_at_the_same_time_one_gets_a_run(rig: Rig, cast: Cast) -> None:
    outcomes = await asyncio.gather(*(asked(rig, cast) for _ in range(4)), return_exceptions=True)
    assert [one.code for one in outcomes if isinstance(one, Refused)] == ["run_under_way"] * 3
    (run_id,) = (one for one in outcomes if isinstance(one, UUID))
    answer = await cast.coordinator("POST", f"editions/{cast.edition_id}/runs")
    assert answer.status_code == 409
    await solve_next_run(rig.database, solve=first_come)
    assert (await cast.run(run_id)).state == "solved"
    assert (await cast.coordinator("POST", f"editions/{cast.edition_id}/runs")).status_code == 202


async def test_a_run_under_way_says_its_stage_and_its_work(rig: Rig, cast: Cast) -> None:
    run_id = await asked(rig, cast)

    async def far() -> bool:
        run = await cast.run(run_id)
        return run.stage == "lay" and (run.work or 0) > 2

    async with solving(rig):
        await until(far, what="the run says how far it is")
        shown = (await cast.coordinator("GET", f"runs/{run_id}")).json()
        assert (shown["state"], shown["stage"]) == ("running", "lay")


async def test_the_engine_itself_says_its_stages(rig: Rig, cast: Cast) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    await asked(rig, cast)
    progress = solver.Progress()
    stages = []

    async def listens(puzzle: str) -> str:
        with solver.watched(progress):
            task = asyncio.create_task(solver.solve(puzzle))
        while not task.done():
            stages.append(progress.stage)
            await asyncio.wait({task}, timeout=0.001)
        return await task

    await solve_next_run(rig.database, solve=listens)
    assert "lay" in stages
    assert progress.stage == "prove"


async def test_a_stopped_run_keeps_no_plan_and_its_solver_ends(rig: Rig, cast: Cast, tmp_path: Path) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    run_id = await asked(rig, cast)
    note = tmp_path / "pid"
    hangs = f"import os, pathlib, time; pathlib.Path({str(note)!r}).write_text(str(os.getpid()) + '.'); time.sleep(600)"

    async def hanging(puzzle: str) -> str:
        return await solver.solve(puzzle, command=[sys.executable, "-c", hangs])

    async def begun() -> bool:
        return note.exists() and note.read_text().endswith(".")

    async with solving(rig, hanging) as task:
        await until(begun, what="the solver works")
        answer = await cast.coordinator("POST", f"runs/{run_id}/cancellation")
        assert answer.json() == {"cancelled": True}
        assert await asyncio.wait_for(task, 20) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text().rstrip(".")), 0)
    run = await cast.run(run_id)
    assert (run.state, run.cancelled, run.cancelled_by) == ("failed", True, "coordinator")
    async with rig.database.reading() as conn:
        assert await plans.summary(conn, run_id=run_id) is None
        assert await runs.pending(conn) == 0
    assert (await cast.coordinator("POST", f"runs/{run_id}/release", final=False)).status_code == 409
    await asked(rig, cast)


async def test_a_plan_that_comes_after_the_stop_is_not_kept(rig: Rig, cast: Cast) -> None:
    """The solver's last second: the plan is there, and the coordinator was quicker."""
    await cast.joins("host")
    await cast.joins("intern")
    run_id = await asked(rig, cast)

    async def stopped_meanwhile(puzzle: str) -> str:
        async with rig.database.transaction() as tx:
            assert await cancel_run(tx, run_id=run_id, by="coordinator")
            assert await cancel_run(tx, run_id=run_id, by="another")
        return await first_come(puzzle)

    await solve_next_run(rig.database, solve=stopped_meanwhile)
    run = await cast.run(run_id)
    assert (run.state, run.cancelled_by) == ("failed", "coordinator")
    async with rig.database.reading() as conn:
        assert await runs.plan_of(conn, run_id=run_id) is None


async def test_a_database_that_is_gone_for_a_moment_costs_no_run(
    rig: Rig, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    run_id = await asked(rig, cast)
    looks = 0

    async def gone(*_: object, **__: object) -> bool:
        nonlocal looks
        looks += 1
        raise ConnectionResetError

    async def after_some_looks(puzzle: str) -> str:
        await until(lambda: looks > 2, what="the attempt tries to say how far it is")
        return await first_come(puzzle)

    monkeypatch.setattr(run_attempts, "goes_on", gone)
    await solve_next_run(rig.database, solve=after_some_looks, look_seconds=0.01)
    assert (await cast.run(run_id)).state == "solved"


async def test_a_run_that_has_ended_is_not_stopped(rig: Rig, cast: Cast) -> None:
    run_id = await cast.solved_run()
    assert (await cast.coordinator("POST", f"runs/{run_id}/cancellation")).json() == {"cancelled": False}
    assert (await cast.run(run_id)).state == "solved"
    assert (await cast.coordinator("POST", f"runs/{uuid.uuid4()}/cancellation")).status_code == 404


async def test_a_stopped_run_is_no_failure_of_the_solver() -> None:
    registry = new_registry(service="matching", version="1")

    async def never(_: str) -> str:
        await asyncio.Event().wait()
        return ""

    timed = SolverMetrics(registry).timed(never, monotonic=lambda: 0.0)
    task = asyncio.ensure_future(timed("puzzle"))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    name = "innovationspraktik_solver_duration_seconds_count"
    assert registry.get_sample_value(name, {"outcome": "failed"}) == 0
    assert registry.get_sample_value(name, {"outcome": "stopped"}) == 1


async def test_two_coordinators_release_while_a_third_stops_and_a_fourth_asks(rig: Rig, cast: Cast) -> None:
    await cast.joins("host", capacity=3)
    for _ in range(3):
        await cast.joins("intern")
    run_id = await cast.solved_run()

    async def stops() -> bool:
        async with rig.database.transaction() as tx:
            return await cancel_run(tx, run_id=run_id, by="third")

    first, second, stopped, _ = await asyncio.gather(
        cast.releases(run_id), cast.releases(run_id), stops(), asked(rig, cast)
    )
    assert (first.proposed, second.proposed, stopped) == (3, 3, False)
    assert len(await rig.said(MatchProposed)) == 3
