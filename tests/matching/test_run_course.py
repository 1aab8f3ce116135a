"""The course of a run: one at a time, how far it is, stopped by a coordinator or with its process, and what is odd about its input."""

import asyncio
import os
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
from chassis.waiting import until
from matching.cast import FRIDAY, MONDAY, OPENS, Cast, Person, first_come
from rig import Rig

from ipraktik_chassis.jobs import JobRunner
from ipraktik_chassis.metrics import JobMetrics, new_registry
from ipraktik_contracts.events import MatchProposed, ParticipantWithdrawn
from ipraktik_matching import solver
from ipraktik_matching.domain.pair_rules import Kind
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.jobs import jobs
from ipraktik_matching.metrics import SolverMetrics
from ipraktik_matching.store import editions, run_attempts, runs
from ipraktik_matching.store.board import plans
from ipraktik_matching.store.pair_rules import PairRule
from ipraktik_matching.store.runs import Remark
from ipraktik_matching.usecases.cancel_run import cancel_run
from ipraktik_matching.usecases.lay_out_puzzle import puzzle_of
from ipraktik_matching.usecases.request_run import request_run
from ipraktik_matching.usecases.rule_on_pair import rule_on_pair
from ipraktik_matching.usecases.solve_next_run import solve_next_run

SLOW = (
    sys.executable,
    "-c",
    "import sys, time\n"
    "for second in range(600):\n"
    "    sys.stderr.write(f'\\x1flay {second}\\n'); sys.stderr.flush(); time.sleep(0.02)",
)


async def asked(rig: Rig, cast: Cast) -> UUID:
    async with rig.database.transaction() as tx:
        return await request_run(tx, edition_id=cast.edition_id, requested_by="coordinator")


def lives(pid: int) -> bool:
    """Whether there is such a process, and not only its last word that nobody has read yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def slowly(puzzle: str) -> str:
    """A solver that says how far it is and does not come to an end."""
    return await solver.solve(puzzle, command=SLOW)


@asynccontextmanager
async def solving(
    rig: Rig, solve: Callable[[str], Awaitable[str]] = slowly
) -> AsyncIterator[asyncio.Task[int]]:
    task = asyncio.create_task(solve_next_run(rig.database, solve=solve, look_seconds=0.05))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


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


async def must(rig: Rig, cast: Cast, intern: Person, host: Person) -> None:
    async with rig.database.transaction() as tx:
        await rule_on_pair(
            tx,
            rule_id=uuid.uuid4(),
            edition_id=cast.edition_id,
            intern_id=intern.participant_id,
            host_id=host.participant_id,
            kind="must",
            reason="agreed",
            comment="",
            by="coordinator",
        )


async def test_words_of_coordinators_that_cannot_be_kept_are_remarked_and_stop_nothing(
    rig: Rig, cast: Cast
) -> None:
    host, other = await cast.joins("host", capacity=3), await cast.joins("host")
    seated, gone, free = [await cast.joins("intern") for _ in range(3)]
    await must(rig, cast, gone, host)
    await must(rig, cast, seated, host)
    await rig.tell(
        ParticipantWithdrawn(
            participant_id=gone.participant_id, edition_id=cast.edition_id, reason="own_wish"
        ),
        # the two find each other after the coordinator's word
        cast.updated(cast.body(seated), self_found_with=other.participant_id),
        cast.updated(cast.body(other), self_found_with=seated.participant_id),
        cast.updated(cast.body(free), companion_id=seated.participant_id),
    )
    run_id = await asked(rig, cast)
    await solve_next_run(rig.database)
    run = await cast.run(run_id)
    assert run.state == "solved"
    assert {one.code: one.ids for one in run.remarks if one.code != "said"} == {
        "must_of_seated": (seated.participant_id, host.participant_id),
        "must_of_left": (gone.participant_id, host.participant_id),
    }
    said = [one for one in run.remarks if one.code == "said"]
    assert any(str(free.participant_id) in one.text and "companion" in one.text for one in said)


async def test_a_never_wins_against_a_must_for_the_same_pair_and_is_remarked(rig: Rig, cast: Cast) -> None:
    intern, host = Person(role="intern"), Person(role="host")
    async with rig.database.reading() as conn:
        edition = await editions.find(conn, edition_id=cast.edition_id)
    assert edition is not None
    pair = (intern.participant_id, host.participant_id)

    def rule(kind: Kind) -> PairRule:
        return PairRule(uuid.uuid4(), cast.edition_id, *pair, kind, "agreed", "", "coordinator", OPENS)

    bodies = {one.participant_id: cast.updated(cast.body(one)) for one in (intern, host)}
    laid = puzzle_of(
        edition=edition,
        dates=(MONDAY, FRIDAY),
        bodies=bodies,
        seats=(),
        rules=(rule("must"), rule("never")),
    )
    assert laid.remarks == (Remark("must_and_never", pair),)
    assert laid.puzzle.pinned == ()
    assert laid.puzzle.forbidden == {(str(pair[0]), str(pair[1]))}


async def test_input_that_is_no_puzzle_fails_the_run_with_every_problem_of_it(rig: Rig, cast: Cast) -> None:
    """No sign-up that registration lets through is like that; the contract alone does not forbid it."""
    people = [Person(role="intern"), Person(role="intern")]
    await rig.tell(*(cast.body(one, companion_id=one.participant_id) for one in people))
    run_id = await asked(rig, cast)
    await solve_next_run(rig.database, solve=first_come)
    run = await cast.run(run_id)
    assert run.state == "failed"
    assert {one.code for one in run.remarks} == {"problem"}
    for person in people:
        assert any(str(person.participant_id) in told.text for told in run.remarks)


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
