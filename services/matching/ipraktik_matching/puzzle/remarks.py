"""What is odd about a puzzle without being wrong: it can be laid, but somebody should look.

What a person writes in a sign-up never stops the puzzle for all (`problems` says what does). Each remark is a sentence that
names the rows; they do not change the plan.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from ipraktik_matching.puzzle.pieces import Host, Intern, Puzzle, companions

_NAMED = 5


def remarks_of(puzzle: Puzzle) -> list[str]:
    """Every remark on the puzzle, in a fixed order."""
    found = [*_of_numbers(puzzle), *_of_companions(puzzle), *_of_hosts_in_mind(puzzle), *_of_pins(puzzle)]
    return [*found, *_of_places(puzzle), *_of_fields(puzzle)]


def _of_numbers(puzzle: Puzzle) -> Iterator[str]:
    travelling = len(puzzle.interns) - len(puzzle.fixed)
    seats = sum(host.capacity for host in puzzle.hosts) - len(puzzle.fixed)
    if not puzzle.interns:
        yield "There are no interns: the plan is empty."
    if not puzzle.hosts:
        yield "There are no hosts: nobody can be placed."
    elif seats < travelling:
        yield f"{travelling} interns are to be placed and {seats} seats are free: {travelling - seats} or more are left."


def _of_companions(puzzle: Puzzle) -> Iterator[str]:
    together = companions(puzzle.interns)
    by_id = {intern.id: intern for intern in puzzle.interns}
    for intern in sorted(puzzle.interns, key=lambda one: one.id):
        other = by_id.get(intern.companion_id or "")
        if intern.companion_id is None or intern.id in together:
            continue
        if other is None:
            yield f"Intern {intern.id} names the companion {intern.companion_id}, who is not in the puzzle, and travels alone."
        elif other.companion_id is None:
            yield f"Intern {intern.id} names the companion {other.id}, who names nobody: both travel alone."
        else:
            yield f"Intern {intern.id} names the companion {other.id}, who names {other.companion_id}: {intern.id} travels alone."
    wide = {host.capacity >= 2 for host in puzzle.hosts}
    if together and puzzle.hosts and True not in wide:
        yield f"{len(together) // 2} pairs want to travel together and no host receives more than one person."


def _of_hosts_in_mind(puzzle: Puzzle) -> Iterator[str]:
    hosts = {host.id: host for host in puzzle.hosts}
    wanted: dict[str, list[str]] = defaultdict(list)
    for intern in sorted(puzzle.interns, key=lambda one: one.id):
        if intern.host_in_mind_id is not None:
            wanted[intern.host_in_mind_id].append(intern.id)
    for host_id, interns in sorted(wanted.items()):
        if host_id not in hosts:
            yield f"{_names('Intern', interns)} in mind the host {host_id}, who is not in the puzzle."
        elif len(interns) > hosts[host_id].capacity:
            seats = hosts[host_id].capacity
            yield f"{_names('Intern', interns)} in mind the host {host_id}, who receives {seats}."


def _of_pins(puzzle: Puzzle) -> Iterator[str]:
    capacity = {host.id: host.capacity for host in puzzle.hosts}
    taken = Counter(host_id for _, host_id in (*puzzle.fixed, *puzzle.pinned))
    for host_id, persons in sorted(taken.items()):
        if persons > capacity[host_id]:
            yield f"Host {host_id} receives {capacity[host_id]}, but {persons} are fixed or pinned there: somebody is left."
    pins, together = dict(puzzle.pinned), companions(puzzle.interns)
    for intern_id, host_id in sorted(pins.items()):
        other = together.get(intern_id, "")
        if pins.get(other, host_id) != host_id and intern_id < other:
            yield f"The companions {intern_id} and {other} are pinned to different hosts: both are left."


def _of_places(puzzle: Puzzle) -> Iterator[str]:
    if not puzzle.region_of:
        return
    unknown: dict[str, list[str]] = defaultdict(list)
    for row in _rows(puzzle):
        if row.country == "DK" and row.municipality_code not in puzzle.region_of:
            unknown[str(row.municipality_code)].append(row.id)
    for code, ids in sorted(unknown.items()):
        place = "no municipality" if code == "None" else f"the municipality {code}, which has no region here"
        yield f"{_list(ids)}: {place}; a wish for a region never meets it."
    regions = set(puzzle.region_of.values())
    asked: dict[str, list[str]] = defaultdict(list)
    for row in _rows(puzzle):
        for area in row.wishes.areas:
            kind, _, code = area.partition(":")
            known = {"region": regions, "municipality": puzzle.region_of}.get(kind)
            if known is not None and code not in known:
                asked[area].append(row.id)
    for area, ids in sorted(asked.items()):
        yield f"{_list(ids)}: wishes for {area}, which is nowhere in this puzzle."


def _of_fields(puzzle: Puzzle) -> Iterator[str]:
    if not puzzle.group_of:
        return
    unknown: dict[str, list[str]] = defaultdict(list)
    for row in _rows(puzzle):
        for field in {row.field, *row.wishes.fields} - puzzle.group_of.keys():
            unknown[field].append(row.id)
    for field, ids in sorted(unknown.items()):
        yield f"{_list(ids)}: the field {field!r} is in no group, so no other field is near it."


def _rows(puzzle: Puzzle) -> list[Intern | Host]:
    return sorted((*puzzle.interns, *puzzle.hosts), key=lambda row: row.id)


def _list(ids: list[str]) -> str:
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + more


def _names(what: str, ids: list[str]) -> str:
    return f"{what} {ids[0]} has" if len(ids) == 1 else f"{what}s {_list(ids)} have"
