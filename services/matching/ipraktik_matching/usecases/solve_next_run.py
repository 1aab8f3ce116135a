"""The oldest run to do is laid out from one snapshot, solved beside the service, and its plan kept with what proves it.

No transaction is open while the solver works. A run that was cut off by a crash is taken up again, a few times; one that was
stopped by a coordinator meanwhile keeps no plan; one whose process is told to end is put back as if it had not begun.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from ipraktik_chassis.database import TRANSIENT, Database
from ipraktik_chassis.jobs import stopping
from ipraktik_matching import papers, policies, solver
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.plans import proposals_of
from ipraktik_matching.puzzle import PuzzleError, remarks_of, to_json
from ipraktik_matching.store import run_attempts, runs
from ipraktik_matching.store.run_attempts import Attempt
from ipraktik_matching.store.runs import Remark
from ipraktik_matching.usecases.lay_out_puzzle import LaidOut, lay_out_puzzle

MOST_ATTEMPTS: Final = 3
LOOK_SECONDS: Final = 1.0
MOST_REMARKS: Final = 200
Solve = Callable[[str], Awaitable[str]]


class _Stopped(Exception):
    """The run is no longer this attempt's: a coordinator stopped it, or another took it up."""


async def solve_next_run(
    database: Database, *, solve: Solve = solver.solve, look_seconds: float = LOOK_SECONDS
) -> int:
    """Solve one run; returns how many were worked on."""
    async with database.transaction() as tx:
        attempt = await run_attempts.take(tx.conn)
        now = tx.now
    if attempt is None:
        return 0
    try:
        if attempt.number > MOST_ATTEMPTS:
            raise solver.SolverFailed(
                "The run was cut off again and again. Look at the log, then start a new run."
            )
        puzzle = await _laid_out(database, attempt=attempt, now=now)
        text = await _watched(database, attempt=attempt, solving=solve(puzzle), look_seconds=look_seconds)
        if text is None:
            return 0
        plan, certificate = await asyncio.to_thread(_read, text)
    except _Stopped:
        return 1
    except (Refused, solver.SolverFailed, ValueError) as error:
        sentence = error.sentence("en").detail if isinstance(error, Refused) else str(error)
        async with database.transaction() as tx:
            if isinstance(error, PuzzleError):
                told = tuple(Remark("problem", text=one) for one in error.problems[:MOST_REMARKS])
                await run_attempts.keep_remarks(tx.conn, attempt=attempt, remarks=told)
            await run_attempts.failed(
                tx.conn, attempt=attempt, sentence=sentence[: solver.MOST_COMPLAINT_CHARS]
            )
        return 1
    async with database.transaction() as tx:
        await run_attempts.solved(tx.conn, attempt=attempt, plan=plan, certificate=certificate)
    return 1


async def _laid_out(database: Database, *, attempt: Attempt, now: datetime) -> str:
    """The puzzle's text, kept with the run. Raises Refused, PuzzleError, _Stopped."""
    policy = policies.read(attempt.policy)
    async with (
        database.reading() as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
    ):
        laid = await lay_out_puzzle(conn, edition_id=attempt.edition_id, now=now, policy=policy)
        releases = await runs.releases(conn, edition_id=attempt.edition_id)
    puzzle, digest, remarks = await asyncio.to_thread(_written, laid)
    known, beside = await asyncio.to_thread(papers.split_puzzle, puzzle)
    async with database.transaction() as tx:
        mine = await run_attempts.keep_input(
            tx.conn,
            attempt=attempt,
            puzzle=known,
            beside=beside,
            digest=digest,
            releases_before=releases,
            remarks=remarks,
        )
    if not mine:
        raise _Stopped
    return puzzle


async def _watched(
    database: Database, *, attempt: Attempt, solving: Awaitable[str], look_seconds: float
) -> str | None:
    """The plan; None where the process was told to end first, and the run is put back. Raises SolverFailed, _Stopped."""
    progress = solver.Progress()
    with solver.watched(progress):
        task = asyncio.ensure_future(solving)
    try:
        while True:
            done, _ = await asyncio.wait({task}, timeout=look_seconds)
            if done:
                return await task
            if stopping():
                await _end(task)
                async with database.transaction() as tx:
                    await run_attempts.put_back(tx.conn, attempt=attempt)
                return None
            mine = True
            # minutes of work are not thrown away because the database was gone for a moment
            with contextlib.suppress(*TRANSIENT):
                async with database.transaction() as tx:
                    mine = await run_attempts.goes_on(
                        tx.conn, attempt=attempt, stage=progress.stage, work=progress.work
                    )
            if not mine:
                raise _Stopped
    finally:
        await _end(task)


async def _end(task: asyncio.Future[str]) -> None:
    if not task.done():
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, solver.SolverFailed):
            await task


def _written(laid: LaidOut) -> tuple[str, str, tuple[Remark, ...]]:
    text = to_json(laid.puzzle)
    said = tuple(Remark("said", text=one) for one in remarks_of(laid.puzzle))
    return text, hashlib.sha256(text.encode()).hexdigest(), (*laid.remarks, *said)[:MOST_REMARKS]


def _read(text: str) -> tuple[str, str | None]:
    proposals_of(text)
    return papers.split_plan(text)
