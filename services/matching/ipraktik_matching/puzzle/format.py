"""Puzzles as JSON: one canonical text for each puzzle, and a reader that lists everything that is wrong with a text.

Canonical = UTF-8, keys and rows sorted, no blanks, every key written (but `pinned`, `open`, `drafts` and
`policy` where they say nothing). Two puzzles that differ only in the order of
their rows have the same text, and so the same digest.
"""

import hashlib
import json
from dataclasses import asdict, fields
from typing import Any, Final

from ipraktik_matching.puzzle.limits import too_many
from ipraktik_matching.puzzle.pieces import (
    Days,
    Host,
    Intern,
    Pair,
    Policy,
    Puzzle,
    PuzzleError,
    Window,
    Wishes,
)
from ipraktik_matching.puzzle.reading import Reader, read_object

FORMAT: Final = 1

# Copying a hundred thousand rows deeply, as `asdict` does, would take longer than writing them.
_NAMES: Final = {kind: tuple(one.name for one in fields(kind)) for kind in (Intern, Host)}
_WISHES: Final = tuple(one.name for one in fields(Wishes))


def canonical(value: object) -> str:
    """The one text of a JSON value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def to_json(puzzle: Puzzle) -> str:
    """The puzzle's canonical text."""
    return canonical(
        {
            "format": FORMAT,
            "interns": sorted((_row(intern) for intern in puzzle.interns), key=_id),
            "hosts": sorted((_row(host) for host in puzzle.hosts), key=_id),
            "dates": puzzle.dates,
            "fixed": sorted(puzzle.fixed),
            "forbidden": sorted(puzzle.forbidden),
            "region_of": dict(puzzle.region_of),
            "group_of": dict(puzzle.group_of),
            # Left out where there is nothing to say: such puzzles keep the text and the digest they always had.
            **({"pinned": sorted(puzzle.pinned)} if puzzle.pinned else {}),
            **({"open": sorted(puzzle.open)} if puzzle.open else {}),
            **({"drafts": sorted(puzzle.drafts)} if puzzle.drafts else {}),
            **({} if puzzle.policy == Policy() else {"policy": asdict(puzzle.policy)}),
        }
    )


def digest(puzzle: Puzzle) -> str:
    """SHA-256 of the canonical text."""
    return hashlib.sha256(to_json(puzzle).encode()).hexdigest()


def from_json(text: str | bytes) -> Puzzle:
    """The puzzle that the text says, or a PuzzleError with every problem of it."""
    problems: list[str] = []
    top = read_object(text, "puzzle", problems)
    if top is None:
        raise PuzzleError(problems)
    top.expect("format", FORMAT)
    too_large = too_many(interns=top.many("interns"), hosts=top.many("hosts"))
    if too_large is not None:
        raise PuzzleError([too_large])
    puzzle: dict[str, Any] = {
        "interns": tuple(_intern(row) for row in top.rows("interns")),
        "hosts": tuple(_host(row) for row in top.rows("hosts")),
        "dates": top.window("dates"),
        "fixed": _pairs(top, "fixed"),
        "forbidden": frozenset(_pairs(top, "forbidden")),
        "pinned": _pairs(top, "pinned") if top.has("pinned") else (),
        "open": _pairs(top, "open") if top.has("open") else (),
        "drafts": _pairs(top, "drafts") if top.has("drafts") else (),
        "policy": _policy(top.inner("policy")) if top.has("policy") else Policy(),
        "region_of": top.table("region_of"),
        "group_of": top.table("group_of"),
    }
    top.finish()
    if problems:
        raise PuzzleError(problems)
    return Puzzle(**puzzle)


def _policy(row: Reader) -> Policy:
    usual = Policy()
    policy = Policy(
        weights=row.numbers("weights") if row.has("weights") else {},
        **{
            name: row.whole(name) if row.has(name) else getattr(usual, name)
            for name in ("keep_open", "keep_draft", "low_fit", "low_fit_percent")
        },
    )
    row.finish()
    return policy


def _row(row: Intern | Host) -> dict[str, Any]:
    # Lists whose order means nothing are sorted, or the digest would tell equal puzzles apart.
    return {
        **{name: getattr(row, name) for name in _NAMES[type(row)]},
        "days": {"min": row.days.min, "max": row.days.max},
        "wishes": {name: sorted(set(getattr(row.wishes, name))) for name in _WISHES},
        "available": sorted(set(row.available)),
    }


def _id(written: dict[str, Any]) -> str:
    return str(written["id"])


def _intern(row: Reader) -> Intern:
    intern = Intern(
        **_person(row),
        journey_type=row.text("journey_type"),
        own_organisation=row.truth("own_organisation"),
        companion_id=row.text_or_none("companion_id"),
        host_in_mind_id=row.text_or_none("host_in_mind_id"),
        unplaced_before=row.truth("unplaced_before"),
    )
    row.finish()
    return intern


def _host(row: Reader) -> Host:
    host = Host(**_person(row), capacity=row.whole("capacity"))
    row.finish()
    return host


def _person(row: Reader) -> dict[str, Any]:
    days = row.inner("days")
    wishes = row.inner("wishes")
    person = {
        "id": row.text("id"),
        "organisation_id": row.text("organisation_id"),
        "workplace_id": row.text("workplace_id"),
        "field": row.text("field"),
        "sector": row.text("sector"),
        "municipality_code": row.text_or_none("municipality_code"),
        "country": row.text("country"),
        "lot": row.text("lot"),
        "days": Days(days.whole("min"), days.whole("max")),
        "wishes": Wishes(wishes.texts("fields"), wishes.texts("sectors"), wishes.texts("areas")),
        "available": _windows(row),
    }
    days.finish()
    wishes.finish()
    return person


def _windows(row: Reader) -> tuple[Window, ...]:
    return tuple(row.windows("available"))


def _pairs(top: Reader, key: str) -> tuple[Pair, ...]:
    return tuple((pair[0], pair[1]) for pair in top.lists_of_texts(key, 2))
