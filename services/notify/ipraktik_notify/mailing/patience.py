"""When a mail that could not be handed in is tried again: real time, in memory, doubled each time.

The queue keeps the attempts; how long to wait is forgotten with the process, so a restart tries at once. A server that cannot be
reached stops all sending for a while and counts against no mail.
"""

import random
from collections.abc import Callable
from typing import Final
from uuid import UUID

MOST_SECONDS: Final = 3600.0
SERVER_MOST_SECONDS: Final = 60.0
ATTEMPTS: Final = 20
"""About ten hours at the default pace; then the mail has failed and a person must look."""


class Patience:
    """What is not to be tried yet."""

    def __init__(self, *, first_seconds: float, monotonic: Callable[[], float]) -> None:
        self._first = first_seconds
        self._monotonic = monotonic
        self._until: dict[UUID, float] = {}
        self._server_until = 0.0
        self._server_failures = 0

    def put_off(self, mail_id: UUID, *, attempts: int) -> None:
        """Leave this mail alone for a while."""
        self._until[mail_id] = self._monotonic() + self._pause(attempts, MOST_SECONDS)

    def put_off_all(self) -> None:
        """The server is away: leave it alone for a while."""
        self._server_failures += 1
        self._server_until = self._monotonic() + self._pause(self._server_failures, SERVER_MOST_SECONDS)

    def server_answers(self) -> None:
        """The server talks to us."""
        self._server_failures = 0

    @property
    def server_rests(self) -> bool:
        """Whether the server is to be left alone now."""
        return self._monotonic() < self._server_until

    def resting(self) -> list[UUID]:
        """The mails that are to be left alone now."""
        now = self._monotonic()
        self._until = {id: until for id, until in self._until.items() if until > now}
        return list(self._until)

    def _pause(self, times: int, most: float) -> float:
        pause: float = min(self._first * 2.0 ** min(times - 1, 20), most)
        return pause * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
