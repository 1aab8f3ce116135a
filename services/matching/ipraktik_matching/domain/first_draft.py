"""The first version of an agreement: a sensible beginning that the three parties make their own."""

import re
from datetime import date
from typing import Final
from uuid import UUID

from ipraktik_matching.domain.days import weekdays
from ipraktik_matching.domain.terms import Terms

_WEEKDAYS: Final = ("Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag")
_MONTHS: Final = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)
_DAY_LINE: Final = re.compile(
    rf"^[ \t]*(?:(?:{'|'.join(_WEEKDAYS)})[ \t]+)?(?:den[ \t]+)?(?P<day>\d{{1,2}})\.[ \t]*(?P<month>{'|'.join(_MONTHS)})\b",
    re.IGNORECASE | re.MULTILINE,
)
_FIRST: Final = "Velkomst og rundvisning. Mød kollegerne. Gennemgå målene og planen."
_MIDDLE: Final = (
    "Følg en kollega i det daglige arbejde.",
    "Deltag i et møde eller en opgave hos borgere eller brugere.",
    "Prøv en opgave selv, og tal den igennem bagefter.",
)
_LAST: Final = "Saml op på det, du har set. Giv værten tre gode råd. Aftal, hvordan I holder kontakten."


def first_draft(
    *,
    placement_id: UUID,
    first_day: date,
    last_day: date,
    host_contact_id: UUID | None,
    host_reserve_id: UUID | None,
) -> Terms:
    """Version 1, from what the proposal says."""
    return Terms(
        placement_id=placement_id,
        version=1,
        first_day=first_day,
        last_day=last_day,
        meeting_place="Værtens adresse. Værten skriver tid og sted senest en uge før.",
        host_contact_id=host_contact_id,
        host_reserve_id=host_reserve_id,
        goals_intern="Jeg vil se, hvordan andre løser deres opgaver, og tage mindst én idé med hjem.",
        goals_manager="Vi giver tid til forberedelse og taler om udbyttet, når praktikken er slut.",
        goals_host="Vi vil have friske øjne på vores arbejde og tre gode råd på den sidste dag.",
        programme=programme_sketch(first_day, last_day),
        follow_up="Praktikanten og lederen holder et møde om udbyttet senest 14 dage efter.",
        hr_asked=False,
        confidentiality_declaration=False,
    )


def programme_sketch(first_day: date, last_day: date) -> str:
    """A line for each weekday, with its date."""
    days = weekdays(first_day, last_day)
    if len(days) <= 1:
        lines = [f"{_FIRST} {_LAST}"]
    else:
        middle = [_MIDDLE[number % len(_MIDDLE)] for number in range(len(days) - 2)]
        lines = [_FIRST, *(f"{line} Slut dagen med en kort snak." for line in middle), _LAST]
    return "\n".join(f"{_named(day)}: {line}" for day, line in zip(days, lines, strict=True))


def days_outside(programme: str, first_day: date, last_day: date) -> list[date]:
    """The days outside the stay that lines of the programme begin with, as the sketch's lines do. Days within a line are no part of the plan."""
    found: list[date] = []
    for match in _DAY_LINE.finditer(programme):
        month = _MONTHS.index(match["month"].lower()) + 1
        near = [
            day
            for year in range(first_day.year - 1, last_day.year + 2)
            if (day := _day(year, month, int(match["day"])))
        ]
        if near and not any(first_day <= day <= last_day for day in near):
            found.append(min(near, key=lambda day: abs((day - first_day).days)))
    return found


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _named(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day}. {_MONTHS[day.month - 1]}"
