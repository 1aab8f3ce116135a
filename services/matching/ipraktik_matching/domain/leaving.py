"""Endings that come from outside the placement: a sign-up leaves, a companion is out, a coordinator takes it back.

Before a draft exists that is a withdrawal, afterwards a cancellation; once the stay has begun it ends nothing.
"""

from datetime import datetime

from ipraktik_matching.domain.facts import (
    AgreementCancelled,
    AnsweringParty,
    CancellationReason,
    Canceller,
    MatchWithdrawn,
    WithdrawalReason,
)
from ipraktik_matching.domain.placement import ENDED, Change, Placement, ended, settle
from ipraktik_matching.domain.refusals import Refused


def participant_leaves(placement: Placement, *, party: AnsweringParty, erased: bool, now: datetime) -> Change:
    """The intern's or the host's sign-up was taken back or erased."""
    if erased:
        return _take_back(placement, by=party, withdrawal="erased", cancellation="erased", now=now)
    if party == "intern":
        return _take_back(
            placement, by=party, withdrawal="intern_withdrew", cancellation="intern_withdrew", now=now
        )
    return _take_back(placement, by=party, withdrawal="host_withdrew", cancellation="host_withdrew", now=now)


def companion_leaves(placement: Placement, *, now: datetime) -> Change:
    """The travel companion's placement ended before the stay, which frees this one too."""
    return _take_back(
        placement, by="programme", withdrawal="companion_out", cancellation="companion_out", now=now
    )


def moved_elsewhere(placement: Placement) -> Change:
    """A proposal that nobody has answered gives way to another for the same intern, which a coordinator releases with it."""
    if placement.state != "proposed" or placement.accepted:
        raise ValueError("only a proposal that nobody has answered is moved")
    return ended(placement, "withdrawn", MatchWithdrawn("coordinator"), by="coordinator", reason="moved")


def coordinator_withdraws(placement: Placement, *, now: datetime) -> Change:
    """A coordinator takes the placement back. Repeating it changes nothing."""
    settled, facts = settle(placement, now)
    if settled.ended_by == "coordinator" and settled.state in ("withdrawn", "cancelled"):
        return settled, facts
    if settled.state in ENDED:
        raise Refused("ended")
    if settled.stay_begun(now):
        raise Refused("stay_begun")
    return _take_back(
        placement, by="coordinator", withdrawal="coordinator", cancellation="coordinator", now=now
    )


def _take_back(
    placement: Placement,
    *,
    by: Canceller,
    withdrawal: WithdrawalReason,
    cancellation: CancellationReason,
    now: datetime,
) -> Change:
    placement, facts = settle(placement, now)
    if placement.state in ENDED or placement.stay_begun(now):
        return placement, facts
    if placement.state in ("proposed", "accepted"):
        end = ended(placement, "withdrawn", MatchWithdrawn(withdrawal), by=by, reason=withdrawal)
    else:
        end = ended(placement, "cancelled", AgreementCancelled(by, cancellation), by=by, reason=cancellation)
    return end[0], (*facts, *end[1])
