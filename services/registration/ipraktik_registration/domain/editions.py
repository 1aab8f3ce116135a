"""The frame of an edition: when sign-ups are taken, on which days stays may lie, how long parties have to answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

_ZONE: Final = ZoneInfo("Europe/Copenhagen")


class BadFrame(ValueError):
    """The frame contradicts itself; the message says what to mend."""


class StayTooSoon(BadFrame):
    """Stays would begin before it is known who takes part."""

    def __init__(self) -> None:
        super().__init__("a campaign closes before its stays begin; set closes_at before the first day")


@dataclass(frozen=True, slots=True)
class Frame:
    """An edition's frame, valid by construction."""

    name: str
    mode: Literal["campaign", "rolling"]
    opens_at: datetime
    closes_at: datetime | None
    first_day: date
    last_day: date
    answer_days: int
    sign_days: int
    follow_up: int
    hold_mails: bool

    def __post_init__(self) -> None:
        if self.closes_at is not None and self.closes_at <= self.opens_at:
            raise BadFrame("the window closes before it opens; set closes_at after opens_at")
        if self.mode == "campaign" and self.closes_at is None:
            raise BadFrame("a campaign has a window that closes; set closes_at")
        if self.last_day < self.first_day:
            raise BadFrame("the last day lies before the first; swap them")

    def takes_sign_ups(self, now: datetime) -> bool:
        """Whether the window is open."""
        return self.opens_at <= now and (self.closes_at is None or now < self.closes_at)


def time_to_place(frame: Frame, *, standing: Frame | None = None) -> None:
    """A campaign places people between the end of its window and its stays. Raises StayTooSoon where there is no time for that.

    Asked where a frame is opened or changed, and not of a frame that stands: one from before this rule can be read, and its name
    be mended, as long as what breaks the rule is left as it was.
    """
    if frame.mode != "campaign" or frame.closes_at is None:
        return
    # the instant itself is outside the window, so one that closes at midnight is open on the day before
    last_open = (frame.closes_at - timedelta(microseconds=1)).astimezone(_ZONE).date()
    if last_open >= frame.first_day and (standing is None or _times(standing) != _times(frame)):
        raise StayTooSoon


def _times(frame: Frame) -> tuple[str, datetime | None, date]:
    return frame.mode, frame.closes_at, frame.first_day


def days_of_week(year: int, week: int) -> tuple[date, date]:
    """Monday and Friday of an ISO week. Raises BadFrame where the year has no such week."""
    try:
        return date.fromisocalendar(year, week, 1), date.fromisocalendar(year, week, 5)
    except ValueError:
        raise BadFrame(f"{year} has no week {week}; give a week from 1 to 52 or 53") from None
