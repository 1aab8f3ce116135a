"""The stay as a calendar entry: whole local days, one stable UID per placement, a higher SEQUENCE for each newer word.

The UID is the placement's id at the sender's domain, as the recipient's first invitation had it: it is kept beside the mail, so
changes and the cancellation meet that entry even where mails come from another domain by then.

Dates without a time need no time zone and fall on the same days everywhere. The only attendee is the recipient; answers belong
on the page, so none is asked for.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from icalendar import Calendar, Event, vCalAddress, vText

_PRODUCT: Final = "-//Innovationspraktik//notify//DA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """What the entry says."""

    uid: str
    version: int
    first_day: date
    last_day: date
    summary: str
    description: str
    organiser_name: str
    organiser_address: str
    attendee_name: str
    attendee_address: str


def entry(stay: Stay, *, method: Literal["REQUEST", "CANCEL"], now: datetime) -> bytes:
    """The calendar file."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    event = Event()
    event.add("uid", stay.uid)
    # A cancellation must outrank the version it cancels, and every newer version the one before.
    event.add("sequence", 2 * stay.version + (1 if method == "CANCEL" else 0))
    event.add("dtstamp", now)
    event.add("dtstart", stay.first_day)
    event.add("dtend", stay.last_day + timedelta(days=1))  # the end of whole days is the day after
    event.add("summary", stay.summary)
    event.add("description", stay.description)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if method == "CANCEL" else "OPAQUE")
    organiser = vCalAddress(f"mailto:{stay.organiser_address}")
    organiser.params["cn"] = vText(stay.organiser_name)
    event["organizer"] = organiser
    attendee = vCalAddress(f"mailto:{stay.attendee_address}")
    attendee.params["cn"] = vText(stay.attendee_name.replace('"', "'") or stay.attendee_address)
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText("ACCEPTED")
    attendee.params["rsvp"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
