"""The engine as a child process: it shares nothing with the service but what goes in and what comes out, and says how far it is.

Invariants: the loop never waits for the engine's work; the child is nicer to the machine than the service; it is gone when
the caller is, whatever ended the caller (`child` looks for itself whether its parent lives).
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

COMMAND: Final = (sys.executable, "-m", "ipraktik_matching.child", "solve")
ADVISE: Final = (sys.executable, "-m", "ipraktik_matching.child", "advise")
TOLD: Final = b"\x1f"
"""What a line on standard error begins with that is no complaint: the stage, a blank, processor seconds so far."""
NICENESS: Final = 10
MOST_COMPLAINT_CHARS: Final = 500
_MOST_HEARD: Final = 65536


class SolverFailed(Exception):
    """There is no plan; the text says why, without anybody's data but ids."""


@dataclass(slots=True)
class Progress:
    """How far a child is."""

    stage: str | None = None
    work: int = 0


_WATCHED: ContextVar[Progress | None] = ContextVar("watched", default=None)


@contextlib.contextmanager
def watched(progress: Progress) -> Iterator[None]:
    """Whoever asks the engine within this context, at whatever depth, has its progress told here."""
    token = _WATCHED.set(progress)
    try:
        yield
    finally:
        _WATCHED.reset(token)


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
        plan, complaint = await _talked(child, puzzle.encode())
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


async def _talked(child: asyncio.subprocess.Process, text: bytes) -> tuple[bytes, bytes]:
    """What the child says and what it complains of, after it was told the text."""
    if child.stdin is None or child.stdout is None or child.stderr is None:
        raise SolverFailed("The solver has no way to speak.")
    _, plan, complaint = await asyncio.gather(
        _told(child.stdin, text), child.stdout.read(), _heard(child.stderr)
    )
    await child.wait()
    return plan, complaint


async def _told(stdin: asyncio.StreamWriter, text: bytes) -> None:
    # a child that ends without having listened says why elsewhere
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        stdin.write(text)
        await stdin.drain()
        stdin.close()


async def _heard(stderr: asyncio.StreamReader) -> bytes:
    complaint, rest = b"", b""
    while chunk := await stderr.read(_MOST_HEARD):
        *lines, rest = (rest + chunk).split(b"\n")
        rest = rest[:_MOST_HEARD]
        for line in lines:
            if line.startswith(TOLD):
                _note(line.removeprefix(TOLD))
            else:
                complaint = (complaint + line + b"\n")[-_MOST_HEARD:]
    return complaint + rest


def _note(line: bytes) -> None:
    progress = _WATCHED.get()
    stage, _, work = line.decode(errors="replace").partition(" ")
    if progress is not None and work.isdigit():
        progress.stage, progress.work = stage, int(work)
