"""The report of an edition came out: the coordinators are told where it is."""

from collections.abc import Sequence
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import ReportPublished
from ipraktik_notify.domain.drafts import Subjects
from ipraktik_notify.usecases.plan_mails_of import plan_mails_of


async def when_report_published(tx: Transaction, event: CloudEvent, *, coordinators: Sequence[UUID]) -> None:
    """Plan a mail per configured coordinator."""
    data = event.data
    assert isinstance(data, ReportPublished)  # noqa: S101 - what the subscription says, for the type checker
    subjects = Subjects(subject_id=data.edition_id, edition_id=data.edition_id, aggregate_id=data.edition_id)
    await plan_mails_of(tx, event=event, subjects=subjects, coordinators=coordinators)
