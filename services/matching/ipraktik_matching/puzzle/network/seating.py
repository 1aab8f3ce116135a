"""The door to the network: groups and hosts in, the largest seating worth most out, with prices.

Companions count as two persons with the same ways, so that half a pair may sit somewhere: that is the relaxation. A host for
three is two seats for anybody and one that only single travellers may take, for at most one pair fits there; so the
network allows what a linear programme with that rule allows, and no more. Worth is in halves: a person alone has twice
the weight, each companion the pair's. Whether the core is compiled makes no difference but in speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ipraktik_matching.puzzle.network import bids, core, paths

COMPILED = not any(str(one.__file__).endswith(".py") for one in (bids, core, paths))

Index = npt.NDArray[np.int32]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ways:
    """Who may go where: row g's hosts are `host[first[g]:first[g + 1]]`, each with its weight (the whole group's)."""

    first: Whole
    host: Index
    weight: Whole


@dataclass(frozen=True, slots=True)
class Seated:
    """The relaxation's seating and its proof, prices in halves.

    `at`: person to item (2 * host, or 2 * host + 1 for the seat of single travellers), -1 = left. `owner`: person to group.
    A group's price is `of_group` + credit * `sure`; an item's `of_item` + credit * `taken`, the credit per person in halves.
    `sure` counts a group's persons that are placed in every largest seating; `taken` marks items that are full in every one.
    `of_person` and `left` say the same of each person.
    """

    placed: int
    at: Index
    owner: Index
    of_group: Whole
    sure: Whole
    of_item: Whole
    taken: Index
    looks: int
    of_person: Whole
    left: Index


def seat(ways: Ways, sizes: Whole, seats: Whole, split: Whole, before: Seated | None = None) -> Seated:
    """The relaxation of the puzzle, exactly. `split`: per host -1, 0 = receives no pair, 1 = keeps two seats for one.

    `before`: the seating of much the same puzzle, whose prices are a start; the answer is as good, of equals perhaps another.
    """
    owner = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    room = rooms(seats)
    first, to, worth = unfolded(ways, sizes, owner, room, split)
    many, items = len(owner), len(room)
    at, slots = _empty(many), _empty(2 * items)
    placed = _most(first, to, room, at, slots)
    left, full = _scarce(first, to, at, slots, items)
    person = np.repeat(np.arange(many, dtype=np.int32), np.diff(first))

    sure = (left[person] == 0) & (full[to] == 0)
    there, looks, of_person, of_item = _dearest(
        *_kept(first, to, worth, person, sure),
        fill=(left == 0).astype(np.int32),
        room=np.where(full, 0, room),
        before=None if before is None else (np.where(before.taken, 0, before.of_item), before.at, False),
    )
    at = _where(there, many)

    short = left[person] == 1
    back = turned(*_kept(first, to, worth, person, short), items)
    there, more, of_full, of_left = _dearest(
        *back,
        fill=np.where(full, room, 0).astype(np.int32),
        room=left,
        before=None if before is None else (np.where(before.left, before.of_person, 0), before.at, True),
    )
    taken = there[::2]
    at = np.where(left == 1, taken, at).astype(np.int32)
    of_person = np.where(left == 1, of_left, of_person)
    of_item = np.where(full == 1, of_full, of_item)
    of_group = np.zeros(len(sizes), dtype=np.int64)
    np.add.at(of_group, owner, of_person)
    placed_surely = np.bincount(owner[left == 0], minlength=len(sizes)).astype(np.int64)
    return Seated(placed, at, owner, of_group, placed_surely, of_item, full, looks + more, of_person, left)


def rooms(seats: Whole) -> Index:
    """How many each item holds: two seats for anybody, and one for single travellers."""
    room = np.zeros(2 * len(seats), dtype=np.int32)
    room[0::2] = np.where(seats >= 2, 2, 0)
    room[1::2] = np.where(seats >= 2, seats - 2, seats)
    return room


def unfolded(ways: Ways, sizes: Whole, owner: Index, room: Index, split: Whole) -> tuple[Index, Index, Whole]:
    """Persons and items in place of groups and hosts, in the order of persons."""
    row = np.repeat(np.arange(len(sizes), dtype=np.int32), np.diff(ways.first))
    # Every way twice, to the host's general seats and to the one for single travellers; what is not there falls out.
    there, item = np.empty((len(row), 2), dtype=np.bool_), np.empty((len(row), 2), dtype=np.int32)
    item[:, 0], item[:, 1] = 2 * ways.host, 2 * ways.host + 1
    general = room[0::2] > 0
    there[:, 0] = (general & (split != 1))[ways.host]
    there[:, 1] = (room[1::2] > 0)[ways.host]
    worth = 2 * ways.weight
    if (sizes == 2).any():
        pair = sizes[row] == 2
        there[pair, 0] = (general & (split != 0))[ways.host[pair]]
        there[pair, 1] = False
        worth = np.where(pair, ways.weight, worth)
    number = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    start = number[ways.first]
    kept = np.flatnonzero(there)
    items, values = item.ravel()[kept], worth[kept >> 1]
    if len(owner) == len(sizes):
        return start.astype(np.int32), items, values
    length = np.diff(start)[owner]
    first = np.concatenate([[0], np.cumsum(length)]).astype(np.int32)
    arc = np.arange(first[-1]) - np.repeat(first[:-1] - start[owner], length)
    return first, items[arc], values[arc]


def _kept(first: Index, to: Index, worth: Whole, person: Index, keep: Any) -> tuple[Index, Index, Whole]:
    """The graph of these arcs alone."""
    length = np.bincount(person[keep], minlength=len(first) - 1)
    return np.concatenate([[0], np.cumsum(length)]).astype(np.int32), to[keep], worth[keep]


def _where(slots: Index, many: int) -> Index:
    at = _empty(many)
    taken = np.flatnonzero(slots >= 0)
    at[slots[taken]] = taken // 2
    return at


def _empty(many: int) -> Index:
    return np.full(many, -1, dtype=np.int32)


def _zeros(many: int) -> Index:
    return np.zeros(many, dtype=np.int32)


def _most(first: Index, to: Index, room: Index, at: Index, slots: Index) -> int:
    many = len(at)
    spare = [_zeros(many + 1) for _ in range(4)]
    (placed,) = call(core.most, first, to, room, at, slots, *spare)
    return int(placed)


def _scarce(first: Index, to: Index, at: Index, slots: Index, items: int) -> tuple[Index, Index]:
    left, full = _zeros(len(at)), _zeros(items)
    call(core.scarce, first, to, at, slots, left, full, _zeros(len(at) + 1))
    return left, full


def turned(first: Index, to: Index, worth: Whole, items: int) -> tuple[Index, Index, Whole]:
    from_b, to_a, worth_a = _zeros(items + 1), np.zeros_like(to), np.zeros_like(worth)
    call(core.turned, first, to, worth, from_b, to_a, worth_a)
    return from_b, to_a, worth_a


class _Part(NamedTuple):
    """One part as the core wants it: the graph by rows, what is to be filled and what is free, prices, and who is where."""

    first: Index
    to: Index
    worth: Whole
    fill: Index
    room: Index
    pay_a: Whole
    pay_b: Whole
    slots: Index


def _dearest(
    first: Index,
    to: Index,
    worth: Whole,
    *,
    fill: Index,
    room: Index,
    before: tuple[Whole, Index, bool] | None = None,
) -> tuple[Index, int, Whole, Whole]:
    """One part; `before`: the prices of the receiving side, who sat where, and whether it is the persons who receive."""
    many_a, many_b = len(fill), len(room)
    pay_a, pay_b = np.zeros(many_a, dtype=np.int64), np.zeros(many_b, dtype=np.int64)
    part = _Part(
        first, to, worth, fill.astype(np.int32), room.astype(np.int32), pay_a, pay_b, _empty(2 * many_b)
    )
    if before is None:
        (looks,) = call(bids.bids, *part, *(_zeros(many_a) for _ in range(3)))
    else:
        looks = _begun(part, *before)
    (more,) = call(paths.dearest, 0, many_a, 1, *part, *working(many_a, many_b))
    if more < 0:
        raise AssertionError("a part that every largest seating fills could not be filled")
    if before is not None:
        more += _ended(part)
    return part.slots, int(looks + more), pay_a, pay_b


def _begun(part: _Part, prices: Whole, at: Index, persons_receive: bool) -> int:
    """Set the prices of before, and seat those again whom they leave where they were."""
    first, to, worth, fill, room, pay_a, pay_b, slots = part
    pay_b[:] = np.where(room > 0, prices, 0)
    arc = np.repeat(np.arange(len(fill), dtype=np.int32), np.diff(first))
    gain = worth - pay_b[to]
    some = np.flatnonzero(np.diff(first))
    if len(some):
        pay_a[some] = np.maximum.reduceat(gain, first[some])
    person, item = (to, arc) if persons_receive else (arc, to)
    stays = np.flatnonzero((at[person] == item) & (gain == pay_a[arc]))
    a, b = arc[stays], to[stays]
    # Seats may have become fewer, on either side.
    stay = (_rank(a) < fill[a]) & (_rank(b) < room[b])
    a, b = a[stay], b[stay]
    slots[2 * b + _rank(b)] = a
    fill -= np.bincount(a, minlength=len(fill)).astype(np.int32)
    room -= np.bincount(b, minlength=len(room)).astype(np.int32)
    return len(to)


def _rank(numbers: Index) -> Index:
    """How often each number stood before."""
    order = np.argsort(numbers, kind="stable")
    begin = np.searchsorted(numbers[order], numbers[order])
    rank = np.empty_like(numbers)
    rank[order] = np.arange(len(numbers)) - begin
    return rank


def _ended(part: _Part) -> int:
    """Make room that was left at a price cost nothing."""
    first, to, worth, fill, room, pay_a, pay_b, slots = part
    many_a, many_b = len(fill), len(room)
    if not ((room > 0) & (pay_b > 0)).any():
        return 0
    # The same search from the other side, which may go without where that costs nothing.
    taken = np.flatnonzero(slots >= 0)
    held = held_by(slots[taken], taken // 2, many_a)
    (looks,) = call(
        paths.dearest,
        *(0, many_b, 0),
        *turned(first, to, worth, many_b),
        *(room, _zeros(many_a), pay_b, pay_a, held, *working(many_b, many_a)),
    )
    at = np.flatnonzero(held >= 0)
    slots[:] = held_by(held[at], at // 2, many_b)
    return int(looks)


def held_by(who: Index, where: Any, many: int) -> Index:
    """Two slots each, in which these have those; nobody has the same twice."""
    slots = _empty(2 * many)
    slots[2 * who[::-1]] = where[::-1]
    second = np.flatnonzero(slots[2 * who] != where)
    slots[2 * who[second] + 1] = where[second]
    return slots


def working(many_a: int, many_b: int) -> tuple[Index | Whole, ...]:
    """What a search works with, clean."""
    came, heap, seen = (_zeros(many_b) for _ in range(3))
    back = np.full(many_a, -2, dtype=np.int32)
    return np.zeros(many_b, dtype=np.int64), came, back, heap, _empty(many_b), seen, _zeros(3)


def call(function: Any, *given: Any) -> tuple[int]:
    """Call the core with what it likes best: arrays when it is compiled, lists (copied back afterwards) when it is not."""
    if COMPILED:
        return (function(*given),)
    lists = [one if isinstance(one, int) else one.tolist() for one in given]
    answer = function(*lists)
    for one, changed in zip(given, lists, strict=True):
        if not isinstance(one, int) and one.flags.writeable:
            one[:] = changed
    return (answer,)
