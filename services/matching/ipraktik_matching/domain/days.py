"""Danish days as instants. A deadline is an instant; a stay is days; here the one becomes the other."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_ZONE: Final = ZoneInfo("Europe/Copenhagen")
_DAY: Final = timedelta(days=1)
SILENCE_DAYS: Final = 3


def day_of(instant: datetime) -> date:
    """The Danish date at an instant."""
    return instant.astimezone(_ZONE).date()


def start_of(day: date) -> datetime:
    """The instant at which a Danish day begins."""
    return datetime.combine(day, time(), _ZONE).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The instant at which a Danish day is over."""
    return start_of(day + _DAY)


def silence_ends(last_day: date) -> datetime:
    """Noon three days after the last day: until then a party may say how the stay went, then silence says: held."""
    return datetime.combine(last_day + timedelta(days=SILENCE_DAYS), time(12), _ZONE).astimezone(UTC)


def weekdays_between(first_day: date, last_day: date) -> int:
    """Weekdays from the first to the last day, both included."""
    span = (last_day - first_day).days + 1
    weeks, rest = divmod(max(span, 0), 7)
    return weeks * 5 + sum((first_day.weekday() + step) % 7 < 5 for step in range(rest))


def weekdays(first_day: date, last_day: date) -> list[date]:
    """The weekdays from the first to the last day, both included; the first day itself where there is none."""
    days = [date.fromordinal(number) for number in range(first_day.toordinal(), last_day.toordinal() + 1)]
    return [day for day in days if day.weekday() < 5] or [first_day]


def stay_within(window: tuple[date, date], days: int) -> tuple[date, date] | None:
    """The first stretch of that many weekdays in the window, as first and last day; None where it is too short."""
    day, last = window
    found: list[date] = []
    while day <= last and len(found) < days:
        if day.weekday() < 5:
            found.append(day)
        if day == date.max:
            break
        day += _DAY
    return (found[0], found[-1]) if found and len(found) == days else None
