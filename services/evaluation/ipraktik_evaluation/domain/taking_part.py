"""Who took part, by municipality, region, ministerial area and kind of host; small groups silent.

These facts of organisations are public by the events. The report keeps the same floor for them as for answers, so that it says
nothing of fewer than five people anywhere and a reader need not know which table is which.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ipraktik_contracts.municipalities import region_of
from ipraktik_evaluation.domain.signed_up import SignUp, Stay
from ipraktik_evaluation.domain.suppression import public_counts

UNKNOWN: Final = "unknown"
"""Where a fact has not been heard, or does not apply: a workplace abroad is in no municipality."""


@dataclass(frozen=True, slots=True)
class Group:
    """How many of a kind took part; None where that would speak of fewer than five, or let them be worked out."""

    code: str
    count: int | None


@dataclass(frozen=True, slots=True)
class TakingPart:
    """Participants of completed stays in five tables, each ordered by code."""

    municipalities: tuple[Group, ...]
    regions: tuple[Group, ...]
    ministerial_areas: tuple[Group, ...]
    host_sectors: tuple[Group, ...]
    host_ownerships: tuple[Group, ...]


def taking_part(*, sign_ups: Sequence[SignUp], stays: Sequence[Stay]) -> TakingPart:
    """Count participants; a region is the one on the first day of the participant's first stay."""
    known = {one.participant_id: one for one in sign_ups}
    first: dict[UUID, Stay] = {}
    for stay in sorted(stays, key=lambda one: one.first_day):
        first.setdefault(stay.intern_id, stay)
        first.setdefault(stay.host_id, stay)
    hosts = {stay.host_id for stay in stays}
    people = [(known[one], stay) for one, stay in first.items() if one in known]
    at_home = [one for one, _ in people if one.participant_id in hosts]
    return TakingPart(
        municipalities=_groups(one.municipality_code for one, _ in people),
        regions=_groups(
            region_of(one.municipality_code, stay.first_day) if one.municipality_code else None
            for one, stay in people
        ),
        ministerial_areas=_groups(one.ministerial_area for one, _ in people if one.sector == "state"),
        host_sectors=_groups(one.sector for one in at_home),
        host_ownerships=_groups(one.ownership for one in at_home),
    )


def counts_in(groups: Iterable[Mapping[str, object]]) -> dict[str, int | None]:
    """The counts of a published table by code, without what is not known."""
    return {
        str(one["code"]): count if isinstance(count := one["count"], int) else None
        for one in groups
        if one["code"] != UNKNOWN
    }


def _groups(codes: Iterable[str | None]) -> tuple[Group, ...]:
    counts = public_counts(Counter(code or UNKNOWN for code in codes))
    return tuple(Group(code, counts[code]) for code in sorted(counts))
