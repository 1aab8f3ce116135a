"""Waiting for something to happen, without a database connection: one look a moment for all who wait, and a bound on how many may.

The look is a task that lives as long as somebody waits. It only says that the log has grown; each reads for itself then.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from ipraktik_chassis.database import TRANSIENT
from ipraktik_chassis.problem import Problem

_log = logging.getLogger(__name__)
LOOK_SECONDS: Final = 0.25
MOST_PER_TOKEN: Final = 8


class Watch:
    """Where the log ends, as far as anybody who waits must know."""

    def __init__(self, end: Callable[[], Awaitable[int]]) -> None:
        self._end = end
        self._known = 0
        self._grown = asyncio.Event()
        self._waiting = 0
        self._looking: asyncio.Task[None] | None = None

    async def beyond(self, position: int, *, seconds: float) -> bool:
        """Wait until the log goes beyond the position; False where it did not in time."""
        self._waiting += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(), name="watch the event log")
        try:
            async with asyncio.timeout(seconds):
                while self._known <= position:
                    await self._grown.wait()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return True

    async def _look(self) -> None:
        try:
            while self._waiting:
                try:
                    end = await self._end()
                except TRANSIENT as error:
                    _log.warning("looking at the event log meets %s", type(error).__name__)
                    end = self._known
                if end > self._known:
                    self._known = end
                    grown, self._grown = self._grown, asyncio.Event()
                    grown.set()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._looking = None


class Places:
    """Room for so many who wait, and for so many of one token."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[UUID] = Counter()

    @contextmanager
    def one(self, token_id: UUID) -> Iterator[None]:
        """A place for as long as the block lasts. Raises Problem where there is none."""
        if self._taken[token_id] >= MOST_PER_TOKEN:
            raise Problem(
                429,
                "Too many requests wait with this token",
                f"Let at most {MOST_PER_TOKEN} wait at a time; one is enough for one reader.",
                headers={"retry-after": "5"},
            )
        if self._taken.total() >= self._most:
            raise Problem(
                503,
                "Too many readers wait",
                "Ask again in a while, or without `wait`.",
                headers={"retry-after": "10"},
            )
        self._taken[token_id] += 1
        try:
            yield
        finally:
            self._taken[token_id] -= 1
            if not self._taken[token_id]:
                del self._taken[token_id]
