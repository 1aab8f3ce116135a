"""Reading what was filled in on a question page into the answers that are kept, and what is wrong beyond the rules of a sign-up:
a choice that is not on offer, a workplace that is not found, a day outside the edition.

Whatever is read here is held against the rules afterwards (`bodies.faults`); nothing is kept before both are content.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from ipraktik_chassis.forms import Form, day_in
from ipraktik_chassis.texts import Speech
from ipraktik_contracts.codes import FIELDS, JOURNEY_TYPES, MINISTERIAL_AREAS, SECTORS
from ipraktik_contracts.municipalities import MUNICIPALITIES
from ipraktik_registration.domain.drafts import Draft
from ipraktik_registration.domain.editions import Frame
from ipraktik_registration.web.sign_up import bodies, choices, flow, workplaces
from ipraktik_registration.web.sign_up.sentences import sentence

MOST_CHARS: Final = 4_000
"""A value is cut here before anything looks at it; the rules say what is too long."""
MOST_VALUES: Final = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What was filled in on a page, and the sentences for what is wrong, by field."""

    given: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Around:
    """What a page is read against."""

    conn: Any
    draft: Draft
    frame: Frame
    today: date
    say: Speech


async def read(page: str, form: Form, around: Around) -> Asked:
    """The page's answers."""
    match page:
        case flow.WORKPLACE:
            return await _workplace(form, around)
        case flow.WHICH:
            return await _which(form, around)
        case flow.PLACE:
            return _place(form, around)
        case _:
            return _READERS[page](form, around)


def _you(form: Form, around: Around) -> Asked:
    given = _texts(form, "name", "email", "job-title", "field", "language")
    if given["language"] not in ("da", "en"):
        given["language"] = around.say.language
    if given["field"] not in FIELDS:
        return Asked({**given, "field": ""}, {"field": sentence(around.say, "field", "empty")})
    return Asked(given)


async def _workplace(form: Form, around: Around) -> Asked:
    draft = around.draft
    names = ["organisation", "unit"]
    if "intern" in draft.roles:
        names += ["manager-name", "manager-email"]
    if "host" in draft.roles:
        names += ["reserve-name", "reserve-email"]
    given: dict[str, Any] = _texts(form, *names)
    text = given["organisation"][:200]
    if text:
        found = await workplaces.recognised(around.conn, text, part=draft.part, day=around.today)
        given["found"] = workplaces.as_answer(found)
        given["alike"] = found is None and bool(
            await workplaces.alike(around.conn, text, part=draft.part, day=around.today)
        )
    return Asked(given)


async def _which(form: Form, around: Around) -> Asked:
    choice = form.filled("choice")[:100]
    if choice == "none":
        return Asked({"choice": choice, "found": None})
    found = await workplaces.chosen(around.conn, choice, part=around.draft.part, day=around.today)
    if found is None:
        return Asked({"choice": ""}, {"choice": sentence(around.say, "choice", "empty")})
    return Asked({"choice": choice, "found": workplaces.as_answer(found)})


def _place(form: Form, around: Around) -> Asked:
    say = around.say
    given: dict[str, Any] = _texts(form, "sector", "municipality", "country", "ministerial-area")
    errors: dict[str, str] = {}
    work = flow.work_of(around.draft.answers)
    if work is None or work.sector is None:
        if given["sector"] not in workplaces.sectors_for(around.draft.part):
            given["sector"] = ""
            errors["sector"] = sentence(say, "sector", "empty")
    else:
        del given["sector"]
    if given["ministerial-area"] not in MINISTERIAL_AREAS:
        given["ministerial-area"] = ""
    if given["country"] not in dict(choices.countries(say)):
        given["country"] = "DK"
    if given["country"] != "DK":
        return Asked({**given, "municipality": "", "municipality-code": ""}, errors)
    text = given["municipality"] = given["municipality"][:200]
    alike = workplaces.municipalities_like(text)
    picked = form.filled("municipality-code")
    if picked in alike:
        alike = [picked]
    if len(alike) != 1:
        kind = "empty" if not text else "several" if alike else "unknown"
        name = "municipality-code" if kind == "several" else "municipality"
        errors[name] = sentence(say, name, kind)
        return Asked({**given, "municipality-code": ""}, errors)
    return Asked({**given, "municipality": MUNICIPALITIES[alike[0]], "municipality-code": alike[0]}, errors)


def _stay(form: Form, around: Around) -> Asked:
    given = _texts(form, "journey", "motivation", "open")
    given["open"] = "no" if given["open"] == "no" else "yes"
    if given["journey"] not in JOURNEY_TYPES:
        return Asked({**given, "journey": ""}, {"journey": sentence(around.say, "journey", "empty")})
    return Asked(given)


