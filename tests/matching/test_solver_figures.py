"""What matching shows of its solver runs: how many are to do, since when, how long a plan takes."""

from datetime import timedelta

import pytest
from matching.cast import Cast
from prometheus_client import generate_latest
from rig import START, Rig

from ipraktik_chassis.metrics import new_registry
from ipraktik_matching.metrics import SolverMetrics
from ipraktik_matching.solver import SolverFailed
from ipraktik_matching.store.runs_standing import Standing, standing
from ipraktik_matching.usecases.request_run import request_run


async def test_a_run_that_waits_is_told_with_its_age(rig: Rig, cast: Cast) -> None:
    async with rig.database.reading() as conn:
        assert await standing(conn) == Standing(queued=0, running=0, since=None)
    async with rig.database.transaction() as tx:
        await request_run(tx, edition_id=cast.edition_id, requested_by="coordinator")
    rig.clock.instant = START + timedelta(minutes=20)
    assert rig.work.show is not None
    async with rig.database.reading() as conn:
        assert await standing(conn) == Standing(queued=1, running=0, since=START)
        await rig.work.show(conn, rig.clock.now())
    lines = generate_latest(rig.context.registry).decode().splitlines()
    assert 'innovationspraktik_solver_runs{state="queued"} 1.0' in lines
    assert "innovationspraktik_solver_oldest_run_age_seconds 1200.0" in lines


async def test_solving_is_timed_and_a_failure_is_told_apart() -> None:
    registry = new_registry(service="matching", version="1")
    ticks = iter((0.0, 3.0, 10.0, 50.0))
    metrics = SolverMetrics(registry)

    async def solves(puzzle: str) -> str:
        if puzzle == "hard":
            raise SolverFailed("no plan")
        return "plan"

    timed = metrics.timed(solves, monotonic=lambda: next(ticks))
    assert await timed("easy") == "plan"
    with pytest.raises(SolverFailed):
        await timed("hard")
    lines = generate_latest(registry).decode().splitlines()
    assert 'innovationspraktik_solver_duration_seconds_sum{outcome="solved"} 3.0' in lines
    assert 'innovationspraktik_solver_duration_seconds_sum{outcome="failed"} 40.0' in lines
