"""The puzzle as tables: for every group and host whether they may meet, for how many days, and with what fit.

A column of the integer programme is one cell of these tables. The tables must say the same as `points`, `stay` and the
hard rules say for single rows (a test holds it); they are filled class by class, so that a thousand interns and a
thousand hosts cost a fraction of a second instead of a million calls.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ipraktik_matching.puzzle.groups import Group, by_lot, groups_of
from ipraktik_matching.puzzle.pieces import Host, Intern, Puzzle
from ipraktik_matching.puzzle.scores import Agreed, Meeting, Scores

Whole = npt.NDArray[np.int64]
Yes = npt.NDArray[np.bool_]

NARROW: Final = 1_500_000
"""Tables of more cells than this hold fit in 32 bits and days in 8."""

_BLOCK: Final = 128


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows are groups, columns are hosts, both in order of lot.

    `suits`: the hard rules allow it, seats that are taken apart; `allowed`: and the free seats are enough. `days` is 0
    and `fit` means nothing where `suits` is false. `suited_alone`: interns who by themselves would suit some host.
    `pinned`: the host that a group is pinned to and gets in every plan, or -1.
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


def columns_of(puzzle: Puzzle) -> Columns:
    """All tables of the puzzle."""
    groups = groups_of(puzzle)
    hosts = tuple(sorted(puzzle.hosts, key=by_lot))
    interns = tuple(member for group in groups for member in group.members)
    row_of = {intern.id: row for row, intern in enumerate(interns)}
    first = np.array([row_of[group.members[0].id] for group in groups], dtype=np.int64)
    last = np.array([row_of[group.members[-1].id] for group in groups], dtype=np.int64)
    sizes = np.array([len(group.members) for group in groups], dtype=np.int64)
    capacity = np.array([host.capacity for host in hosts], dtype=np.int64)
    standing = Counter(host_id for _, host_id in puzzle.fixed)
    seats = capacity - np.array([standing[host.id] for host in hosts], dtype=np.int64)

    shape = len(groups), len(hosts)
    # Large tables are as narrow as what they hold.
    narrow = len(groups) * len(hosts) > NARROW
    suits = np.zeros(shape, dtype=np.bool_)
    days = np.zeros(shape, dtype=np.int8 if narrow else np.int64)
    fit = np.zeros(shape, dtype=np.int32 if narrow else np.int64)
    meeting, scores = Meeting(puzzle, interns, hosts), Scores(puzzle, interns, hosts)
    agreed = Agreed(puzzle, [group.members for group in groups], hosts)
    roomy = capacity >= 2
    suited = _suited_apart(puzzle, groups, hosts, interns, meeting)
    for start in range(0, len(groups), _BLOCK):
        some = slice(start, start + _BLOCK)
        one, pair = first[some], np.flatnonzero(sizes[some] == 2)
        long = agreed.rows(some)
        meet = meeting.rows(one)
        single = np.flatnonzero(sizes[some] == 1)
        suited += [interns[row].id for row in one[single[(meet & (long > 0))[single].any(axis=1)]]]
        points = scores.rows(one, long)
        if len(pair):
            other = last[some][pair]
            meet[pair] &= meeting.rows(other) & roomy
            points[pair] += scores.rows(other, long[pair])
        suits[some] = meet & (long > 0) & (capacity >= 1)
        days[some] = long
        fit[some] = points
    for row, group in enumerate(groups):
        if group.joins is not None:
            suits[row] &= np.array([host.id == group.joins for host in hosts], dtype=np.bool_)
    pins = _pins(puzzle, groups)
    for row, wanted in pins.items():
        suits[row] &= np.array([{host.id} == wanted for host in hosts], dtype=np.bool_)
    days *= suits
    allowed = suits & (sizes[:, None] <= seats[None, :])
    return Columns(
        groups=groups,
        hosts=hosts,
        sizes=sizes,
        seats=seats,
        suits=suits,
        allowed=allowed,
        days=days,
        fit=fit,
        suited_alone=frozenset(suited),
        pinned=_seated(pins, allowed, sizes, seats),
    )


def _suited_apart(
    puzzle: Puzzle,
    groups: Sequence[Group],
    hosts: Sequence[Host],
    interns: Sequence[Intern],
    meeting: Meeting,
) -> list[str]:
    """Which of those with companions would suit some host by themselves."""
    apart = [member for group in groups if len(group.members) == 2 for member in group.members]
    row_of = {intern.id: row for row, intern in enumerate(interns)}
    rows = [row_of[one.id] for one in apart]
    agreed = Agreed(puzzle, [(one,) for one in apart], hosts)
    found = []
    for start in range(0, len(apart), _BLOCK):
        some = slice(start, start + _BLOCK)
        meet = meeting.rows(np.array(rows[some], dtype=np.int64)) & (agreed.rows(some) > 0)
        found += [apart[start + row].id for row in np.flatnonzero(meet.any(axis=1))]
    return found


def _pins(puzzle: Puzzle, groups: Sequence[Group]) -> dict[int, set[str]]:
    """The hosts that each group's members are pinned to: one for all of them, or the group has nowhere to go."""
    pins = dict(puzzle.pinned)
    wanted = {
        row: {pins[one.id] for one in group.members if one.id in pins} for row, group in enumerate(groups)
    }
    return {row: hosts for row, hosts in wanted.items() if hosts}


def _seated(pins: Iterable[int], allowed: Yes, sizes: Whole, seats: Whole) -> Whole:
    """Where the pinned groups sit, in order of lot while seats last: together a plan, and part of every plan."""
    free = seats.copy()
    seated = np.full(len(sizes), -1, dtype=np.int64)
    for row in sorted(pins):
        for column in np.flatnonzero(allowed[row] & (free >= sizes[row])):
            seated[row] = column
            free[column] -= sizes[row]
    return seated
