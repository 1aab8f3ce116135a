"""What a puzzle may hold at most. Beyond it whoever reads one says so in a sentence, before any table is made.

The tables have a cell for every intern and host, so cells are what memory is; the other two only keep a file from being read that
could hold no edition.
"""

from typing import Final

MOST_CELLS: Final = 120_000_000
"""Interns times hosts: some 21,000 participants, half of them hosts, and at 22 bytes a cell 2.6 GB. The one number to raise once a cell
costs less."""

MOST_ROWS: Final = 100_000
"""Interns and hosts together."""

MOST_BYTES: Final = 96 * 1024 * 1024
"""Of a file: so many rows with long ids and wishes."""


def too_many(*, interns: int, hosts: int) -> str | None:
    """Why this is no puzzle to lay, and what to do; None where it is one."""
    if interns + hosts <= MOST_ROWS and interns * hosts <= MOST_CELLS:
        return None
    return (
        f"There are {interns} interns and {hosts} hosts, too many for one puzzle, which holds {MOST_ROWS} of both together and"
        f" {MOST_CELLS} pairs of one with the other; split the edition into several, each with dates or regions of its own."
    )
