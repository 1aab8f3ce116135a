"""The solver as a child process: it shares nothing with the service but the puzzle going in and the plan coming out.

Invariants: the loop never waits for the solver's work; the child is nicer to the machine than the service; it is gone when
the caller is, whatever ended the caller.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from typing import Final

COMMAND: Final = (sys.executable, "-m", "ipraktik_matching.puzzle", "solve", "-", "--out", "-")
NICENESS: Final = 10
MOST_COMPLAINT_CHARS: Final = 500


class SolverFailed(Exception):
    """There is no plan; the text says why, without anybody's data but ids."""


async def solve(puzzle: str, *, command: Sequence[str] = COMMAND) -> str:
    """The plan for a puzzle, both as canonical JSON. Raises SolverFailed."""
    child = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        with contextlib.suppress(OSError):  # it may be over already, and a busy machine is no reason to fail
            os.setpriority(os.PRIO_PROCESS, child.pid, NICENESS)
        plan, complaint = await child.communicate(puzzle.encode())
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode == 0:
        return plan.decode()
    if child.returncode is not None and child.returncode < 0:
        raise SolverFailed(f"The solver was ended by signal {-child.returncode}. Start a new run.")
    lines = (
        complaint.decode(errors="replace").split("\n")
        if complaint.strip()
        else ["The solver gave no reason."]
    )
    said = [line for line in lines if line.strip()]
    crashed = said[0].startswith("Traceback")
    raise SolverFailed((said[-1] if crashed else " ".join(said))[:MOST_COMPLAINT_CHARS])
