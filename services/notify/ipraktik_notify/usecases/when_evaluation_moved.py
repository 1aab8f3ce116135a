"""An evaluation is asked for, given, or run out: ask, and remind only who has not answered."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import EvaluationExpired, EvaluationRequested, EvaluationSubmitted
from ipraktik_notify.domain.drafts import Subjects
from ipraktik_notify.store import course, sorting
from ipraktik_notify.usecases.plan_mails_of import plan_mails_of


async def when_evaluation_moved(tx: Transaction, event: CloudEvent) -> None:
    """Keep and plan. Whose addresses these are comes from the placement, which may arrive later."""
    data = event.data
    assert isinstance(data, EvaluationRequested | EvaluationSubmitted | EvaluationExpired)  # noqa: S101 - for the types
    await course.remember_evaluation(
        tx.conn, evaluation_id=data.evaluation_id, placement_id=data.placement_id, party=data.party
    )
    await sorting.note(tx.conn, refs=[data.evaluation_id], now=tx.now)
    subjects = Subjects(
        subject_id=data.evaluation_id,
        edition_id=data.edition_id,
        placement_id=data.placement_id,
        aggregate_id=data.evaluation_id,
    )
    await plan_mails_of(tx, event=event, subjects=subjects)
