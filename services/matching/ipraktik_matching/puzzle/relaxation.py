"""The puzzle with divisible persons: a linear programme that gives prices, a bound and often the plan itself.

Solved with few columns at a time: start from the promising ones, ask the prices which others would pay, add them, until
none pays; then add the cuts that the answer breaks, and so on until neither is left. So a million possible columns
cost the memory of some ten thousand. HiGHS works in floating point here, and nothing here is a proof (see `prices`).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ipraktik_matching.puzzle.columns import Whole, Yes
from ipraktik_matching.puzzle.face import Chosen, Face
from ipraktik_matching.puzzle.prices import Prices, Real, gains, proven
from ipraktik_matching.puzzle.program import Program, SolverError

_AT_FIRST: Final = 12
_PER_ROUND: Final = 4
_ROUNDS: Final = 1000
_PAYS: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What the prices prove, the columns in play, the face with the cuts found, and the plan if nobody is divided."""

    face: Face
    prices: Prices
    used: Yes
    plan: Chosen | None
    of_group: Real
    divided: int | None


def relax(face: Face, weights: Whole, *, start: Chosen, spread: Whole, used: Yes | None = None) -> Relaxed:
    """Solve the relaxation over all columns of the face.

    `start` is a plan of the face, so that the first columns can fill what must be filled. `spread` decides between
    equals which columns come first, so that not everybody is offered the same hosts. `used`: the columns to begin with,
    where a relaxation much like this one has found them.
    """
    used = _promising(face, weights, spread) if used is None else used & face.allowed
    placed = np.flatnonzero(start >= 0)
    used[placed, start[placed]] = True
    program = Program(face, weights, used)
    for _ in range(_ROUNDS):
        if not program.run():
            break
        duals = program.duals()
        gain = np.where(face.allowed & ~used, gains(program.face, weights, duals), -np.inf)
        new = _best_of_each_row(gain, _PER_ROUND) & (gain > _PAYS)
        if new.any():
            used |= new
            program.add_columns(new)
        elif cuts := program.violated_cuts():
            program.add_cuts(cuts)
        else:
            prices = proven(program.face, weights, duals)
            return Relaxed(program.face, prices, used, program.plan(), duals.group, program.divided())
    raise SolverError(f"The relaxation did not settle within {_ROUNDS} rounds.")


def _promising(face: Face, weights: Whole, spread: Whole) -> Yes:
    """The best few columns of every group and of every host."""
    score = np.where(face.allowed, weights + spread / (spread.max(initial=0) + 1.0), -np.inf)
    best = _best_of_each_row(score, _AT_FIRST) | _best_of_each_row(score.T, _AT_FIRST).T
    return np.asarray(best & face.allowed)


def _best_of_each_row(score: Real, most: int) -> Yes:
    if score.shape[1] <= most:
        return np.ones(score.shape, dtype=np.bool_)
    picked = np.zeros(score.shape, dtype=np.bool_)
    best = np.argpartition(-score, most - 1, axis=1)[:, :most]
    np.put_along_axis(picked, best, True, axis=1)
    return picked
