"""Whether a coordinator's word on a pair makes sense today: a must that could never be kept is refused when it is entered.

What is true today may not be tomorrow (somebody leaves, a seat is taken); such a must is reported by the run instead. A never
always makes sense, but against a must for the same pair.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from ipraktik_matching.domain.refusals import Refused

Kind = Literal["must", "never"]
MUST_REASONS: Final = ("agreed", "special_needs", "balance", "other_must")
NEVER_REASONS: Final = ("know_each_other", "asked_not_to", "conflict", "other_never")
MAX_COMMENT: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """What is known today about an intern and a host.

    `standing_of` maps interns with a seat to its host and `must_of` pinned interns to theirs, both in this edition;
    `companion_id` only where the two name each other. `seats` is what the host receives in all.
    """

    intern_id: UUID
    host_id: UUID
    same_unit: bool
    own_organisation: bool
    common_days: bool
    tried: bool
    seats: int
    companion_id: UUID | None
    standing_of: Mapping[UUID, UUID]
    must_of: Mapping[UUID, UUID]
    never: Sequence[tuple[UUID, UUID]]


def allow(meeting: Meeting, kind: Kind) -> None:
    """Pass if the rule makes sense. Raises Refused."""
    pair = (meeting.intern_id, meeting.host_id)
    if kind == "never":
        if meeting.must_of.get(meeting.intern_id) == meeting.host_id:
            raise Refused("rule_contradicts")
        return
    if pair in meeting.never:
        raise Refused("rule_contradicts")
    if meeting.intern_id in meeting.standing_of:
        raise Refused("rule_intern_seated")
    if meeting.must_of.get(meeting.intern_id, meeting.host_id) != meeting.host_id:
        raise Refused("rule_pinned_elsewhere")
    if meeting.same_unit:
        raise Refused("rule_same_unit")
    if meeting.own_organisation:
        raise Refused("rule_own_organisation")
    if meeting.tried:
        raise Refused("rule_tried")
    if not meeting.common_days:
        raise Refused("rule_no_common_days")
    _companion_allows(meeting)
    if _seats_wanted(meeting) > meeting.seats:
        raise Refused("rule_host_full")


def _companion_allows(meeting: Meeting) -> None:
    other = meeting.companion_id
    if other is None:
        return
    where = meeting.standing_of.get(other) or meeting.must_of.get(other)
    if where not in (None, meeting.host_id) or (other, meeting.host_id) in meeting.never:
        raise Refused("rule_companion_elsewhere")


def _seats_wanted(meeting: Meeting) -> int:
    """Seats of the host that are taken, pinned, or would be by this must, a companion's included."""
    here = {one for one, host_id in meeting.standing_of.items() if host_id == meeting.host_id}
    here |= {one for one, host_id in meeting.must_of.items() if host_id == meeting.host_id}
    here.add(meeting.intern_id)
    if meeting.companion_id is not None:
        here.add(meeting.companion_id)
    return len(here)
