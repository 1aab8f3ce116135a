"""What reaches the terminal: results on standard output, everything about the work on standard error.

Without a terminal nothing is coloured, framed, cut or wrapped, and tables are columns with tabs between. Texts from events pass
through `harmless` first: a terminal must not obey them.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from rich.console import Console
from rich.table import Table

_CONTROL: Final = dict.fromkeys((*range(32), *range(127, 160), 8232, 8233, *range(8234, 8239)), "�")


def harmless(text: str) -> str:
    """The text on one line, without characters that a terminal obeys."""
    return text.translate(_CONTROL)


def say(line: str) -> None:
    """A line of the result."""
    sys.stdout.write(harmless(line) + "\n")


def say_bytes(line: bytes) -> None:
    """A line of the result that must arrive byte for byte."""
    sys.stdout.buffer.write(line + b"\n")


def say_json(value: Mapping[str, Any]) -> None:
    """An object on a line of its own, or indented where somebody looks on."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None) + "\n")


def say_json_line(value: Mapping[str, Any]) -> None:
    """An object, one of many, on a line of its own."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def flush() -> None:
    """Whoever reads us through a pipe gets it now."""
    sys.stdout.flush()


def note(text: str) -> None:
    """A line about the work, beside the result."""
    sys.stderr.write(harmless(text) + "\n")
    sys.stderr.flush()


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows under headings."""
    if not sys.stdout.isatty():
        for row in (headings, *rows):
            sys.stdout.write("\t".join(harmless(cell) for cell in row) + "\n")
        return
    made = Table(*headings, box=None, pad_edge=False)
    for row in rows:
        made.add_row(*(harmless(cell) for cell in row))
    Console(markup=False, highlight=False).print(made)


@contextmanager
def at_work(what: str) -> Iterator[None]:
    """Shows that something is going on, where somebody looks on."""
    console = Console(stderr=True, markup=False)
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield
