"""`python -m ipraktik_matching recheck`: the stored plans are held against their puzzles and certificates once more.

Nothing of the solver is asked: the rules are read aloud and the prices added up, row by row. It reads, and needs the database alone.
"""

import argparse
import asyncio
import sys
from uuid import UUID

from ipraktik_chassis.database import Database
from ipraktik_chassis.settings import load
from ipraktik_chassis.transaction import Origin
from ipraktik_contracts.envelope import source_urn
from ipraktik_matching.puzzle import PlanError, PuzzleError, check, from_json, plan_from_json
from ipraktik_matching.settings import MatchingSettings
from ipraktik_matching.store import runs


def recheck(arguments: list[str]) -> int:
    """A line for each run with a certificate; the exit status is 1 where one of them does not stand."""
    parser = argparse.ArgumentParser(prog="python -m ipraktik_matching recheck")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--edition", type=UUID, help="the runs of one edition; all, where nothing is named")
    which.add_argument("--run", type=UUID, help="one run")
    chosen = parser.parse_args(arguments)
    return asyncio.run(recheck_runs(load(MatchingSettings), edition_id=chosen.edition, run_id=chosen.run))


def problems_of(puzzle: str, plan: str) -> list[str]:
    """Why a plan does not stand, a sentence each; nothing where it keeps the rules and proves its bounds."""
    from ipraktik_matching.puzzle.certificate import (
        verify,  # brings numpy, which the service itself does without
    )

    try:
        read, laid = from_json(puzzle), plan_from_json(plan)
    except (PuzzleError, PlanError) as error:
        return list(error.problems)
    return check(read, laid) or verify(read, laid)


async def recheck_runs(settings: MatchingSettings, *, edition_id: UUID | None, run_id: UUID | None) -> int:
    """Look at one run, or at all of an edition, or at all there are; the exit status."""
    origin = Origin(source_urn(settings.organiser, "matching"), settings.topic_namespace)
    database = Database(url=settings.database_url, clock=settings.clock(), origin=origin, size=1)
    await database.open()
    fallen = 0
    try:
        async with database.reading() as conn:
            asked = [run_id] if run_id else await runs.certified(conn, edition_id=edition_id)
            for one in asked:
                puzzle = await runs.puzzle_of(conn, run_id=one)
                plan = await runs.whole_plan_of(conn, run_id=one)
                if puzzle is None or plan is None:
                    found = ["There is no such run, or it has no plan."]
                else:
                    found = problems_of(puzzle, plan)
                fallen += bool(found)
                sys.stdout.write(f"{one} {'; '.join(found) or 'stands'}\n")
    finally:
        await database.close()
    sys.stdout.write(f"{len(asked)} looked at, {fallen} of them do not stand\n")
    return 1 if fallen else 0
