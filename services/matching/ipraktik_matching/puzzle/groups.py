"""Who travels together: one person alone or two companions, in an order that the sequence of rows cannot change.

Interns with a fixed placement are not here; they keep their seat. Somebody whose companion has a fixed placement
travels alone and may only join that companion's host.
"""

from dataclasses import dataclass

from ipraktik_matching.puzzle.pieces import Host, Intern, Puzzle, companions


@dataclass(frozen=True, slots=True)
class Group:
    """One or two interns who are placed at one host or not at all; `joins` = the only host open to them, if any."""

    members: tuple[Intern, ...]
    joins: str | None = None


def by_lot(row: Intern | Host) -> tuple[str, str]:
    """The order of everything in the solver: by lot, and by id should two lots be the same."""
    return (row.lot, row.id)


def groups_of(puzzle: Puzzle) -> tuple[Group, ...]:
    """Everyone who is to be placed, in order of lot."""
    standing = dict(puzzle.fixed)
    together = companions(puzzle.interns)
    by_id = {intern.id: intern for intern in puzzle.interns}
    groups = []
    seen = set(standing)
    for intern in sorted(puzzle.interns, key=by_lot):
        if intern.id in seen:
            continue
        companion = by_id.get(together.get(intern.id, ""))
        if companion is None:
            groups.append(Group((intern,)))
        elif companion.id in standing:
            groups.append(Group((intern,), joins=standing[companion.id]))
        else:
            groups.append(Group((intern, companion)))
            seen.add(companion.id)
    return tuple(groups)
