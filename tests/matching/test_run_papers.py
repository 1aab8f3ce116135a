"""A run's papers: puzzle, policy, plan and certificate are kept so that anybody can check them, and the version before can read its part."""

import hashlib
import json
import sys
from pathlib import Path
from typing import get_args
from uuid import UUID, uuid4

import pytest
from matching.cast import Cast, first_come
from rig import Rig

from ipraktik_matching import papers, policies, solver
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.main import SERVICE
from ipraktik_matching.plans import proposals_of
from ipraktik_matching.policies import RunPolicy
from ipraktik_matching.puzzle import POINTS, from_json
from ipraktik_matching.puzzle.__main__ import main as puzzle_command
from ipraktik_matching.puzzle.format import canonical
from ipraktik_matching.recheck import problems_of, recheck_runs
from ipraktik_matching.store import run_attempts, runs
from ipraktik_matching.usecases.request_run import request_run
from ipraktik_matching.usecases.solve_next_run import solve_next_run
from ipraktik_matching.web.run_models import Part, RunIn

READ_BEFORE = {"format", "placements", "unplaced", "stats"}
FIGURES_BEFORE = {
    *("placed", "standing", "total_fit", "seats", "hosts_used", "count_bound", "fit_bound"),
    *("count_proven", "fit_proven", "unique", "solver", "input_digest"),
}
"""The words of a plan that the version before this one reads; it refuses any other."""


async def asked(rig: Rig, cast: Cast, policy: RunPolicy = policies.USUAL) -> UUID:
    async with rig.database.transaction() as tx:
        return await request_run(tx, edition_id=cast.edition_id, requested_by="coordinator", policy=policy)


async def solved(rig: Rig, cast: Cast, policy: RunPolicy = policies.USUAL) -> UUID:
    """A run that the engine itself has solved."""
    run_id = await asked(rig, cast, policy)
    await solve_next_run(rig.database)
    return run_id


