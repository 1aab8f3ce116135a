"""The agreed stay as a calendar file for its parties: the same entry as in the invitations by mail, so that a calendar holds one.

Its UID and SEQUENCE follow the invitations': one UID per placement at the programme's mail domain, as every version so far has
written it, an even number for each version, and the odd one after it for its cancellation. The domain is the organiser's here: an
invitation keeps the UID it was first sent with, which only notify knows, and both agree where mail goes out from the organiser's.
"""

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from icalendar import Calendar, Event, vCalAddress, vText
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.problem import Problem
from ipraktik_chassis.texts import Speech
from ipraktik_matching.domain.placement import OUT, Placement
from ipraktik_matching.store import participants
from ipraktik_matching.web.parties import asking

router = APIRouter(prefix="/matching/placements/{placement_id}", include_in_schema=False)


@router.get("/calendar.ics")
async def calendar_file(request: Request, placement_id: UUID) -> Response:
    """The stay, as it stands signed."""
    who = await asking(request, placement_id=placement_id)
    placement = who.placement
    if placement.standing is None:
        raise Problem(
            404,
            "No stay is agreed yet",
            "The calendar file is here when all three have approved.",
            danish=("Praktikken er ikke aftalt endnu", "Kalenderfilen er her, når alle tre har godkendt."),
        )
    context = context_of(request)
    async with context.database.reading() as conn:
        bodies = await participants.find(conn, participant_ids=[placement.host_id])
    host = bodies.get(placement.host_id)
    say = speech_of(request)
    content = _entry(
        say,
        placement,
        place=host.workplace.organisation_name if host else "",
        organiser=(context.settings.organiser_name, context.settings.organiser_email),
        address=f"{context.settings.matching_public_url.rstrip('/')}/matching/placements/{placement_id}/agreement",
        now=context.clock.now(),
    )
    return Response(
        content,
        media_type="text/calendar; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="innovationspraktik.ics"'},
    )


def _entry(
    say: Speech, placement: Placement, *, place: str, organiser: tuple[str, str], address: str, now: datetime
) -> bytes:
    standing = placement.standing
    if standing is None:
        raise ValueError("there is no signed version to enter")
    terms = standing.terms
    off = placement.state in OUT or placement.state == "not_held"
    calendar = Calendar()
    calendar.add("prodid", "-//Innovationspraktik//matching//DA")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    event = Event()
    organiser_name, organiser_email = organiser
    event.add("uid", f"{placement.placement_id}@{organiser_email.rpartition('@')[2]}")
    event.add("sequence", 2 * standing.number + off)
    event.add("dtstamp", now)
    event.add("dtstart", terms.first_day)
    event.add("dtend", terms.last_day + timedelta(days=1))  # the end of whole days is the day after
    event.add(
        "summary",
        say("Innovationspraktik hos {place}").format(place=place) if place else say("Innovationspraktik"),
    )
    event.add("description", say("Se aftalen: {address}").format(address=address))
    if terms.meeting_place:
        event.add("location", terms.meeting_place)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if off else "OPAQUE")
    by = vCalAddress(f"mailto:{organiser_email}")
    by.params["cn"] = vText(organiser_name)
    event["organizer"] = by
    calendar.add_component(event)
    return bytes(calendar.to_ical())
