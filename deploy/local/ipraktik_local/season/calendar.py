"""The season's calendar, laid out like 2018's: sign-up from April to 8 June, week 37, evaluation after three months."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Europe/Copenhagen")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """The instant at which a Danish day shows that time."""
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


def working_day(day: date) -> date:
    """That day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days that matter."""

    opens: date = date(2018, 4, 9)
    closes: date = date(2018, 6, 8)
    runs: tuple[date, ...] = (date(2018, 6, 27), date(2018, 7, 11), date(2018, 8, 1))
    week: tuple[int, int] = (2018, 37)
    first_day: date = date(2018, 9, 10)
    last_day: date = date(2018, 9, 14)
    report: date = date(2019, 1, 21)

    def sign_up_days(self) -> list[date]:
        """Tuesdays and Thursdays of the window, and its last day."""
        days = [self.opens + timedelta(days=step) for step in range((self.closes - self.opens).days + 1)]
        return [day for day in days if day.weekday() in (1, 3)] + [self.closes]
