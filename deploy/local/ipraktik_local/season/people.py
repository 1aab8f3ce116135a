"""The people of a season: fictional, in the proportions that the programme's own figures suggest, all from one seed.

Companions travel together, a few pairs have found each other (some named by both, some by the intern only), hosts are in mind.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ipraktik_contracts.municipalities import region_of

from .draw import Draw
from .vocabulary import (
    FIELD_WEIGHTS,
    FIRST,
    HOST_SECTORS,
    INTERN_SECTORS,
    JOBS,
    JOURNEY_DAYS,
    JOURNEYS,
    LAST,
    MINISTRIES,
    MOTIVATIONS,
    OFFERS,
    PLACES,
    REGIONS,
)

HOST_SHARE: Final = 0.46
COMPANION_SHARE: Final = 0.16
SELF_FOUND_SHARE: Final = 0.05
IN_MIND_SHARE: Final = 0.08
_AS_OF: Final = date(2018, 4, 9)
_CANNOT_STAY: Final = "P0016"
_ONE_DAY_ONLY: Final = {"first_day": "2018-09-14", "last_day": "2018-09-14"}
"""However the draw falls, one intern can come on a single day only and is told that there is no place."""


@dataclass(frozen=True, slots=True)
class Person:
    """One sign-up to be: `ref` is the season's own name for it, the same for the same seed."""

    ref: str
    role: str
    key: str
    day: int
    body: dict[str, Any]
    companion: str | None = None
    pair: str | None = None

    @property
    def email(self) -> str:
        """Where this person's mails arrive."""
        return str(self.body["email"])


def population(draw: Draw, participants: int, *, days: int) -> list[Person]:
    """That many sign-ups over that many sign-up days, in the order in which they come."""
    hosts = [_host(draw, f"V{number:04}", days) for number in range(round(participants * HOST_SHARE))]
    interns: list[Person] = []
    travelling_together = COMPANION_SHARE * (participants - len(hosts))
    for number in range(participants - len(hosts)):
        before = interns[-1] if interns else None
        joins = before is not None and number % 2 == 1 and number < travelling_together
        interns.append(_intern(draw, f"P{number:04}", days, beside=before if joins else None))
        if joins and before is not None:
            interns[-2] = _named(before, companion=interns[-1])
            interns[-1] = _named(interns[-1], companion=interns[-2])
    _find_pairs(draw, interns, hosts)
    _hosts_in_mind(draw, interns, hosts)
    return sorted([*interns, *hosts], key=lambda person: (person.day, person.ref))


def _intern(draw: Draw, ref: str, days: int, *, beside: Person | None) -> Person:
    sector = draw.weighted(INTERN_SECTORS, ref, "sector")
    field = draw.weighted(FIELD_WEIGHTS, ref, "field")
    workplace = dict(beside.body["workplace"]) if beside else _workplace(draw, ref, sector, field)
    journey = beside.body["journey_type"] if beside else draw.weighted(JOURNEYS, ref, "journey")
    low, high = JOURNEY_DAYS[journey]
    wishes = (
        dict(beside.body["wishes"])
        if beside
        else _wishes(draw, ref, field, str(workplace["municipality_code"]))
    )
    body = {
        **_who(draw, ref, field),
        "workplace": workplace,
        "field": field,
        "manager": {"name": _name(draw, ref, "manager"), "email": _email(ref, "leder")},
        "motivation": draw.one(MOTIVATIONS, ref, "motivation"),
        "wishes": {
            **wishes,
            "own_organisation": draw.chance(0.03, ref, "own") if not beside else wishes["own_organisation"],
        },
        "journey_type": journey,
        "days": {"min": low, "max": high},
        "unplaced_before": draw.chance(0.08, ref, "before"),
        "available": [_ONE_DAY_ONLY] if ref == _CANNOT_STAY else [],
    }
    day = beside.day if beside else draw.whole(0, days - 1, ref, "day")
    return Person(ref, "intern", str(draw.uuid(ref, "key")), day, body)


def _host(draw: Draw, ref: str, days: int) -> Person:
    sector = draw.weighted(HOST_SECTORS, ref, "sector")
    field = draw.weighted(FIELD_WEIGHTS, ref, "field")
    low = draw.whole(2, 3, ref, "low")
    body = {
        **_who(draw, ref, field),
        "workplace": _workplace(draw, ref, sector, field),
        "field": field,
        "reserve": {"name": _name(draw, ref, "reserve"), "email": _email(ref, "reserve")}
        if draw.chance(0.7, ref, "has reserve")
        else None,
        "offer": draw.one(OFFERS, ref, "offer"),
        "wishes": {
            "fields": draw.some(list(JOBS), 2, ref, "wish") if draw.chance(0.28, ref, "wishes") else [],
            "sectors": [],
            "areas": [],
        },
        "days": {"min": low, "max": draw.whole(max(low, 3), 5, ref, "high")},
        "capacity": draw.weighted({1: 0.5, 2: 0.3, 3: 0.2}, ref, "capacity"),
    }
    return Person(ref, "host", str(draw.uuid(ref, "key")), draw.whole(0, days - 1, ref, "day"), body)


