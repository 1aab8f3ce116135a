"""Small puzzles for tests, row by row; whole editions come from the generator."""

import random
from typing import TypeVar

from ipraktik_matching.puzzle import Days, Host, Intern, Puzzle
from ipraktik_matching.puzzle.generating import (
    GROUP_OF,
    MUNICIPALITIES,
    REGION_OF,
    WEEK,
    YEAR,
    lot,
)
from ipraktik_matching.puzzle.generating import generate as edition

__all__ = ["MUNICIPALITIES", "WEEK", "YEAR", "edition", "host", "intern", "lot", "puzzle", "shuffled"]

Row = TypeVar("Row")


def intern(name: str, /, **different: object) -> Intern:
    """A valid intern of an organisation of their own who is open to everything."""
    values: dict[str, object] = {
        "id": name,
        "organisation_id": f"org-{name}",
        "workplace_id": f"unit-{name}",
        "field": "libraries",
        "sector": "municipal",
        "municipality_code": "8401",
        "days": Days(2, 5),
        "lot": lot(name),
    }
    return Intern(**(values | different))  # type: ignore[arg-type]  # one factory for every field


def host(name: str, /, **different: object) -> Host:
    """A valid host for one person, open to everyone."""
    values: dict[str, object] = {
        "id": name,
        "organisation_id": f"org-{name}",
        "workplace_id": f"unit-{name}",
        "field": "libraries",
        "sector": "municipal",
        "municipality_code": "8401",
        "days": Days(2, 5),
        "lot": lot(name),
    }
    return Host(**(values | different))  # type: ignore[arg-type]  # one factory for every field


def puzzle(*rows: Intern | Host, **different: object) -> Puzzle:
    """A valid puzzle of these interns and hosts, held in one week."""
    values: dict[str, object] = {
        "interns": tuple(row for row in rows if isinstance(row, Intern)),
        "hosts": tuple(row for row in rows if isinstance(row, Host)),
        "dates": WEEK,
        "region_of": REGION_OF,
        "group_of": GROUP_OF,
    }
    return Puzzle(**(values | different))  # type: ignore[arg-type]  # one factory for every field


def shuffled(original: Puzzle, seed: int) -> Puzzle:
    """The same puzzle with all its rows in another order."""
    draw = random.Random(seed)

    def mixed(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(draw.sample(rows, len(rows)))

    return Puzzle(
        interns=mixed(original.interns),
        hosts=mixed(original.hosts),
        fixed=mixed(original.fixed),
        forbidden=frozenset(mixed(tuple(original.forbidden))),
        dates=original.dates,
        region_of=dict(mixed(tuple(original.region_of.items()))),
        group_of=dict(mixed(tuple(original.group_of.items()))),
    )
