"""A sign-up's details as the fields of one page, and back: the shape that PUT /sign-ups takes and `web/sign_up_forms.py` checks.

Invariant: what the page cannot show is kept as it stands. So a page that is sent back untouched gives the very same details.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from ipraktik_chassis.forms import Form, day_fields, day_in
from ipraktik_registration.domain.life import Role

Details = dict[str, Any]
MOST_PERIODS: Final = 20
MOST_CHARS: Final = 2100
"""Of a field: a little more than any may hold, so that what is too long is said and kept, not cut."""
MOST_TICKED: Final = 50
OWNERSHIP: Final = {"private": "private", "association": "association"}
OTHERS: Final[dict[Role, tuple[tuple[str, str], ...]]] = {
    "intern": (("manager", "manager"), ("companion", "companion")),
    "host": (("reserve", "reserve"), ("intern", "self_found_intern")),
}
"""Field prefix and key of the other people that a sign-up of that role names; the hosts of an intern go by the route."""


def version_of(details: Details) -> str:
    """What a page was based on, so that a change made elsewhere meanwhile is noticed."""
    return hashlib.sha256(json.dumps(details, sort_keys=True).encode()).hexdigest()[:16]


def fields_of(details: Details, *, role: Role, offered: Sequence[date]) -> dict[str, str | list[str]]:
    """The page's fields as the details stand. `offered` are the days that are ticked; empty where periods are written."""
    work = details["workplace"]
    values: dict[str, str | list[str]] = {
        "name": details["name"],
        "email": details["email"],
        "language": details["language"],
        "job-title": details["job_title"],
        "organisation": work["organisation_name"],
        "unit": work["unit_name"],
        "sector": work["sector"],
        "municipality": work["municipality_code"] or "",
        "country": work["country"],
        "ministerial-area": work["ministerial_area"] or "",
        "field": details["field"],
        "days-min": str(details["days"]["min"]),
        "days-max": str(details["days"]["max"]),
        **{name: list(details["wishes"][name]) for name in ("fields", "sectors", "areas")},
        **_available_fields(details["available"], offered),
    }
    for prefix, key in OTHERS[role]:
        values |= _person_fields(prefix, details[key])
    if role == "host":
        return values | {"offer": details["offer"], "capacity": str(details["capacity"])}
    return values | {
        "journey": details["journey_type"],
        "motivation": details["motivation"],
        "own": "yes" if details["wishes"]["own_organisation"] else "",
        "route": route_of(details),
        **_person_fields("host", details["self_found_host"] or details["host_in_mind"]),
    }


def details_in(form: Form, *, role: Role, standing: Details, offered: Sequence[date]) -> Details:
    """The details that a form means, beside those that stand. Raises BadDay; the rest is for the models to judge."""
    made: Details = {
        "name": _line(form, "name"),
        "email": _line(form, "email"),
        "language": _line(form, "language"),
        "job_title": _line(form, "job-title"),
        "workplace": _workplace(form, standing["workplace"]),
        "field": _line(form, "field"),
        "days": {"min": _number(form, "days-min"), "max": _number(form, "days-max")},
        "available": _available(form, standing["available"], offered),
        "wishes": {
            name: _chosen(form, name, standing["wishes"][name]) for name in ("fields", "sectors", "areas")
        },
    }
    for prefix, key in OTHERS[role]:
        made[key] = _person(form, prefix)
    if role == "host":
        return made | {"offer": _text(form, "offer"), "capacity": _number(form, "capacity")}
    made["wishes"]["own_organisation"] = form.get("own") == "yes"
    made["manager"] = _manager(form, standing)
    return made | {
        "journey_type": _line(form, "journey"),
        "motivation": _text(form, "motivation"),
        "unplaced_before": standing["unplaced_before"],
        **_hosts(form, standing),
    }


class BadDay(ValueError):
    """A field holds no day. `field` is its name on the page."""

    def __init__(self, field: str) -> None:
        super().__init__("not a day")
        self.field = field


def route_of(details: Details) -> str:
    """How an intern's host is found: found already, one of the registry, somebody to ask, or by us."""
    if details["self_found_host"]:
        return "found"
    host = details["host_in_mind"]
    if not host:
        return "find"
    return "this" if "participant_id" in host else "ask"


def days_of(available: Sequence[Mapping[str, str]]) -> set[date]:
    """Each day of the periods."""
    found: set[date] = set()
    for one in available:
        first, last = date.fromisoformat(one["first_day"]), date.fromisoformat(one["last_day"])
        found |= {first + timedelta(days=number) for number in range(min((last - first).days, 400) + 1)}
    return found


