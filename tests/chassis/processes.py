"""Tally as a process, as an operator starts it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self

import httpx
from chassis.waiting import until

from ipraktik_local.ports import reserve_port
from ipraktik_local.processes import kill, spawn, tail

TESTS: Final = Path(__file__).parent.parent
NOWHERE: Final = "127.0.0.1:1"
"""A broker's address at which nobody listens."""


def environment(**settings: str) -> dict[str, str]:
    """What a process needs to be found and run, and its settings; nothing of the developer's own surroundings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(TESTS), "PYTHONUNBUFFERED": "1", **settings}


def command(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run `python -m chassis.tally …` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "chassis.tally", *arguments],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class TallyProcess:
    """`serve`, `work` or `run`, until the block ends. A process that still runs then is killed."""

    def __init__(self, home: Path, room: str, **settings: str) -> None:
        self.log = home / f"{room}.log"
        self._room = room
        self._settings = settings
        self._http, self._ops = reserve_port(), reserve_port()
        self.http = f"http://127.0.0.1:{self._http.number}"
        self.ops = f"http://127.0.0.1:{self._ops.number}"

    def __enter__(self) -> Self:
        self._process = spawn(
            [sys.executable, "-m", "chassis.tally", self._room],
            log=self.log,
            env=environment(
                HTTP_PORT=str(self._http.number), OPS_PORT=str(self._ops.number), **self._settings
            ),
        )
        return self

    def __exit__(self, *_: object) -> None:
        kill(self._process)
        self._http.release()
        self._ops.release()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def wait(self, timeout: float = 40) -> int:
        """Its exit status, when it has ended."""
        return self._process.wait(timeout)

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self._process.poll() is not None

    async def answer(self, path: str) -> httpx.Response | None:
        """What the ops port says, if it says anything."""
        try:
            async with httpx.AsyncClient(base_url=self.ops, timeout=10) as client:
                return await client.get(path)
        except httpx.TransportError:
            return None

    async def ready(self, *, within: float = 40) -> None:
        """Wait until it says that it is ready. Fails with its log if it ends before."""

        async def is_ready() -> bool:
            assert not self.ended, tail(self.log)
            answer = await self.answer("/readyz")
            return answer is not None and answer.status_code == 200

        await until(is_ready, what=f"{self._room} is ready", within=within, every=0.05)

    async def quiet(self) -> dict[str, Any]:
        """Its own word on what it still has to do."""
        answer = await self.answer("/quiet")
        assert answer is not None, tail(self.log)
        found: dict[str, Any] = answer.json()
        return found

    def lines(self) -> list[dict[str, Any]]:
        """Its log, each line one JSON object."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@contextmanager
def clock_file(home: Path, instant: str) -> Iterator[Path]:
    """A simulated time."""
    file = home / "clock"
    file.write_text(instant)
    yield file
