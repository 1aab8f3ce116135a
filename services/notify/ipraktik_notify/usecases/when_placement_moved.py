"""A placement went a step: keep how it stands and plan what its parties are told."""

from typing import Any, Final

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import AgreementCancelled, AgreementSigned, PlacementEvent
from ipraktik_notify.domain.drafts import Subjects
from ipraktik_notify.domain.preparing import lists_ahead, said_at_signing, stay_begins
from ipraktik_notify.domain.reminders import stay_over
from ipraktik_notify.store import course, mails, sorting
from ipraktik_notify.usecases.plan_mails_of import plan_mails_of

_STATE: Final = {
    "MatchProposed": "proposed",
    "MatchAccepted": "proposed",
    "MatchDeclined": "ended",
    "MatchExpired": "ended",
    "MatchWithdrawn": "ended",
    "AgreementCancelled": "ended",
    "InternshipCompleted": "ended",
    "InternshipNotHeld": "ended",
}


async def when_placement_moved(tx: Transaction, event: CloudEvent) -> None:
    """Keep and plan. Facts of earlier steps (days, deadlines, what was signed) go into the mails of this one."""
    data = event.data
    assert isinstance(data, PlacementEvent)  # noqa: S101 - what the subscription says, for the type checker
    placement = await course.follow_placement(
        tx.conn,
        placement_id=data.placement_id,
        edition_id=data.edition_id,
        intern_id=data.intern_id,
        host_id=data.host_id,
        state=_STATE.get(type(data).__name__, "agreement"),
        first_day=getattr(data, "first_day", None),
        last_day=getattr(data, "last_day", None),
        answer_by=getattr(data, "answer_by", None),
        sign_by=getattr(data, "sign_by", None),
        signed_version=data.version if isinstance(data, AgreementSigned) else None,
    )
    await sorting.note(tx.conn, refs=[data.placement_id], now=tx.now)
    subjects = Subjects(
        subject_id=data.placement_id,
        edition_id=data.edition_id,
        placement_id=data.placement_id,
        intern_id=data.intern_id,
        host_id=data.host_id,
    )
    facts = _standing(placement)
    if isinstance(data, AgreementSigned) or placement.state == "ended":
        await mails.forget_reserve(tx.conn, placement_id=data.placement_id)
    if isinstance(data, AgreementSigned):
        told = await mails.lists_told(tx.conn, placement_id=data.placement_id)
        ahead = lists_ahead(data.first_day, signed_at=event.time, told=told)
        facts["told"] = sorted(told)
        facts["told_now"] = said_at_signing(data.first_day, signed_at=event.time, told=told)
        facts["list_comes"] = any(kind == "prepare_before" for kind, _ in ahead)
    if isinstance(data, AgreementCancelled):
        facts["reserve_knows"] = await mails.reserve_knows(tx.conn, placement_id=data.placement_id)
    await plan_mails_of(tx, event=event, subjects=subjects, more=facts)


def _standing(placement: course.Placement) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for name in ("first_day", "last_day", "answer_by", "sign_by"):
        value = getattr(placement, name)
        if value is not None:
            facts[name] = value.isoformat()
    if placement.first_day is not None:
        facts["stay_begins"] = stay_begins(placement.first_day).isoformat()
    if placement.last_day is not None:
        facts["stay_over"] = stay_over(placement.last_day).isoformat()
    if placement.signed_version is not None:
        facts["signed_version"] = placement.signed_version
    return facts
