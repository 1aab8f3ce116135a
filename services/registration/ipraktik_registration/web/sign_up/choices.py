"""What can be chosen on the pages: codes of the contract with their words, and the days that the edition allows."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from babel import Locale

from ipraktik_chassis.texts import N_, Speech
from ipraktik_contracts.codes import FIELDS, JOURNEY_DAYS, JOURNEY_TYPES, MINISTERIAL_AREAS, SECTORS
from ipraktik_contracts.municipalities import MUNICIPALITIES, REGIONS
from ipraktik_registration.domain.editions import Frame
from ipraktik_registration.web.sign_up.workplaces import regions_on

Choice = tuple[str, str]
Explained = tuple[str, str, str]

MOST_DAYS_TO_TICK: Final = 14
"""A shorter edition is answered by ticking days; a longer one by first and last day."""
_FRIDAY: Final = 4
_JOURNEYS: Final[dict[str, str]] = {
    "tourist": N_("{days}. Tæt på dit eget fag. Kort og let at passe ind."),
    "business_traveller": N_(
        "{days}. Et andet fag eller en anden sektor med opgaver, der ligner. Ét klart formål."
    ),
    "adventurer": N_("{days}. Noget helt andet end det, du kender. Kræver mest forberedelse."),
    "own_idea": N_("{days}. Du former selv praktikken."),
}
_NO_COUNTRIES: Final = frozenset(
    {"EU", "EZ", "UN", "XA", "XB", "XK", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
)
_NEIGHBOURS: Final = ("DK", "SE", "NO", "DE", "FI", "IS", "FO", "GL")


def fields(say: Speech) -> list[Choice]:
    """Fields of work by name."""
    return sorted(
        ((code, say.label(label)) for code, label in FIELDS.items()), key=lambda one: one[1].casefold()
    )


def sectors(say: Speech, codes: Iterable[str]) -> list[Choice]:
    """These sectors."""
    return [(code, say.label(SECTORS[code])) for code in codes]


def ministerial_areas(say: Speech) -> list[Choice]:
    """Ministerial areas by name."""
    named = [(code, say.label(label)) for code, label in MINISTERIAL_AREAS.items()]
    return sorted(named, key=lambda one: one[1].casefold())


def regions(day: date) -> list[Choice]:
    """The regions of that day, as places somebody wishes for."""
    return [(f"region:{code}", REGIONS[code]) for code in regions_on(day)]


def journeys(say: Speech) -> list[Explained]:
    """The journeys with their days and what they are like."""
    return [
        (code, say.label(label), say(_JOURNEYS[code]).format(days=length_text(say, *JOURNEY_DAYS[code])))
        for code, label in JOURNEY_TYPES.items()
    ]


def countries(say: Speech) -> list[Choice]:
    """Denmark, its neighbours, then the rest of the world by name."""
    named = {str(code): str(name) for code, name in Locale(say.language).territories.items()}
    codes = [code for code in named if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES]
    rest = sorted(
        (code for code in codes if code not in _NEIGHBOURS), key=lambda code: named[code].casefold()
    )
    return [(code, named[code]) for code in (*_NEIGHBOURS, *rest)]


def lengths(say: Speech, fewest: int, most: int) -> list[Choice]:
    """The whole span of a journey first, then each number of days in it."""
    if fewest == most:
        return []
    spans = [(fewest, most), *((number, number) for number in range(fewest, most + 1))]
    return [(f"{low}-{high}", length_text(say, low, high)) for low, high in spans]


def length_text(say: Speech, fewest: int, most: int) -> str:
    """How long a stay is."""
    if fewest == most:
        return say.many("{n} dag", "{n} dage", fewest)
    return say("{fewest}-{most} dage").format(fewest=fewest, most=most)


def days_to_tick(frame: Frame) -> list[date]:
    """The working days of a short edition; empty for a long one."""
    count = (frame.last_day - frame.first_day).days + 1
    if count > MOST_DAYS_TO_TICK:
        return []
    every = [frame.first_day + timedelta(days=number) for number in range(count)]
    return [day for day in every if day.weekday() <= _FRIDAY] or every


def ticks(say: Speech, days: Sequence[date]) -> list[Choice]:
    """Those days as boxes."""
    return [(day.isoformat(), say.weekday(day)) for day in days]


def municipalities() -> list[str]:
    """The names of all municipalities, in alphabetical order."""
    return sorted(MUNICIPALITIES.values())


def day_of(text: str) -> date:
    """A day as it is kept among the answers."""
    return date.fromisoformat(text)
