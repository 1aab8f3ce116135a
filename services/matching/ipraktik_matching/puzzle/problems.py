"""What can be wrong with a puzzle, one sentence each, all found in one go.

Wrong is what a program has mixed up: ids, ranges, seats that are given away twice. What a person may write in a
sign-up is never wrong here: a companion who names somebody else counts as none, as does a companion or a host in mind
who is not (or no longer) in this puzzle, or one sign-up would stop the puzzle for all.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ipraktik_matching.puzzle.pieces import Days, Host, Intern, Policy, Puzzle, Window, Wishes
from ipraktik_matching.puzzle.stay import MOST_DAYS, TYPICAL_DAYS

_LOT = re.compile(r"[0-9a-f]{1,128}")
_AREA = re.compile(r"(municipality|region|country):\S+")
_SEATS = (1, 2, 3)
MOST_POINTS = 1000


def problems_of(puzzle: Puzzle) -> list[str]:
    """Every problem of the puzzle, in a fixed order."""
    first, last = puzzle.dates
    found = [f"The edition's dates run backwards: {first} to {last}."] if last < first else []
    found += _of_ids(puzzle)
    for intern in puzzle.interns:
        found += _of_intern(intern)
    for host in puzzle.hosts:
        found += _of_host(host)
    found += _of_fixed(puzzle)
    found += _of_forbidden(puzzle)
    found += _of_pinned(puzzle)
    found += _of_proposals(puzzle)
    found += _of_policy(puzzle.policy)
    return found


def _of_ids(puzzle: Puzzle) -> Iterator[str]:
    ids = [intern.id for intern in puzzle.interns] + [host.id for host in puzzle.hosts]
    if any(not one.strip() for one in ids):
        yield "An intern or a host has an empty id."
    for one, times in Counter(ids).items():
        if times > 1:
            yield f"The id {one} is used by {times} interns or hosts; each needs an id of its own."


def _of_intern(intern: Intern) -> Iterator[str]:
    who = f"Intern {intern.id}"
    yield from _of_person(who, intern)
    if intern.journey_type not in TYPICAL_DAYS:
        yield f"{who}: the journey type {intern.journey_type!r} is none of {', '.join(TYPICAL_DAYS)}."
    if intern.companion_id == intern.id:
        yield f"{who}: nobody is their own companion."


def _of_host(host: Host) -> Iterator[str]:
    who = f"Host {host.id}"
    yield from _of_person(who, host)
    if host.capacity not in _SEATS:
        yield f"{who}: a host receives 1, 2 or 3 persons, not {host.capacity}."


def _of_person(who: str, row: Intern | Host) -> Iterator[str]:
    if not _LOT.fullmatch(row.lot):
        yield f"{who}: the lot must be 1-128 hexadecimal digits in lower case."
    yield from _of_days(who, row.days)
    yield from _of_available(who, row.available)
    yield from _of_areas(who, row.wishes)


def _of_days(who: str, days: Days) -> Iterator[str]:
    if not 1 <= days.min <= days.max <= MOST_DAYS:
        yield f"{who}: {days.min} to {days.max} days is no range; it goes upwards, within 1 to {MOST_DAYS}."


def _of_available(who: str, available: Iterable[Window]) -> Iterator[str]:
    for first, last in available:
        if last < first:
            yield f"{who}: available from {first} to {last} runs backwards."


def _of_areas(who: str, wishes: Wishes) -> Iterator[str]:
    for area in wishes.areas:
        if not _AREA.fullmatch(area):
            yield f"{who}: the area {area!r} is neither municipality:…, region:… nor country:…."


def _of_fixed(puzzle: Puzzle) -> Iterator[str]:
    interns = {intern.id for intern in puzzle.interns}
    capacity = {host.id: host.capacity for host in puzzle.hosts}
    for intern_id, host_id in puzzle.fixed:
        yield from _of_pair("Fixed", intern_id, host_id, interns, capacity)
        if (intern_id, host_id) in puzzle.forbidden:
            yield f"Intern {intern_id} and host {host_id} are both fixed and forbidden; one of the two is wrong."
    for intern_id, times in Counter(intern_id for intern_id, _ in puzzle.fixed).items():
        if times > 1:
            yield f"Intern {intern_id} has {times} fixed placements; a person holds one seat."
    for host_id, taken in Counter(host_id for _, host_id in puzzle.fixed).items():
        if host_id in capacity and taken > capacity[host_id]:
            yield f"Host {host_id} has {taken} fixed placements and receives {capacity[host_id]}."


def _of_forbidden(puzzle: Puzzle) -> Iterator[str]:
    interns = {intern.id for intern in puzzle.interns}
    hosts = {host.id for host in puzzle.hosts}
    for intern_id, host_id in sorted(puzzle.forbidden):
        yield from _of_pair("Forbidden", intern_id, host_id, interns, hosts)


def _of_pinned(puzzle: Puzzle) -> Iterator[str]:
    # More pins than seats is no problem here: seats go when people agree among themselves, and the plan says who is left.
    interns = {intern.id for intern in puzzle.interns}
    hosts = {host.id for host in puzzle.hosts}
    standing = {intern_id for intern_id, _ in puzzle.fixed}
    for intern_id, host_id in puzzle.pinned:
        yield from _of_pair("Pinned", intern_id, host_id, interns, hosts)
        if (intern_id, host_id) in puzzle.forbidden:
            yield f"Intern {intern_id} and host {host_id} are both pinned and forbidden; one of the two is wrong."
        if intern_id in standing:
            yield f"Intern {intern_id} is pinned and has a fixed placement; a person holds one seat."
    for intern_id, times in Counter(intern_id for intern_id, _ in puzzle.pinned).items():
        if times > 1:
            yield f"Intern {intern_id} is pinned {times} times; a person goes to one host."


def _of_proposals(puzzle: Puzzle) -> Iterator[str]:
    # A proposal that is forbidden by now is no problem: the rule wins, and who stood there is moved.
    interns = {intern.id for intern in puzzle.interns}
    hosts = {host.id for host in puzzle.hosts}
    standing = {intern_id for intern_id, _ in puzzle.fixed}
    for what, pairs in (("Open", puzzle.open), ("Drafted", puzzle.drafts)):
        for intern_id, host_id in pairs:
            yield from _of_pair(what, intern_id, host_id, interns, hosts)
            if intern_id in standing:
                yield f"Intern {intern_id} has a fixed placement and a proposal that may be moved; one of the two is wrong."
    for intern_id, times in Counter(one for one, _ in (*puzzle.open, *puzzle.drafts)).items():
        if times > 1:
            yield f"Intern {intern_id} has {times} proposals; a person has one at a time."


def _of_policy(policy: Policy) -> Iterator[str]:
    from ipraktik_matching.puzzle.points import POINTS

    for name, weight in sorted(policy.weights.items()):
        if name not in POINTS:
            yield f"Policy: {name[:40]!r} is no part of the fit; the parts are {', '.join(POINTS)}."
        elif not 0 <= weight <= MOST_POINTS:
            yield f"Policy: the weight of {name} is {weight}; it lies within 0 to {MOST_POINTS}."
    for name in ("keep_open", "keep_draft", "low_fit", "low_fit_percent"):
        if not 0 <= getattr(policy, name) <= MOST_POINTS:
            yield f"Policy: {name} is {getattr(policy, name)}; it lies within 0 to {MOST_POINTS}."


def _of_pair(
    what: str, intern_id: str, host_id: str, interns: Iterable[str], hosts: Iterable[str]
) -> Iterator[str]:
    # An unknown id may be two ids in the wrong order, which would silently drop a hard rule.
    if intern_id not in interns:
        yield f"{what} pair {intern_id} and {host_id}: the puzzle has no intern {intern_id}."
    if host_id not in hosts:
        yield f"{what} pair {intern_id} and {host_id}: the puzzle has no host {host_id}."