def _wishes(form: Form, around: Around) -> Asked:
    given: dict[str, Any] = {
        "fields": _chosen(form, "fields", FIELDS),
        "sectors": _chosen(form, "sectors", SECTORS),
        "areas": _chosen(form, "areas", dict(choices.regions(around.frame.first_day))),
    }
    if "intern" in around.draft.roles:
        given["own"] = "yes" if form.filled("own") == "yes" else ""
    if not any(given.values()):
        return Asked(given, {"fields": sentence(around.say, "fields", "none")})
    return Asked(given)


def _offer(form: Form, _: Around) -> Asked:
    given = _texts(form, "offer", "capacity", "days-min", "days-max", "open")
    given["open"] = "no" if given["open"] == "no" else "yes"
    for name, offered, usual in (
        ("capacity", "123", "1"),
        ("days-min", "2345", "2"),
        ("days-max", "2345", "5"),
    ):
        if len(given[name]) != 1 or given[name] not in offered:
            given[name] = usual
    return Asked(given)


def _time(form: Form, around: Around) -> Asked:
    journey = around.draft.answers.get(flow.STAY, {}).get("journey", "")
    fewest, most = bodies.journey_days(journey)
    given: dict[str, Any] = _texts(form, "length", "route", "companion")
    if given["length"] not in dict(choices.lengths(around.say, fewest, most)):
        given["length"] = f"{fewest}-{most}"
    given["companion"] = "yes" if given["companion"] == "yes" else ""
    errors = _dates(form, around, given, fewest=int(given["length"].partition("-")[0]))
    offered = ("find", "this", "ask", "found") if around.draft.host_id else ("find", "ask", "found")
    if given["route"] not in offered:
        given["route"] = ""
        errors["route"] = sentence(around.say, "route", "empty")
    return Asked(given, errors)


def _days(form: Form, around: Around) -> Asked:
    given: dict[str, Any] = {"route": "found" if form.filled("route") == "found" else "find"}
    fewest = int(around.draft.answers.get(flow.OFFER, {}).get("days-min", "2"))
    return Asked(given, _dates(form, around, given, fewest=fewest))


def _dates(form: Form, around: Around, given: dict[str, Any], *, fewest: int) -> dict[str, str]:
    """When somebody can. All days of a short edition, or no days of a long one, mean that any will do, and are kept as nothing."""
    say, frame = around.say, around.frame
    if offered := [day.isoformat() for day in choices.days_to_tick(frame)]:
        ticked = [day for day in offered if day in form.all("dates")]
        given["dates"] = [] if ticked == offered else ticked
        if not ticked:
            return {"dates": sentence(say, "dates", "empty")}
        longest = max((last - first).days + 1 for first, last in bodies.periods(ticked))
        if longest < min(fewest, len(offered)):
            return {"dates": sentence(say, "dates", "few", n=fewest)}
        return {}
    errors: dict[str, str] = {}
    days: dict[str, date | None] = {}
    earliest = max(frame.first_day, around.today)
    for name in ("first", "last"):
        try:
            days[name] = day_in(form, name)
        except ValueError:
            errors[name] = sentence(say, name, "odd")
            continue
        day = days[name]
        if day is not None and not earliest <= day <= frame.last_day:
            words = say.days(earliest, frame.last_day)
            errors[name] = sentence(say, name, "outside", days=words)
    if errors or not any(days.values()):
        return errors
    first = days["first"] or earliest
    last = days["last"] or frame.last_day
    if last < first:
        return {"last": sentence(say, "last", "before")}
    if (last - first).days + 1 < fewest:
        return {"last": sentence(say, "last", "few", n=fewest)}
    given.update(first=first.isoformat(), last=last.isoformat())
    return {}


def _people(form: Form, around: Around) -> Asked:
    time = around.draft.answers.get(flow.TIME, {})
    names: list[str] = []
    if time.get("route") in ("ask", "found"):
        names += ["host-name", "host-email"]
    if time.get("companion"):
        names += ["companion-name", "companion-email"]
    return Asked(_texts(form, *names))


def _texts(form: Form, *names: str) -> dict[str, str]:
    return {name: form.filled(name)[:MOST_CHARS] for name in names}


def _chosen(form: Form, name: str, offered: Mapping[str, Any]) -> list[str]:
    given: Sequence[str] = form.all(name)[:MOST_VALUES]
    return [code for code in offered if code in given]


_READERS: Final[Mapping[str, Callable[[Form, Around], Asked]]] = {
    flow.YOU: _you,
    flow.STAY: _stay,
    flow.WISHES: _wishes,
    flow.TIME: _time,
    flow.PEOPLE: _people,
    flow.OFFER: _offer,
    flow.GUESTS: _wishes,
    flow.DAYS: _days,
    flow.GUEST: lambda form, _: Asked(_texts(form, "intern-name", "intern-email")),
}
