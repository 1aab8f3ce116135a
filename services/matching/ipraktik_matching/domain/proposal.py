"""The proposal's stage: it is made, answered by intern and host, and becomes accepted when both have said yes."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from ipraktik_matching.domain.days import end_of, start_of
from ipraktik_matching.domain.facts import (
    AnsweringParty,
    DeclineReason,
    MatchAccepted,
    MatchDeclined,
    MatchProposed,
    Origin,
    Party,
)
from ipraktik_matching.domain.placement import ANSWERING, Change, Placement, ended, settle
from ipraktik_matching.domain.refusals import Refused


def propose(
    *,
    placement_id: UUID,
    edition_id: UUID,
    intern_id: UUID,
    host_id: UUID,
    group_id: UUID | None,
    run_id: UUID | None,
    origin: Origin,
    reasons: tuple[str, ...],
    first_day: date,
    last_day: date,
    answer_by: datetime,
) -> Change:
    """A placement begins. A self-found pair counts as accepted by both from the first moment."""
    self_found = origin == "self_found"
    placement = Placement(
        placement_id=placement_id,
        edition_id=edition_id,
        intern_id=intern_id,
        host_id=host_id,
        group_id=group_id,
        run_id=run_id,
        origin=origin,
        reasons=reasons,
        first_day=first_day,
        last_day=last_day,
        answer_by=answer_by,
        state="accepted" if self_found else "proposed",
        accepted=frozenset(ANSWERING) if self_found else frozenset(),
    )
    return placement, (MatchProposed(run_id, origin, first_day, last_day, answer_by, reasons),)


def answer_deadline(*, today: date, answer_days: int, first_day: date) -> datetime:
    """Until when a proposal waits: the end of the last day for answers, and never into the stay itself."""
    return min(end_of(date.fromordinal(today.toordinal() + answer_days)), start_of(first_day))


def accept(placement: Placement, *, party: Party, now: datetime) -> Change:
    """A party says yes. Repeating it changes nothing."""
    placement, facts = settle(placement, now)
    asked = _asked(party)
    if asked in placement.accepted:
        return placement, facts
    if placement.state == "declined" and placement.ended_by == asked:
        raise Refused("answered_otherwise")
    if placement.state != "proposed":
        raise Refused("ended")
    accepted = placement.accepted | {asked}
    both = len(accepted) == len(ANSWERING)
    after = replace(placement, accepted=accepted, state="accepted" if both else "proposed")
    return after, (*facts, MatchAccepted(asked, both))


def decline(placement: Placement, *, party: Party, reason: DeclineReason, now: datetime) -> Change:
    """A party says no, and the placement ends. Repeating it changes nothing."""
    placement, facts = settle(placement, now)
    asked = _asked(party)
    if asked in placement.accepted:
        raise Refused("answered_otherwise")
    if placement.state == "declined" and placement.ended_by == asked:
        return placement, facts
    if placement.state != "proposed":
        raise Refused("ended")
    after, declined = ended(placement, "declined", MatchDeclined(asked, reason), by=asked, reason=reason)
    return after, (*facts, *declined)


def _asked(party: Party) -> AnsweringParty:
    if party == "manager":
        raise Refused("not_asked")
    return party
