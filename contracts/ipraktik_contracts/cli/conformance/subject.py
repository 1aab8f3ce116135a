"""The subscriber under test as a child of ours, where we are asked to start it: killed without a word, and started again."""

import asyncio
import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ..refusal import CannotDo


class Subject:
    """Started by `command` with these settings on top of our own environment. Leads a group of its own, so that nothing of it is left."""

    def __init__(self, command: str, *, settings: Mapping[str, str], log: Path | None) -> None:
        try:
            self._command = shlex.split(command)
        except ValueError as error:
            raise CannotDo(f"--run cannot be read as a command: {error}") from None
        if not self._command:
            raise CannotDo("--run wants the command that starts the subscriber")
        self._settings = {**os.environ, **settings}
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self.kills = 0

    @property
    def ended(self) -> str:
        """How it ended by itself; empty while it runs."""
        if self._process is None or self._process.returncode is None:
            return ""
        return f"exit status {self._process.returncode}"

    async def start(self) -> None:
        """Start it."""
        log = None if self._log is None else self._log.open("ab")
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                env=self._settings,
                stdin=subprocess.DEVNULL,
                stdout=log or subprocess.DEVNULL,
                stderr=log or subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise CannotDo(f"--run: {self._command[0]} cannot be started: {error.strerror}") from None
        finally:
            if log is not None:
                log.close()

    async def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()

    async def crash_and_return(self) -> None:
        """Kill it and start it again."""
        await self.kill()
        self.kills += 1
        await self.start()
