"""Puzzles from CSV, as spreadsheets write it: one file of interns, one of hosts, and small ones for the rest.

Separated by commas or semicolons (the first line tells), in UTF-8. The first line names the columns; those that are not
there, and cells that are empty, say nothing. A cell with several values separates them by `|`, a stretch of dates is
`2018-09-10/2018-09-14`. Who has no lot gets one from the id and the seed. Every problem is a sentence with file and line.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from ipraktik_matching.puzzle.limits import MOST_ROWS, too_many
from ipraktik_matching.puzzle.pieces import Days, Host, Intern, Pair, Puzzle, PuzzleError, Window, Wishes

Value = TypeVar("Value")

KINDS: Final = ("fixed", "must", "never", "open", "draft")
_PERSON: Final = (
    "id", "organisation", "unit", "field", "sector", "municipality", "country", "days_min", "days_max",
    "wish_fields", "wish_sectors", "wish_areas", "available", "lot",
)  # fmt: skip
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "interns": (*_PERSON, "journey_type", "own_organisation", "companion", "host_in_mind", "unplaced_before"),
    "hosts": (*_PERSON, "capacity"),
    "pairs": ("intern", "host", "kind"),
    "regions": ("municipality", "region"),
    "groups": ("field", "group"),
}
"""The columns of each file, in no particular order."""
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "interns": ("id", "organisation", "unit", "field", "sector"),
    "hosts": ("id", "organisation", "unit", "field", "sector"),
    "pairs": COLUMNS["pairs"],
    "regions": COLUMNS["regions"],
    "groups": COLUMNS["groups"],
}
_YES: Final = {"": False, "0": False, "no": False, "nej": False, "false": False} | dict.fromkeys(
    ("1", "yes", "ja", "true", "x"), True
)

_ANY_TIME: Final[tuple[Window, ...]] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a file; whatever cannot be read is reported and replaced, so that reading goes on."""

    where: str
    cells: Mapping[str, str]
    problems: list[str]

    def text(self, column: str) -> str:
        return self.cells.get(column, "")

    def texts(self, column: str) -> tuple[str, ...]:
        return tuple(one.strip() for one in self.text(column).split("|") if one.strip())

    def read(self, column: str, usual: Value, kind: str, reading: Callable[[str], Value]) -> Value:
        text = self.text(column)
        if not text:
            return usual
        try:
            return reading(text)
        except (ValueError, KeyError):
            self.problems.append(f"{self.where}, {column}: expected {kind}, not {text[:40]!r}.")
            return usual


def read_tables(files: Mapping[str, str], *, dates: Window, seed: str) -> Puzzle:
    """The puzzle of these files (`interns`, `hosts`, `pairs`, `regions`, `groups`: the text of each). Raises PuzzleError."""
    problems: list[str] = []
    lines = {name: list(_lines(name, files.get(name, ""), problems)) for name in COLUMNS}
    too_large = too_many(interns=len(lines["interns"]), hosts=len(lines["hosts"]))
    if too_large is not None:
        raise PuzzleError([*problems, too_large])
    interns = tuple(_intern(line, seed) for line in lines["interns"])
    hosts = tuple(_host(line, seed) for line in lines["hosts"])
    pairs = _pairs(lines["pairs"])
    if problems:
        raise PuzzleError(problems)
    return Puzzle(
        interns=interns,
        hosts=hosts,
        dates=dates,
        fixed=pairs["fixed"],
        pinned=pairs["must"],
        forbidden=frozenset(pairs["never"]),
        open=pairs["open"],
        drafts=pairs["draft"],
        region_of={line.text("municipality"): line.text("region") for line in lines["regions"]},
        group_of={line.text("field"): line.text("group") for line in lines["groups"]},
    )


