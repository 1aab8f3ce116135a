"""Seeded puzzles of any size that look like real editions, to try things on.

Shares follow what is known of earlier editions (stays of 2-5 days, hosts for 1-3 persons, about one in seven travelling with
a companion, some placements agreed beforehand); strictness of wishes is an assumption. Nobody in them is anybody.
"""

import hashlib
import random
from bisect import bisect_left
from datetime import date, timedelta
from typing import Any

from ipraktik_matching.puzzle.pieces import Days, Host, Intern, Pair, Puzzle, Window, Wishes

WEEK: Window = (date(2018, 9, 10), date(2018, 9, 14))
YEAR: Window = (date(2019, 1, 7), date(2019, 12, 20))

GROUPS = {
    "people": ("children", "elderly", "health", "social", "employment", "citizen_service"),
    "learning": ("education", "libraries", "culture", "research"),
    "place": ("planning", "technical", "transport", "climate", "defence"),
    "office": ("administration", "finance", "hr", "law", "communication", "leadership"),
    "change": ("digital", "analysis", "innovation"),
}
FIELDS = tuple(field for fields in GROUPS.values() for field in fields)
GROUP_OF = {field: group for group, fields in GROUPS.items() for field in fields}

REGIONS = {"1084": 29, "1085": 17, "1083": 22, "1082": 19, "1081": 11}
"""Region to its number of municipalities; the codes of the municipalities themselves are made up."""
REGION_OF = {
    f"{region[2:]}{number:02d}": region for region, many in REGIONS.items() for number in range(1, many + 1)
}
MUNICIPALITIES = tuple(REGION_OF)

BALANCED, SCARCE = 0.5, 0.3
"""Shares of hosts: enough seats for all, and about seven for ten interns."""

TYPICAL = {
    "tourist": ((2, 2), (2, 3)),
    "business_traveller": ((3, 4), (2, 4), (3, 3)),
    "adventurer": ((4, 5), (3, 5), (5, 5)),
    "own_idea": ((2, 5), (2, 3)),
}


def lot(name: str) -> str:
    """A lot as the edition's draw would give it."""
    return hashlib.sha256(f"draw {name}".encode()).hexdigest()


