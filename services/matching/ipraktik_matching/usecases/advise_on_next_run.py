"""A solved run gets the engine's advice beside its plan, made after it so that no plan waits for it."""

import asyncio
from collections.abc import Awaitable, Callable

from ipraktik_chassis.database import Database
from ipraktik_chassis.jobs import stopping
from ipraktik_matching import solver
from ipraktik_matching.store import runs
from ipraktik_matching.store.board import advice

LOOK_SECONDS = 1.0
Advise = Callable[[str], Awaitable[str]]


async def ask(text: str) -> str:
    """The advice on a plan (the first line) of a puzzle (the second), as JSON. Raises SolverFailed."""
    return await solver.solve(text, command=solver.ADVISE)


async def advise_on_next_run(database: Database, *, advise: Advise = ask) -> int:
    """Advise on one run; returns how many were worked on."""
    async with database.transaction() as tx:
        run_id = await advice.take(tx.conn)
    if run_id is None:
        return 0
    async with database.reading() as conn:
        puzzle = await runs.puzzle_of(conn, run_id=run_id)
        plan = await runs.whole_plan_of(conn, run_id=run_id)
    asked = f"{plan}\n{puzzle}"
    advising = asyncio.ensure_future(advise(asked))
    try:
        while not advising.done():
            if stopping():  # it is taken up again after the next start
                return 0
            await asyncio.wait({advising}, timeout=LOOK_SECONDS)
        said, sentence = await advising, None
    except solver.SolverFailed as error:
        said, sentence = None, str(error)
    finally:
        advising.cancel()
    async with database.transaction() as tx:
        await advice.keep(tx.conn, run_id=run_id, advice=said, sentence=sentence)
    return 1
