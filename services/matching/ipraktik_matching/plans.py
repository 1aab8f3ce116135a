"""A plan as the release needs it: proposals by travelling group, and who is left."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from ipraktik_matching.puzzle import PlanError, plan_from_json

NotFoundReason = Literal["no_host_fits", "no_free_place", "companion_has_no_place"]
_REASONS: Final[Mapping[str, NotFoundReason]] = {
    "no_host_fits": "no_host_fits",
    "no_free_place": "no_free_place",
    "companion_has_no_place": "companion_has_no_place",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One intern at one host for so many days."""

    intern_id: UUID
    host_id: UUID
    days: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """One intern without a place, and why."""

    intern_id: UUID
    reason: NotFoundReason


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the solver proposes: `groups` hold one intern, or two companions at the same host."""

    groups: tuple[tuple[Place, ...], ...]
    unplaced: tuple[Unplaced, ...]


def proposals_of(plan: str) -> Proposals:
    """What the plan, as canonical JSON, proposes. Raises ValueError."""
    try:
        found = plan_from_json(plan)
    except PlanError as error:
        raise ValueError(" ".join(error.problems)) from None
    groups: dict[tuple[frozenset[str], str], list[Place]] = defaultdict(list)
    for one in found.placements:
        members = frozenset((one.intern_id, one.companion_id or one.intern_id))
        place = Place(UUID(one.intern_id), UUID(one.host_id), one.days, one.reasons)
        groups[members, one.host_id].append(place)
    return Proposals(
        groups=tuple(tuple(group) for group in groups.values()),
        unplaced=tuple(
            Unplaced(UUID(one.intern_id), _REASONS.get(one.reason, "no_free_place")) for one in found.unplaced
        ),
    )
