"""Why two would not meet: the hard rules between one intern and one host, named one by one.

Says the same as the tables of `columns` (a test holds it), row by row and in codes that a page can put into words. What it
does not know is who else wanted the seat: that is the plan's to say.
"""

from typing import Final

from ipraktik_matching.puzzle.pieces import Host, Intern, Puzzle
from ipraktik_matching.puzzle.stay import agreed_days, common_windows, free_windows, weekdays

OBSTACLES: Final = (
    "pinned_elsewhere",
    "forbidden",
    "same_unit",
    "own_organisation",
    "no_common_dates",
    "no_common_days",
    "full",
)
"""Everything that can stand between the two, the most telling first."""


def obstacles(puzzle: Puzzle, intern: Intern, host: Host) -> tuple[str, ...]:
    """What keeps the intern, travelling alone, from the host; empty where nothing does."""
    pinned = dict(puzzle.pinned).get(intern.id, host.id)
    windows = common_windows([free_windows(row.available, puzzle.dates) for row in (intern, host)])
    longest = max(map(weekdays, windows), default=0)
    taken = sum(host_id == host.id for _, host_id in puzzle.fixed)
    found = {
        "pinned_elsewhere": pinned != host.id,
        "forbidden": (intern.id, host.id) in puzzle.forbidden,
        "same_unit": intern.workplace_id == host.workplace_id,
        "own_organisation": intern.organisation_id == host.organisation_id
        and intern.workplace_id != host.workplace_id
        and not intern.own_organisation,
        "no_common_dates": longest == 0,
        "no_common_days": longest > 0
        and not agreed_days(
            ranges=(intern.days, host.days), journey_types=(intern.journey_type,), longest=longest
        ),
        "full": taken >= host.capacity,
    }
    return tuple(code for code in OBSTACLES if found[code])