def _who(draw: Draw, ref: str, field: str) -> dict[str, Any]:
    return {
        "name": _name(draw, ref, "self"),
        "email": _email(ref, "post"),
        "language": "en" if draw.chance(0.06, ref, "language") else "da",
        "job_title": draw.one(JOBS[field], ref, "job"),
    }


def _workplace(draw: Draw, ref: str, sector: str, field: str) -> dict[str, Any]:
    code = draw.one(PLACES, ref, "place")
    number = draw.whole(1, 40, ref, "number")
    names = {
        "municipal": f"Kommune {code}",
        "regional": f"Region {_region(code).capitalize()}",
        "state": f"Styrelsen nr. {number}",
        "private": f"Virksomheden nr. {number}",
        "association": f"Foreningen nr. {number}",
    }
    return {
        "organisation_name": names[sector],
        "unit_name": f"{field.replace('_', ' ').capitalize()}, enhed {draw.whole(1, 6, ref, 'unit')}",
        "sector": sector,
        "ownership": {"private": "private", "association": "association"}.get(sector, "public"),
        "municipality_code": code,
        "country": "DK",
        "ministerial_area": MINISTRIES[number % len(MINISTRIES)] if sector == "state" else None,
    }


def _wishes(draw: Draw, ref: str, own_field: str, code: str) -> dict[str, Any]:
    if draw.chance(0.2, ref, "open"):
        return {"fields": [], "sectors": [], "areas": [], "own_organisation": False}
    fields = [own_field] if draw.chance(0.5, ref, "own field") else draw.some(list(JOBS), 2, ref, "fields")
    sectors = (
        [draw.weighted(HOST_SECTORS, ref, "sector wish")] if draw.chance(0.45, ref, "wants sector") else []
    )
    near = _region(code) if draw.chance(0.7, ref, "near") else draw.one(REGIONS, ref, "region")
    return {
        "fields": fields,
        "sectors": sectors,
        "areas": [f"region:{near}"] if draw.chance(0.55, ref, "wants region") else [],
        "own_organisation": False,
    }


def _region(code: str) -> str:
    return region_of(code, _AS_OF) or "hovedstaden"


def _named(person: Person, *, companion: Person) -> Person:
    body = person.body | {"companion": {"name": companion.body["name"], "email": companion.email}}
    return Person(
        person.ref, person.role, person.key, person.day, body, companion=companion.ref, pair=person.pair
    )


def _find_pairs(draw: Draw, interns: list[Person], hosts: list[Person]) -> None:
    """Self-found pairs: every other one is named by both, the rest by the intern only and confirmed by link."""
    alone = [index for index, person in enumerate(interns) if person.companion is None]
    count = min(len(hosts), max(2, round(len(interns) * SELF_FOUND_SHARE))) if len(alone) > 2 else 0
    for place, (at, host_at) in enumerate(
        zip(alone[-count:], range(len(hosts) - count, len(hosts)), strict=False)
    ):
        intern, host = interns[at], hosts[host_at]
        body = intern.body | {"self_found_host": {"name": host.body["name"], "email": host.email}}
        days = {"min": 2, "max": 5}
        interns[at] = Person(
            intern.ref, intern.role, intern.key, intern.day, body | {"days": days}, pair=host.ref
        )
        named = (
            {"self_found_intern": {"name": intern.body["name"], "email": intern.email}}
            if place % 2 == 0
            else {}
        )
        hosts[host_at] = Person(
            host.ref, host.role, host.key, host.day, host.body | named | {"days": days}, pair=intern.ref
        )


def _hosts_in_mind(draw: Draw, interns: list[Person], hosts: list[Person]) -> None:
    free = [host for host in hosts if host.pair is None]
    for at, person in enumerate(interns):
        if (
            free
            and person.companion is None
            and person.pair is None
            and draw.chance(IN_MIND_SHARE, person.ref, "in mind")
        ):
            host = draw.one(free, person.ref, "which host")
            body = person.body | {"host_in_mind": {"name": host.body["name"], "email": host.email}}
            interns[at] = Person(person.ref, person.role, person.key, person.day, body)


def _name(draw: Draw, ref: str, part: str) -> str:
    return f"{draw.one(FIRST, ref, part, 'first')} {draw.one(LAST, ref, part, 'last')}"


def _email(ref: str, part: str) -> str:
    return f"{part}.{ref.lower()}@example.org"
