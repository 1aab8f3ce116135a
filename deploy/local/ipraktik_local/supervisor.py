"""Keeping processes alive: one that ends unasked is started again, later each time, and the log says so."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from ipraktik_contracts.counted import counted
from ipraktik_local.processes import ChildDidNotStart, Process, kill, spawn, stop

_LOOK_EVERY: Final = 0.1
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_STEADY_AFTER: Final = 30.0
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Child:
    """One process to keep alive. `ready_url` answers 200 when it can do its work."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    ready_url: str
    restarts: int = 0
    wanted: bool = False
    process: Process | None = None
    _started: float = 0.0
    _pause: float = _FIRST_PAUSE
    _again_at: float | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        if self.process is None or self.process.poll() is not None:
            raise RuntimeError(f"{self.name} is not running.")
        return self.process.pid

    def start(self) -> None:
        with self._lock:
            self.wanted = True
            if not self.is_running:
                self.process = spawn(self.command, log=self.log, env=self.env)
                self._started, self._again_at = time.monotonic(), None

    def stop(self, *, grace: float) -> None:
        """An orderly end that is not undone."""
        with self._lock:
            self.wanted = False
        if self.process is not None:
            stop(self.process, grace=grace)

    def kill(self) -> None:
        """A crash. Whoever watches starts it again."""
        if self.process is not None:
            kill(self.process)

    def revive_if_due(self) -> None:
        """The watch's look at this child."""
        with self._lock:
            if not self.wanted or self.process is None or self.is_running:
                return
            now = time.monotonic()
            if self._again_at is None:
                if now - self._started > _STEADY_AFTER:
                    self._pause = _FIRST_PAUSE
                self._again_at = now + self._pause
                self.restarts += 1
                _log.warning(
                    "%s ended (exit %s); starting it again in %.1f s (restart %d)",
                    *(self.name, self.process.returncode, self._pause, self.restarts),
                )
                self._pause = min(self._pause * 2, _LONGEST_PAUSE)
            elif now >= self._again_at:
                self.start()

    def is_ready(self, client: httpx.Client) -> bool:
        try:
            return client.get(self.ready_url).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False  # not listening yet, or not any more


class Supervisor:
    """Watches its children from `watch` until `stop`."""

    def __init__(self, *, on_change: Callable[[], None] = lambda: None) -> None:
        self.children: dict[str, Child] = {}
        self._on_change = on_change
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, child: Child) -> None:
        self.children[child.name] = child

    def watch(self) -> None:
        """From now on the dead are raised."""
        self._ended.clear()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    def wait_until_ready(self, names: Sequence[str], *, within: float, through_crashes: bool = False) -> None:
        """Until each of them says so itself. An end before that is a failure at once, unless crashes are expected."""
        waiting, bound = [self.children[name] for name in names], time.monotonic() + within
        with httpx.Client(timeout=5, trust_env=False) as client:
            while waiting := [child for child in waiting if not child.is_ready(client)]:
                for child in waiting:
                    if not (through_crashes or child.is_running):
                        code = child.process.returncode if child.process is not None else "never started"
                        raise ChildDidNotStart(child.name, f"ended while starting (exit {code})", child.log)
                if time.monotonic() > bound:
                    child = waiting[0]
                    raise ChildDidNotStart(
                        child.name,
                        f"was not ready within {counted(round(within), 'second', 'seconds')}",
                        child.log,
                    )
                time.sleep(0.1)

    def stop(self, *, order: Sequence[Sequence[str]], grace: float) -> None:
        """End all children, one group of names after the other, the members of a group at once."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        for group in order:
            together = [self.children[name] for name in group if name in self.children]
            if together:
                with ThreadPoolExecutor(len(together)) as pool:
                    list(pool.map(lambda child: child.stop(grace=grace), together))

    def _watch(self) -> None:
        before = self._pids()
        while not self._ended.wait(_LOOK_EVERY):
            for child in list(self.children.values()):
                try:
                    child.revive_if_due()
                except OSError:
                    _log.exception("%s could not be started", child.name)
            if (now := self._pids()) != before:
                before = now
                self._on_change()

    def _pids(self) -> dict[str, int]:
        return {
            name: child.process.pid
            for name, child in self.children.items()
            if child.process is not None and child.is_running
        }
