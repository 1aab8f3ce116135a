"""A run that has a plan, as the pages about it begin: who asks, the run, its figures and its puzzle by id.

The puzzle of the run looked at last is kept (laid_out), so the first page of a run costs what its puzzle is large, and the next
ones little.
"""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request

from ipraktik_chassis.access import context_of
from ipraktik_matching.store import runs
from ipraktik_matching.store.board import plans
from ipraktik_matching.store.runs import Run
from ipraktik_matching.web.board.desk import NOT_HERE, Desk, at_desk
from ipraktik_matching.web.board.laid_out import LaidOut, LastLaidOut

_last = LastLaidOut()


@dataclass(frozen=True, slots=True)
class Planned:
    """The run at hand. `plan`: its figures."""

    desk: Desk
    run: Run
    plan: plans.Summary

    @property
    def interns(self) -> int:
        """How many travel in it, with a place or without."""
        return self.plan.placed + self.plan.unplaced


async def planned(request: Request, run_id: UUID) -> Planned:
    """The run and its figures. Raises NOT_HERE where there is no plan."""
    await at_desk(request)
    async with context_of(request).database.reading() as conn:
        run = await runs.find(conn, run_id=run_id)
        summary = await plans.summary(conn, run_id=run_id)
    if run is None or summary is None:
        raise NOT_HERE
    return Planned(await at_desk(request, edition_id=run.edition_id), run, summary)


async def puzzle_text(request: Request, run_id: UUID) -> str:
    """What the solver was given. Raises NOT_HERE."""
    async with context_of(request).database.reading() as conn:
        text = await runs.puzzle_of(conn, run_id=run_id)
    if text is None:
        raise NOT_HERE
    return text


async def plan_text(request: Request, run_id: UUID) -> str:
    """What the solver answered, with its proof. Raises NOT_HERE."""
    async with context_of(request).database.reading() as conn:
        text = await runs.whole_plan_of(conn, run_id=run_id)
    if text is None:
        raise NOT_HERE
    return text


async def laid_out_of(request: Request, run: Run) -> LaidOut:
    """The run's puzzle by id. Raises NOT_HERE."""
    key = (run.run_id, run.input_digest)
    return _last.kept(key) or await _last.read(key, await puzzle_text(request, run.run_id))
