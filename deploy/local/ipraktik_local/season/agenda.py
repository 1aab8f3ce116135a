"""What people mean to do and when. What touches the same case happens in a fixed order; different cases happen side by side."""

import asyncio
import heapq
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

SIDE_BY_SIDE: Final = 12


@dataclass(order=True, slots=True)
class Intention:
    """One thing somebody means to do. `case` is asked only when the moment has come."""

    at: datetime
    order: tuple[str, ...]
    case: Callable[[], str] = field(compare=False)
    act: Callable[[], Awaitable[None]] = field(compare=False)


@dataclass
class Agenda:
    """Everybody's intentions."""

    _heap: list[Intention] = field(default_factory=list)

    def add(self, intention: Intention) -> None:
        """Mean to do something."""
        heapq.heappush(self._heap, intention)

    @property
    def next(self) -> datetime | None:
        """When somebody means to do something next."""
        return self._heap[0].at if self._heap else None

    async def do_what_is_due(self, now: datetime) -> int:
        """Do everything meant for now or earlier; how many things were done."""
        cases: dict[str, list[Intention]] = defaultdict(list)
        count = 0
        while self._heap and self._heap[0].at <= now:
            intention = heapq.heappop(self._heap)
            cases[intention.case()].append(intention)
            count += 1
        free = asyncio.Semaphore(SIDE_BY_SIDE)

        async def one_case(intentions: list[Intention]) -> None:
            async with free:
                for intention in sorted(intentions):
                    await intention.act()

        async with asyncio.TaskGroup() as group:
            for intentions in cases.values():
                group.create_task(one_case(intentions))
        return count
