"""What time it is for the sink, and how its pages say a time: Danish local time, by the simulated clock where there is one."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

Now = Callable[[], datetime]

_ZONE: Final = ZoneInfo("Europe/Copenhagen")
_DAYS: Final = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_MONTHS: Final = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)


def clock_of(file: Path | None) -> Now:
    """The file's instant, the same that all services go by; without a file the machine's own time."""
    if file is None:
        return lambda: datetime.now(UTC)
    return lambda: datetime.fromisoformat(file.read_text("ascii").strip()).astimezone(UTC)


def day_of(received: str) -> str:
    """mandag den 10. september 2018; empty where nothing of the kind stands in the mail."""
    moment = _local(received)
    if moment is None:
        return ""
    return f"{_DAYS[moment.weekday()]} den {moment.day}. {_MONTHS[moment.month - 1]} {moment.year}"


def hour_of(received: str) -> str:
    """kl. 12.05"""
    moment = _local(received)
    return f"kl. {moment:%H.%M}" if moment is not None else ""


def _local(received: str) -> datetime | None:
    try:
        return datetime.fromisoformat(received).astimezone(_ZONE)
    except ValueError:
        return None
