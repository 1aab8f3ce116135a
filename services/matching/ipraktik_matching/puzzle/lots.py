"""Lots decide between plans that are equally good.

Every intern and host pair has a number from 0 to 65535, drawn from the two lots (which registration sets from the
edition's draw) and the round. Of the plans that place as many with the same total fit, the one whose numbers add up to
most is taken; should two still be equal, their numbers of the next round decide. So the plan is a function of the
puzzle: neither the order of rows nor the solver's inner ways have a say, and nobody gains by signing up early.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ipraktik_matching.puzzle.columns import Columns, Whole
from ipraktik_matching.puzzle.groups import by_lot
from ipraktik_matching.puzzle.pieces import Host, Intern, PuzzleError

ROUNDS: Final = 4
_BITS: Final = 16

_Bits64 = npt.NDArray[np.uint64]


class Draws:
    """The numbers of this round for groups and hosts, drawn where they are asked for; companions have the sum of their two.

    `draws[rows]`, `draws[rows, columns]` with slices, or with as many groups as hosts, pair by pair.
    """

    def __init__(self, columns: Columns, number: int) -> None:
        self._hosts = _seeds(columns.hosts, number)
        self._first = _seeds([group.members[0] for group in columns.groups], number)
        self._last = _seeds([group.members[-1] for group in columns.groups], number)
        self._pair = columns.sizes == 2

    def __getitem__(self, key: Any) -> Whole:
        rows, some = key if isinstance(key, tuple) else (key, slice(None))
        apart = isinstance(rows, slice)
        first, last, pair = self._first[rows], self._last[rows], np.flatnonzero(self._pair[rows])
        hosts = self._hosts[some]
        if apart:
            hosts, first, last = hosts[None, :], first[:, None], last[:, None]
        numbers = _numbers(first, hosts)
        if len(pair):
            numbers[pair] += _numbers(last[pair], hosts if apart else hosts[pair])
        return numbers

    def seeds(self, rows: Whole, hosts: Whole) -> tuple[_Bits64, _Bits64]:
        """What the numbers of these groups (of their first persons, then of their last) and hosts are drawn from."""
        return np.concatenate([self._first[rows], self._last[rows]]), self._hosts[hosts]


def lot_numbers(columns: Columns, number: int) -> Whole:
    """All numbers of this round at once. Raises PuzzleError where the puzzle is too large for tables of everything."""
    return draws_beside_tables(columns, number)[:]


def draws_beside_tables(columns: Columns, number: int) -> Draws:
    """The numbers of this round, to be asked for. Raises PuzzleError where the puzzle is too large for tables of everything."""
    if columns.afresh is not None:
        raise PuzzleError(
            [
                f"A puzzle of {len(columns.groups)} parties and {len(columns.hosts)} hosts is laid and checked, but it is too"
                " large for questions about single persons."
            ]
        )
    return Draws(columns, number)


def _seeds(rows: Sequence[Intern | Host], number: int) -> _Bits64:
    # The lot alone decides, so that the same lots give the same plan whatever the ids. Only where two rows share a lot
    # does the id stand beside it, or they could not draw apart.
    shared = Counter(row.lot for row in rows)
    texts = [f"{number} {row.lot if shared[row.lot] == 1 else ' '.join(by_lot(row))}" for row in rows]
    return np.array(
        [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") for text in texts], dtype=np.uint64
    )


def _numbers(interns: _Bits64, hosts: _Bits64) -> Whole:
    # The finishing steps of SplitMix64: every bit of both seeds moves every bit of the number. Wraps at 64 bits.
    mixed = interns ^ (hosts * np.uint64(0x9E3779B97F4A7C15))
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(64 - _BITS)
    return np.asarray(mixed, dtype=np.int64)
