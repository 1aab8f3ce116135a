"""The best plan of a face, proven.

First the relaxation: where its plan is whole and worth as much as the prices allow, nothing is left to search. Else
HiGHS searches among few columns, and then among every column that could be part of a better plan than the one in hand,
which the prices tell exactly. What is proven among those is proven for all columns. Each plan that HiGHS returns is
tested in whole numbers. Stop rules count nodes of the search, never seconds.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ipraktik_matching.puzzle.columns import Whole, Yes
from ipraktik_matching.puzzle.face import Chosen, Face, holds, value_of
from ipraktik_matching.puzzle.prices import SCALE, Prices, Real, as_good_as
from ipraktik_matching.puzzle.program import Program, SolverError, Undivided
from ipraktik_matching.puzzle.relaxation import relax

_FEW: Final = 3
"""Search all columns that matter at once when they are at most this many times those already in play."""


@dataclass(frozen=True, slots=True)
class Best:
    """A plan, its value, the value that no plan of the face exceeds, and the face of all plans as good as this.

    `of_group`: what the relaxation would pay for each group, from which a proof can start.
    """

    chosen: Chosen
    value: int
    bound: int
    face: Face
    of_group: Real

    @property
    def proven(self) -> bool:
        """Nothing better exists."""
        return self.value == self.bound


def best(face: Face, weights: Whole, *, start: Chosen, spread: Whole, nodes: int) -> Best:
    """The plan of the face that is worth most. `start` must be a plan of the face."""
    if not face.allowed.any():
        return Best(start, value=0, bound=0, face=face, of_group=np.zeros(len(face.sizes)))
    relaxed = relax(face, weights, start=start, spread=spread)
    face, prices, among = relaxed.face, relaxed.prices, relaxed.used
    # Where all weights are multiples of ten, say, so is the value of every plan.
    step = max(int(np.gcd.reduce(weights[face.allowed], initial=0)), 1)
    bound = prices.bound // (SCALE * step) * step
    chosen = start
    if relaxed.plan is not None and value_of(relaxed.plan, weights) > value_of(start, weights):
        chosen = _tested(face, relaxed.plan)
    while (value := value_of(chosen, weights)) < bound:
        matter = could_win(face, prices, value + step)
        if matter.sum() <= _FEW * among.sum():
            among = among | matter
        chosen, finished = _search(face, weights, among, chosen, nodes)
        if not finished:
            break
        left = could_win(face, prices, value_of(chosen, weights) + step) & ~among
        if not left.any():
            bound = value_of(chosen, weights)
        among = among | left
    value = value_of(chosen, weights)
    return Best(chosen, value, bound, as_good_as(face, weights, prices, value), relaxed.of_group)


def could_win(face: Face, prices: Prices, value: int) -> Yes:
    """The columns that a plan worth `value` can use."""
    return np.asarray(face.allowed & (prices.short <= prices.bound - SCALE * value))


def _search(face: Face, weights: Whole, among: Yes, start: Chosen, nodes: int) -> tuple[Chosen, bool]:
    # Deciding who receives a pair mostly leaves nobody divided; kept values can spoil that.
    for undivided in (Undivided.PAIRS, Undivided.ALL):
        program = Program(face, weights, among, undivided=undivided, nodes=nodes)
        program.start_from(start)
        finished = program.run()
        found = program.plan()
        if found is not None:
            found = _tested(face, found)
            return (found if value_of(found, weights) >= value_of(start, weights) else start), finished
    raise SolverError("The search ended with somebody divided between hosts.")


def _tested(face: Face, chosen: Chosen) -> Chosen:
    if not holds(face, chosen):
        raise SolverError("The solver's plan breaks a rule in whole numbers.")
    return chosen
