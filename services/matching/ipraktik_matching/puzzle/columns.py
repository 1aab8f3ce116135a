"""The puzzle as tables: for every group and host whether they may meet, for how many days, and with what fit.

A column of the integer programme is one cell of these tables. The tables must say the same as `points`, `stay` and the
hard rules say for single rows (a test holds it); they are filled class by class, so that a thousand interns and a
thousand hosts cost a fraction of a second instead of a million calls. Above `KEPT` cells nothing is filled: the same
questions are then answered afresh each time (`afresh`), by rows or pair by pair.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np

from ipraktik_matching.puzzle.afresh import ANYWHERE, NOWHERE, Afresh, Answers, Open
from ipraktik_matching.puzzle.classes import Whole, Yes
from ipraktik_matching.puzzle.groups import Group, by_lot, groups_of
from ipraktik_matching.puzzle.pieces import Host, Puzzle

NARROW: Final = 1_500_000
"""Tables of more cells than this hold fit in 32 bits and days in 8."""

KEPT: Final = 30_000_000
"""Tables of more cells than this are not kept: some 11,000 participants."""

_BLOCK: Final = 128
_TASTE: Final = 64

__all__ = ["ANYWHERE", "KEPT", "NARROW", "Columns", "Whole", "Yes", "columns_of"]


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows are groups, columns are hosts, both in order of lot.

    `suits`: the hard rules allow it, seats that are taken apart; `allowed`: and the free seats are enough. `days` is 0
    and `fit` means nothing where `suits` is false. `suited_alone`: interns who by themselves would suit some host.
    `pinned`: the host that a group is pinned to and gets in every plan, or -1. Where no tables are kept (`afresh` is there then), the
    four are asked by rows or pair by pair and have no other way of being read.
    """

    groups: tuple[Group, ...]
    hosts: tuple[Host, ...]
    sizes: Whole
    seats: Whole
    suits: Yes
    allowed: Yes
    days: Whole
    fit: Whole
    suited_alone: frozenset[str]
    pinned: Whole
    afresh: Afresh | None = None


def columns_of(puzzle: Puzzle) -> Columns:
    """All tables of the puzzle, kept or answered afresh."""
    groups = groups_of(puzzle)
    hosts = tuple(sorted(puzzle.hosts, key=by_lot))
    standing = Counter(host_id for _, host_id in puzzle.fixed)
    seats = np.array([host.capacity - standing[host.id] for host in hosts], dtype=np.int64)
    pins = _pins(puzzle, groups)
    afresh = Afresh(puzzle, groups, hosts, _bound_to(groups, hosts, pins))
    kept = len(groups) * len(hosts) <= KEPT
    suits, days, fit = _filled(afresh) if kept else _answering(afresh)
    everybody = np.ones(len(groups), dtype=np.bool_)
    allowed = (
        suits & (afresh.sizes[:, None] <= seats[None, :])
        if kept
        else cast("Yes", Open(afresh, everybody, seats))
    )
    return Columns(
        groups=groups,
        hosts=hosts,
        sizes=afresh.sizes,
        seats=seats,
        suits=suits,
        allowed=allowed,
        days=days,
        fit=fit,
        suited_alone=_suited_alone(puzzle, groups, hosts),
        pinned=_seated(sorted(pins), allowed, afresh.sizes, seats),
        afresh=None if kept else afresh,
    )


def _filled(afresh: Afresh) -> tuple[Yes, Whole, Whole]:
    shape = afresh.shape
    # Large tables are as narrow as what they hold.
    narrow = shape[0] * shape[1] > NARROW
    suits = np.zeros(shape, dtype=np.bool_)
    days: Any = np.zeros(shape, dtype=np.int8 if narrow else np.int64)
    fit: Any = np.zeros(shape, dtype=np.int32 if narrow else np.int64)
    for start in range(0, shape[0], _BLOCK):
        some = slice(start, start + _BLOCK)
        block = afresh.rows(some)
        suits[some], days[some], fit[some] = block.suits, block.days, block.fit
    return suits, days, fit


def _answering(afresh: Afresh) -> tuple[Yes, Whole, Whole]:
    # Asked only as tables of this size may be asked, and answering like them.
    return (
        cast("Yes", Answers(afresh, "suits")),
        cast("Whole", Answers(afresh, "days")),
        cast("Whole", Answers(afresh, "fit")),
    )


def _suited_alone(puzzle: Puzzle, groups: Sequence[Group], hosts: Sequence[Host]) -> frozenset[str]:
    """Which interns would suit some host by themselves, wherever they are bound to."""
    everyone = [member for group in groups for member in group.members]
    alone = Afresh(puzzle, [Group((one,)) for one in everyone], hosts, {})
    found: list[int] = []
    left = np.arange(len(everyone))
    taste = np.arange(min(_TASTE, len(hosts)))
    # Most suit one of the first few; only for the others all hosts are looked at.
    for start in range(0, len(everyone) if len(taste) else 0, _BLOCK * 8):
        some = left[start : start + _BLOCK * 8]
        suits = alone.suits_of(np.repeat(some, len(taste)), np.tile(taste, len(some)))
        found += some[suits.reshape(len(some), len(taste)).any(axis=1)].tolist()
    left = np.setdiff1d(left, np.array(found, dtype=np.int64))
    for start in range(0, len(left), _BLOCK):
        some = left[start : start + _BLOCK]
        found += some[alone.suits(some).any(axis=1)].tolist()
    return frozenset(everyone[row].id for row in found)


def _pins(puzzle: Puzzle, groups: Sequence[Group]) -> dict[int, set[str]]:
    """The hosts that each group's members are pinned to: one for all of them, or the group has nowhere to go."""
    pins = dict(puzzle.pinned)
    if not pins:
        return {}
    wanted = {
        row: {pins[one.id] for one in group.members if one.id in pins} for row, group in enumerate(groups)
    }
    return {row: hosts for row, hosts in wanted.items() if hosts}


def _bound_to(groups: Sequence[Group], hosts: Sequence[Host], pins: Mapping[int, set[str]]) -> dict[int, int]:
    """The only host open to those who join somebody or are pinned; two different ones leave nowhere to go."""
    column = {host.id: number for number, host in enumerate(hosts)}
    bound = {}
    for row, group in enumerate(groups):
        wanted = pins.get(row, set()) | ({group.joins} if group.joins is not None else set())
        if wanted:
            bound[row] = column[next(iter(wanted))] if len(wanted) == 1 else NOWHERE
    return bound


def _seated(pins: Sequence[int], allowed: Yes, sizes: Whole, seats: Whole) -> Whole:
    """Where the pinned groups sit, in order of lot while seats last: together a plan, and part of every plan."""
    free = seats.copy()
    seated = np.full(len(sizes), -1, dtype=np.int64)
    for row in pins:
        for column in np.flatnonzero(allowed[row] & (free >= sizes[row])):
            seated[row] = column
            free[column] -= sizes[row]
    return seated
