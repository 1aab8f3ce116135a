"""Waiting for a fact, within a bound."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any

PATIENCE = 30.0


async def until(
    fact: Callable[[], Any | Awaitable[Any]], *, what: str, within: float = PATIENCE, every: float = 0.02
) -> Any:
    """Ask until the answer is true, and give it back."""
    deadline = time.monotonic() + within
    while True:
        answer = fact()
        if inspect.isawaitable(answer):
            answer = await answer
        if answer:
            return answer
        assert time.monotonic() < deadline, f"within {within:g} s it did not come true that {what}"
        await asyncio.sleep(every)