def periods_shown(available: Sequence[Mapping[str, str]]) -> int:
    """How many periods a page has room for: those that stand and one more."""
    return min(MOST_PERIODS, max(2, len(available) + 1))


def _available_fields(
    available: Sequence[Mapping[str, str]], offered: Sequence[date]
) -> dict[str, str | list[str]]:
    if offered:
        able = days_of(available)
        return {"dates": [day.isoformat() for day in offered if not available or day in able]}
    values: dict[str, str | list[str]] = {}
    for number, one in enumerate(available, 1):
        values |= day_fields(f"first-{number}", date.fromisoformat(one["first_day"]))
        values |= day_fields(f"last-{number}", date.fromisoformat(one["last_day"]))
    return values


def _available(form: Form, standing: list[dict[str, str]], offered: Sequence[date]) -> list[dict[str, str]]:
    if not offered:
        written = [(_day(form, f"first-{n}"), _day(form, f"last-{n}")) for n in range(1, MOST_PERIODS + 1)]
        for number, (first, last) in enumerate(written, 1):
            if (first is None) is not (last is None):
                raise BadDay(f"{'first' if first is None else 'last'}-{number}")
        return [_period(first, last) for first, last in written if first is not None and last is not None]
    ticked = [day for day in offered if day.isoformat() in form.all("dates")]
    before = _available_fields(standing, offered)["dates"]
    if [day.isoformat() for day in ticked] == before:
        return standing
    if not ticked:
        raise BadDay("dates")
    if ticked == list(offered):
        return []
    runs: list[tuple[date, date]] = []
    for day in ticked:
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return [_period(first, last) for first, last in runs]


def _workplace(form: Form, standing: Mapping[str, Any]) -> Details:
    sector = _line(form, "sector")
    country = _line(form, "country") or "DK"
    same = sector == standing["sector"]
    return {
        "organisation_name": _line(form, "organisation"),
        "unit_name": _line(form, "unit"),
        "sector": sector,
        "ownership": standing["ownership"] if same else OWNERSHIP.get(sector, "public"),
        "municipality_code": (_line(form, "municipality") or None) if country == "DK" else None,
        "country": country,
        "ministerial_area": (_line(form, "ministerial-area") or None) if sector == "state" else None,
    }


def _manager(form: Form, standing: Details) -> Details:
    before = standing["manager"] or {}
    kept = before.get("language") if before.get("email") == _line(form, "manager-email") else None
    return {
        "name": _line(form, "manager-name"),
        "email": _line(form, "manager-email"),
        "language": kept or _line(form, "language"),
    }


def _chosen(form: Form, name: str, standing: list[str]) -> list[str]:
    """The boxes that are ticked; in the order that stands where they are the same ones."""
    ticked = list(form.all(name))[:MOST_TICKED]
    return standing if set(ticked) == set(standing) else ticked


def _hosts(form: Form, standing: Details) -> Details:
    """Both may be told by the JSON route; the page shows one, and the other stays unless the route changes."""
    route, before = form.get("route"), route_of(standing)
    written = {"name": _line(form, "host-name"), "email": _line(form, "host-email")}
    in_mind = standing["host_in_mind"] if before == route and route in ("this", "found") else None
    return {
        "self_found_host": written if route == "found" else None,
        "host_in_mind": written if route == "ask" else in_mind,
    }


def _person(form: Form, prefix: str) -> dict[str, str] | None:
    person = {"name": _line(form, f"{prefix}-name"), "email": _line(form, f"{prefix}-email")}
    return person if any(person.values()) else None


def _person_fields(prefix: str, person: Mapping[str, str] | None) -> dict[str, str]:
    if not person or "participant_id" in person:
        return {}
    return {f"{prefix}-name": person["name"], f"{prefix}-email": person["email"]}


def _day(form: Form, name: str) -> date | None:
    try:
        return day_in(form, name)
    except ValueError:
        raise BadDay(name) from None


def _period(first: date, last: date) -> dict[str, str]:
    return {"first_day": first.isoformat(), "last_day": last.isoformat()}


def _line(form: Form, name: str) -> str:
    return form.filled(name)[:MOST_CHARS]


def _text(form: Form, name: str) -> str:
    return form.filled(name)[: 2 * MOST_CHARS]


def _number(form: Form, name: str) -> int:
    text = form.filled(name)
    return int(text) if text in ("1", "2", "3", "4", "5") else 0
