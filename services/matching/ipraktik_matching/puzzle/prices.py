"""What prices prove about a face, in whole numbers.

Put any price on each host's seats, on its one place for a pair, on each cut and on each kept value; take for every
group the best of (weight minus prices), or nothing; add it all up: no plan is worth more (`Prices.bound`). What a
column falls short of its group's best (`Prices.short`) is what any plan that uses it loses at least, and the price of
a row is what any plan loses for each place of it left empty. So a column or an empty place that costs more than the
distance between the bound and a plan in hand belongs to no plan as good as that one.

Good prices come from the relaxation. Rounding them, or a solver that errs, can only make the proof weaker, never false.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ipraktik_matching.puzzle.columns import Whole
from ipraktik_matching.puzzle.face import Face, Kept

Real = npt.NDArray[np.float64]

SCALE = 2
"""Prices are rounded to halves: with whole weights, a pair that shares two seats has prices of that kind."""


@dataclass(frozen=True, slots=True)
class Duals:
    """What the relaxation would pay for one more place in each row."""

    group: Real
    seat: Real
    pair: Real
    kept: Real
    cut: Real


@dataclass(frozen=True, slots=True)
class Prices:
    """Everything in parts of 1/SCALE; `slack_cuts` = a cut has a price, so its emptiness would cost too."""

    of_group: Whole
    of_seat: Whole
    of_pair: Whole
    slack_cuts: bool
    bound: int
    short: Whole


def gains(face: Face, weights: Whole, duals: Duals) -> Real:
    """What each column would earn after all prices; where this is above zero it is worth adding."""
    gain = weights - face.sizes[:, None] * duals.seat[None, :] - duals.group[:, None]
    gain -= (
        face.pairs[:, None]
        * np.where(face.paired | face.reserved, duals.pair, np.maximum(duals.pair, 0.0))[None, :]
    )
    for kept, price in zip(face.kept, duals.kept, strict=True):
        gain += price * kept.weights
    for cut, price in zip(face.cuts, duals.cut, strict=True):
        gain[list(cut.solos), cut.host] -= price
        gain[face.pairs, cut.host] -= price
    return np.asarray(gain, dtype=np.float64)


def proven(face: Face, weights: Whole, duals: Duals) -> Prices:
    """Round the prices to whole parts and work out exactly what they prove."""
    # A price below zero would reward an empty place; only where a row must be filled is that no way out.
    of_seat = np.where(face.full, _whole(duals.seat), np.maximum(_whole(duals.seat), 0))
    of_pair = np.where(face.paired, _whole(duals.pair), np.maximum(_whole(duals.pair), 0))
    of_kept = np.maximum(_whole(duals.kept), 0).tolist()
    of_cut = np.maximum(_whole(duals.cut), 0).tolist()

    gain = SCALE * weights - face.sizes[:, None] * of_seat[None, :] - face.pairs[:, None] * of_pair[None, :]
    bound = int((of_seat * face.seats).sum() + of_pair.sum())
    for kept, price in zip(face.kept, of_kept, strict=True):
        gain += price * kept.weights
        bound -= price * kept.value
    for cut, price in zip(face.cuts, of_cut, strict=True):
        gain[list(cut.solos), cut.host] -= price
        gain[face.pairs, cut.host] -= price
        bound += price * len(cut.solos)
    nothing = np.iinfo(np.int64).min
    best = np.where(face.allowed, gain, nothing).max(axis=1, initial=nothing)
    of_group = np.where(face.must, best, np.maximum(best, 0))
    return Prices(
        of_group=of_group,
        of_seat=of_seat,
        of_pair=of_pair,
        slack_cuts=any(of_cut),
        bound=bound + int(of_group.sum()),
        short=of_group[:, None] - gain,
    )


def as_good_as(face: Face, weights: Whole, prices: Prices, value: int) -> Face:
    """All plans of the face that are worth `value` or more."""
    gap = prices.bound - SCALE * value
    smaller = replace(
        face,
        allowed=face.allowed & (prices.short <= gap),
        must=face.must | (prices.of_group > gap),
        full=face.full | (prices.of_seat > gap),
        paired=face.paired | (prices.of_pair > gap),
    )
    smaller = replace(smaller, cuts=tuple(cut for cut in face.cuts if smaller.hosts_of_pairs[cut.host]))
    # Without a gap the columns and rows left say it all, unless a cut was priced; else the value must be demanded.
    if gap == 0 and not prices.slack_cuts:
        return smaller
    return replace(smaller, kept=(*face.kept, Kept(weights, value)))


def _whole(duals: Real) -> Whole:
    return np.rint(duals * SCALE).astype(np.int64)
