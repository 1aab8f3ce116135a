"""A person's calendar file: the stays, and the deadlines of what they still have to do.

Stays are whole days and need no time zone. A deadline at midnight is the whole day that ends then. Others are instants in UTC, which
every calendar shows in its own time, so no zone has to be told either: a rule for summer time that is an hour off cannot sneak in.
Each entry keeps its UID, so a file that is taken twice changes what is there instead of doubling it. A stay has the UID of the
invitation that is mailed about it where mails come from the domain of ORGANISER_EMAIL; from where they come is not known here.
The file invites nobody, so it has no METHOD: one would want an organiser.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event

from ipraktik_chassis.texts import day_that_ends

_PRODUCT: Final = "-//Innovationspraktik//registration//DA"
_BEFORE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StayEntry:
    """A stay, whole days. `sequence` rises with the versions of the agreement."""

    uid: str
    first_day: date
    last_day: date
    summary: str
    description: str
    sequence: int
    agreed: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that has to be done until an instant."""

    uid: str
    until: datetime
    summary: str
    description: str


def calendar_file(
    *, name: str, stays: Sequence[StayEntry], deadlines: Sequence[Deadline], now: datetime
) -> bytes:
    """The file."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    for stay in stays:
        event = _event(stay.uid, stay.summary, stay.description, now)
        event.add("sequence", stay.sequence)
        event.add("dtstart", stay.first_day)
        event.add("dtend", stay.last_day + timedelta(days=1))  # the end of whole days is the day after
        event.add("status", "CONFIRMED" if stay.agreed else "TENTATIVE")
        event.add("transp", "OPAQUE" if stay.agreed else "TRANSPARENT")
        calendar.add_component(event)
    for deadline in deadlines:
        event = _event(deadline.uid, deadline.summary, deadline.description, now)
        # a day that ends at midnight is that day, as the pages and mails say it
        event.add(
            "dtstart", day_that_ends(deadline.until) or deadline.until
        )  # an end at the same instant is not allowed, none at all is
        event.add("transp", "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", deadline.summary)
        alarm.add("trigger", -_BEFORE)
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(uid: str, summary: str, description: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now)
    event.add("summary", summary)
    event.add("description", description)
    return event
