"""Others tell where a placement or an evaluation stands; the person's own page shows it, with its history. Nothing is decided here."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts import events
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import Event
from ipraktik_registration.domain.course import STANDING, Entry
from ipraktik_registration.store import overview

PLACEMENT_STATES: Final[dict[type[events.PlacementEvent], str]] = {
    events.MatchProposed: "proposed",
    events.MatchAccepted: "accepted",
    events.MatchDeclined: "declined",
    events.MatchExpired: "expired",
    events.MatchWithdrawn: "withdrawn",
    events.AgreementDrafted: "drafted",
    events.AgreementApproved: "drafted",
    events.AgreementRefused: "refused",
    events.AgreementSigned: "signed",
    events.AgreementAmended: "amended",
    events.AgreementLapsed: "lapsed",
    events.AgreementCancelled: "cancelled",
    events.InternshipCompleted: "completed",
    events.InternshipNotHeld: "not_held",
}
EVALUATION_STATES: Final[dict[type[Event], str]] = {
    events.EvaluationRequested: "requested",
    events.EvaluationSubmitted: "submitted",
    events.EvaluationExpired: "expired",
}


async def note_placement(tx: Transaction, event: CloudEvent) -> None:
    """A placement moved on."""
    fact = event.data
    if not isinstance(fact, events.PlacementEvent):
        raise TypeError("a placement's event is expected")
    state = PLACEMENT_STATES[type(fact)]
    if isinstance(fact, events.AgreementLapsed) and fact.standing_version is not None:
        state = "signed"
    respond_by: datetime | None = getattr(fact, "answer_by", None) or getattr(fact, "sign_by", None)
    days: tuple[date | None, date | None] = (
        getattr(fact, "first_day", None),
        getattr(fact, "last_day", None),
    )
    await overview.note_placement(
        tx.conn,
        placement_id=fact.placement_id,
        intern_id=fact.intern_id,
        host_id=fact.host_id,
        state=state,
        days=days,
        respond_by=respond_by,
        sequence=event.sequence,
    )
    await _note_entry(tx, event, about=fact.placement_id)


async def note_no_place(tx: Transaction, event: CloudEvent) -> None:
    """A run found no place for an intern."""
    fact = event.data
    if not isinstance(fact, events.MatchNotFound):
        raise TypeError("MatchNotFound is expected")
    await overview.note_no_place(
        tx.conn,
        participant_id=fact.participant_id,
        reason=fact.reason,
        final=fact.final,
        sequence=event.sequence,
    )
    await _note_entry(tx, event, about=fact.participant_id)


async def note_evaluation(tx: Transaction, event: CloudEvent) -> None:
    """An evaluation was asked for, given or ran out."""
    fact = event.data
    if not isinstance(
        fact, events.EvaluationRequested | events.EvaluationSubmitted | events.EvaluationExpired
    ):
        raise TypeError("an evaluation's event is expected")
    await overview.note_evaluation(
        tx.conn,
        evaluation_id=fact.evaluation_id,
        placement_id=fact.placement_id,
        party=fact.party,
        wave=fact.wave,
        state=EVALUATION_STATES[type(fact)],
        respond_by=fact.answer_by,
        sequence=event.sequence,
    )
    await _note_entry(tx, event, about=fact.evaluation_id)


async def _note_entry(tx: Transaction, event: CloudEvent, *, about: UUID) -> None:
    fact = event.data
    lapsed_beside = isinstance(fact, events.AgreementLapsed) and fact.standing_version is not None
    told = {
        name: getattr(fact, name, None)
        for name in ("party", "by", "version", "first_day", "last_day", "wave")
    }
    await overview.note_entry(
        tx.conn,
        Entry(
            about_id=about,
            sequence=event.sequence,
            kind=type(fact).__name__,
            at=event.time,
            party=told["party"] or (told["by"] if told["by"] in ("intern", "manager", "host") else None),
            version=told["version"],
            first_day=told["first_day"],
            last_day=told["last_day"],
            respond_by=getattr(fact, "answer_by", None) or getattr(fact, "sign_by", None),
            note=STANDING
            if lapsed_beside
            else told["wave"] or getattr(fact, "origin", None) or _reason(fact),
        ),
    )


def _reason(fact: Event) -> str | None:
    reason: str | None = getattr(fact, "reason", None)
    return reason
