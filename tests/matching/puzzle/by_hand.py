"""Solves tiny puzzles by trying every plan: slow, plain and written apart from the solver, to be its judge."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from ipraktik_matching.puzzle import Host, Intern, Puzzle, fit

DAY = timedelta(days=1)
USUAL = {"tourist": (2, 2), "business_traveller": (3, 4), "adventurer": (4, 5), "own_idea": (2, 5)}


@dataclass(frozen=True)
class TriedPlan:
    """Who goes where (new placements only) and what it is worth."""

    where: tuple[tuple[str, str], ...]
    placed: int
    total_fit: int


def every_plan(puzzle: Puzzle) -> Iterator[TriedPlan]:
    """All plans that keep the hard rules, the empty one included."""
    standing = dict(puzzle.fixed)
    travelling = [intern for intern in puzzle.interns if intern.id not in standing]
    hosts = {host.id: host for host in puzzle.hosts}
    for choice in product([None, *hosts], repeat=len(travelling)):
        where = {one.id: to for one, to in zip(travelling, choice, strict=True) if to is not None}
        total = _worth(puzzle, standing, where, hosts)
        if total is not None:
            yield TriedPlan(tuple(sorted(where.items())), len(where), total)


def best_plans(puzzle: Puzzle) -> list[TriedPlan]:
    """All plans that place the most and, among those, fit best."""
    plans = list(every_plan(puzzle))
    best = max((plan.placed, plan.total_fit) for plan in plans)
    return [plan for plan in plans if (plan.placed, plan.total_fit) == best]


def most_persons(puzzle: Puzzle, intern_id: str) -> int:
    """The most that any plan with this one in it places, 0 where none has them; quicker than trying whole plans."""
    standing = dict(puzzle.fixed)
    groups: list[list[Intern]] = []
    for one in puzzle.interns:
        other = companion_of(puzzle, one)
        together = [one] if other is None or other.id in standing else [one, other]
        if one.id not in standing and together[0].id == min(member.id for member in together):
            groups.append(together)
    ways = [[host for host in puzzle.hosts if _suits(puzzle, standing, members, host)] for members in groups]
    taken = Counter(standing.values())

    def most(number: int, free: Counter[str], has_it: bool) -> int:
        if number == len(groups):
            return 0 if has_it else -len(puzzle.interns) - 1
        size = len(groups[number])
        found = most(number + 1, free, has_it)
        mine = has_it or intern_id in {one.id for one in groups[number]}
        for host in ways[number]:
            if free[host.id] >= size:
                found = max(found, size + most(number + 1, free - Counter({host.id: size}), mine))
        return found

    return max(0, most(0, Counter({one.id: one.capacity for one in puzzle.hosts}) - taken, False))


def _suits(puzzle: Puzzle, standing: dict[str, str], members: list[Intern], host: Host) -> bool:
    others = [other for one in members if (other := companion_of(puzzle, one))]
    joined = all(standing.get(other.id, host.id) == host.id for other in others)
    return (
        joined and agreed(puzzle, host, members) > 0 and all(_may_meet(puzzle, one, host) for one in members)
    )


def companion_of(puzzle: Puzzle, intern: Intern) -> Intern | None:
    """The companion, when the two name each other."""
    for other in puzzle.interns:
        if other.id == intern.companion_id and other.companion_id == intern.id:
            return other
    return None


def agreed(puzzle: Puzzle, host: Host, members: list[Intern]) -> int:
    """The days these agree on at the host, 0 for none."""
    longest = _longest(puzzle, host, members)
    possible = [
        n
        for n in range(1, longest + 1)
        if all(days.min <= n <= days.max for days in [host.days, *(one.days for one in members)])
    ]
    off = {n: sum(_off(one.journey_type, n) for one in members) for n in possible}
    closest = [n for n in possible if off[n] == min(off.values())]
    return max(closest, default=0)


def _worth(
    puzzle: Puzzle, standing: dict[str, str], where: dict[str, str], hosts: dict[str, Host]
) -> int | None:
    seats = Counter(standing.values()) + Counter(where.values())
    if any(seats[host_id] > host.capacity for host_id, host in hosts.items()):
        return None
    total = 0
    for intern in puzzle.interns:
        companion = companion_of(puzzle, intern)
        if intern.id in standing:
            continue
        if companion and companion.id not in standing and where.get(intern.id) != where.get(companion.id):
            return None
        if intern.id not in where:
            continue
        host = hosts[where[intern.id]]
        if companion and companion.id in standing and standing[companion.id] != host.id:
            return None
        together = [intern, companion] if companion and companion.id not in standing else [intern]
        days = agreed(puzzle, host, together)
        if days == 0 or not _may_meet(puzzle, intern, host):
            return None
        total += fit(intern, host, puzzle=puzzle, days=days).total
    return total


def _may_meet(puzzle: Puzzle, intern: Intern, host: Host) -> bool:
    if (intern.id, host.id) in puzzle.forbidden or intern.workplace_id == host.workplace_id:
        return False
    return intern.own_organisation or intern.organisation_id != host.organisation_id


def _longest(puzzle: Puzzle, host: Host, members: list[Intern]) -> int:
    longest = run = 0
    day = puzzle.dates[0]
    while day <= puzzle.dates[1]:
        if _free(host, day) and all(_free(one, day) for one in members):
            run += day.isoweekday() <= 5
        else:
            run = 0
        longest = max(longest, run)
        day += DAY
    return longest


def _free(row: Intern | Host, day: date) -> bool:
    return not row.available or any(first <= day <= last for first, last in row.available)


def _off(journey_type: str, days: int) -> int:
    fewest, most = USUAL[journey_type]
    return max(0, fewest - days, days - most)
