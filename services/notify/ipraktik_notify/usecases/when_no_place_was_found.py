"""A released solver run has no place for an intern: kind words, or a word that we go on looking."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import MatchNotFound
from ipraktik_notify.domain.drafts import Subjects
from ipraktik_notify.usecases.plan_mails_of import plan_mails_of


async def when_no_place_was_found(tx: Transaction, event: CloudEvent) -> None:
    """Plan the mail."""
    data = event.data
    assert isinstance(data, MatchNotFound)  # noqa: S101 - what the subscription says, for the type checker
    subjects = Subjects(
        subject_id=data.participant_id, participant_id=data.participant_id, edition_id=data.edition_id
    )
    await plan_mails_of(tx, event=event, subjects=subjects)
