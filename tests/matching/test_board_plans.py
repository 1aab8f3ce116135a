"""A plan's rows: PostgreSQL lays them out whoever keeps the plan, they say what the plan says, and pages read nothing else."""

import asyncio
import shutil
import uuid
from pathlib import Path
from uuid import UUID

import asyncpg
from matching.board_visits import Visits, words_of
from matching.cast import Cast
from matching.puzzle.puzzles import WEEK
from rig import Rig

from ipraktik_chassis import schema
from ipraktik_local.postgres import PostgresServer
from ipraktik_matching.main import SERVICE
from ipraktik_matching.puzzle import Placement, Plan, Stats, Unplaced, plan_from_json
from ipraktik_matching.puzzle.plan_format import plan_to_json
from ipraktik_matching.store import runs
from ipraktik_matching.store.board import plans

ROWS = "20261122000001_plan_rows.sql"
INTERN, LEFT, HOST = (UUID(int=number) for number in (1, 2, 3))
PLAN = plan_to_json(
    Plan(
        placements=(
            Placement(
                intern_id=str(INTERN),
                host_id=str(HOST),
                companion_id=None,
                days=3,
                window=WEEK,
                fit=12,
                parts={"field": 8, "area": 4},
                reasons=("field", "area"),
            ),
        ),
        unplaced=(Unplaced(intern_id=str(LEFT), reason="no_host_fits"),),
        stats=Stats(
            placed=1,
            standing=0,
            total_fit=12,
            seats=1,
            hosts_used=1,
            count_bound=1,
            fit_bound=12,
            count_proven=True,
            fit_proven=True,
            unique=True,
            solver="",
            input_digest="",
        ),
    )
)


async def test_a_plan_kept_by_the_version_before_has_its_rows_too(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    """The version before this one knows of no rows: it writes the plan's text and nothing else."""
    await cast.joins("host")
    await cast.joins("intern")
    await cast.joins("intern")
    run_id = await cast.solved_run()
    told = words_of(await board.get(f"/runs/{run_id}"))
    async with rig.database.transaction() as tx:
        await tx.conn.execute("delete from run_summaries")
        await tx.conn.execute("delete from run_placements")
        await tx.conn.execute("delete from run_unplaced")
        await tx.conn.execute("update runs set plan = plan")
    assert words_of(await board.get(f"/runs/{run_id}")) == told
    async with rig.database.reading() as conn:
        text = await runs.plan_of(conn, run_id=run_id)
        summary = await plans.summary(conn, run_id=run_id)
        placed = await plans.placed(conn, run_id=run_id)
        left = await plans.left(conn, run_id=run_id)
    assert text is not None
    assert summary is not None
    plan = plan_from_json(text)
    assert summary.stats == plan.stats
    assert (summary.placed, summary.unplaced) == (1, 1)
    assert summary.reasons == {plan.unplaced[0].reason: 1}
    (row,), (one,) = placed, plan.placements
    assert (str(row.intern_id), str(row.host_id), row.companion_id) == (
        one.intern_id,
        one.host_id,
        one.companion_id,
    )
    assert (row.days, (row.first_day, row.last_day), row.fit) == (one.days, one.window, one.fit)
    assert (row.parts, row.reasons) == (dict(one.parts), one.reasons)
    assert [(str(each.intern_id), each.reason) for each in left] == [
        (each.intern_id, each.reason) for each in plan.unplaced
    ]


async def test_a_page_of_a_plan_reads_no_plan(rig: Rig, cast: Cast, board: Visits) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    run_id = await cast.solved_run()
    async with rig.database.transaction() as tx:
        await tx.conn.execute("update runs set plan = null")
    for path in ("/runs", f"/runs/{run_id}", f"/runs/{run_id}/plan.csv"):
        assert (await board.answer(path)).status_code == 200
    same = await board.get("/runs/compare", before=run_id, after=run_id)
    assert "De to planer giver de samme pladser." in same


async def test_plans_that_are_there_already_get_their_rows(postgres: PostgresServer, tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    for file in SERVICE.migrations.glob("*.sql"):
        if file.name < ROWS:
            shutil.copy(file, before)
    made = postgres.create_service_database(f"plans_{uuid.uuid4().hex[:8]}")
    run_id, bare = uuid.uuid4(), uuid.uuid4()

    async def migrate(folder: Path) -> None:
        folders = [schema.CHASSIS_MIGRATIONS, folder]
        await asyncio.to_thread(schema.apply_migrations, url=made.migration_url, folders=folders)

    await migrate(before)
    conn = await asyncpg.connect(made.migration_url)
    try:
        add = """insert into runs (run_id, edition_id, state, requested_by, requested_at, input, plan)
            values ($1, $1, $2, '', '2018-04-09Z', $3, $4)"""
        await conn.execute(add, run_id, "solved", '{"pinned": [["a", "b"]]}', PLAN)
        await conn.execute(add, bare, "queued", None, None)
        await migrate(SERVICE.migrations)
        summary = await plans.summary(conn, run_id=run_id)
        placed = await plans.of_intern(conn, run_id=run_id, intern_id=INTERN)
        left = await plans.of_intern(conn, run_id=run_id, intern_id=LEFT)
        listed = await runs.of_edition(conn, edition_id=run_id, limit=9)
        nothing = await plans.summary(conn, run_id=bare)
    finally:
        await conn.close()
    assert summary is not None
    assert (summary.placed, summary.unplaced, summary.pinned, summary.reasons) == (
        1,
        1,
        1,
        {"no_host_fits": 1},
    )
    assert summary.stats == plan_from_json(PLAN).stats
    assert isinstance(placed, plans.Placed)
    assert (placed.host_id, placed.days, placed.parts) == (HOST, 3, {"field": 8, "area": 4})
    assert left == plans.Left(LEFT, "no_host_fits")
    assert nothing is None
    assert [(one.placed, one.unplaced) for one in listed] == [(1, 1)]
