"""A flat row becomes a sign-up, or a sentence for each field that does not fit. Words and codes are taken alike.

Invariant: the models of the public form decide; nothing is let through or mended here that they would not take.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from ipraktik_chassis.mends import Misfit
from ipraktik_chassis.texts import N_, Speech
from ipraktik_contracts.codes import FIELDS, JOURNEY_TYPES, MINISTERIAL_AREAS, SECTORS, Label
from ipraktik_contracts.municipalities import MUNICIPALITIES, REGIONS
from ipraktik_registration.domain.details import Details
from ipraktik_registration.domain.life import Role
from ipraktik_registration.web.desk.columns import BY_NAME, PLACES
from ipraktik_registration.web.sign_up_forms import HostSent, InternSent

SEPARATOR: Final = "|"
NOT_PUBLIC: Final = N_("Praktikanter kommer fra kommuner, regioner eller staten. Ret sektoren.")
_TOO_LONG: Final = N_("Skriv højst {n} tegn.")
_DAY: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_LIST: Final = re.compile(r"[|;,\n]")
_OWNERSHIP: Final = {"private": "private", "association": "association"}
_YES: Final = frozenset({"ja", "yes", "true", "1", "x"})
_NO: Final = frozenset({"", "nej", "no", "false", "0"})


def _names(table: Mapping[str, Label]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, label in table.items():
        found |= {word.casefold(): code for word in (code, label.da, label.en)}
    return found


def _area_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, name in MUNICIPALITIES.items():
        for word in (code, name, f"{name} kommune", name.replace("Aa", "Å")):
            found[word.casefold()] = f"municipality:{code}"
        found[f"municipality:{code}"] = f"municipality:{code}"
    for code, name in REGIONS.items():
        for word in (name, f"region:{code}"):
            found[word.casefold()] = f"region:{code}"
    return found


_LANGUAGES: Final = {"": "da", "da": "da", "dansk": "da", "en": "en", "engelsk": "en", "english": "en"}
_ROLES: Final[dict[str, Role]] = {
    "praktikant": "intern",
    "intern": "intern",
    "vært": "host",
    "praktikvært": "host",
    "host": "host",
}
_COUNTRIES: Final = {
    "": "DK",
    "danmark": "DK",
    "denmark": "DK",
    "sverige": "SE",
    "norge": "NO",
    "tyskland": "DE",
}
_FIELDS: Final = _names(FIELDS)
_SECTORS: Final = _names(SECTORS) | {
    "kommunal": "municipal",
    "regional": "regional",
    "statslig": "state",
    "privat": "private",
}
_JOURNEYS: Final = _names(JOURNEY_TYPES)
_MINISTERIAL: Final = _names(MINISTERIAL_AREAS)
_AREAS: Final = _area_names()


@dataclass(frozen=True, slots=True)
class Fits:
    """A row that is a sign-up."""

    role: Role
    details: Details
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Unfit:
    """A row that is none: a sentence by field, in the order of the columns."""

    errors: dict[str, str]


def role_of(text: str) -> Role | None:
    """The role that a word or code names."""
    return _ROLES.get(text.strip().casefold())


def read_row(role: Role, row: Mapping[str, str], *, edition_id: UUID | None, say: Speech) -> Fits | Unfit:
    """The sign-up that the row is."""
    body = {**(_intern(row) if role == "intern" else _host(row)), "edition_id": edition_id}
    model = InternSent if role == "intern" else HostSent
    try:
        form: InternSent | HostSent = model.model_validate(body)
    except ValidationError as error:
        return Unfit(_sentences(role, error, say))
    fingerprint = hashlib.sha256(form.model_dump_json().encode()).digest()
    return Fits(role, form.details(), fingerprint)


def _sentences(role: Role, error: ValidationError, say: Speech) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in error.errors(include_input=False, include_url=False):
        loc = [str(part) for part in one["loc"]]
        if "HostByIdSent" in loc:
            continue  # the other shape of a host in mind, which a row never has
        facts = one.get("ctx", {})
        parts = [part for part in loc if not part.isdigit() and part != "PersonSent"]
        misfit = facts.get("error")
        if isinstance(misfit, Misfit):
            parts += misfit.field.split(".")
        name = _place(role, parts)
        if one["type"] == "string_too_long" and name not in ("email", "field", "sector"):
            found.setdefault(name, say(_TOO_LONG).format(n=say.number(facts["max_length"])))
        elif isinstance(misfit, Misfit) and name == "sector":
            found.setdefault(name, say(NOT_PUBLIC))
        else:
            found.setdefault(name, say(BY_NAME[name].mend))
    return {name: found[name] for name in BY_NAME if name in found}


def _place(role: Role, parts: list[str]) -> str:
    for length in range(len(parts), 0, -1):
        name = PLACES[role].get(".".join(parts[:length]))
        if name is not None:
            return name
    return "name"


def _shared(row: Mapping[str, str]) -> dict[str, Any]:
    sector = _code(row, "sector", _SECTORS)
    municipality = _AREAS.get(_text(row, "municipality").casefold(), _text(row, "municipality"))
    return {
        "name": _text(row, "name"),
        "email": _text(row, "email"),
        "language": _code(row, "language", _LANGUAGES),
        "job_title": _text(row, "job_title"),
        "workplace": {
            "organisation_name": _text(row, "organisation"),
            "unit_name": _text(row, "unit"),
            "sector": sector,
            "ownership": _OWNERSHIP.get(sector, "public"),
            "municipality_code": municipality.removeprefix("municipality:") or None,
            "country": _COUNTRIES.get(_text(row, "country").casefold(), _text(row, "country").upper()),
            "ministerial_area": _code(row, "ministerial_area", _MINISTERIAL) or None,
        },
        "field": _code(row, "field", _FIELDS),
        "days": {"min": _text(row, "days_min") or 2, "max": _text(row, "days_max") or 5},
        "available": [_period(part) for part in _parts(row, "available", re.compile(r"[|;\n]"))],
    }


def _intern(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        **_shared(row),
        "manager": {"name": _text(row, "manager_name"), "email": _text(row, "manager_email")},
        "motivation": _text(row, "motivation"),
        "wishes": {**_wishes(row), "own_organisation": _yes(row, "own_organisation")},
        "journey_type": _code(row, "journey", _JOURNEYS),
        "companion": _person(row, "companion"),
        "self_found_host": _person(row, "found"),
        "host_in_mind": _person(row, "in_mind"),
        "unplaced_before": _yes(row, "unplaced_before"),
    }


def _host(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        **_shared(row),
        "reserve": _person(row, "reserve"),
        "offer": _text(row, "offer"),
        "wishes": _wishes(row),
        "capacity": _text(row, "capacity") or 1,
        "self_found_intern": _person(row, "found"),
    }


def _wishes(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "fields": _codes(_parts(row, "wish_fields"), _FIELDS),
        "sectors": _codes(_parts(row, "wish_sectors"), _SECTORS),
        "areas": _codes(_parts(row, "wish_areas"), _AREAS),
    }


def _text(row: Mapping[str, str], name: str) -> str:
    return row.get(name, "").strip()


def _code(row: Mapping[str, str], name: str, table: Mapping[str, str]) -> str:
    text = _text(row, name)
    return table.get(text.casefold(), text)


def _codes(words: Iterable[str], table: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(table.get(word.casefold(), word) for word in words))


def _parts(row: Mapping[str, str], name: str, between: re.Pattern[str] = _LIST) -> list[str]:
    return [part.strip() for part in between.split(row.get(name, "")) if part.strip()]


def _person(row: Mapping[str, str], who: str) -> dict[str, str] | None:
    person = {"name": _text(row, f"{who}_name"), "email": _text(row, f"{who}_email")}
    return person if any(person.values()) else None


def _yes(row: Mapping[str, str], name: str) -> bool | str:
    text = _text(row, name).casefold()
    return True if text in _YES else False if text in _NO else text


def _period(text: str) -> dict[str, str]:
    days = [f"{y}-{m}-{d}" for y, m, d in _ISO.findall(text)] or [
        _date_text(int(y), int(m), int(d)) for d, m, y in _DAY.findall(text)
    ]
    if len(days) == 1:
        days *= 2
    return (
        {"first_day": days[0], "last_day": days[1]}
        if len(days) == 2
        else {"first_day": text, "last_day": text}
    )


def _date_text(year: int, month: int, day: int) -> str:
    """The day as the models read it; what is no day stays unfit."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return "-"
