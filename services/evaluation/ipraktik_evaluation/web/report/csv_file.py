"""The report as CSV: one long table, a row for each number, for spreadsheets.

It opens right by a double click: UTF-8 with a byte order mark, and in Danish semicolon and decimal comma, as a Danish
spreadsheet expects; in English comma and decimal point. No cell begins as a formula.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ipraktik_chassis.texts import N_, Speech
from ipraktik_contracts.codes import PARTIES
from ipraktik_evaluation.store.reports import PublishedReport
from ipraktik_evaluation.web.report.classic import WAVES, definition_of, question_of
from ipraktik_evaluation.web.report.effects import option_name
from ipraktik_evaluation.web.report.people import FIGURES, group_name

_HEAD: Final = (
    N_("afsnit"),
    N_("navn"),
    N_("del"),
    N_("antal svar"),
    N_("antal"),
    N_("andel"),
    N_("skjult"),
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_DANISH_TABLES: Final = {
    "municipalities": N_("Deltagere efter kommune"),
    "regions": N_("Deltagere efter region"),
    "ministerial_areas": N_("Statslige deltagere efter ministerområde"),
    "host_sectors": N_("Værter efter sektor"),
    "host_ownerships": N_("Værter efter ejerskab"),
}
_BOM: Final = b"\xef\xbb\xbf"
Cell = str | int | float | None


def csv_of(report: PublishedReport, say: Speech) -> bytes:
    """The file."""
    danish = say.language == "da"
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if danish else ",", lineterminator="\r\n")
    for row in ([say(name) for name in _HEAD], *_rows(report, say)):
        writer.writerow([safe(cell, decimal="," if danish else ".") for cell in row])
    return _BOM + out.getvalue().encode()


def safe(cell: Cell, *, decimal: str) -> str:
    """A cell that no spreadsheet takes for a formula: a text that begins like one gets an apostrophe before it."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.4f}".replace(".", decimal)
    if isinstance(cell, int):
        return str(cell)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _rows(report: PublishedReport, say: Speech) -> Iterator[tuple[Cell, ...]]:
    body: Mapping[str, Any] = report.body
    hidden = {True: say(N_("ja")), False: say(N_("nej"))}
    about = say(N_("Rapport"))
    yield about, say(N_("Runde")), report.edition_name, None, None, None, hidden[False]
    yield about, say(N_("Udgave")), None, None, report.revision, None, hidden[False]
    for one in body["indicators"]:
        definition = definition_of(one["code"])
        label, shares = say.label(definition.label), say(N_("Andele"))
        yield shares, label, None, one["n"], one["yes"], one["share"], hidden[one["share"] is None]
        if (published := definition.published) is not None:
            source = say.label(published.source)
            yield say(N_("Tidligere år")), label, source, None, None, published.share, hidden[False]
    for code, words in FIGURES:
        figures = say(N_("Deltagelse"))
        yield figures, say(words), None, None, body["figures"][code], None, hidden[False]
    for table, groups in (body.get("taking_part") or {}).items():
        name = say(_DANISH_TABLES[table])
        for group in groups:
            part = group_name(table, group["code"], say)
            yield (
                say(N_("Deltagelse")),
                name,
                part,
                None,
                group["count"],
                None,
                hidden[group["count"] is None],
            )
    for one in body["responses"]:
        party, wave = say.label(PARTIES[one["party"]]), say(WAVES[one["wave"]])
        silent = one["share"] is None
        yield (
            say(N_("Svarprocent")),
            party,
            wave,
            one["requested"],
            one["submitted"],
            one["share"],
            hidden[silent],
        )
    for one in body["distributions"]:
        party, wave = say.label(PARTIES[one["party"]]), say(WAVES[one["wave"]])
        question = say.label(question_of(one["party"], one["wave"], one["question"]).label)
        for cell in one["options"]:
            option = option_name(one["party"], one["wave"], one["question"], cell["option"], say)
            silent = cell["count"] is None
            section = f"{question} ({party}, {wave.lower()})"
            yield say(N_("Udbytte")), section, option, one["n"], cell["count"], cell["share"], hidden[silent]
