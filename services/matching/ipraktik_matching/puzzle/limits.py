"""What a puzzle may hold at most. Beyond it whoever reads one says so in a sentence, before any table is made.

Tables of everything are kept only for puzzles of some thousands (`columns.KEPT`), so cells are time and not memory: each is looked at a few
times, kept or not. Rows are memory.
"""

from typing import Final

MOST_CELLS: Final = 3_000_000_000
"""Interns times hosts: some 110,000 participants, half of them hosts."""

MOST_ROWS: Final = 150_000
"""Interns and hosts together; the worth of a larger plan would not fit the solver's whole numbers."""

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
