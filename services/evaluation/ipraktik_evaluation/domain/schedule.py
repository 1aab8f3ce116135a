"""When an evaluation is asked for, until when it can be answered, and when a report may come out."""

from calendar import monthrange
from datetime import date, datetime, timedelta


def follow_up_day(last_day: date, *, months: int) -> date:
    """The day so many months after the stay's last day; in a shorter month its last day."""
    years, month = divmod(last_day.month - 1 + months, 12)
    year, month = last_day.year + years, month + 1
    return date(year, month, min(last_day.day, monthrange(year, month)[1]))


def last_day_to_answer(asked_on: date, *, answer_days: int) -> date:
    """The last local day on which an answer is taken, to its end."""
    return asked_on + timedelta(days=answer_days)


def still_signing_up(*, mode: str | None, closes_at: datetime | None, now: datetime) -> bool:
    """Whether a report would be too early: a campaign that people can still sign up for.

    A rolling edition always takes sign-ups and may be reported on at any time; one heard of before its window was kept counts
    as closed.
    """
    return mode != "rolling" and closes_at is not None and now < closes_at
