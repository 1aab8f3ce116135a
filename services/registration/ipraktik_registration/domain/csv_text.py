"""Tables as people's spreadsheets write and read them: semicolon or comma, quotes, UTF-8 or Windows-1252, with or without a mark.

Invariants: what `written` writes, `read` gives back, cell by cell; no cell that is written is taken for a formula by a spreadsheet.
A cell that would be is written with an apostrophe before it, which `read` takes off again.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

MAX_BYTES: Final = 1_000_000
MAX_ROWS: Final = 2_000
MAX_COLUMNS: Final = 60
MAX_CELL: Final = 4_000
MARK: Final = "\ufeff"
"""What tells a spreadsheet that a file is UTF-8."""

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n]")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r\n]")
_SEPARATORS: Final = (";", ",", "\t")
_TO_QUOTE: Final = re.compile(r'[;,\t"\r\n]')
_IN_QUOTES: Final = re.compile(r'"(?:[^"]|"")*"')
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_HEAD: Final = 65_536

Why = Literal["empty", "encoding", "quotes", "too_many_rows", "too_many_columns", "too_large", "no_rows"]


class Unreadable(ValueError):
    """The text is no table that is taken; `line` is where, as an editor counts, 0 where that is nowhere."""

    def __init__(self, why: Why, line: int = 0) -> None:
        super().__init__(why)
        self.why: Why = why
        self.line = line


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, and the line on which it begins."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it; rows without anything in them are left out."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def decoded(content: bytes) -> str:
    """The text of a file. Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large")
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    attempts = ("utf-16",) if wide else ("utf-8", "cp1252")
    for encoding in attempts:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Unreadable("encoding")


def read(text: str) -> Table:
    """The table of a text. Raises Unreadable."""
    text = text.removeprefix(MARK)
    if len(text) > MAX_BYTES:
        raise Unreadable("too_large")
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise Unreadable("encoding")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    header: tuple[str, ...] = ()
    rows: list[Row] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) > MAX_COLUMNS:
                    raise Unreadable("too_many_columns", begins)
                row = Row(begins, tuple(_unguarded(cell) for cell in cells))
                if not header:
                    header = row.cells
                elif len(rows) == MAX_ROWS:
                    raise Unreadable("too_many_rows", begins)
                else:
                    rows.append(row)
            begins = reader.line_num + 1
    except csv.Error:
        raise Unreadable("quotes", begins) from None
    if not header:
        raise Unreadable("empty")
    if not rows:
        raise Unreadable("no_rows")
    return Table(header, tuple(rows))


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table as text, with the mark, for a file that is offered."""
    return MARK + lines([header, *rows])


def lines(rows: Iterable[Sequence[str]]) -> str:
    """Rows as text, without the mark: what a stream goes on with."""
    return "".join(";".join(_quoted(_guarded(cell)) for cell in row) + "\r\n" for row in rows)


def _separator(text: str) -> str:
    """The one that the first line with something in it has most of, outside quotes."""
    bare = _IN_QUOTES.sub("", text[:_HEAD])
    first = next((line for line in _LINE_END.split(bare) if line.strip()), "")
    return max(_SEPARATORS, key=first.count)


def _quoted(cell: str) -> str:
    """Quoted where a reader could stumble, whatever separator it guesses."""
    return '"' + cell.replace('"', '""') + '"' if _TO_QUOTE.search(cell) else cell


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell
