"""The answers as they are read back before they are sent, each with the way to the page it was given on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ipraktik_chassis.texts import Speech
from ipraktik_contracts.codes import FIELDS, JOURNEY_TYPES, MINISTERIAL_AREAS, SECTORS
from ipraktik_contracts.municipalities import MUNICIPALITIES, REGIONS
from ipraktik_registration.web.sign_up import bodies, choices, flow
from ipraktik_registration.web.sign_up.drafting import Begun

Row = tuple[str, str | list[str], str]
Section = tuple[str, list[Row]]


def sections(at: Begun, say: Speech, *, host: str) -> list[Section]:
    """All of it, step by step; an optional answer that was left out says so. `host` names the host of the registry."""
    made = [(say("Dig"), _you(at, say)), (say("Din arbejdsplads"), _work(at, say))]
    if "intern" in at.draft.roles:
        made.append((say("Din praktik"), _intern(at, say, host)))
    if "host" in at.draft.roles:
        made.append((say("Jeres tilbud"), _host(at, say)))
    return made


def _you(at: Begun, say: Speech) -> list[Row]:
    you, href = _given(at, flow.YOU), at.path(flow.YOU)
    languages = {"da": say("Dansk"), "en": say("Engelsk")}
    return [
        (say("Navn"), you["name"], href),
        (say("E-mail"), you["email"], href),
        (say("Fagområde"), say.label(FIELDS[you["field"]]), href),
        (say("Stilling"), you.get("job-title") or _none(say), href),
        (say("Sprog i mails"), languages[you["language"]], href),
    ]


def _work(at: Begun, say: Speech) -> list[Row]:
    typed, place = _given(at, flow.WORKPLACE), _given(at, flow.PLACE)
    work = flow.work_of(at.draft.answers)
    href, place_href = at.path(flow.WORKPLACE), at.path(flow.PLACE if place else flow.WORKPLACE)
    sector = (work.sector if work else None) or place.get("sector", "")
    code = (work.municipality if work else None) or place.get("municipality-code", "")
    country = place.get("country", "DK")
    rows: list[Row] = [
        (say("Arbejdsplads"), work.organisation if work else typed["organisation"], href),
        (say("Afdeling"), typed.get("unit") or _none(say), href),
        (say("Sektor"), say.label(SECTORS[sector]) if sector in SECTORS else "", place_href),
    ]
    if country == "DK":
        rows.append((say("Kommune"), MUNICIPALITIES.get(code, ""), place_href))
    else:
        rows.append((say("Land"), dict(choices.countries(say)).get(country, country), place_href))
    if sector == "state" and place:
        area = MINISTERIAL_AREAS.get(place.get("ministerial-area", ""))
        rows.append((say("Ministerområde"), say.label(area) if area else _none(say), place_href))
    if "intern" in at.draft.roles:
        rows.append((say("Nærmeste leder"), _person(typed, "manager"), href))
    if "host" in at.draft.roles:
        rows.append((say("En anden hos jer"), _person(typed, "reserve") or _none(say), href))
    return rows


def _intern(at: Begun, say: Speech, host: str) -> list[Row]:
    stay, time, people = _given(at, flow.STAY), _given(at, flow.TIME), _given(at, flow.PEOPLE)
    fewest, most = bodies.journey_days(stay["journey"])
    if time.get("length"):
        fewest, most = map(int, time["length"].split("-"))
    routes: dict[str, str | list[str]] = {
        "find": say("Find en vært til mig"),
        "this": say("Spørg {host}").format(host=host or say("den vært, jeg har valgt")),
        "ask": [say("Spørg den vært, jeg har i tankerne"), *_people(people, "host")],
        "found": [say("Vi har fundet hinanden"), *_people(people, "host")],
    }
    companion: str | list[str] = _none(say)
    if time.get("companion"):
        companion = _people(people, "companion")
    stay_href, time_href = at.path(flow.STAY), at.path(flow.TIME)
    people_href = at.path(flow.PEOPLE) if people else time_href
    return [
        (say("Rejse"), say.label(JOURNEY_TYPES[stay["journey"]]), stay_href),
        (say("Derfor vil du af sted"), stay.get("motivation") or _none(say), stay_href),
        (
            say("Ønsker"),
            _wishes(at, say, flow.STAY, flow.WISHES),
            _wishes_href(at, flow.STAY, flow.WISHES),
        ),
        (say("Antal dage"), choices.length_text(say, fewest, most), time_href),
        (say("Dage, der passer"), _when(at, say, flow.TIME), time_href),
        (
            say("Din vært"),
            routes[time["route"]],
            people_href if time["route"] in ("ask", "found") else time_href,
        ),
        (say("Rejsefælle"), companion, people_href if time.get("companion") else time_href),
    ]


def _host(at: Begun, say: Speech) -> list[Row]:
    offer, guest = _given(at, flow.OFFER), _given(at, flow.GUEST)
    href, days_href = at.path(flow.OFFER), at.path(flow.DAYS)
    found = [say("Vi har fundet en praktikant"), *_people(guest, "intern")]
    return [
        (say("Det kan I vise frem"), offer.get("offer") or _none(say), href),
        (say("Praktikanter ad gangen"), offer["capacity"], href),
        (
            say("Antal dage"),
            choices.length_text(say, int(offer["days-min"]), int(offer["days-max"])),
            href,
        ),
        (
            say("Ønsker"),
            _wishes(at, say, flow.OFFER, flow.GUESTS),
            _wishes_href(at, flow.OFFER, flow.GUESTS),
        ),
        (say("Dage, der passer"), _when(at, say, flow.DAYS), days_href),
        (
            say("Jeres praktikant"),
            found if guest else say("Find praktikanter til os"),
            at.path(flow.GUEST) if guest else days_href,
        ),
    ]


def _wishes(at: Begun, say: Speech, asked: str, page: str) -> str | list[str]:
    if _given(at, asked).get("open") != "no":
        return say("Åben for alt")
    given = _given(at, page)
    lines = [say.label(FIELDS[code]) for code in given.get("fields", ())]
    lines += [say.label(SECTORS[code]) for code in given.get("sectors", ())]
    lines += [REGIONS[area.partition(":")[2]] for area in given.get("areas", ())]
    if given.get("own"):
        lines.append(say("Gerne i min egen organisation"))
    return lines


def _wishes_href(at: Begun, asked: str, page: str) -> str:
    return at.path(page if _given(at, asked).get("open") == "no" else asked)


def _when(at: Begun, say: Speech, page: str) -> str | list[str]:
    given, frame = _given(at, page), at.edition.frame
    if given.get("dates"):
        return [say.days(first, last) for first, last in bodies.periods(given["dates"])]
    if given.get("first"):
        return say.days(date.fromisoformat(given["first"]), date.fromisoformat(given["last"]))
    if choices.days_to_tick(frame):
        return say("Alle dage: {days}").format(days=say.days(frame.first_day, frame.last_day))
    return say("Det er lige meget")


def _given(at: Begun, page: str) -> Mapping[str, Any]:
    return at.draft.answers.get(page, {})


def _people(given: Mapping[str, Any], who: str) -> list[str]:
    return [given.get(f"{who}-name", ""), given.get(f"{who}-email", "")]


def _person(given: Mapping[str, Any], who: str) -> str | list[str]:
    return [part for part in _people(given, who) if part] or ""


def _none(say: Speech) -> str:
    return say("Ikke udfyldt")
