"""The intern's note about practical needs (an allergy, an appointment): who writes it, who reads it, how long it lives.

Invariants: it stands beside the agreement, outside versions, fingerprints, events and history; nobody reads it but the intern and,
once all three have signed, the host's contact and reserve whom the signed version names; it is gone 30 days after the stay, and at
once where the stay will not be.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from ipraktik_matching.domain.days import end_of
from ipraktik_matching.domain.facts import Party
from ipraktik_matching.domain.placement import OUT, Placement
from ipraktik_matching.domain.refusals import Refused

MAX_NOTE: Final = 1000
KEPT: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody of the placement who would read the note."""

    contact_id: UUID
    party: Party
    relation: str


def may_write(reader: Reader) -> bool:
    """Whether it is the intern. They may always read and delete what they wrote."""
    return reader.party == "intern" and reader.relation == "self"


def may_read(placement: Placement, reader: Reader) -> bool:
    """Whether the note is for them now."""
    if may_write(reader):
        return True
    if reader.party != "host" or placement.standing is None or deleted_at(placement) is None:
        return False
    terms = placement.standing.terms
    named = {terms.host_contact_id, terms.host_reserve_id} - {None}
    # an agreement that names nobody leaves the host's own contact, who stands for the host in everything
    return reader.contact_id in named if named else reader.relation == "self"


def check_written(placement: Placement, now: datetime) -> datetime:
    """Until when a note written now is kept. Raises Refused where none can be written."""
    if placement.current is None and placement.state == "proposed":
        raise Refused("no_agreement_yet")
    until = deleted_at(placement)
    if until is None or placement.state not in ("drafted", "signed"):
        raise Refused("ended")
    if placement.stay_begun(now):
        raise Refused("needs_too_late")
    return until


def deleted_at(placement: Placement) -> datetime | None:
    """When a note is deleted; None where none is kept: nothing is agreed, or the stay will not be."""
    current = placement.standing or placement.draft
    if current is None or placement.state in OUT or placement.state == "not_held":
        return None
    return end_of(date.fromordinal(current.terms.last_day.toordinal() + KEPT.days))