def _lines(name: str, text: str, problems: list[str]) -> Iterator[_Line]:
    text = text.removeprefix("\ufeff")
    if not text.strip():
        if name in ("interns", "hosts"):
            problems.append(f"{name}: the file is empty; its first line names the columns.")
        return
    heading = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in heading else ",")
    try:
        columns = [one.strip().lower() for one in next(reader)]
        if not _columns_are_right(name, columns, problems):
            return
        for number, cells in enumerate(reader, start=1):
            if number > MOST_ROWS:
                problems.append(f"{name}: more than {MOST_ROWS} lines; no edition is that large.")
                return
            if not any(cell.strip() for cell in cells):
                continue
            where = f"{name}, line {reader.line_num}"
            if len(cells) > len(columns):
                problems.append(
                    f"{where}: {len(cells)} cells, but the first line names {len(columns)} columns."
                )
                continue
            line = _Line(where, dict(zip(columns, map(str.strip, cells), strict=False)), problems)
            empty = [column for column in NEEDED[name] if not line.text(column)]
            if empty:
                problems.append(f"{where}: {', '.join(empty)} must not be empty.")
                continue
            yield line
    except csv.Error as error:
        problems.append(f"{name}, line {reader.line_num}: this is not CSV ({error}).")


def _columns_are_right(name: str, columns: list[str], problems: list[str]) -> bool:
    unknown = [column for column in columns if column not in COLUMNS[name]]
    missing = [column for column in NEEDED[name] if column not in columns]
    twice = sorted({column for column in columns if columns.count(column) > 1})
    problems += [f"{name}: there is no column {column[:40]!r}." for column in unknown]
    problems += [f"{name}: the column {column!r} is missing." for column in missing]
    problems += [f"{name}: the column {column[:40]!r} is there more than once." for column in twice]
    return not (unknown or missing or twice)


def _person(line: _Line, seed: str) -> dict[str, Any]:
    return {
        "id": line.text("id"),
        "organisation_id": line.text("organisation"),
        "workplace_id": line.text("unit"),
        "field": line.text("field"),
        "sector": line.text("sector"),
        "municipality_code": line.text("municipality") or None,
        "country": line.text("country") or "DK",
        "lot": line.text("lot") or hashlib.sha256(f"{seed} {line.text('id')}".encode()).hexdigest(),
        "days": Days(_number(line, "days_min", 2), _number(line, "days_max", 5)),
        "wishes": Wishes(
            *(tuple(sorted(line.texts(f"wish_{what}"))) for what in ("fields", "sectors", "areas"))
        ),
        "available": line.read("available", _ANY_TIME, "dates as 2018-09-10/2018-09-14", _windows),
    }


def _intern(line: _Line, seed: str) -> Intern:
    return Intern(
        **_person(line, seed),
        journey_type=line.text("journey_type") or "own_idea",
        own_organisation=_truth(line, "own_organisation"),
        companion_id=line.text("companion") or None,
        host_in_mind_id=line.text("host_in_mind") or None,
        unplaced_before=_truth(line, "unplaced_before"),
    )


def _host(line: _Line, seed: str) -> Host:
    return Host(**_person(line, seed), capacity=_number(line, "capacity", 1))


def _number(line: _Line, column: str, usual: int) -> int:
    return line.read(column, usual, "a whole number", int)


def _truth(line: _Line, column: str) -> bool:
    return line.read(column, False, "yes or no", lambda text: _YES[text.lower()])


def _windows(text: str) -> tuple[Window, ...]:
    windows = []
    for one in text.split("|"):
        first, last = one.strip().split("/")
        windows.append((date.fromisoformat(first), date.fromisoformat(last)))
    return tuple(windows)


def _pairs(lines: Iterable[_Line]) -> dict[str, tuple[Pair, ...]]:
    pairs: dict[str, list[Pair]] = {kind: [] for kind in KINDS}
    for line in lines:
        kind = line.text("kind").lower()
        if kind in pairs:
            pairs[kind].append((line.text("intern"), line.text("host")))
        else:
            line.problems.append(
                f"{line.where}, kind: expected one of {', '.join(KINDS)}, not {kind[:40]!r}."
            )
    return {kind: tuple(sorted(found)) for kind, found in pairs.items()}
