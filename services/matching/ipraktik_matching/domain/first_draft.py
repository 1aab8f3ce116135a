"""The first version of an agreement: a sensible beginning that the three parties make their own."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from ipraktik_contracts.fields import Language
from ipraktik_matching.domain.days import weekdays
from ipraktik_matching.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class _Words:
    """What a draft says in one language. `day`: a day as its lines begin, from weekday, number and month."""

    weekdays: Sequence[str]
    months: Sequence[str]
    day: str
    meeting_place: str
    goals_intern: str
    goals_manager: str
    goals_host: str
    follow_up: str
    first: str
    middle: Sequence[str]
    talk: str
    last: str


_DANISH: Final = _Words(
    weekdays=("Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag"),
    months=(
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
    ),
    day="{weekday} {number}. {month}",
    meeting_place="Værtens adresse. Værten skriver tid og sted senest en uge før.",
    goals_intern="Jeg vil se, hvordan andre løser deres opgaver, og tage mindst én idé med hjem.",
    goals_manager="Vi giver tid til forberedelse og taler om udbyttet, når praktikken er slut.",
    goals_host="Vi vil have friske øjne på vores arbejde og tre gode råd på den sidste dag.",
    follow_up="Praktikanten og lederen holder et møde om udbyttet senest 14 dage efter.",
    first="Velkomst og rundvisning. Mød kollegerne. Gennemgå målene og planen.",
    middle=(
        "Følg en kollega i det daglige arbejde.",
        "Deltag i et møde eller en opgave hos borgere eller brugere.",
        "Prøv en opgave selv, og tal den igennem bagefter.",
    ),
    talk="Slut dagen med en kort snak.",
    last="Saml op på det, du har set. Giv værten tre gode råd. Aftal, hvordan I holder kontakten.",
)
_ENGLISH: Final = _Words(
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    day="{weekday} {number} {month}",
    meeting_place="The host's address. The host writes where and when at least a week before.",
    goals_intern="I want to see how others do their work, and to take at least one idea home.",
    goals_manager="We give time to prepare, and talk about what came of it when the stay is over.",
    goals_host="We want fresh eyes on our work, and three pieces of good advice on the last day.",
    follow_up="The intern and the manager meet within 14 days after the stay to talk about what came of it.",
    first="Welcome and a tour of the place. Meet the colleagues. Go through the goals and the plan.",
    middle=(
        "Follow a colleague through the daily work.",
        "Take part in a meeting or a task with citizens or users.",
        "Try a task yourself, and talk it through afterwards.",
    ),
    talk="End the day with a short talk.",
    last="Gather what you have seen. Give the host three pieces of good advice. Agree on how you will keep in touch.",
)
_IN: Final[Mapping[Language, _Words]] = {"da": _DANISH, "en": _ENGLISH}
_DAY_LINES: Final = [
    (
        words,
        re.compile(
            rf"^[ \t]*(?:(?:{'|'.join(words.weekdays)})[ \t]+)?{before}(?P<day>\d{{1,2}}){after}[ \t]*(?P<month>{'|'.join(words.months)})\b",
            re.IGNORECASE | re.MULTILINE,
        ),
    )
    for words, before, after in ((_DANISH, r"(?:den[ \t]+)?", r"\."), (_ENGLISH, r"(?:the[ \t]+)?", ""))
]


def language_for(languages: Iterable[str]) -> Language:
    """The language of a draft that people of these languages agree on: English as soon as one of them reads English."""
    return "en" if "en" in languages else "da"


def first_draft(
    *,
    placement_id: UUID,
    first_day: date,
    last_day: date,
    host_contact_id: UUID | None,
    host_reserve_id: UUID | None,
    language: Language,
) -> Terms:
    """Version 1, from what the proposal says."""
    words = _IN[language]
    return Terms(
        placement_id=placement_id,
        version=1,
        first_day=first_day,
        last_day=last_day,
        meeting_place=words.meeting_place,
        host_contact_id=host_contact_id,
        host_reserve_id=host_reserve_id,
        goals_intern=words.goals_intern,
        goals_manager=words.goals_manager,
        goals_host=words.goals_host,
        programme=programme_sketch(first_day, last_day, language=language),
        follow_up=words.follow_up,
        hr_asked=False,
        confidentiality_declaration=False,
    )


def programme_sketch(first_day: date, last_day: date, *, language: Language) -> str:
    """A line for each weekday, with its date."""
    words = _IN[language]
    days = weekdays(first_day, last_day)
    if len(days) <= 1:
        lines = [f"{words.first} {words.last}"]
    else:
        middle = [words.middle[number % len(words.middle)] for number in range(len(days) - 2)]
        lines = [words.first, *(f"{line} {words.talk}" for line in middle), words.last]
    return "\n".join(f"{_named(day, words)}: {line}" for day, line in zip(days, lines, strict=True))


def days_outside(programme: str, first_day: date, last_day: date) -> list[date]:
    """The days outside the stay that lines of the programme begin with, as the sketch's lines do. Days within a line are no part of the plan."""
    found: list[date] = []
    for months, match in _lines_of(programme):
        month = months.index(match["month"].lower()) + 1
        near = [
            day
            for year in range(first_day.year - 1, last_day.year + 2)
            if (day := _day(year, month, int(match["day"])))
        ]
        if near and not any(first_day <= day <= last_day for day in near):
            found.append(min(near, key=lambda day: abs((day - first_day).days)))
    return found


def _lines_of(programme: str) -> list[tuple[Sequence[str], re.Match[str]]]:
    """The lines that begin with a day in any of the languages, from the top, with the months of its language."""
    found = [
        ([name.lower() for name in words.months], match)
        for words, line in _DAY_LINES
        for match in line.finditer(programme)
    ]
    return sorted(found, key=lambda one: one[1].start())


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _named(day: date, words: _Words) -> str:
    return words.day.format(
        weekday=words.weekdays[day.weekday()], number=day.day, month=words.months[day.month - 1]
    )
