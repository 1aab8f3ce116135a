"""The form of an edition: its fields as text, read into the model that the JSON route takes, with a sentence per field that is wrong.

Times are Danish local time. What the form was based on travels with it, so that two who change an edition at once notice.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import astuple
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from pydantic import ValidationError

from ipraktik_chassis.clock import LOCAL_ZONE, at_local
from ipraktik_chassis.forms import Form, day_fields, day_in
from ipraktik_chassis.texts import N_, Speech, day_that_ends
from ipraktik_registration.domain.editions import BadFrame, Frame, StayTooSoon, time_to_place
from ipraktik_registration.web.edition_api import FrameSent

_TIME: Final = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?")
_NOT_A_DAY: Final = N_("Skriv en dag, der findes, for eksempel 8 6 {year}.")
_NOT_A_TIME: Final = N_("Skriv et klokkeslæt, for eksempel 12.00.")
_STAY_TOO_SOON: Final = N_("Tilmeldingen skal lukke, før praktikken begynder.")
_WEEKS_OF_YEAR: Final = N_("{year} har {weeks} uger. Skriv en uge fra 1 til {weeks}.")
_SENTENCES: Final[Mapping[str, str]] = {
    "name": N_("Skriv rundens navn, højst 100 tegn."),
    "mode": N_("Vælg, om runden er en kampagne eller løbende."),
    "opens": N_("Skriv, hvornår tilmeldingen åbner."),
    "closes": N_("Skriv, hvornår tilmeldingen lukker. En kampagne har altid en lukkedag efter åbningen."),
    "when": N_("Vælg en uge eller to dage."),
    "year": N_("Skriv et årstal, for eksempel {year}."),
    "week": N_("Skriv en uge, som året har, fra 1 til 53."),
    "first": N_("Skriv den første dag for praktik."),
    "last": N_("Skriv den sidste dag for praktik, tidligst den første dag."),
    "answer_days": N_("Skriv et tal fra 1 til 60."),
    "sign_days": N_("Skriv et tal fra 1 til 90."),
    "follow_up": N_("Skriv et tal fra 1 til 24."),
}
_PLACES: Final = {
    "window.opens_at": "opens",
    "window.closes_at": "closes",
    "week.year": "year",
    "week.week": "week",
    "dates.first_day": "first",
    "dates.last_day": "last",
}
_LONG_AGO: Final = datetime(2000, 1, 2, tzinfo=UTC)
_FAR_OFF: Final = date(2100, 12, 31)
_DEFAULTS: Final = {
    "mode": "campaign",
    "when": "week",
    "answer_days": "7",
    "sign_days": "21",
    "follow_up": "6",
    "opens_time": "8.00",
    "closes_time": "23.59",
}


def fresh_form(key: str) -> Form:
    """The form of a new edition."""
    return Form({**_DEFAULTS, "key": key})


def form_of_frame(frame: Frame) -> Form:
    """The form of an edition as it stands."""
    week = _week_of(frame)
    values = {
        "name": frame.name,
        "mode": frame.mode,
        "when": "week" if week else "dates",
        "answer_days": str(frame.answer_days),
        "sign_days": str(frame.sign_days),
        "follow_up": str(frame.follow_up),
        "hold_mails": "yes" if frame.hold_mails else "",
        "based_on": print_of(frame),
        **_instant_fields("opens", frame.opens_at),
        **_instant_fields("closes", frame.closes_at),
    }
    if week:
        values |= {"year": str(week[0]), "week": str(week[1])}
    else:
        values |= day_fields("first", frame.first_day) | day_fields("last", frame.last_day)
    return Form(values)


def print_of(frame: Frame) -> str:
    """The frame in short, for telling whether it is still the same."""
    return hashlib.sha256(repr(astuple(frame)).encode()).hexdigest()[:32]


def frame_in(
    form: Form, say: Speech, *, today: date, standing: Frame | None = None
) -> Frame | dict[str, str]:
    """The frame that the form says, or a sentence for every field that is wrong. Examples are of the coming year.

    `standing` is the frame that is changed: instants that the form shows as they were stay as they are, to the microsecond.
    """
    errors: dict[str, str] = {}
    body: dict[str, Any] = {
        "name": form.get("name", ""),
        "mode": form.get("mode", ""),
        "window": {
            "opens_at": _kept(form, "opens", standing.opens_at if standing else None)
            or _instant(form, "opens", errors, say, today=today),
            "closes_at": _kept(form, "closes", standing.closes_at if standing else None)
            or _instant(form, "closes", errors, say, today=today),
        },
        "answer_days": form.filled("answer_days"),
        "sign_days": form.filled("sign_days"),
        "follow_up": form.filled("follow_up"),
        "hold_mails": form.get("hold_mails") == "yes",
    }
    if form.get("when") == "week":
        body["week"] = {"year": form.filled("year"), "week": form.filled("week")}
    elif form.get("when") == "dates":
        body["dates"] = {
            f"{name}_day": _day(form, name, errors, say, today=today) for name in ("first", "last")
        }
    else:
        errors["when"] = say(_SENTENCES["when"])
    stood_in: set[str] = set()
    while True:
        # the last day before the first, which takes the last one's place
        for name in sorted(errors.keys() - stood_in, reverse=True):
            _stand_in(body, name)
            stood_in.add(name)
        try:
            frame = FrameSent.model_validate(body).frame()
            time_to_place(frame, standing=standing)
        except StayTooSoon:
            found = {"closes": say(_STAY_TOO_SOON)}
        except ValidationError as error:
            names = [_field(one, form) for one in error.errors(include_input=False, include_url=False)]
            found = {name: _sentence(name, form, say, today=today) for name in names}
        else:
            if not errors:
                return frame
            found = {}
        if found.keys() <= errors.keys():
            return {name: errors[name] for name in _SENTENCES if name in errors}
        errors = found | errors


def _stand_in(body: dict[str, Any], name: str) -> None:
    """Put in a wrong field's place what contradicts no other: rules between fields are asked once every field is right."""
    match name:
        case "name":
            body["name"] = "-"
        case "mode":
            body["mode"] = "rolling"
        case "opens":
            body["window"]["opens_at"] = _LONG_AGO
        case "closes":
            body["window"]["closes_at"], body["mode"] = None, "rolling"
        case "when" | "year" | "week":
            body.pop("week", None)
            body["dates"] = {"first_day": _FAR_OFF, "last_day": _FAR_OFF}
        case "first":
            body["dates"]["first_day"] = body["dates"]["last_day"] or _FAR_OFF
        case "last":
            body["dates"]["last_day"] = _FAR_OFF
        case _:
            body[name] = "1"


