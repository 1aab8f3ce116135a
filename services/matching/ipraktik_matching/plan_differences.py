"""Two plans side by side: who changes host, who gains a place and who loses one. Pure; the order is that of the kinds, then of ids."""

from dataclasses import dataclass
from typing import Final

from ipraktik_matching.puzzle import Placement, Plan

KINDS: Final = ("loses", "changes", "gains", "other_days", "leaves", "joins")


@dataclass(frozen=True, slots=True)
class Difference:
    """One intern for whom the plans differ. `joins` and `leaves`: the intern is in one of the puzzles only."""

    kind: str
    intern_id: str
    before: Placement | None
    after: Placement | None


@dataclass(frozen=True, slots=True)
class Differences:
    """All of them, and how many interns have the same place in both."""

    found: tuple[Difference, ...]
    same: int

    def count(self, kind: str) -> int:
        """How many of that kind."""
        return sum(one.kind == kind for one in self.found)


def differences(before: Plan, after: Plan) -> Differences:
    """What the second plan does otherwise than the first."""
    was = {one.intern_id: one for one in before.placements}
    now = {one.intern_id: one for one in after.placements}
    known_before = was.keys() | {one.intern_id for one in before.unplaced}
    known_after = now.keys() | {one.intern_id for one in after.unplaced}
    found = []
    same = 0
    for intern_id in sorted(known_before | known_after):
        here, there = was.get(intern_id), now.get(intern_id)
        kind = _kind(here, there, intern_id in known_before, intern_id in known_after)
        if kind is None:
            same += here is not None
        else:
            found.append(Difference(kind, intern_id, here, there))
    found.sort(key=lambda one: (KINDS.index(one.kind), one.intern_id))
    return Differences(tuple(found), same)


def _kind(
    here: Placement | None, there: Placement | None, known_before: bool, known_after: bool
) -> str | None:
    if here is not None and there is not None:
        if here.host_id != there.host_id:
            return "changes"
        return None if here.days == there.days else "other_days"
    if here is not None:
        return "loses" if known_after else "leaves"
    if there is not None:
        return "gains" if known_before else "joins"
    return None
