"""The pieces of the puzzle: who wants to travel, who receives, and what already stands.

Plain data, nothing of it derived. A `Puzzle` that exists is right: it checks itself and all its rows when it is made
and names every problem at once (`PuzzleError`). Ids are opaque text. The order of rows carries no meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

Window = tuple[date, date]
"""A first and a last day, both included."""

Pair = tuple[str, str]
"""An intern's id and a host's id, in that order."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody asks for; an empty list means open to all.

    Areas are `municipality:<code>`, `region:<code>` or `country:<code>`.
    """

    fields: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Days:
    """The fewest and the most days somebody will stay or receive."""

    min: int
    max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Intern:
    """One person who wants to travel.

    `own_organisation` = asked for a stay within the own organisation. A companion counts only when the two name each
    other. `available` empty = all the edition's dates. `lot` is hex and decides between equals.
    """

    id: str
    organisation_id: str
    workplace_id: str
    field: str
    sector: str
    lot: str
    days: Days
    journey_type: str = "own_idea"
    municipality_code: str | None = None
    country: str = "DK"
    wishes: Wishes = Wishes()
    own_organisation: bool = False
    available: tuple[Window, ...] = ()
    companion_id: str | None = None
    host_in_mind_id: str | None = None
    unplaced_before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One workplace that receives `capacity` persons; its wishes are about whom it receives."""

    id: str
    organisation_id: str
    workplace_id: str
    field: str
    sector: str
    lot: str
    days: Days
    capacity: int = 1
    municipality_code: str | None = None
    country: str = "DK"
    wishes: Wishes = Wishes()
    available: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the organiser may turn without touching the rules; as it stands it changes nothing.

    `weights`: part of the fit to the most points it can give, instead of its usual ones. `keep_open`, `keep_draft`: points
    for leaving somebody where an unanswered or a drafted proposal has them. Whoever has less than `low_fit` points loses
    `low_fit_percent` of what is missing, so that few end up with very little; never more than there is.
    """

    weights: Mapping[str, int] = field(default_factory=dict)
    keep_open: int = 300
    keep_draft: int = 50
    low_fit: int = 0
    low_fit_percent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Puzzle:
    """Everything that decides a plan.

    `fixed`: placements that stand (sent, accepted, self-found); they keep their seat and no rule questions them.
    `forbidden`: pairs that must not meet (again): declined, withdrawn, refused by a coordinator.
    `pinned`: pairs a coordinator wants: that intern goes to that host or nowhere, before anybody who is not pinned. What the
    other hard rules do not allow is not done; the intern is then left with a reason of its own.
    `open` and `drafts`: where unanswered and drafted proposals have people now; they may be moved, at the price that the
    policy puts on it.
    `dates`: the edition's first and last day; every stay lies within them.
    `region_of`: municipality code to region code on those dates. `group_of`: field of work to its group of near fields.
    """

    interns: tuple[Intern, ...]
    hosts: tuple[Host, ...]
    dates: Window
    fixed: tuple[Pair, ...] = ()
    forbidden: frozenset[Pair] = frozenset()
    pinned: tuple[Pair, ...] = ()
    open: tuple[Pair, ...] = ()
    drafts: tuple[Pair, ...] = ()
    policy: Policy = Policy()
    region_of: Mapping[str, str] = field(default_factory=dict)
    group_of: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from ipraktik_matching.puzzle.problems import problems_of

        problems = problems_of(self)
        if problems:
            raise PuzzleError(problems)
        object.__setattr__(self, "region_of", MappingProxyType(dict(self.region_of)))
        object.__setattr__(self, "group_of", MappingProxyType(dict(self.group_of)))


class PuzzleError(ValueError):
    """The puzzle cannot be laid as it is written; `problems` holds one sentence for each reason."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


def companions(interns: tuple[Intern, ...]) -> dict[str, str]:
    """Who travels with whom: both directions of every pair whose two members name each other."""
    named = {intern.id: intern.companion_id for intern in interns}
    return {
        intern_id: other
        for intern_id, other in named.items()
        if other is not None and other != intern_id and named.get(other) == intern_id
    }
