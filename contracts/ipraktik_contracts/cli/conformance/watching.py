"""Watching a group while it reads: how far it has committed, what it has shown, and whether it committed what it had not shown.

Each look asks Kafka for the offsets first and reads the echo after, so an event that is committed and not in the echo was committed
before it was shown. A subscriber that writes its echo just after the commit gets until the next look.
"""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final
from uuid import UUID

from aiokafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    NotCoordinatorError,
    NotCoordinatorForGroupError,
)

from ..broker import bounded
from ..playing import Played
from .echo import Echo
from .verdict import Observed, Partition

LOOK_EVERY: Final = 0.2
SETTLE: Final = 3.0
"""Seconds that the echo may come after the last commit."""
_NOT_YET: Final = (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    NotCoordinatorError,
    NotCoordinatorForGroupError,
)


class Watch:
    """Looks at one group and its echo. `read_echo` takes in what was shown since."""

    def __init__(
        self, admin: Any, *, group: str, echo: Echo, read_echo: Callable[[], Awaitable[None]], patience: float
    ) -> None:
        self._admin = admin
        self._group = group
        self._read_echo = read_echo
        self._patience = patience
        self.echo = echo
        self.committed: dict[Partition, int] = {}
        self.ends: dict[Partition, int] = {}
        self.early: dict[UUID, Any] = {}
        self._unshown: defaultdict[Partition, deque[Played]] = defaultdict(deque)
        self._suspects: dict[UUID, Played] = {}

    def expect(self, played: Sequence[Played]) -> None:
        """These were played and are to be read."""
        for one in played:
            partition = (one.place.topic, one.place.partition)
            self.ends[partition] = max(self.ends.get(partition, 0), one.place.offset + 1)
            if one.play.known and not one.play.repeat:
                self._unshown[partition].append(one)

    @property
    def lag(self) -> int:
        """How many records the group has not committed."""
        return sum(max(end - self.committed.get(partition, 0), 0) for partition, end in self.ends.items())

    @property
    def suspects(self) -> int:
        """How many events were committed and not shown at the last look."""
        return len(self._suspects)

    @property
    def suspect_ids(self) -> frozenset[UUID]:
        """Their ids."""
        return frozenset(self._suspects)

    async def look(self) -> None:
        """See how far it is."""
        self.committed = await self._offsets()
        await self._read_echo()
        suspects = {one.play.id: one for one in self._committed_unshown()}
        for id, one in suspects.items():
            if id in self._suspects:
                self.early.setdefault(id, one.place)
        self._suspects = suspects

    async def to_the_end(self, *, interrupt: Callable[[], Awaitable[bool]] | None = None) -> bool:
        """Look until everything is committed and shown; False where nothing moves any more. `interrupt` may end the wait, as stuck."""
        moved, before = time.monotonic(), (-1, -1)
        while True:
            await self.look()
            now = (self.lag, len(self.echo.shown))
            if now != before:
                moved, before = time.monotonic(), now
            still = time.monotonic() - moved
            if self.lag == 0 and (not self._waiting() or still > min(SETTLE, self._patience)):
                return True
            if still > self._patience or (interrupt is not None and await interrupt()):
                return False
            await asyncio.sleep(LOOK_EVERY)

    def observed(self, *, stuck: bool) -> Observed:
        """What was seen."""
        return Observed(committed=self.committed, stuck=stuck, early=self.early)

    def _waiting(self) -> bool:
        """Whether anything is still to be shown."""
        self._forget_shown()
        return any(self._unshown.values())

    def _committed_unshown(self) -> list[Played]:
        self._forget_shown()
        return [
            one
            for partition, waiting in self._unshown.items()
            for one in waiting
            if one.place.offset < self.committed.get(partition, 0) and one.play.id not in self.echo.ids
        ]

    def _forget_shown(self) -> None:
        for waiting in self._unshown.values():
            while waiting and waiting[0].play.id in self.echo.ids:
                waiting.popleft()

    async def _offsets(self) -> dict[Partition, int]:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                asked = self._admin.list_consumer_group_offsets(self._group)
                found = await bounded(asked, what="the offsets of the group")
            except _NOT_YET:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(LOOK_EVERY)
            else:
                return {(one.topic, one.partition): at.offset for one, at in found.items() if at.offset >= 0}
