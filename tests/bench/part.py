"""A part of a measurement that runs as a process of its own: it says when it is ready, and hands back what it found.

Invariant: a part never outlives whoever started it; the end of the pipe between them is the order to stop.
"""

import asyncio
import logging
import multiprocessing
import os
import traceback
from collections.abc import Callable, Coroutine
from contextlib import suppress
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

import uvloop

_READY_WITHIN = 60.0
_ENDS_WITHIN = 20.0

Work = Callable[..., Coroutine[Any, Any, Any]]
"""`async def work(line, **settings)`; what it returns is the result."""


class PartFailed(RuntimeError):
    """A part ended by an error of its own; the text is its traceback."""


class Line:
    """What a part has of whoever started it."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.go = asyncio.Event()
        self.stop = asyncio.Event()
        asyncio.get_running_loop().add_reader(pipe.fileno(), self._hear)

    def ready(self) -> None:
        """Say that the measurement may begin."""
        self._pipe.send(("ready", None))

    def _hear(self) -> None:
        try:
            said = self._pipe.recv()
        except EOFError:
            said = "stop"
            asyncio.get_running_loop().remove_reader(self._pipe.fileno())
        if said == "stop":
            self.go.set()  # whoever waits to begin is not to wait for ever
            self.stop.set()
        else:
            self.go.set()


class Part:
    """`with Part(work, name=value) as part:` - ready inside, gone after."""

    def __init__(self, work: Work, **settings: Any) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawning.Pipe()
        self._process = spawning.Process(target=_live, args=(theirs, work, settings), daemon=True)
        self._theirs = theirs

    def __enter__(self) -> Self:
        self._process.start()
        self._theirs.close()  # the only other end is the child's, so its end is noticed
        try:
            self._receive("ready", within=_READY_WITHIN)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def pid(self) -> int:
        """Its process number."""
        pid = self._process.pid
        if pid is None:
            raise RuntimeError("the part is not started; use it in a with statement")
        return pid

    def go(self) -> None:
        """Begin."""
        self._pipe.send("go")

    def stop(self) -> None:
        """Come to an end; the result follows."""
        self._pipe.send("stop")

    def result(self, *, within: float) -> Any:
        """What it found. Raises PartFailed or TimeoutError."""
        return self._receive("result", within=within)

    def _receive(self, kind: str, *, within: float) -> Any:
        if not self._pipe.poll(within):
            raise TimeoutError(f"a part of the measurement gave no {kind} within {within:g} s")
        try:
            said, what = self._pipe.recv()
        except EOFError:
            raise PartFailed("a part of the measurement ended without a word") from None
        if said == "failed":
            raise PartFailed(what)
        if said != kind:
            raise PartFailed(f"a part of the measurement said {said} where {kind} was due")
        return what

    def _end(self) -> None:
        self._pipe.close()
        self._process.join(_ENDS_WITHIN)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _live(pipe: Connection, work: Work, settings: dict[str, Any]) -> None:
    logging.basicConfig(level=logging.ERROR)

    async def living() -> Any:
        return await work(Line(pipe), **settings)

    try:
        said = ("result", uvloop.run(living()))
    except Exception:  # noqa: BLE001 - whatever it is, whoever started the part raises it
        said = ("failed", traceback.format_exc())
    os.set_blocking(
        pipe.fileno(), True
    )  # the loop made it otherwise, and a long result needs more than one writing
    with suppress(BrokenPipeError):
        pipe.send(said)
