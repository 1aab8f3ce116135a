"""Valid events, made short: a test states only what matters to it."""

import uuid
from datetime import UTC, date, datetime
from uuid import UUID

from ipraktik_contracts.events import (
    ContactChanged,
    MatchAccepted,
    MatchDeclined,
    MatchExpired,
    MatchProposed,
)

_EDITION = UUID("0190a000-0000-7000-8000-000000000001")


def proposed(placement: UUID | None = None) -> MatchProposed:
    """Tally notes it and asks for an evaluation."""
    return MatchProposed(
        placement_id=placement or uuid.uuid4(),
        edition_id=_EDITION,
        intern_id=uuid.uuid4(),
        host_id=uuid.uuid4(),
        group_id=None,
        run_id=None,
        origin="self_found",
        first_day=date(2018, 9, 10),
        last_day=date(2018, 9, 14),
        answer_by=datetime(2018, 6, 20, 10, 0, tzinfo=UTC),
        reasons=("field",),
    )


def accepted(placement: UUID | None = None) -> MatchAccepted:
    """Tally notes it, together with its neighbours."""
    return MatchAccepted(
        placement_id=placement or uuid.uuid4(),
        edition_id=_EDITION,
        intern_id=uuid.uuid4(),
        host_id=uuid.uuid4(),
        group_id=None,
        party="intern",
        both=False,
    )


def declined(placement: UUID | None = None) -> MatchDeclined:
    """Tally notes it alone."""
    return MatchDeclined(
        placement_id=placement or uuid.uuid4(),
        edition_id=_EDITION,
        intern_id=uuid.uuid4(),
        host_id=uuid.uuid4(),
        group_id=None,
        party="host",
        reason="dates",
    )


def expired(placement: UUID | None = None) -> MatchExpired:
    """Known, and tally does nothing about it."""
    return MatchExpired(
        placement_id=placement or uuid.uuid4(),
        edition_id=_EDITION,
        intern_id=uuid.uuid4(),
        host_id=uuid.uuid4(),
        group_id=None,
        silent=("host",),
    )


def contact(contact_id: UUID | None = None, *, name: str = "Name", epoch: int = 1) -> ContactChanged:
    """Tally keeps it until a tombstone."""
    return ContactChanged(
        contact_id=contact_id or uuid.uuid4(),
        participant_id=uuid.uuid4(),
        relation="self",
        name=name,
        email="somebody@example.org",
        language="da",
        epoch=epoch,
    )
