"""From answers to what is sent: the body of a sign-up as the JSON route takes it, and what its model says of each page's fields.

Invariant: there is one set of rules, `web/sign_up_forms.py`. While pages are still unanswered, valid stand-ins take their place, so
that rules across pages (nobody is their own manager) speak up on the page that breaks them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from ipraktik_chassis.mends import Misfit
from ipraktik_contracts.codes import JOURNEY_DAYS
from ipraktik_registration.domain.drafts import Answers, Draft
from ipraktik_registration.domain.life import Role
from ipraktik_registration.usecases.send_draft import Sending
from ipraktik_registration.web.sign_up import flow
from ipraktik_registration.web.sign_up_forms import HostSent, InternSent

OWNERSHIP: Final = {"private": "private", "association": "association"}
_STAND_INS: Final[Answers] = {
    flow.YOU: {"name": "-", "email": "nobody@example.org", "field": "administration", "language": "da"},
    flow.WORKPLACE: {
        "organisation": "-",
        "manager-name": "-",
        "manager-email": "somebody@example.org",
    },
    flow.PLACE: {"sector": "municipal", "municipality-code": "0101", "country": "DK"},
    flow.STAY: {"journey": "own_idea"},
}
_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "name": (flow.YOU, "name"),
    "email": (flow.YOU, "email"),
    "job_title": (flow.YOU, "job-title"),
    "field": (flow.YOU, "field"),
    "language": (flow.YOU, "language"),
    "workplace.organisation_name": (flow.WORKPLACE, "organisation"),
    "workplace.unit_name": (flow.WORKPLACE, "unit"),
    "workplace.sector": (flow.PLACE, "sector"),
    "workplace.municipality_code": (flow.PLACE, "municipality"),
    "workplace.country": (flow.PLACE, "country"),
    "workplace.ministerial_area": (flow.PLACE, "ministerial-area"),
    "manager.name": (flow.WORKPLACE, "manager-name"),
    "manager.email": (flow.WORKPLACE, "manager-email"),
    "reserve.name": (flow.WORKPLACE, "reserve-name"),
    "reserve.email": (flow.WORKPLACE, "reserve-email"),
    "journey_type": (flow.STAY, "journey"),
    "motivation": (flow.STAY, "motivation"),
    "companion.name": (flow.PEOPLE, "companion-name"),
    "companion.email": (flow.PEOPLE, "companion-email"),
    "self_found_host.name": (flow.PEOPLE, "host-name"),
    "self_found_host.email": (flow.PEOPLE, "host-email"),
    "host_in_mind.name": (flow.PEOPLE, "host-name"),
    "host_in_mind.email": (flow.PEOPLE, "host-email"),
    "offer": (flow.OFFER, "offer"),
    "capacity": (flow.OFFER, "capacity"),
    "self_found_intern.name": (flow.GUEST, "intern-name"),
    "self_found_intern.email": (flow.GUEST, "intern-email"),
}
_BY_ROLE: Final[Mapping[Role, Mapping[str, tuple[str, str]]]] = {
    "intern": {
        "wishes.fields": (flow.WISHES, "fields"),
        "wishes.sectors": (flow.WISHES, "sectors"),
        "wishes.areas": (flow.WISHES, "areas"),
        "days": (flow.TIME, "length"),
        "available": (flow.TIME, "dates"),
    },
    "host": {
        "wishes.fields": (flow.GUESTS, "fields"),
        "wishes.sectors": (flow.GUESTS, "sectors"),
        "wishes.areas": (flow.GUESTS, "areas"),
        "days": (flow.OFFER, "days-max"),
        "available": (flow.DAYS, "dates"),
    },
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field: the kind of error, and its bounds."""

    page: str
    field: str
    kind: str
    facts: Mapping[str, Any]


def faults(draft: Draft, *, stand_in: bool = True) -> list[Fault]:
    """What the rules say of the answers, by page and field; with `stand_in`, pages without an answer are no fault."""
    found: dict[tuple[str, str], Fault] = {}
    for role in draft.roles:
        try:
            _model(role).model_validate(body(role, draft, stand_in=stand_in))
        except ValidationError as error:
            for one in error.errors(include_input=False, include_url=False):
                fault = _fault(role, one)
                if fault is not None:
                    found.setdefault((fault.page, fault.field), fault)
    return list(found.values())


def sendings(draft: Draft) -> dict[Role, Sending]:
    """What is sent, per role. Raises ValidationError where the answers do not hold."""
    made: dict[Role, Sending] = {}
    for role in draft.roles:
        form = _model(role).model_validate(body(role, draft, stand_in=False))
        made[role] = Sending(form.details(), hashlib.sha256(form.model_dump_json().encode()).digest())
    return made


