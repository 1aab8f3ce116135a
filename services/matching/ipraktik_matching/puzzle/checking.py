"""Is this plan allowed? A second opinion, row by row in plain Python.

It shares the definitions of fit, companions and weekdays with the solver and nothing else: no tables, no prices, no
groups. It says whether a plan keeps the rules and tells the truth about itself, not whether a better one exists.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from ipraktik_matching.puzzle.format import digest
from ipraktik_matching.puzzle.pieces import Host, Intern, Puzzle, Window, companions
from ipraktik_matching.puzzle.plan import PINNED_HOST_CANNOT, REASONS_LEFT, Placement, Plan
from ipraktik_matching.puzzle.points import fit
from ipraktik_matching.puzzle.stay import weekdays


def check(puzzle: Puzzle, plan: Plan) -> list[str]:
    """Every problem of the plan, a sentence each; empty = the plan stands."""
    interns = {intern.id: intern for intern in puzzle.interns}
    hosts = {host.id: host for host in puzzle.hosts}
    known = [one for one in plan.placements if one.intern_id in interns and one.host_id in hosts]
    found = [
        f"The plan names {one.intern_id} at {one.host_id}, which the puzzle does not know."
        for one in plan.placements
        if one.intern_id not in interns or one.host_id not in hosts
    ]
    found += _everyone_once(puzzle, plan)
    for one in known:
        found += _of_placement(puzzle, one, interns[one.intern_id], hosts[one.host_id])
    found += _of_seats(puzzle, known, hosts)
    found += _of_companions(puzzle, known)
    found += _of_pins(puzzle, plan)
    found += _of_figures(puzzle, plan)
    return found


def _everyone_once(puzzle: Puzzle, plan: Plan) -> Iterator[str]:
    standing = Counter(intern_id for intern_id, _ in puzzle.fixed)
    placed = Counter(one.intern_id for one in plan.placements)
    left = Counter(one.intern_id for one in plan.unplaced)
    for intern in puzzle.interns:
        times = standing[intern.id] + placed[intern.id] + left[intern.id]
        if times != 1:
            yield f"Intern {intern.id} appears {times} times among standing, placed and left; it must be once."
    for one in plan.unplaced:
        if one.reason not in REASONS_LEFT:
            yield f"Intern {one.intern_id} is left for an unknown reason, {one.reason!r}."
    for intern_id in left.keys() - {intern.id for intern in puzzle.interns}:
        yield f"The plan leaves {intern_id}, whom the puzzle does not know."


def _of_placement(puzzle: Puzzle, one: Placement, intern: Intern, host: Host) -> Iterator[str]:
    where = f"Intern {intern.id} at host {host.id}"
    if intern.workplace_id == host.workplace_id:
        yield f"{where}: the same unit."
    if intern.organisation_id == host.organisation_id and not intern.own_organisation:
        yield f"{where}: the own organisation, which was not asked for."
    if (intern.id, host.id) in puzzle.forbidden:
        yield f"{where}: this pair is forbidden."
    for who, days in (("the intern", intern.days), ("the host", host.days)):
        if not days.min <= one.days <= days.max:
            yield f"{where}: {one.days} days, but {who} says {days.min} to {days.max}."
    if weekdays(one.window) < one.days:
        yield f"{where}: {one.days} days do not fit between {one.window[0]} and {one.window[1]}."
    for who, available in (("the intern", intern.available), ("the host", host.available)):
        if not _free(one.window, available, puzzle.dates):
            yield f"{where}: {who} is not free from {one.window[0]} to {one.window[1]}."
    points = fit(intern, host, puzzle=puzzle, days=one.days)
    if (one.fit, dict(one.parts), one.reasons) != (points.total, dict(points.parts), points.reasons):
        yield f"{where}: the fit is {points.total}, not {one.fit}, or its parts or reasons differ."


def _free(window: Window, available: tuple[Window, ...], dates: Window) -> bool:
    if not dates[0] <= window[0] <= window[1] <= dates[1]:
        return False
    days = (date.fromordinal(day) for day in range(window[0].toordinal(), window[1].toordinal() + 1))
    return not available or all(any(first <= day <= last for first, last in available) for day in days)


def _of_seats(puzzle: Puzzle, known: list[Placement], hosts: dict[str, Host]) -> Iterator[str]:
    taken = Counter(one.host_id for one in known)
    taken.update(host_id for _, host_id in puzzle.fixed)
    for host_id, persons in sorted(taken.items()):
        if persons > hosts[host_id].capacity:
            yield f"Host {host_id} would receive {persons} persons and has room for {hosts[host_id].capacity}."


def _of_companions(puzzle: Puzzle, known: list[Placement]) -> Iterator[str]:
    standing = dict(puzzle.fixed)
    placed = {one.intern_id: one for one in known}
    together = companions(puzzle.interns)
    for intern_id, here in sorted(placed.items()):
        other_id = together.get(intern_id, "")
        there = placed.get(other_id)
        if here.companion_id != (there.intern_id if there else None):
            yield f"Intern {intern_id} is not said to travel with the companion placed beside them."
        if other_id and (there.host_id if there else standing.get(other_id)) != here.host_id:
            yield f"Intern {intern_id} would go to host {here.host_id} without the companion {other_id}."
        elif there and (there.days, there.window) != (here.days, here.window):
            yield f"Intern {intern_id} and the companion {other_id} would not go at the same time."


def _of_pins(puzzle: Puzzle, plan: Plan) -> Iterator[str]:
    where = {one.intern_id: one.host_id for one in plan.placements}
    why = {one.intern_id: one.reason for one in plan.unplaced}
    pins = dict(puzzle.pinned)
    for intern_id, host_id in puzzle.pinned:
        if where.get(intern_id, host_id) != host_id:
            yield f"Intern {intern_id} is pinned to host {host_id} and would go to {where[intern_id]}."
        if why.get(intern_id, PINNED_HOST_CANNOT) != PINNED_HOST_CANNOT:
            yield f"Intern {intern_id} is pinned and left for another reason, {why[intern_id]}."
    for intern_id, reason in why.items():
        if reason == PINNED_HOST_CANNOT and intern_id not in pins:
            yield f"Intern {intern_id} is left because of a pin that the puzzle does not have."


def _of_figures(puzzle: Puzzle, plan: Plan) -> Iterator[str]:
    stats = plan.stats
    true = {
        "placed": len(plan.placements),
        "standing": len(puzzle.fixed),
        "total_fit": sum(one.fit for one in plan.placements),
        "seats": sum(host.capacity for host in puzzle.hosts) - len(puzzle.fixed),
        "hosts_used": len({one.host_id for one in plan.placements}),
        "input_digest": digest(puzzle),
    }
    for name, value in true.items():
        if getattr(stats, name) != value:
            yield f"The plan says {name} = {getattr(stats, name)}; it is {value}."
    if stats.placed > stats.count_bound:
        yield f"The plan places {stats.placed}, more than its own bound of {stats.count_bound}."
    if stats.count_proven and stats.total_fit > stats.fit_bound:
        yield f"The plan's fit is {stats.total_fit}, more than its own bound of {stats.fit_bound}."
