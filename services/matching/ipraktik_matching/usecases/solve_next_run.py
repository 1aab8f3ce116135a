"""The oldest run to do is laid out from one snapshot, solved beside the service, and its plan kept.

No transaction is open while the solver works. A run that was cut off by a crash is taken up again, a few times.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Final

from ipraktik_chassis.database import Database
from ipraktik_matching import solver
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.plans import proposals_of
from ipraktik_matching.puzzle import to_json
from ipraktik_matching.store import runs
from ipraktik_matching.usecases.lay_out_puzzle import lay_out_puzzle

MOST_ATTEMPTS: Final = 3
Solve = Callable[[str], Awaitable[str]]


async def solve_next_run(database: Database, *, solve: Solve = solver.solve) -> int:
    """Solve one run; returns how many were worked on."""
    async with database.transaction() as tx:
        attempt = await runs.take(tx.conn)
        now = tx.now
    if attempt is None:
        return 0
    try:
        if attempt.number > MOST_ATTEMPTS:
            raise solver.SolverFailed(
                "The run was cut off again and again. Look at the log, then start a new run."
            )
        async with (
            database.reading() as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            puzzle = to_json(await lay_out_puzzle(conn, edition_id=attempt.edition_id, now=now))
            releases = await runs.releases(conn, edition_id=attempt.edition_id)
        digest = hashlib.sha256(puzzle.encode()).hexdigest()
        async with database.transaction() as tx:
            await runs.keep_input(
                tx.conn, attempt=attempt, puzzle=puzzle, digest=digest, releases_before=releases
            )
        plan = await solve(puzzle)
        proposals_of(plan)
    except (Refused, solver.SolverFailed, ValueError) as error:
        sentence = error.sentence("en").detail if isinstance(error, Refused) else str(error)
        async with database.transaction() as tx:
            await runs.failed(tx.conn, attempt=attempt, sentence=sentence[: solver.MOST_COMPLAINT_CHARS])
        return 1
    async with database.transaction() as tx:
        await runs.solved(tx.conn, attempt=attempt, plan=plan)
    return 1
