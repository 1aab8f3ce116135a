"""The answer: who goes where, who is left and why, and what is proven about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ipraktik_matching.puzzle.pieces import Window
from ipraktik_matching.puzzle.proof import Certificate

NO_HOST_FITS: Final = "no_host_fits"
"""The hard rules leave no host at all, however many seats were free."""

COMPANION_HAS_NO_PLACE: Final = "companion_has_no_place"
"""Alone there would be a host, but none can take the two together (or none but a companion's fixed host, which does
not fit or is full)."""

NO_FREE_PLACE: Final = "no_free_place"
"""Some host fits, but every plan as good as this gives its seats to others."""

PINNED_HOST_CANNOT: Final = "pinned_host_cannot"
"""A coordinator pinned the intern to a host where the hard rules, the seats or the companion leave no way in."""

REASONS_LEFT: Final = (NO_HOST_FITS, COMPANION_HAS_NO_PLACE, NO_FREE_PLACE, PINNED_HOST_CANNOT)


class PlanError(RuntimeError):
    """The solver's plan did not stand up to `check`; it must not be used. `problems` has a sentence for each reason."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One intern at one host: so many days, somewhere in a window when both (and a companion) are free.

    `companion_id`: who is placed together with this intern, as one group. `fit` is the sum of `parts`; `reasons` are the codes a proposal may state.
    """

    intern_id: str
    host_id: str
    companion_id: str | None
    days: int
    window: Window
    fit: int
    parts: Mapping[str, int]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """Somebody without a place, and one of REASONS_LEFT."""

    intern_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Figures of the plan. Fixed placements are `standing` and in no other figure; `seats` are those free beside them.

    No plan places more than `count_bound`; none that places as many has a greater fit than `fit_bound`. `unique`: no
    other plan is as good in count, fit and lots, so any solver would have to give this one. The flags are false only
    where a limit of work stopped the search.
    """

    placed: int
    standing: int
    total_fit: int
    seats: int
    hosts_used: int
    count_bound: int
    fit_bound: int
    count_proven: bool
    fit_proven: bool
    unique: bool
    solver: str
    input_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """New placements and the people left, both in order of the intern's id. Fixed placements are not repeated.

    `certificate` proves the bounds of `stats` to whoever does not trust the solver (`certificate.verify`).
    """

    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    stats: Stats
    certificate: Certificate | None = None
