"""Runs under way, as the tests of their course begin, watch and end them."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import psutil
from matching.cast import Cast
from rig import Rig

from ipraktik_matching import solver
from ipraktik_matching.usecases.request_run import request_run
from ipraktik_matching.usecases.solve_next_run import solve_next_run

SLOW = (
    sys.executable,
    "-c",
    "import sys, time\n"
    "for second in range(600):\n"
    "    sys.stderr.write(f'\\x1flay {second}\\n'); sys.stderr.flush(); time.sleep(0.02)",
)


async def asked(rig: Rig, cast: Cast) -> UUID:
    """A run that a coordinator asked for."""
    async with rig.database.transaction() as tx:
        return await request_run(tx, edition_id=cast.edition_id, requested_by="coordinator")


async def solved(rig: Rig, cast: Cast) -> UUID:
    """A run that was asked for and has ended, with all that follows it."""
    run_id = await asked(rig, cast)
    await rig.run_jobs()
    return run_id


def lives(pid: int) -> bool:
    """Whether there is such a process, and not only its last word that nobody has read yet."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


async def slowly(puzzle: str) -> str:
    """A solver that says how far it is and does not come to an end."""
    return await solver.solve(puzzle, command=SLOW)


@asynccontextmanager
async def solving(
    rig: Rig, solve: Callable[[str], Awaitable[str]] = slowly
) -> AsyncIterator[asyncio.Task[int]]:
    """The next run being solved, for as long as the block lasts."""
    task = asyncio.create_task(solve_next_run(rig.database, solve=solve, look_seconds=0.05))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
