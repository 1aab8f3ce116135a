"""A request: one contact is asked for something or told something, before or beside the public facts."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import RequestEvent
from ipraktik_notify.domain.drafts import Subjects
from ipraktik_notify.usecases.plan_mails_of import plan_mails_of


async def when_asked_to_write(tx: Transaction, event: CloudEvent) -> None:
    """Plan the mail."""
    data = event.data
    assert isinstance(data, RequestEvent)  # noqa: S101 - what the subscription says, for the type checker
    subjects = Subjects(
        subject_id=data.participant_id,
        participant_id=data.participant_id,
        contact_id=data.contact_id,
        aggregate_id=data.aggregate_id,
    )
    await plan_mails_of(tx, event=event, subjects=subjects)
