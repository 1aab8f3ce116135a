"""What a plan says to prove itself: prices, split by split. Plain data; `certificate` adds it up, `proving` finds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

PARTS: Final = 60
"""Prices are whole numbers of sixtieths: what companions and threesomes divide comes out even."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Prices in sixtieths by intern (for companions by the one with the smaller lot); who is not named has the price 0."""

    prices: Mapping[str, int]
    per_person: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """The plans in which this host receives no pair, and those in which two of its seats are a pair's."""

    host_id: str
    without: Tree
    reserved: Tree


Tree = Leaf | Split


@dataclass(frozen=True, slots=True)
class Certificate:
    """`persons` proves that no plan places more than `most`, `fit` that none that places as many fits better than `best`.

    They are the bounds of the plan's figures, or wider where the split ended before it reached what the solver claims.
    """

    most: int
    best: int
    persons: Tree
    fit: Tree


def leaves(tree: Tree) -> Iterator[Leaf]:
    """All leaves of the tree."""
    open_ends: list[Tree] = [tree]
    while open_ends:
        one = open_ends.pop()
        if isinstance(one, Leaf):
            yield one
        else:
            open_ends += (one.reserved, one.without)
