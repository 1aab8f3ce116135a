"""What somebody searches the host registry for, as it stands in the address, and back again.

An address may be typed, shared or old: what it holds that is not known is left out, never an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from ipraktik_chassis.texts import LANGUAGES, N_, Speech, language_named
from ipraktik_contracts.codes import FIELDS, SECTORS
from ipraktik_contracts.municipalities import MUNICIPALITIES, REGIONS, region_of
from ipraktik_registration.store.hosts_on_offer import Wanted, words_of

MOST_LETTERS: Final = 100
_ABROAD: Final = "abroad"
_MOST_SEATS: Final = 3
_DANISH_LETTERS: Final = str.maketrans({"æ": "{", "ø": "|", "å": "}", "Æ": "{", "Ø": "|", "Å": "}"})

Items = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Search:
    """The choices, each empty where any will do."""

    q: str = ""
    field: str = ""
    sector: str = ""
    place: str = ""
    seats: str = ""
    speaks: str = ""

    def chosen(self) -> dict[str, str]:
        """Those that are made, by their name in the address."""
        every = {name: getattr(self, name) for name in ("q", "place", "field", "sector", "seats", "speaks")}
        return {name: value for name, value in every.items() if value}

    def wanted(self, *, edition_ids: tuple[UUID, ...], days: Sequence[date]) -> Wanted:
        """As the store reads it."""
        return Wanted(
            edition_ids=edition_ids,
            field=self.field or None,
            sector=self.sector or None,
            municipalities=municipalities_of(self.place, days),
            abroad=self.place == _ABROAD,
            seats=int(self.seats) if self.seats else 0,
            language=language_named(self.speaks),
            words=tuple(words_of(self.q)),
        )


def search_in(query: Mapping[str, str], *, days: Sequence[date]) -> Search:
    """What the address asks for. `days` are those on which stays begin: regions are what they are then."""
    seats = query.get("seats", "")
    return Search(
        q=query.get("q", "")[:MOST_LETTERS].strip(),
        field=_known(query.get("field", ""), FIELDS),
        sector=_known(query.get("sector", ""), SECTORS),
        place=_known(query.get("place", ""), dict(_places(days))),
        seats=seats if seats in map(str, range(1, _MOST_SEATS + 1)) else "",
        speaks=_known(query.get("speaks", ""), dict.fromkeys(LANGUAGES)),
    )


def municipalities_of(place: str, days: Sequence[date]) -> tuple[str, ...]:
    """The municipalities of a place; none where it is the whole country, or abroad."""
    kind, _, code = place.partition(":")
    if kind == "municipality":
        return (code,)
    if kind == "region":
        return tuple(one for one in MUNICIPALITIES if any(region_of(one, day) == code for day in days))
    return ()


def place_of(code: str | None) -> str:
    """The choice that stands for a municipality, or for abroad."""
    return _ABROAD if code is None else f"municipality:{code}"


def items(say: Speech, *, days: Sequence[date]) -> dict[str, Items]:
    """What may be chosen of each kind, by its name in the address."""
    anything = ("", say(N_("Alle")))
    places = [(value, say(name)) for value, name in _places(days)]
    seats = [
        (str(n), say.many("Mindst {n} plads", "Mindst {n} pladser", n)) for n in range(1, _MOST_SEATS + 1)
    ]
    return {
        "place": [("", say(N_("Hele landet"))), *places],
        "field": [anything, *by_name([(code, say.label(label)) for code, label in FIELDS.items()])],
        "sector": [anything, *((code, say.label(label)) for code, label in SECTORS.items())],
        "seats": [("", say(N_("Ligegyldigt"))), *seats],
        "speaks": [anything, ("da", say(N_("Skriver på dansk"))), ("en", say(N_("Skriver på engelsk")))],
    }


def by_name(found: Items) -> Items:
    """In the order of the Danish alphabet, where æ, ø and å come last."""
    return sorted(found, key=lambda item: item[1].translate(_DANISH_LETTERS).casefold().replace("aa", "}"))


def _places(days: Sequence[date]) -> Items:
    regions = {region_of(code, day) for code in MUNICIPALITIES for day in days}
    return [
        *((f"region:{code}", REGIONS[code]) for code in REGIONS if code in regions),
        *by_name([(f"municipality:{code}", name) for code, name in MUNICIPALITIES.items()]),
        (_ABROAD, N_("Uden for Danmark")),
    ]


def _known(value: str, known: Mapping[str, object]) -> str:
    return value if value in known else ""
