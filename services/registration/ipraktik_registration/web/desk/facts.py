"""A sign-up as rows of label and value, for a coordinator to read. What was not told is left out."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ipraktik_chassis.texts import N_, Speech
from ipraktik_contracts.codes import FIELDS, JOURNEY_TYPES, MINISTERIAL_AREAS, SECTORS, Label
from ipraktik_contracts.municipalities import MUNICIPALITIES, REGIONS
from ipraktik_registration.store.editions import Edition
from ipraktik_registration.store.participants import SignUp

Row = tuple[str, str | list[str]]


def facts_of(sign_up: SignUp, edition: Edition | None, say: Speech) -> list[Row]:
    """What is held about the sign-up itself, without its people."""
    rows: list[tuple[str, str | list[str]]] = [
        (N_("Runde"), edition.frame.name if edition else ""),
        (N_("Reference"), sign_up.reference),
        (N_("Kom"), say.instant(sign_up.created_at)),
        (N_("Svarfrist"), say.deadline(sign_up.respond_by) if sign_up.respond_by else ""),
        (N_("Gyldig fra"), say.instant(sign_up.registered_at) if sign_up.registered_at else ""),
    ]
    if sign_up.body:
        rows += _told(sign_up, say)
    return [(say(label), value) for label, value in rows if value]


def _told(sign_up: SignUp, say: Speech) -> list[Row]:
    body, place = sign_up.body, sign_up.body["workplace"]
    days = body["days"]
    return [
        (N_("Stilling"), sign_up.job_title),
        (N_("Organisation"), place["organisation_name"]),
        (N_("Enhed"), sign_up.unit_name),
        (N_("Sektor"), _word(SECTORS, place["sector"], say)),
        (N_("Kommune"), MUNICIPALITIES.get(place["municipality_code"] or "", "")),
        (N_("Land"), place["country"] if place["country"] != "DK" else ""),
        (N_("Ministerområde"), _word(MINISTERIAL_AREAS, place["ministerial_area"], say)),
        (N_("Fagområde"), _word(FIELDS, body["field"], say)),
        (N_("Rejsetype"), _word(JOURNEY_TYPES, body["journey_type"], say)),
        (N_("Antal dage"), f"{days['min']}–{days['max']}"),
        (N_("Pladser"), str(body["capacity"] or "")),
        (N_("Perioder"), [_period(one, say) for one in body["available"]]),
        (N_("Ønsker"), list(_wishes(body["wishes"], say)) or say(N_("Åben for alt"))),
        (N_("Uden plads før"), say(N_("Ja")) if body["unplaced_before"] else ""),
        (N_("Hvorfor praktik") if sign_up.role == "intern" else N_("Hvad tilbyder I"), sign_up.presentation),
    ]


def _wishes(wishes: Mapping[str, Any], say: Speech) -> Iterable[str]:
    for code in wishes["fields"]:
        yield _word(FIELDS, code, say)
    for code in wishes["sectors"]:
        yield _word(SECTORS, code, say)
    for area in wishes["areas"]:
        code = area.partition(":")[2]
        yield MUNICIPALITIES.get(code) or REGIONS.get(code) or code
    if wishes["own_organisation"]:
        yield say(N_("Må gerne være i egen organisation"))


def _word(table: Mapping[str, Label], code: str | None, say: Speech) -> str:
    label = table.get(code or "")
    return "" if label is None else say.label(label)


def _period(period: Mapping[str, str], say: Speech) -> str:
    return say.days(date.fromisoformat(period["first_day"]), date.fromisoformat(period["last_day"]))
