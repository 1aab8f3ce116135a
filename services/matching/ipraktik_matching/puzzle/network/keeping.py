"""A seating that is kept: what stands, with the prices that prove it, so that one more or one fewer costs one path and no new seating.

It is the relaxation's seating in which nobody is divided, so its prices prove the plan best: persons, then weight. Both are one
whole number here, for a place counts more than what all seats together could be worth (`credit`); that is exact, and where it would
not fit 62 bits there is no such seating. Home is one more place for everybody, worth nothing.

After each change the prices are held against every way of whoever was touched; others' prices and ways are as they were. What
cannot be proven by that is not answered, and this seating is then of no more use: all is to be laid anew. That is so where half a pair would
have to move, and where prices fall so far that a way which is not in the graph could pay.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ipraktik_matching.puzzle.columns import Whole
from ipraktik_matching.puzzle.network import paths, seating
from ipraktik_matching.puzzle.network.seating import Seated, Ways, held_by, rooms, turned, unfolded, working

_MOST = 1 << 60
_NEVER = -(1 << 62)
_BY_PERSON = ("low", "first", "fill", "pay_a", "back", "at")
_BY_WAY = ("to", "worth")
_WIDE = ("worth", "pay_a", "pay_b", "low", "dist")


@dataclass(frozen=True, slots=True)
class Moved:
    """Who sits elsewhere now, as (row, host before, host now), -1 = nowhere; what all gain by it in persons, and in weight."""

    moves: tuple[tuple[int, int, int], ...]
    persons: int
    weight: int


class Kept:
    """Rows are groups: those of the seating, then newcomers in the order in which they came."""

    def __init__(
        self, ways: Ways, sizes: Whole, seats: Whole, seated: Seated, *, heaviest: int, lacking: int | None
    ) -> None:
        """`heaviest`: no way weighs more per person. `lacking`: ways that are not among these lack more halves; None = all are.

        Raises ValueError where companions are divided or the numbers are too large.
        """
        if int(ways.weight.max(initial=0)) > 2 * heaviest:
            raise ValueError("A way weighs more than the heaviest.")
        self._heaviest = heaviest
        self._credit = credit = 8 * (int(seats.sum()) + 1) * (heaviest + 1)
        if credit > _MOST:
            raise ValueError("The seating is worth more than 62 bits hold.")
        most = rooms(seats)
        split = np.full(len(seats), -1, dtype=np.int64)
        first, to, worth = unfolded(ways, sizes, seated.owner, most, split)
        self._people = many = len(seated.owner)
        self._row: list[int] = seated.owner.tolist()
        self._person: list[int] = np.searchsorted(seated.owner, np.arange(len(sizes))).tolist()
        self._paired: list[bool] = (sizes == 2).tolist()
        self._gone: list[int] = []
        pay_a = seated.of_person + credit * (1 - seated.left.astype(np.int64))
        pay_b = seated.of_item + credit * seated.taken.astype(np.int64)
        there = np.flatnonzero(seated.at >= 0).astype(np.int32)
        item = seated.at[there]
        falls = np.int64(1 << 62 if lacking is None else lacking // 2)
        self._low_b = pay_b - falls
        # As `paths` takes them.
        arrays = {
            "most": most,
            "low": pay_a - falls,
            "first": first,
            "to": to,
            "worth": worth + credit,
            "fill": (seated.at < 0).astype(np.int32),
            "room": most - np.bincount(item, minlength=len(most)).astype(np.int32),
            "pay_a": pay_a,
            "pay_b": pay_b,
            "seat": held_by(item, there, len(most)),
        }
        arrays |= zip(
            ("dist", "came", "back", "heap", "spot", "seen"), working(many, len(most)), strict=False
        )
        arrays["told"] = np.zeros(3 * len(most) + 16, dtype=np.int32)
        arrays["at"] = seated.at.astype(np.int32)
        self._flat: dict[str, Any] = {name: self._kept(one) for name, one in arrays.items()}
        self._whole = self._nobody_divided(range(many))
        if not self._whole:
            raise ValueError("Companions are divided.")

    @property
    def chosen(self) -> Whole:
        """The host of each row, -1 = none."""
        at = self._array("at")[np.array(self._person, dtype=np.int64)]
        return np.where(at >= 0, at // 2, -1).astype(np.int64)

    def copied(self) -> Kept:
        """The same once more; what becomes of one is nothing to the other."""
        other = copy.copy(self)
        for name in ("_row", "_person", "_paired", "_gone"):
            setattr(other, name, list(getattr(self, name)))
        other._flat = {name: one.copy() for name, one in self._flat.items()}
        return other

    def insert(self, host: Any, weight: Any) -> Moved | None:
        """Somebody who travels alone comes and may go to these hosts. The best there is then, proven; else None."""
        if not self._whole:
            return None
        root, flat = self._people, self._flat
        self._reserve(2 * len(host))
        self._people += 1
        self._row.append(len(self._person))
        self._person.append(root)
        self._paired.append(False)
        way = self._kept(host), self._kept(weight)
        gained = int(paths.comes(root, self._credit, self._heaviest, *way, *flat.values()))
        many, told = 3 * int(flat["told"][3]), flat["told"][4:]
        moved = told[:many] if isinstance(told, list) else told[:many].tolist()
        self._whole = gained >= 0 and self._nobody_divided(moved[0::3])
        return (
            self._moved(zip(moved[0::3], moved[1::3], moved[2::3], strict=True), gained)
            if self._whole
            else None
        )

    def withdraw(self, row: int) -> Moved | None:
        """Somebody who travels alone is out. The best there is then, proven; else None."""
        root = self._person[row]
        if not self._whole or self._paired[row] or root in self._gone:
            self._whole = False
            return None
        at, pay_a, pay_b = self._array("at"), self._array("pay_a"), self._array("pay_b")
        room, home, before, bound = self._array("room"), self._array("fill"), at.copy(), self._bound()
        many, items, left = self._people, len(pay_b), int(at[root])
        at[root], pay_a[root], home[root] = -1, 0, 0
        self._gone.append(root)
        if left >= 0:
            # The same search from the side of the seats: the nearest who moves in, or the nearest seat that costs nothing.
            room[left] += 1
            there = np.flatnonzero(at >= 0).astype(np.int32)
            held = held_by(there, at[there], many)
            dist, came, back, heap, spot, seen, told = working(items, many)
            spot[self._gone] = -2
            graph = turned(self._array("first"), self._array("to"), self._array("worth"), items)
            state = (*graph, room, home, pay_b, pay_a, held)
            seating.call(paths.dearest, left, left + 1, 0, *state, dist, came, back, heap, spot, seen, told)
            at = held[0::2]
        there = np.flatnonzero(at >= 0).astype(np.int32)
        seat = held_by(at[there], there, items)
        for name, now in zip(
            ("at", "seat", "room", "fill", "pay_a", "pay_b"),
            (at, seat, room, home, pay_a, pay_b),
            strict=True,
        ):
            self._flat[name][: len(now)] = self._kept(now)
        who = np.flatnonzero(at != before)
        self._whole = (
            bool((pay_b >= self._low_b).all()) and self.proven() and self._nobody_divided(who.tolist())
        )
        moved = zip(who.tolist(), before[who].tolist(), at[who].tolist(), strict=True)
        return self._moved(moved, self._bound() - bound) if self._whole else None

    def proven(self) -> bool:
        """Whether the prices prove the seating, looked at from nothing: every way, seat and price."""
        first, to, worth = self._array("first"), self._array("to"), self._array("worth")
        pay_a, pay_b, at, room = (self._array(name) for name in ("pay_a", "pay_b", "at", "room"))
        here = np.ones(self._people, dtype=np.bool_)
        here[self._gone] = False
        person = np.repeat(np.arange(self._people), np.diff(first))
        lack = np.where(here[person], pay_a[person] + pay_b[to] - worth, 1)
        seated = np.flatnonzero(at >= 0)
        free = self._array("most") - np.bincount(at[seated], minlength=len(room))
        return bool(
            (lack >= 0).all()
            and ((lack == 0) & (to == at[person])).sum() == len(seated)
            and (free == room).all()
            and (room >= 0).all()
            and (pay_b >= 0).all()
            and not pay_b[room > 0].any()
            and (pay_a >= 0).all()
            and not pay_a[at < 0].any()
        )

    def alone(self) -> bool:
        """Whether no other seating is worth as much: nobody could go round in a circle, or along to a free seat, for nothing.

        False may be wrong, where half a pair would have to go along.
        """
        first, to, worth = self._array("first"), self._array("to"), self._array("worth")
        pay_a, pay_b, at, room = (self._array(name) for name in ("pay_a", "pay_b", "at", "room"))
        person = np.repeat(np.arange(self._people), np.diff(first))
        nowhere = len(pay_b) // 2
        here = np.where(at >= 0, at // 2, nowhere)
        tight = (pay_a[person] + pay_b[to] == worth) & (here[person] != to // 2)
        tight[np.isin(person, self._gone)] = False
        follows: dict[int, set[int]] = {}
        for one, there in zip(here[person[tight]].tolist(), (to[tight] // 2).tolist(), strict=True):
            follows.setdefault(one, set()).add(there)
        for one in here[(at >= 0) & (pay_a == 0)].tolist():
            follows.setdefault(one, set()).add(nowhere)
        empty = {nowhere, *(np.flatnonzero(room > 0) // 2).tolist()}
        cheap = {nowhere, *(np.flatnonzero((pay_b == 0) & (self._array("most") > 0)) // 2).tolist()}
        return not _leads_on(follows, cheap, empty) and not _goes_round(follows)

    def _reserve(self, ways: int) -> None:
        """Room for one person more and so many ways."""
        flat = self._flat
        if int(flat["first"][self._people]) + ways > len(flat["to"]):
            for name in _BY_WAY:
                flat[name] = self._longer(flat[name], len(flat["to"]) + ways, 0)
        if self._people + 1 >= len(flat["at"]):
            for name in _BY_PERSON:
                clean = -2 if name == "back" else _NEVER if name == "low" else 0
                flat[name] = self._longer(flat[name], self._people + 1, clean)

    def _longer(self, flat: Any, more: int, clean: int) -> Any:
        if isinstance(flat, list):
            return flat + [clean] * more
        return np.concatenate([flat, np.full(more, clean, dtype=flat.dtype)])

    def _kept(self, array: Any) -> Any:
        """As the core likes it best: arrays when it is compiled, lists when it is not."""
        return array if seating.COMPILED else array.tolist()

    def _array(self, name: str) -> Any:
        """What is kept, as far as it is in use."""
        flat = np.asarray(self._flat[name], dtype=np.int64 if name in _WIDE else np.int32)
        if name in _BY_WAY:
            return flat[: int(self._flat["first"][self._people])]
        if name in _BY_PERSON:
            return flat[: self._people + (name == "first")]
        return flat

    def _bound(self) -> int:
        """What the prices add up to, though it may not fit in 64 bits."""
        by_item = self._array("most") * self._array("pay_b")
        return _total(self._array("pay_a")) + _total(by_item)

    def _nobody_divided(self, persons: Iterable[int]) -> bool:
        at, row, paired = self._flat["at"], self._row, self._paired
        for one in persons:
            if paired[row[one]]:
                mine = self._person[row[one]]
                if at[mine] // 2 != at[mine + 1] // 2:
                    return False
        return True

    def _moved(self, moved: Iterable[tuple[int, int, int]], gained: int) -> Moved:
        """Items in place of hosts, where -1 // 2 = -1; from one item of a host to the other is no move."""
        moves = {self._row[one]: (old // 2, new // 2) for one, old, new in moved if old // 2 != new // 2}
        persons = (gained + self._credit // 2) // self._credit
        named = tuple((row, *hosts) for row, hosts in sorted(moves.items()))
        return Moved(named, persons, (gained - persons * self._credit) // 2)


def _total(values: Whole) -> int:
    return (int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum())


def _leads_on(follows: Mapping[int, Iterable[int]], begins: Iterable[int], ends: Container[int]) -> bool:
    """Whether some step or steps lead from a beginning to an end."""
    ahead = list(begins)
    seen = set(ahead)
    while ahead:
        for there in follows.get(ahead.pop(), ()):
            if there in ends:
                return True
            if there not in seen:
                seen.add(there)
                ahead.append(there)
    return False


def _goes_round(follows: Mapping[int, Iterable[int]]) -> bool:
    """Whether some steps lead back to where they began."""
    into = Counter(there for those in follows.values() for there in set(those))
    ahead = [one for one in follows if not into[one]]
    steps = sum(into.values())
    while ahead:
        for there in follows.get(ahead.pop(), ()):
            steps -= 1
            into[there] -= 1
            if not into[there]:
                ahead.append(there)
    return steps > 0
