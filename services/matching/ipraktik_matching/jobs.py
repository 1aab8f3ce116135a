"""What the clock brings: runs to solve and to advise on, deadlines of placements, and notes to delete."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ipraktik_chassis.database import Database
from ipraktik_chassis.jobs import Job
from ipraktik_matching.store import needs, placements, runs
from ipraktik_matching.store.board import advice
from ipraktik_matching.usecases.advise_on_next_run import Advise, advise_on_next_run
from ipraktik_matching.usecases.advise_on_next_run import ask as ask_advice
from ipraktik_matching.usecases.delete_old_needs import delete_old_needs
from ipraktik_matching.usecases.pass_deadlines import pass_deadlines
from ipraktik_matching.usecases.solve_next_run import Solve, solve_next_run


async def _deadlines_due(conn: Any) -> datetime | None:
    return await placements.next_due(conn)


async def _pass_deadlines(database: Database) -> int:
    async with database.transaction() as tx:
        return await pass_deadlines(tx)


async def _runs_due(conn: Any) -> datetime | None:
    return await runs.next_due(conn)


async def _advice_due(conn: Any) -> datetime | None:
    return await advice.next_due(conn)


async def _needs_due(conn: Any) -> datetime | None:
    return await needs.next_due(conn)


async def _delete_needs(database: Database) -> int:
    async with database.transaction() as tx:
        return await delete_old_needs(tx)


def jobs(*, solve: Solve, advise: Advise = ask_advice) -> Sequence[Job]:
    """The service's jobs; `solve` is how a puzzle becomes a plan, `advise` how the engine is asked about one."""

    async def solve_one(database: Database) -> int:
        return await solve_next_run(database, solve=solve)

    async def advise_on_one(database: Database) -> int:
        return await advise_on_next_run(database, advise=advise)

    return (
        Job(name="deadlines", next_due=_deadlines_due, run=_pass_deadlines),
        Job(name="delete needs", next_due=_needs_due, run=_delete_needs),
        Job(name="solve runs", next_due=_runs_due, run=solve_one),
        Job(name="advise on runs", next_due=_advice_due, run=advise_on_one),
    )
