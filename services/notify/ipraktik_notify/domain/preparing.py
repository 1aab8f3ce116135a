"""When the booklet's lists come: three weeks before the stay, the working day before it, and the working day after it was held.

What must stay true: nobody gets two mails on one day where one could say it. So a list that is due on the day of the signing
stands in the mail about the signing, and the list for afterwards keeps a day's distance from the wish for an evaluation. A list
that was told is not told again when the days are moved.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_ZONE: Final = ZoneInfo("Europe/Copenhagen")
BEFORE: Final = timedelta(days=21)
_MORNING: Final = time(8)
_SATURDAY: Final = 5


def stay_begins(first_day: date) -> datetime:
    """The first moment of the stay's first day."""
    return _at(first_day, time(0))


def said_at_signing(first_day: date, *, signed_at: datetime, told: Collection[str] = ()) -> bool:
    """Whether the list for before belongs into the mail about the signing."""
    return "prepare_before" not in told and first_day - BEFORE <= _day(signed_at)


def lists_ahead(
    first_day: date, *, signed_at: datetime, told: Collection[str] = ()
) -> tuple[tuple[str, datetime], ...]:
    """(kind, moment) of the lists that come after a signing of their own; moments in the past and lists already told are left out."""
    today = _day(signed_at)
    ahead: list[tuple[str, datetime]] = []
    if "prepare_before" not in told and first_day - BEFORE > today:
        ahead.append(("prepare_before", _at(first_day - BEFORE, _MORNING)))
    if "prepare_during" not in told:
        # Who signs on the very eve is told on the first morning: the day of the signing has its mail already.
        days = (_working_day(first_day, step=-1), first_day)
        day = next((day for day in days if day > today), None)
        if day is not None:
            ahead.append(("prepare_during", _at(day, time(7) if day == first_day else _MORNING)))
    return tuple(ahead)


def list_afterwards(*, completed_at: datetime) -> datetime:
    """When the list for afterwards comes: the morning of the next working day."""
    return _at(_working_day(_day(completed_at), step=1), _MORNING)


def _working_day(day: date, *, step: int) -> date:
    """The next day before or after that is no Saturday or Sunday. Public holidays are days like others here."""
    day += timedelta(days=step)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=step)
    return day


def _day(instant: datetime) -> date:
    return instant.astimezone(_ZONE).date()


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, _ZONE)