def _sentence(name: str, form: Form, say: Speech, *, today: date) -> str:
    """What is wrong with a field; a week is asked for by how many its year has."""
    year = form.filled("year")
    if name == "week" and year.isdecimal() and len(year) == 4 and 2000 <= int(year) <= 2999:
        weeks = date(int(year), 12, 28).isocalendar().week  # always in its year's last week
        return say(_WEEKS_OF_YEAR).format(year=year, weeks=weeks)
    return say(_SENTENCES[name]).format(year=today.year + 1)


def _field(error: Any, form: Form) -> str:
    place = ".".join(str(part) for part in error["loc"])
    if place in _SENTENCES:
        return place
    if place in _PLACES:
        return _PLACES[place]
    cause = str(error.get("ctx", {}).get("error", ""))
    if isinstance(error.get("ctx", {}).get("error"), BadFrame):
        if "window" in cause:
            return "closes"
        if "week" in cause and form.get("when") == "week":
            return "week"
        if "day" in cause:
            return "last"
    return "when"


def _kept(form: Form, name: str, standing: datetime | None) -> datetime | None:
    """The instant that stands, where the form still shows it: a form knows minutes alone."""
    shown = _instant_fields(name, standing)
    return standing if all(form.filled(field) == value for field, value in shown.items()) else None


def _instant(form: Form, name: str, errors: dict[str, str], say: Speech, *, today: date) -> datetime | None:
    """The moment; a window may close at 24.00, which is the end of its last day."""
    day = _day(form, name, errors, say, today=today)
    written = form.filled(f"{name}_time")
    if day is None:
        return None
    found = _TIME.fullmatch(written)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    at_end = (hour, minute) == (24, 0) and name == "closes"
    if not at_end and (hour > 23 or minute > 59):
        errors.setdefault(name, say(_NOT_A_TIME))
        return None
    try:
        return at_local(day + timedelta(days=1)) if at_end else at_local(day, hour, minute)
    except OverflowError:  # the calendar's very first and last hours have no instant
        errors[name] = say(_NOT_A_DAY).format(year=today.year + 1)
        return None


def _day(form: Form, name: str, errors: dict[str, str], say: Speech, *, today: date) -> date | None:
    try:
        return day_in(form, name)
    except ValueError:
        errors[name] = say(_NOT_A_DAY).format(year=today.year + 1)
        return None


def _instant_fields(name: str, instant: datetime | None) -> dict[str, str]:
    if instant is None:
        return {f"{name}_time": _DEFAULTS[f"{name}_time"]}
    if name == "closes" and (day := day_that_ends(instant)) is not None:
        return day_fields(name, day) | {"closes_time": "24.00"}
    local = instant.astimezone(LOCAL_ZONE)
    return day_fields(name, local.date()) | {f"{name}_time": f"{local.hour}.{local.minute:02d}"}


def _week_of(frame: Frame) -> tuple[int, int] | None:
    """Year and week where the days are a whole working week."""
    year, week, weekday = frame.first_day.isocalendar()
    return (year, week) if weekday == 1 and (frame.last_day - frame.first_day).days == 4 else None