async def test_the_files_of_a_run_are_what_the_independent_checker_wants(
    cast: Cast, rig: Rig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await cast.joins("host", capacity=2)
    for _ in range(3):
        await cast.joins("intern")
    run_id = await solved(rig, cast, RunPolicy(weights={"area": 300}, low_fit=500, low_fit_percent=50))
    for name in ("puzzle", "plan"):
        answer = await cast.coordinator("GET", f"runs/{run_id}/{name}.json")
        assert answer.status_code == 200
        assert not any(word in answer.text for word in ("Navn ", "Organisation ", "example.org"))
        (tmp_path / name).write_bytes(answer.content)
    assert puzzle_command(["check", str(tmp_path / "puzzle"), str(tmp_path / "plan")]) == 0
    assert "It places 2 of at most 2" in capsys.readouterr().out
    run = await cast.run(run_id)
    assert run.certified
    assert hashlib.sha256((tmp_path / "puzzle").read_bytes()).hexdigest() == run.input_digest
    assert from_json((tmp_path / "puzzle").read_bytes()).policy.weights == {"area": 300}


async def test_recheck_finds_a_plan_that_was_tampered_with_in_the_table(rig: Rig, cast: Cast) -> None:
    await cast.joins("host")
    for _ in range(2):
        await cast.joins("intern")
    run_id = await solved(rig, cast)

    async def again() -> list[str]:
        async with rig.database.reading() as conn:
            puzzle = await runs.puzzle_of(conn, run_id=run_id)
            plan = await runs.whole_plan_of(conn, run_id=run_id)
        assert puzzle is not None
        assert plan is not None
        return problems_of(puzzle, plan)

    assert await again() == []
    async with rig.database.transaction() as tx:
        text = await runs.plan_of(tx.conn, run_id=run_id)
        worse = json.loads(text or "")
        worse["placements"][0]["fit"] += 1
        await tx.conn.execute("update runs set plan = $2 where run_id = $1", run_id, canonical(worse))
    assert any("the fit is" in problem for problem in await again())
    async with rig.database.transaction() as tx:
        proof = json.loads(await tx.conn.fetchval("select certificate from runs where run_id = $1", run_id))
        proof["best"] -= 1
        await tx.conn.execute(
            "update runs set plan = $2, certificate = $3 where run_id = $1", run_id, text, canonical(proof)
        )
    assert any("certificate" in problem for problem in await again())


def test_recheck_is_a_command_of_the_service() -> None:
    assert "recheck" in SERVICE.commands


async def test_the_version_before_reads_its_part_of_a_puzzle_and_of_a_plan(rig: Rig, cast: Cast) -> None:
    await cast.joins("host", capacity=2)
    await cast.joins("intern")
    await solved(rig, cast)
    await cast.joins("intern")
    run_id = await solved(rig, cast, RunPolicy(low_fit=700, low_fit_percent=20, move_open=True))
    async with rig.database.reading() as conn:
        kept = await conn.fetchrow(
            "select input, beside, plan, certificate from runs where run_id = $1", run_id
        )
        whole = await runs.puzzle_of(conn, run_id=run_id)
    assert json.loads(kept["input"]).keys() <= papers.KNOWN_BEFORE
    assert json.loads(kept["beside"]).keys() == {"drafts", "policy"}
    plan = json.loads(kept["plan"])
    assert (plan.keys(), plan["stats"].keys()) == (READ_BEFORE, FIGURES_BEFORE)
    assert {"most", "best", "persons", "fit"} <= json.loads(kept["certificate"]).keys()
    assert whole == papers.whole_puzzle(kept["input"], kept["beside"])
    assert hashlib.sha256((whole or "").encode()).hexdigest() == (await cast.run(run_id)).input_digest


async def test_a_run_that_the_version_before_solves_has_no_certificate_and_nothing_beside_its_puzzle(
    rig: Rig, cast: Cast
) -> None:
    """This version took the run up first and was cut off; the one before knows of no `beside` and leaves it as it is."""
    await cast.joins("host")
    await cast.joins("intern")
    await cast.solved_run()
    run_id = await asked(rig, cast, RunPolicy(low_fit=700, low_fit_percent=20))

    async def cut_off(_: str) -> str:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await solve_next_run(rig.database, solve=cut_off)
    async with rig.database.transaction() as tx:
        assert await tx.conn.fetchval("select beside from runs where run_id = $1", run_id) is not None
        text = await tx.conn.fetchval(
            "update runs set state = 'running', attempts = attempts + 1 where run_id = $1 returning input",
            run_id,
        )
        plan = await first_come(text)
        await tx.conn.execute(
            "update runs set input = $2, input_digest = $3 where run_id = $1", run_id, text, "d"
        )
        await tx.conn.execute("update runs set state = 'solved', plan = $2 where run_id = $1", run_id, plan)
        run = await runs.find(tx.conn, run_id=run_id)
        whole = await runs.puzzle_of(tx.conn, run_id=run_id)
        told = await runs.whole_plan_of(tx.conn, run_id=run_id)
    assert run is not None
    assert (run.certified, run.remarks) == (False, ())
    assert whole == text
    assert told == plan
    assert proposals_of(told).groups


async def test_what_is_turned_for_a_run_reaches_the_engine_and_stays_with_the_run(
    cast: Cast, rig: Rig
) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    answer = await cast.coordinator(
        "POST", f"editions/{cast.edition_id}/runs", weights={"field": 0}, keep_draft=7, move_open=True
    )
    run_id = UUID(answer.json()["run_id"])
    seen: list[str] = []

    async def looks(puzzle: str) -> str:
        seen.append(puzzle)
        return await first_come(puzzle)

    await solve_next_run(rig.database, solve=looks)
    policy = from_json(seen[0]).policy
    assert (dict(policy.weights), policy.keep_draft) == ({"field": 0}, 7)
    kept = policies.read((await cast.run(run_id)).policy)
    assert kept == RunPolicy(weights={"field": 0}, keep_draft=7, move_open=True)
    assert (
        await cast.coordinator("POST", f"editions/{cast.edition_id}/runs", keep_open=1001)
    ).status_code == 422
    assert (
        await cast.coordinator("POST", f"editions/{cast.edition_id}/runs", weights={"beauty": 1})
    ).status_code == 422


async def test_no_body_asks_for_the_usual_weights_and_null_is_refused(rig: Rig, cast: Cast) -> None:
    path = f"/matching/api/v1/editions/{cast.edition_id}/runs"
    headers = {"authorization": f"Bearer {rig.coordinator()}", "content-type": "application/json"}
    refused = await cast.web.post(path, content=b"null", headers=headers)
    assert refused.status_code == 422
    asked = await cast.web.post(path, headers=headers)
    assert asked.status_code == 202
    assert policies.read((await cast.run(UUID(asked.json()["run_id"]))).policy) == policies.USUAL


def test_the_parts_that_a_request_may_weigh_are_those_of_the_fit() -> None:
    assert set(get_args(Part)) == POINTS.keys()
    assert RunIn().policy() == policies.USUAL
    with pytest.raises(Refused):
        policies.allowed(RunPolicy(weights={"beauty": 1}))


async def test_a_plan_whose_certificate_does_not_hold_is_thrown_away(rig: Rig, cast: Cast) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    run_id = await asked(rig, cast)
    lies = (
        "import sys; from ipraktik_matching.puzzle import certificate;"
        "certificate.verify = lambda puzzle, plan: ['It proves nothing.'];"
        "from ipraktik_matching import child; sys.exit(child.main(['solve']))"
    )
    await solve_next_run(
        rig.database, solve=lambda puzzle: solver.solve(puzzle, command=[sys.executable, "-c", lies])
    )
    run = await cast.run(run_id)
    assert run.state == "failed"
    assert "It proves nothing." in (run.sentence or "")
    async with rig.database.reading() as conn:
        assert await runs.plan_of(conn, run_id=run_id) is None


async def test_an_attempt_that_lost_its_run_keeps_nothing(rig: Rig, cast: Cast) -> None:
    await asked(rig, cast)
    async with rig.database.transaction() as tx:
        first = await run_attempts.take(tx.conn)
        second = await run_attempts.take(tx.conn)
        assert first is not None
        assert second is not None
        assert not await run_attempts.solved(tx.conn, attempt=first, plan="{}", certificate=None)
        assert not await run_attempts.goes_on(tx.conn, attempt=first, stage="lay", work=1)
        assert await run_attempts.goes_on(tx.conn, attempt=second, stage="lay", work=1)


async def test_the_command_looks_at_what_is_asked_and_says_what_does_not_stand(
    rig: Rig, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    good, bad = await solved(rig, cast), await solved(rig, cast)
    await cast.solved_run()  # without a certificate, as of an older version: nothing to check
    async with rig.database.transaction() as tx:
        await tx.conn.execute(
            "update runs set plan = replace(plan, '\"hosts_used\":1', '\"hosts_used\":2') where run_id = $1",
            bad,
        )

    async def said(*, edition_id: UUID | None = None, run_id: UUID | None = None) -> tuple[int, list[str]]:
        status = await recheck_runs(rig.context.settings, edition_id=edition_id, run_id=run_id)
        return status, capsys.readouterr().out.splitlines()

    assert await said(run_id=good) == (0, [f"{good} stands", "1 looked at, 0 of them do not stand"])
    status, lines = await said(edition_id=cast.edition_id)
    assert (status, len(lines)) == (1, 3)
    assert f"{good} stands" in lines
    assert any(line.startswith(f"{bad} ") and "hosts_used" in line for line in lines)
    assert (await said(edition_id=uuid4()))[0] == 0
    assert (await said(run_id=uuid4()))[0] == 1
