"""How late a consumer is, in seconds, partition by partition: the age of the oldest record that it has not taken in.

Offsets have no age, so each look remembers where a partition ended then: a record below that end is at least as old as the look.
Who has not been caught up since it was given a partition does not know what came before its first look, and goes by the broker's
timestamp of what it took in last instead. Invariant: an idle partition is not late, however old its last record.
"""

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final

MOST_LOOKS: Final = 100
"""Remembered per partition; a consumer that stands still for a day must not fill its memory with them."""


@dataclass(slots=True)
class _Line:
    looks: deque[tuple[int, float]] = field(default_factory=deque)
    """Ends of the partition above what is taken in, each with when it was seen first."""
    stamp_ms: int | None = None
    """The broker's time of the last record taken in, while the partition was never caught up with."""
    caught_up: bool = False


class Lateness:
    """What is remembered of each partition that this consumer holds."""

    def __init__(self, *, monotonic: Callable[[], float], wall_ms: Callable[[], int]) -> None:
        self._monotonic = monotonic
        self._wall_ms = wall_ms
        self._lines: dict[Hashable, _Line] = {}

    def forget(self) -> None:
        """The partitions were shared out anew: nothing that was known of them holds."""
        self._lines.clear()

    def taking(self, partition: Hashable, *, stamp_ms: int) -> None:
        """A record of this time is being taken in, or was."""
        line = self._lines.setdefault(partition, _Line())
        if not line.caught_up:
            line.stamp_ms = stamp_ms

    def look(self, partition: Hashable, *, position: int, end: int) -> float:
        """For how long the record at `position` has waited; 0 where there is none. Called at each look at the offsets."""
        line = self._lines.setdefault(partition, _Line())
        looks = line.looks
        while looks and looks[0][0] <= position:
            looks.popleft()
        if end <= position:
            line.caught_up, line.stamp_ms = True, None
            return 0.0
        if not looks or looks[-1][0] < end:
            looks.append((end, self._monotonic()))
        if len(looks) > MOST_LOOKS:  # every second one goes, the oldest stays
            line.looks = looks = deque(list(looks)[::2])
        seconds = self._monotonic() - looks[0][1]
        if line.stamp_ms is not None:
            seconds = max(seconds, (self._wall_ms() - line.stamp_ms) / 1000)
        return seconds


@dataclass(frozen=True, slots=True)
class Lag:
    """What one consumer has not taken in of one partition. `topic` without namespace."""

    topic: str
    partition: int
    messages: int
    seconds: float
