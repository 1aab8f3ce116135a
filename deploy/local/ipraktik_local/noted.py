"""The list of a stack's processes beside its data: for `status`, and for sweeping up after a supervisor that was killed."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class RunningProcess:
    """One process of the stack. `created` tells it from a later one with the same number."""

    name: str
    pid: int
    created: float
    restarts: int = 0
    ops_url: str | None = None


def observed(*, name: str, pid: int, restarts: int = 0, ops_url: str | None = None) -> RunningProcess | None:
    """The process with this number, if there is one."""
    try:
        created = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None
    return RunningProcess(name=name, pid=pid, created=created, restarts=restarts, ops_url=ops_url)


def note(home: Path, processes: Iterable[RunningProcess]) -> None:
    file = home / "processes.json"
    part = file.with_suffix(".part")
    part.write_text(json.dumps([asdict(process) for process in processes]), "utf-8")
    os.replace(part, file)


def forget(home: Path) -> None:
    (home / "processes.json").unlink(missing_ok=True)


def noted(home: Path) -> tuple[RunningProcess, ...]:
    """Those of the stack in `home` that still run, as it last noted them."""
    try:
        entries = json.loads((home / "processes.json").read_text("utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(process for process in (RunningProcess(**entry) for entry in entries) if _runs(process))


def sweep(home: Path) -> tuple[str, ...]:
    """End what a killed supervisor left behind. Returns the names."""
    left = noted(home)
    found = []
    for process in left:
        try:
            itself = psutil.Process(process.pid)
            found += [itself, *itself.children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
    for one in found:
        try:
            one.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(found, timeout=10)
    forget(home)
    return tuple(process.name for process in left)


def _runs(process: RunningProcess) -> bool:
    try:
        found = psutil.Process(process.pid)
        return bool(abs(found.create_time() - process.created) < 1 and found.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
