"""Time is injected. Nothing in the tree asks the system for the time but this module.

Two clocks: `now()` is the programme's time (deadlines, facts, mails) and may be simulated; `monotonic()` is real and serves
leases, retries, timeouts and metrics only. Days are local dates in Danish time, instants are UTC.
"""

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

LOCAL_ZONE: Final = ZoneInfo("Europe/Copenhagen")


class Clock(Protocol):
    """Where a process gets the time from."""

    def now(self) -> datetime:
        """The programme's instant, in UTC."""
        ...

    def monotonic(self) -> float:
        """Real seconds that only grow; differences mean something, the value does not."""
        ...


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """The system's instant, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Real seconds."""
        return time.monotonic()


class FileClock:
    """Simulated time, shared by all processes through one file that only the season's driver writes, forward.

    Raises ValueError where the file holds no instant.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """The instant in the file."""
        instant = datetime.fromisoformat(self._path.read_text().strip())
        if instant.tzinfo is None:
            raise ValueError(
                f"{self._path} holds an instant without a time zone; write it in UTC, such as 2018-06-08T10:00:00Z"
            )
        return instant.astimezone(UTC)

    def monotonic(self) -> float:
        """Real seconds: a lease does not get older because a season is played."""
        return time.monotonic()

    def set(self, instant: datetime) -> None:
        """Move the time; readers see the old or the new instant, never half of it."""
        fresh = self._path.with_suffix(".new")
        fresh.write_text(instant.astimezone(UTC).isoformat())
        fresh.replace(self._path)


class FixedClock:
    """A time that stands still until a test moves it."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.instant

    def monotonic(self) -> float:
        """Real seconds."""
        return time.monotonic()

    def advance(self, step: timedelta) -> None:
        """Let time pass."""
        self.instant += step


def local_day(instant: datetime) -> date:
    """The Danish date at an instant."""
    return instant.astimezone(LOCAL_ZONE).date()


def at_local(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The instant, in UTC, at which a Danish day shows that time of day."""
    return datetime.combine(day, time_of_day(hour, minute), LOCAL_ZONE).astimezone(UTC)


def machine_nanoseconds() -> int:
    """Nanoseconds since 1970 by the machine's clock, also where time is simulated: for traces, by which nothing is ever decided."""
    return time.time_ns()
