"""How well an intern and a host suit each other: whole points, added part by part, 0 to 1000.

| part | points | full | some | none |
|---|---|---|---|---|
| field | 260 | the host's field is wished for, or the intern is open | 100: near a wished field | otherwise |
| sector | 110 | the host's sector is wished for, or the intern is open | | otherwise |
| area | 160 | the host lies in a wished area, or the intern is open | 70: in the region of a wished municipality | otherwise |
| journey | 90 | the distance of the subject is that of the journey type (below) | 30: not quite | otherwise |
| days | 60 | the agreed days are usual for the journey type | 30: one day off | otherwise |
| host_wish | 120 | 40 each: the intern's field, sector and place are wished for, or the host is open | | otherwise |
| host_in_mind | 150 | the intern has this host in mind | | otherwise |
| unplaced_before | 50 | the intern was left without a place before | | otherwise |

Journey and subject, by the host's field and sector against the intern's own:

| journey type | same field, same sector | same field, other sector | near field | other field |
|---|---|---|---|---|
| tourist | 90 | 90 | 30 | 0 |
| business_traveller | 0 | 90 | 90 | 30 |
| adventurer | 0 | 0 | 30 | 90 |
| own_idea | 90 | 90 | 90 | 90 |

Near = another field of the same group. All wishes are soft: an unmet one costs its points and nothing else. Someone
open gets full points everywhere, so that being specific neither pays nor costs. `unplaced_before` is the same at every
host: it decides who goes first, not where.

A policy may give a part another weight (its points are scaled, rounded down) and add two parts: `kept` for staying where a
proposal has somebody, and `low_fit`, below 0, for what the parts of the table leave too low.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ipraktik_matching.puzzle.pieces import Host, Intern, Policy, Puzzle, Wishes
from ipraktik_matching.puzzle.stay import agreed_stay, days_off, free_windows

POINTS: Final = MappingProxyType(
    {
        "field": 260,
        "sector": 110,
        "area": 160,
        "journey": 90,
        "days": 60,
        "host_wish": 120,
        "host_in_mind": 150,
        "unplaced_before": 50,
    }
)
"""The most each part can give; together 1000."""

REASONS: Final = ("host_in_mind", "field", "sector", "area", "journey", "days", "host_wish")
"""Codes that a proposal may state as its reasons, the weightiest first."""

_NEAR_FIELD: Final = 100
_NEAR_AREA: Final = 70
_HOST_WISH_EACH: Final = 40
_DAYS_BY_OFF: Final = {0: 60, 1: 30}
_JOURNEY: Final = {
    "tourist": (90, 90, 30, 0),
    "business_traveller": (0, 90, 90, 30),
    "adventurer": (0, 0, 30, 90),
    "own_idea": (90, 90, 90, 90),
}


@dataclass(frozen=True, slots=True)
class Fit:
    """Points in all and by part; `reasons` are the parts where something asked for is met in full."""

    total: int
    parts: Mapping[str, int]
    reasons: tuple[str, ...]


def fit(intern: Intern, host: Host, *, puzzle: Puzzle, days: int | None = None) -> Fit:
    """The fit of the two at the agreed number of days; without `days`, at what they would agree on by themselves."""
    if days is None:
        days = _days_alone(intern, host, puzzle)
    place = (host.municipality_code, host.country)
    home = (intern.municipality_code, intern.country)
    parts = {
        "field": field_points(intern.wishes.fields, host.field, puzzle.group_of),
        "sector": sector_points(intern.wishes.sectors, host.sector),
        "area": area_points(intern.wishes.areas, place, puzzle.region_of),
        "journey": journey_points(
            intern.journey_type, (intern.field, intern.sector), (host.field, host.sector), puzzle.group_of
        ),
        "days": day_points(intern.journey_type, days),
        "host_wish": host_field_points(host.wishes.fields, intern.field)
        + host_sector_points(host.wishes.sectors, intern.sector)
        + host_area_points(host.wishes.areas, home, puzzle.region_of),
        "host_in_mind": POINTS["host_in_mind"] if intern.host_in_mind_id == host.id else 0,
        "unplaced_before": POINTS["unplaced_before"] if intern.unplaced_before else 0,
    }
    parts = {name: scaled(name, points, puzzle.policy) for name, points in parts.items()}
    low, kept = low_fit_points(sum(parts.values()), puzzle.policy), kept_points(intern.id, host.id, puzzle)
    reasons = _reasons(parts, intern, host, puzzle.policy)
    parts |= ({"low_fit": low} if low else {}) | ({"kept": kept} if kept else {})
    return Fit(total=sum(parts.values()), parts=MappingProxyType(parts), reasons=reasons)


def scaled(name: str, points: int, policy: Policy) -> int:
    """A part's points under the policy's weight for it."""
    return points * policy.weights.get(name, POINTS[name]) // POINTS[name]


def low_fit_points(total: int, policy: Policy) -> int:
    """What somebody with so many points loses for having so few: 0 or below."""
    return -min(max(total, 0), max(policy.low_fit - total, 0) * policy.low_fit_percent // 100)


def kept_points(intern_id: str, host_id: str, puzzle: Puzzle) -> int:
    """What leaving the intern at this host is worth."""
    pair = (intern_id, host_id)
    if pair in puzzle.open:
        return puzzle.policy.keep_open
    return puzzle.policy.keep_draft if pair in puzzle.drafts else 0


def field_points(wished: tuple[str, ...], field: str, group_of: Mapping[str, str]) -> int:
    """What an intern who wishes for these fields gets at a host in that field."""
    if not wished or field in wished:
        return POINTS["field"]
    return _NEAR_FIELD if any(_near(one, field, group_of) for one in wished) else 0


def sector_points(wished: tuple[str, ...], sector: str) -> int:
    """What an intern who wishes for these sectors gets at a host in that sector."""
    return POINTS["sector"] if not wished or sector in wished else 0


def area_points(wished: tuple[str, ...], place: tuple[str | None, str], region_of: Mapping[str, str]) -> int:
    """What an intern who wishes for these areas gets at a host in that municipality and country."""
    if not wished or _lies_in(place, wished, region_of):
        return POINTS["area"]
    return _NEAR_AREA if _region(place[0], region_of) in _regions_around(wished, region_of) else 0


def journey_points(
    journey_type: str, own: tuple[str, str], other: tuple[str, str], group_of: Mapping[str, str]
) -> int:
    """What the journey type gives for the step from the own field and sector to the host's."""
    same, same_but_sector, near, far = _JOURNEY[journey_type]
    if own[0] == other[0]:
        return same if own[1] == other[1] else same_but_sector
    return near if _near(own[0], other[0], group_of) else far


