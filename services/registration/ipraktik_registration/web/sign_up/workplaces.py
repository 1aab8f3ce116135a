"""Finding a workplace by what somebody types: municipalities and regions from the contract's table, organisations known here.

What is recognised needs no further question: a municipality tells sector and place, a region its sector.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from ipraktik_contracts.codes import PUBLIC_SECTORS, SECTORS
from ipraktik_contracts.municipalities import MUNICIPALITIES, REGIONS, region_of
from ipraktik_registration.domain.drafts import Part
from ipraktik_registration.store import workplaces
from ipraktik_registration.web.sign_up.flow import Work

MOST_MATCHES: Final = 8
_OWN_NAMES: Final = {"0101": "Københavns Kommune", "0400": "Bornholms Regionskommune"}
"""The municipalities that are not called `<name> Kommune`."""
_GENITIVE: Final = {"0101": "københavns", "0400": "bornholms", "0480": "nordfyn", "0820": "vesthimmerland"}
_NOT_LETTERS: Final = re.compile(r"[^a-z0-9æø]+")


@dataclass(frozen=True, slots=True)
class Match:
    """A workplace that may be meant. `code` stands for it in forms."""

    code: str
    work: Work


def sectors_for(part: Part) -> tuple[str, ...]:
    """The sectors somebody may come from: interns from public ones only."""
    return tuple(code for code in SECTORS if part == "host" or code in PUBLIC_SECTORS)


def municipality_name(code: str) -> str:
    """What the municipality calls itself as a workplace."""
    return _OWN_NAMES.get(code, f"{MUNICIPALITIES[code]} Kommune")


def regions_on(day: date) -> list[str]:
    """The codes of the regions there are on that day, in the order of the contract's table."""
    living = {region_of(code, day) for code in MUNICIPALITIES}
    return [code for code in REGIONS if code in living]


def municipality_called(text: str) -> str | None:
    """The code of the municipality that the text names in full, with or without the word Kommune."""
    wanted = _key(text)
    return next((code for code in MUNICIPALITIES if wanted in _keys(code)), None)


def municipalities_like(text: str) -> list[str]:
    """The codes of municipalities whose name holds the text, those that begin with it first. An exact name stands alone."""
    if (exact := municipality_called(text)) is not None:
        return [exact]
    wanted = _key(text).removesuffix(" kommune").strip()
    if not wanted:
        return []
    found = [code for code in MUNICIPALITIES if any(wanted in key for key in _keys(code))]
    found.sort(key=lambda code: (not _key(MUNICIPALITIES[code]).startswith(wanted), MUNICIPALITIES[code]))
    return found


async def recognised(conn: Any, text: str, *, part: Part, day: date) -> Work | None:
    """The workplace that the text names in full; None where it is not known, or known in more than one sector."""
    sectors = sectors_for(part)
    if (code := municipality_called(text)) is not None:
        return _municipality(code).work
    for region in regions_on(day):
        if _key(text) == _key(REGIONS[region]):
            return _region(region).work
    known = await workplaces.called(conn, name=text, sectors=sectors)
    return Work(known[0].name, known[0].sector) if len(known) == 1 else None


async def alike(conn: Any, text: str, *, part: Part, day: date) -> list[Match]:
    """Workplaces that the text may mean, the likeliest kinds first."""
    found = [_municipality(code) for code in municipalities_like(text)]
    if not found:  # the name of a municipality inside a longer text: "Bibliotekerne i Vejle"
        words = f" {_key(text)} "
        found = [
            _municipality(code) for code in MUNICIPALITIES if any(f" {key} " in words for key in _keys(code))
        ]
    wanted = _key(text)
    if len(wanted) > 2:
        found += [_region(region) for region in regions_on(day) if wanted in _key(REGIONS[region])]
    known = await workplaces.alike(conn, text=text, sectors=sectors_for(part), limit=MOST_MATCHES)
    names = {match.work.organisation for match in found}
    found += [
        Match(f"organisation:{one.organisation_id}", Work(one.name, one.sector))
        for one in known
        if one.name not in names
    ]
    return found[:MOST_MATCHES]


async def chosen(conn: Any, code: str, *, part: Part, day: date) -> Work | None:
    """The workplace that a form's code stands for; None for a code that stands for nothing on offer."""
    kind, _, value = code.partition(":")
    if kind == "municipality" and value in MUNICIPALITIES:
        return _municipality(value).work
    if kind == "region" and value in regions_on(day):
        return _region(value).work
    if kind == "organisation":
        try:
            organisation_id = UUID(value)
        except ValueError:
            return None
        known = await workplaces.by_id(conn, organisation_id=organisation_id)
        if known is not None and known.sector in sectors_for(part):
            return Work(known.name, known.sector)
    return None


async def suggestions(conn: Any, *, part: Part, day: date) -> list[str]:
    """Names that a browser may offer while somebody types."""
    known = await workplaces.names(conn, sectors=sectors_for(part), limit=200)
    fixed = [*map(municipality_name, MUNICIPALITIES), *(REGIONS[region] for region in regions_on(day))]
    return sorted({*fixed, *known})


def as_answer(work: Work | None) -> dict[str, Any] | None:
    """The workplace as it is kept among the answers."""
    return None if work is None else asdict(work)


def names_of(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Municipalities as (code, name)."""
    return [(code, MUNICIPALITIES[code]) for code in codes]


def _municipality(code: str) -> Match:
    return Match(f"municipality:{code}", Work(municipality_name(code), "municipal", code))


def _region(code: str) -> Match:
    return Match(f"region:{code}", Work(REGIONS[code], "regional"))


def _keys(code: str) -> tuple[str, ...]:
    name = _key(MUNICIPALITIES[code])
    other = (_GENITIVE[code], f"{_GENITIVE[code]} kommune") if code in _GENITIVE else ()
    return (name, f"{name} kommune", _key(municipality_name(code)), *other)


def _key(text: str) -> str:
    """As names are compared here: å is aa, and neither case nor hyphens count."""
    return " ".join(_NOT_LETTERS.sub(" ", text.casefold().replace("å", "aa")).split())
