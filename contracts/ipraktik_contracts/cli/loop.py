"""Running a command's coroutine. Ctrl-C and SIGTERM cancel it, so that whatever it made is removed on the way out."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import typer

from .refusal import INTERRUPTED


def run(main: Coroutine[Any, Any, int], *, interrupted: int = INTERRUPTED) -> None:
    """Run to the end and leave with the status it gives; `interrupted` is the status where somebody ended it."""
    try:
        status = asyncio.run(_until_told(main))
    except (KeyboardInterrupt, asyncio.CancelledError):
        status = interrupted
    raise typer.Exit(status)


async def _until_told(main: Coroutine[Any, Any, int]) -> int:
    task = asyncio.ensure_future(main)
    told = False

    def end() -> None:
        nonlocal told
        if not told:  # once is enough: a second time would cut off the clearing up
            told = True
            task.cancel()

    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, RuntimeError):  # not every system, nor every thread, can listen
            loop.add_signal_handler(sign, end)
    return await task
