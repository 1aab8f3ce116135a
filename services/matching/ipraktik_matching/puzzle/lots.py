"""Lots decide between plans that are equally good.

Every intern and host pair has a number from 0 to 65535, drawn from the two lots (which registration sets from the
edition's draw) and the round. Of the plans that place as many with the same total fit, the one whose numbers add up to
most is taken; should two still be equal, their numbers of the next round decide. So the plan is a function of the
puzzle: neither the order of rows nor the solver's inner ways have a say, and nobody gains by signing up early.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ipraktik_matching.puzzle.columns import Columns, Whole
from ipraktik_matching.puzzle.groups import by_lot
from ipraktik_matching.puzzle.pieces import Host, Intern

ROUNDS: Final = 4
_BITS: Final = 16

_Bits64 = npt.NDArray[np.uint64]


def lot_numbers(columns: Columns, number: int) -> Whole:
    """The numbers of this round for every group and host; companions have the sum of their two."""
    hosts = _seeds(columns.hosts, number)
    first = _numbers(_seeds([group.members[0] for group in columns.groups], number), hosts)
    last = _numbers(_seeds([group.members[-1] for group in columns.groups], number), hosts)
    numbers: Whole = first + np.where(columns.sizes[:, None] == 2, last, 0)
    return numbers


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
    mixed = interns[:, None] ^ (hosts[None, :] * np.uint64(0x9E3779B97F4A7C15))
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(64 - _BITS)
    return np.asarray(mixed, dtype=np.int64)