def generate(participants: int, *, seed: int = 1, hosts: float = BALANCED, rolling: bool = False) -> Puzzle:
    """A whole edition of so many interns and hosts; `hosts` is the share of hosts. The same arguments give the same puzzle."""
    draw = random.Random(f"{participants} {seed} {hosts} {rolling}")  # noqa: S311 - it must be repeatable, not secret
    many_hosts = round(participants * hosts)
    units = [_unit(draw, number) for number in range(max(3, participants * 2 // 3))]
    receiving = [_host(draw, f"host-{n:05d}", draw.choice(units), rolling) for n in range(many_hosts)]
    travelling: list[Intern] = []
    while len(travelling) < participants - many_hosts:
        _append_travellers(
            draw, travelling, draw.choice(units), participants - many_hosts, receiving, rolling
        )
    fixed = _agreed_beforehand(draw, travelling, receiving)
    return Puzzle(
        interns=tuple(travelling),
        hosts=tuple(receiving),
        fixed=fixed,
        forbidden=_declined(draw, travelling, receiving) - set(fixed),
        dates=YEAR if rolling else WEEK,
        region_of=REGION_OF,
        group_of=GROUP_OF,
    )


def _unit(draw: random.Random, number: int) -> dict[str, Any]:
    sector = draw.choices(("municipal", "regional", "state", "private", "association"), (60, 15, 20, 3, 2))[0]
    # Few large organisations, many small ones; the large municipalities have most of the workplaces.
    organisation = int(draw.paretovariate(0.9)) % 120
    municipality = MUNICIPALITIES[int(draw.paretovariate(0.7)) * 7 % len(MUNICIPALITIES)]
    return {
        "organisation_id": f"org-{sector}-{organisation}",
        "workplace_id": f"unit-{number}",
        "sector": sector,
        "municipality_code": municipality,
        "field": draw.choice(FIELDS),
    }


def _host(draw: random.Random, name: str, unit: dict[str, Any], rolling: bool) -> Host:
    fewest = draw.choice((2, 2, 2, 3))
    wishes = Wishes(
        fields=tuple(sorted(draw.sample(FIELDS, draw.randint(1, 4)))) if draw.random() < 0.3 else (),
        sectors=tuple(sorted(draw.sample(("municipal", "regional", "state"), 1)))
        if draw.random() < 0.2
        else (),
        areas=(f"region:{draw.choice(tuple(REGIONS))}",) if draw.random() < 0.1 else (),
    )
    return Host(
        id=name,
        lot=lot(name),
        **unit,
        capacity=draw.choices((1, 2, 3), (50, 30, 20))[0],
        days=Days(fewest, draw.randint(max(fewest, 3), 5)),
        wishes=wishes,
        available=_available(draw, rolling, 0.4),
    )


def _append_travellers(
    draw: random.Random,
    travelling: list[Intern],
    unit: dict[str, Any],
    most: int,
    receiving: list[Host],
    rolling: bool,
) -> None:
    first = f"intern-{len(travelling):05d}"
    second = f"intern-{len(travelling) + 1:05d}"
    unit = unit | {
        "sector": unit["sector"] if unit["sector"] in ("municipal", "regional", "state") else "municipal"
    }
    together = draw.random() < 0.08 and len(travelling) + 2 <= most
    travelling.append(_intern(draw, first, unit, second if together else None, receiving, rolling))
    if together:
        # Companions sign up for the same journey; their other wishes are their own.
        same = travelling[-1]
        alike = {"journey_type": same.journey_type, "days": same.days, "available": same.available}
        travelling.append(_intern(draw, second, unit, first, receiving, rolling, **alike))


def _intern(
    draw: random.Random,
    name: str,
    unit: dict[str, Any],
    companion_id: str | None,
    receiving: list[Host],
    rolling: bool,
    **alike: Any,
) -> Intern:
    journey_type = draw.choices(tuple(TYPICAL), (40, 30, 15, 15))[0]
    very_open = draw.random() < 0.2
    values: dict[str, Any] = {
        "journey_type": journey_type,
        "days": Days(*draw.choice(TYPICAL[journey_type])),
        "wishes": Wishes() if very_open else _wishes(draw, str(unit["field"]), journey_type),
        "own_organisation": draw.random() < 0.05,
        "available": _available(draw, rolling, 0.6),
        "companion_id": companion_id,
        "host_in_mind_id": draw.choice(receiving).id if receiving and draw.random() < 0.08 else None,
        "unplaced_before": draw.random() < 0.1,
    }
    return Intern(id=name, lot=lot(name), **(unit | values | alike))


def _wishes(draw: random.Random, own_field: str, journey_type: str) -> Wishes:
    if journey_type == "tourist":
        fields = {own_field} | set(draw.sample(FIELDS, draw.randint(0, 1)))
    else:
        fields = set(draw.sample(FIELDS, draw.randint(1, 3)))
    areas: set[str] = set()
    if draw.random() < 0.55:
        areas = {f"region:{region}" for region in draw.sample(tuple(REGIONS), draw.randint(1, 2))}
    elif draw.random() < 0.3:
        areas = {f"municipality:{code}" for code in draw.sample(MUNICIPALITIES, draw.randint(1, 4))}
    sectors = ("municipal", "regional", "state", "private", "association")
    return Wishes(
        fields=tuple(sorted(fields)) if draw.random() < 0.8 else (),
        sectors=tuple(sorted(draw.sample(sectors, draw.randint(1, 2)))) if draw.random() < 0.45 else (),
        areas=tuple(sorted(areas)),
    )


def _available(draw: random.Random, rolling: bool, share: float) -> tuple[Window, ...]:
    if draw.random() > share:
        return ()
    if not rolling:
        return ((WEEK[0] + timedelta(days=draw.randint(0, 1)), WEEK[1] - timedelta(days=draw.randint(0, 1))),)
    starts = sorted(draw.sample(range(0, 330, 7), draw.randint(1, 3)))
    return tuple(
        (YEAR[0] + timedelta(days=start), YEAR[0] + timedelta(days=start + draw.choice((4, 11, 32))))
        for start in starts
    )


def _agreed_beforehand(
    draw: random.Random, travelling: list[Intern], receiving: list[Host]
) -> tuple[Pair, ...]:
    free = {one.id: one.capacity for one in receiving}
    pairs = []
    open_to = sorted(free)
    for one in travelling:
        if one.companion_id is None and open_to and draw.random() < 0.05:
            host_id = draw.choice(open_to)
            pairs.append((one.id, host_id))
            free[host_id] -= 1
            if free[host_id] == 0:
                del open_to[bisect_left(open_to, host_id)]
    return tuple(pairs)


def _declined(draw: random.Random, travelling: list[Intern], receiving: list[Host]) -> frozenset[Pair]:
    if not receiving:
        return frozenset()
    return frozenset((one.id, draw.choice(receiving).id) for one in travelling if draw.random() < 0.05)