def day_points(journey_type: str, days: int) -> int:
    """What the agreed number of days gives; 0 days (nothing agreed) gives nothing."""
    return _DAYS_BY_OFF.get(days_off(journey_type, days), 0) if days else 0


def host_field_points(wished: tuple[str, ...], field: str) -> int:
    """What the host's wish for fields gives for an intern of that field."""
    return _HOST_WISH_EACH if not wished or field in wished else 0


def host_sector_points(wished: tuple[str, ...], sector: str) -> int:
    """What the host's wish for sectors gives for an intern of that sector."""
    return _HOST_WISH_EACH if not wished or sector in wished else 0


def host_area_points(
    wished: tuple[str, ...], home: tuple[str | None, str], region_of: Mapping[str, str]
) -> int:
    """What the host's wish for areas gives for an intern from that municipality and country."""
    return _HOST_WISH_EACH if not wished or _lies_in(home, wished, region_of) else 0


def _near(one: str, other: str, group_of: Mapping[str, str]) -> bool:
    group = group_of.get(one)
    return group is not None and group == group_of.get(other)


def _region(municipality_code: str | None, region_of: Mapping[str, str]) -> str | None:
    return None if municipality_code is None else region_of.get(municipality_code)


def _lies_in(place: tuple[str | None, str], areas: tuple[str, ...], region_of: Mapping[str, str]) -> bool:
    municipality_code, country = place
    region = _region(municipality_code, region_of)
    return (
        (municipality_code is not None and f"municipality:{municipality_code}" in areas)
        or (region is not None and f"region:{region}" in areas)
        or f"country:{country}" in areas
    )


def _regions_around(areas: tuple[str, ...], region_of: Mapping[str, str]) -> set[str]:
    codes = (area.removeprefix("municipality:") for area in areas if area.startswith("municipality:"))
    return {region_of[code] for code in codes if code in region_of}


def _days_alone(intern: Intern, host: Host, puzzle: Puzzle) -> int:
    stay = agreed_stay(
        ranges=(intern.days, host.days),
        journey_types=(intern.journey_type,),
        everyone=[free_windows(row.available, puzzle.dates) for row in (intern, host)],
    )
    return stay.days if stay else 0


def _reasons(parts: Mapping[str, int], intern: Intern, host: Host, policy: Policy) -> tuple[str, ...]:
    # Openness earns points but is no reason to name: nothing was asked for.
    asked = {
        "field": bool(intern.wishes.fields),
        "sector": bool(intern.wishes.sectors),
        "area": bool(intern.wishes.areas),
        "journey": intern.journey_type != "own_idea",
        "days": intern.journey_type != "own_idea",
        "host_wish": host.wishes != Wishes(),
        "host_in_mind": intern.host_in_mind_id is not None,
    }
    return tuple(
        code for code in REASONS if asked[code] and 0 < parts[code] == policy.weights.get(code, POINTS[code])
    )
