"""Every fact goes this way: reminders that it settles are forgotten, the mails that it leads to are planned."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_notify.domain.drafts import Subjects, drafts_of
from ipraktik_notify.domain.reminders import asked_by, settled_by
from ipraktik_notify.store import mails, questions

_KEPT: Final = {
    *(
        "reason",
        "party",
        "both",
        "silent",
        "origin",
        "first_day",
        "last_day",
        "answer_by",
        "sign_by",
        "version",
    ),
    *("standing_version", "missing", "changed", "by", "final", "wave", "respond_by", "revision", "role"),
}


async def plan_mails_of(
    tx: Transaction,
    *,
    event: CloudEvent,
    subjects: Subjects,
    more: Mapping[str, Any] | None = None,
    coordinators: Sequence[UUID] = (),
) -> None:
    """Plan what the event leads to. `more` are facts from earlier events of the same aggregate; the event's own win."""
    name = type(event.data).__name__
    facts = {**(more or {}), **event.data.model_dump(mode="json", include=_KEPT, exclude_none=True)}
    kinds, party = settled_by(name, facts)
    if kinds:
        await mails.forget_reminders(tx.conn, subject_id=subjects.subject_id, kinds=kinds, party=party)
        await questions.settle(
            tx.conn, subject_id=subjects.subject_id, kinds=asked_by(kinds), party=party, now=tx.now
        )
    drafts = drafts_of(
        name, fact_id=event.id, facts=facts, subjects=subjects, now=event.time, coordinators=coordinators
    )
    await mails.plan(tx.conn, drafts=drafts, now=tx.now)
