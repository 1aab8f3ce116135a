"""A list that is brought: its headings and rows read, each row a sign-up or a sentence per field, and the rows that are left over.

Invariant: a list whose headings are not understood is refused whole, since a column that is overlooked is a wish that is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ipraktik_chassis.texts import N_, Speech
from ipraktik_registration.domain import csv_text
from ipraktik_registration.domain.csv_text import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Row, Unreadable, Why
from ipraktik_registration.domain.importing import LEFT_OUT, Candidate, Verdict
from ipraktik_registration.web.desk.columns import BY_NAME, COLUMNS, ERROR_HEADING, REQUIRED, ROLE
from ipraktik_registration.web.desk.rows import Fits, read_row, role_of

UNREADABLE: Final[dict[Why, str]] = {
    "empty": N_("Listen er tom. Vælg en fil, eller sæt en liste ind."),
    "no_rows": N_("Listen har kun overskrifter. Skriv mindst én række under dem."),
    "encoding": N_("Filen kan ikke læses som tekst. Gem den som CSV i UTF-8."),
    "quotes": N_("Der mangler et citationstegn omkring linje {line}. Ret linjen, eller gem filen igen."),
    "too_many_rows": N_("Listen har over {most} rækker. Del den i flere."),
    "too_many_columns": N_("Linje {line} har over {most} felter. Slet dem, der er for mange."),
    "too_large": N_("Filen fylder over 1 MB. Del den i flere."),
}
UNKNOWN_HEADING: Final = N_("Kolonnen “{heading}” kender vi ikke. Ret navnet, eller slet kolonnen.")
HEADING_TWICE: Final = N_("Kolonnen “{heading}” er der to gange. Slet den ene.")
MISSING_HEADINGS: Final = N_("Listen mangler kolonner: {headings}. Hent skabelonen, og se, hvad de hedder.")
_TOO_MANY_CELLS: Final = N_("Rækken har flere felter end overskriften. Se efter et tegn for meget.")
_CELL_TOO_LONG: Final = N_("Et felt har over {most} tegn. Skriv det kortere.")
_DIFFERS: Final = N_(
    "Er tilmeldt i forvejen med andre svar ({reference}). Ret den tilmelding, eller slet rækken."
)
_TWICE: Final = N_("Står også i linje {line} med andre svar. Slet den ene.")


class UnfitList(ValueError):
    """The list as a whole cannot be taken; the message is for whoever brought it."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A list as it was read: a candidate or sentences for each row."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    named: Mapping[int, str]
    candidates: tuple[Candidate, ...]
    errors: Mapping[int, Mapping[str, str]]

    def cell(self, row: Row, name: str) -> str:
        """What a row says in a field."""
        return next(
            (row.cells[at] for at, column in self.named.items() if column == name and at < len(row.cells)), ""
        )


def read_list(text: str, *, edition_id: UUID, say: Speech) -> Brought:
    """The list. Raises UnfitList."""
    try:
        table = csv_text.read(text)
    except Unreadable as why:
        most = MAX_COLUMNS if why.why == "too_many_columns" else MAX_ROWS
        raise UnfitList(say(UNREADABLE[why.why]).format(line=why.line, most=say.number(most))) from None
    named = _named(table.header, say)
    candidates: list[Candidate] = []
    errors: dict[int, Mapping[str, str]] = {}
    for row in table.rows:
        found = _row(row, named, len(table.header), edition_id, say)
        if isinstance(found, Fits):
            candidates.append(Candidate(row.line, found.role, found.details, found.fingerprint))
        else:
            errors[row.line] = found
    return Brought(table.header, table.rows, named, tuple(candidates), errors)


def sentences(brought: Brought, verdicts: Sequence[Verdict], say: Speech) -> dict[int, str]:
    """What is wrong with each row that is left out, by line."""
    found = {
        line: " ".join(
            f"{say(BY_NAME[name].heading)}: {words}" if name else words for name, words in errors.items()
        )
        for line, errors in brought.errors.items()
    }
    for one in verdicts:
        if one.what == "differs":
            found[one.line] = say(_DIFFERS).format(reference=one.reference)
        elif one.what == "twice":
            found[one.line] = say(_TWICE).format(line=one.first_line)
    return found


def left_over(brought: Brought, verdicts: Sequence[Verdict], say: Speech) -> str | None:
    """The rows that are left out, as a list to mend and bring back; None where there are none."""
    told = sentences(brought, verdicts, say)
    out = {one.line for one in verdicts if one.what in LEFT_OUT} | set(brought.errors)
    if not out:
        return None
    kept = [at for at in range(len(brought.header)) if at in brought.named]
    header = [*(brought.header[at] for at in kept), ERROR_HEADING]
    rows = (
        [*(row.cells[at] if at < len(row.cells) else "" for at in kept), told.get(row.line, "")]
        for row in brought.rows
        if row.line in out
    )
    return csv_text.written(header, rows)


def template() -> str:
    """A list to fill in: the headings, and an example of each role."""
    rows = [[getattr(column, role) for column in COLUMNS] for role in ("intern", "host")]
    return csv_text.written([column.heading for column in COLUMNS], rows)


def _named(header: Sequence[str], say: Speech) -> dict[int, str]:
    """By place, the field that a heading stands for. Raises UnfitList."""
    known = {
        word.casefold(): column.name
        for column in COLUMNS
        for word in (column.name, column.heading, say(column.heading))
    }
    named: dict[int, str] = {}
    for at, heading in enumerate(header):
        word = heading.strip()
        if word.casefold() in (ERROR_HEADING.casefold(), ""):
            continue
        name = known.get(word.casefold())
        if name is None:
            raise UnfitList(say(UNKNOWN_HEADING).format(heading=word[:60]))
        if name in named.values():
            raise UnfitList(say(HEADING_TWICE).format(heading=word[:60]))
        named[at] = name
    missing = [BY_NAME[name].heading for name in REQUIRED if name not in named.values()]
    if missing:
        raise UnfitList(say(MISSING_HEADINGS).format(headings=", ".join(map(say, missing))))
    return named


def _row(
    row: Row, named: Mapping[int, str], width: int, edition_id: UUID, say: Speech
) -> Fits | Mapping[str, str]:
    if len(row.cells) > width and any(cell.strip() for cell in row.cells[width:]):
        return {"": say(_TOO_MANY_CELLS)}
    if any(len(cell) > MAX_CELL for cell in row.cells):
        return {"": say(_CELL_TOO_LONG).format(most=say.number(MAX_CELL))}
    flat = {name: row.cells[at] for at, name in named.items() if at < len(row.cells)}
    role = role_of(flat.get(ROLE, ""))
    if role is None:
        return {ROLE: say(BY_NAME[ROLE].mend)}
    found = read_row(role, flat, edition_id=edition_id, say=say)
    return found if isinstance(found, Fits) else found.errors
