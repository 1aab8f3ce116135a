"""Child processes that never outlive us: start with a log, stop in order, kill for certain.

Each child leads its own session, so an interrupt from the keyboard reaches only us and we stop the children in the
order that is right. On Linux the kernel signals a child when the thread that started it ends; all are therefore started
by one thread that lives as long as the process. Elsewhere only an orderly exit stops them, and `down` sweeps the rest by
the process list that the stack keeps.
"""

import ctypes
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Final

Process = subprocess.Popen[bytes]

_PR_SET_PDEATHSIG: Final = 1
_LIBC: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_TAIL_BYTES: Final = 64 * 1024


class ChildDidNotStart(RuntimeError):
    """A child ended, or stayed silent, before it was ready. The message carries the end of its log."""

    def __init__(self, name: str, reason: str, log: Path) -> None:
        super().__init__(f"{name} {reason}. The end of its log ({log}):\n{tail(log)}")
        self.log = log


def spawn(
    command: Sequence[str | os.PathLike[str]],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: int | None = None,
    group: int | None = None,
    death_signal: signal.Signals = signal.SIGKILL,
) -> Process:
    """Start `command` with both its outputs appended to `log`. It gets `death_signal` should we die."""
    log.parent.mkdir(parents=True, exist_ok=True)

    def start() -> Process:
        with log.open("ab") as output:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if env is None else dict(env),
                cwd=cwd,
                user=user,
                group=group,
                extra_groups=None if user is None else [],
                start_new_session=True,
                preexec_fn=_die_with_parent(death_signal),  # noqa: PLW1509 - one system call, no lock, no import
            )

    return _SPAWNER.run(start)


def stop(process: Process, *, first: signal.Signals = signal.SIGTERM, grace: float = 15.0) -> int:
    """Ask a child to end, insist after `grace` seconds, and leave nothing of its group behind. Returns its exit code."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGCONT)  # a paused child cannot hear
            process.send_signal(first)
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
        _kill_group(process)
    return process.wait()


def kill(process: Process) -> int:
    """End a child and its whole group at once. Returns its exit code."""
    if process.returncode is None:  # else its number may be somebody else's by now
        _kill_group(process)
    return process.wait()


def _kill_group(process: Process) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def tail(log: Path, lines: int = 40) -> str:
    """The last lines of a log, as a person wants to see them in an error."""
    try:
        with log.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return "(no log)"
    return "\n".join(text.splitlines()[-lines:]) or "(empty)"


def _die_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    if _LIBC is None:
        return None
    prctl, number, parent = _LIBC.prctl, int(death_signal), os.getpid()

    def in_child() -> None:  # between fork and exec: nothing here may allocate much or take a lock
        prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the wish was noted
            os._exit(1)

    return in_child


class _Spawner:
    """The one thread that starts children; it ends only with the process, and so does the kernel's bond to them."""

    def __init__(self) -> None:
        self._wanted: queue.SimpleQueue[tuple[Callable[[], Process], Future[Process]]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def run(self, start: Callable[[], Process]) -> Process:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, name="spawner", daemon=True)
                self._thread.start()
        answer: Future[Process] = Future()
        self._wanted.put((start, answer))
        return answer.result()

    def _serve(self) -> None:
        while True:
            start, answer = self._wanted.get()
            try:
                answer.set_result(start())
            except BaseException as error:  # noqa: BLE001 - handed to the caller, who raises it
                answer.set_exception(error)


_SPAWNER: Final = _Spawner()