def body(role: Role, draft: Draft, *, stand_in: bool) -> dict[str, Any]:
    """The sign-up of that role as the JSON route takes it."""

    def page(name: str) -> Mapping[str, Any]:
        return draft.answers.get(name) or (_STAND_INS.get(name, {}) if stand_in else {})

    you = page(flow.YOU)
    made: dict[str, Any] = {
        "edition_id": draft.edition_id,
        "name": you.get("name", ""),
        "email": you.get("email", ""),
        "language": you.get("language", "da"),
        "job_title": you.get("job-title", ""),
        "field": you.get("field", ""),
        "workplace": _workplace(draft.answers, stand_in=stand_in),
    }
    if role == "intern":
        return made | _intern(page, draft.host_id)
    return made | _host(page)


def journey_days(journey: str) -> tuple[int, int]:
    """The days of a journey, fewest and most."""
    return JOURNEY_DAYS.get(journey, JOURNEY_DAYS["own_idea"])


def periods(days: Sequence[str]) -> list[tuple[date, date]]:
    """Days in order as stretches without a gap."""
    found: list[tuple[date, date]] = []
    for day in sorted(map(date.fromisoformat, days)):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _intern(page: Any, host_id: UUID | None) -> dict[str, Any]:
    work, stay, time, people = page(flow.WORKPLACE), page(flow.STAY), page(flow.TIME), page(flow.PEOPLE)
    fewest, most = journey_days(stay.get("journey", ""))
    if time.get("length"):
        fewest, most = map(int, time["length"].split("-"))
    other = _person(people, "host")
    route = time.get("route")
    return {
        "manager": _person(work, "manager"),
        "motivation": stay.get("motivation", ""),
        "wishes": {**_wishes(page(flow.WISHES)), "own_organisation": bool(page(flow.WISHES).get("own"))},
        "journey_type": stay.get("journey", ""),
        "days": {"min": fewest, "max": most},
        "available": _available(time),
        "companion": _person(people, "companion") if time.get("companion") == "yes" and people else None,
        "self_found_host": other if route == "found" and people else None,
        "host_in_mind": {"participant_id": host_id}
        if route == "this" and host_id
        else (other if route == "ask" and people else None),
        "unplaced_before": False,
    }


def _host(page: Any) -> dict[str, Any]:
    work, offer, guest = page(flow.WORKPLACE), page(flow.OFFER), page(flow.GUEST)
    reserve = _person(work, "reserve")
    return {
        "reserve": reserve if any(reserve.values()) else None,
        "offer": offer.get("offer", ""),
        "wishes": _wishes(page(flow.GUESTS)),
        "days": {"min": int(offer.get("days-min", 2)), "max": int(offer.get("days-max", 5))},
        "capacity": int(offer.get("capacity", 1)),
        "available": _available(page(flow.DAYS)),
        "self_found_intern": _person(guest, "intern") if guest else None,
    }


def _workplace(answers: Answers, *, stand_in: bool) -> dict[str, Any]:
    work = flow.work_of(answers)
    typed = answers.get(flow.WORKPLACE) or (_STAND_INS[flow.WORKPLACE] if stand_in else {})
    unasked = stand_in and flow.PLACE not in answers
    place = _STAND_INS[flow.PLACE] if unasked else answers.get(flow.PLACE, {})
    sector = (work.sector if work else None) or place.get("sector", "")
    return {
        "organisation_name": work.organisation if work else typed.get("organisation", ""),
        "unit_name": typed.get("unit", ""),
        "sector": sector,
        "ownership": OWNERSHIP.get(sector, "public"),
        "municipality_code": (work.municipality if work else None) or place.get("municipality-code") or None,
        "country": place.get("country") or "DK",
        "ministerial_area": (place.get("ministerial-area") or None) if sector == "state" else None,
    }


def _person(given: Mapping[str, Any], who: str) -> dict[str, str]:
    return {"name": given.get(f"{who}-name", ""), "email": given.get(f"{who}-email", "")}


def _wishes(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(given.get(name, ())) for name in ("fields", "sectors", "areas")}


def _available(given: Mapping[str, Any]) -> list[dict[str, str]]:
    if given.get("dates"):
        return [
            {"first_day": first.isoformat(), "last_day": last.isoformat()}
            for first, last in periods(given["dates"])
        ]
    if given.get("first") and given.get("last"):
        return [{"first_day": given["first"], "last_day": given["last"]}]
    return []


def _model(role: Role) -> type[InternSent | HostSent]:
    return InternSent if role == "intern" else HostSent


def _fault(role: Role, error: Any) -> Fault | None:
    if "HostByIdSent" in error["loc"]:
        return None  # the other shape of a host in mind; what was filled in is a person
    parts = [part for part in error["loc"] if isinstance(part, str) and part != "PersonSent"]
    facts = dict(error.get("ctx", {}))
    kind = str(error["type"])
    if isinstance(misfit := facts.get("error"), Misfit):
        parts += misfit.field.split(".")
        kind = "misfit"
    known = {**_FIELDS, **_BY_ROLE[role]}
    for length in range(len(parts), 0, -1):
        if (place := known.get(".".join(parts[:length]))) is not None:
            return Fault(*place, kind, facts)
    return None
