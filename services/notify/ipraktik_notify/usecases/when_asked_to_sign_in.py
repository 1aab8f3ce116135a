"""Somebody typed an address at the coordinators' sign-in: the coordinator whose address it is gets a link, and nobody else hears a word.

Invariants: an id that is no configured coordinator's leaves nothing behind; an address gets a few links an hour at most,
however often it is typed; what was asked long ago is not answered late.
"""

from collections.abc import Set
from datetime import timedelta
from typing import Final
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import SignInRequested
from ipraktik_notify.domain.drafts import Subjects
from ipraktik_notify.domain.lifetimes import SIGN_IN_LINK
from ipraktik_notify.store import mails
from ipraktik_notify.usecases.plan_mails_of import plan_mails_of

MOST_AN_HOUR: Final = 5


async def when_asked_to_sign_in(tx: Transaction, event: CloudEvent, *, coordinators: Set[UUID]) -> None:
    """Plan the mail. Requests of one address come one after the other (one key), so counting needs no lock."""
    data = event.data
    assert isinstance(data, SignInRequested)  # noqa: S101 - what the subscription says, for the type checker
    if data.contact_id not in coordinators or event.time + SIGN_IN_LINK <= tx.now:
        return
    asked = await mails.planned_since(
        tx.conn, contact_id=data.contact_id, kind="sign_in", since=tx.now - timedelta(hours=1)
    )
    if asked >= MOST_AN_HOUR:
        return
    subjects = Subjects(subject_id=data.contact_id, aggregate_id=data.aggregate_id)
    more = {"respond_by": (event.time + SIGN_IN_LINK).isoformat()}
    await plan_mails_of(tx, event=event, subjects=subjects, more=more, coordinators=[data.contact_id])
