"""A sign-up became valid, changed or was withdrawn: keep what mails must know of it, and tell its person where that is due."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import ParticipantRegistered, ParticipantUpdated, ParticipantWithdrawn
from ipraktik_notify.domain.drafts import Subjects
from ipraktik_notify.store import people, sorting
from ipraktik_notify.usecases.plan_mails_of import plan_mails_of


async def when_sign_up_changed(tx: Transaction, event: CloudEvent) -> None:
    """Keep and plan."""
    data = event.data
    if isinstance(data, ParticipantWithdrawn):
        await people.end_participant(
            tx.conn, participant_id=data.participant_id, edition_id=data.edition_id, state="withdrawn"
        )
    else:
        assert isinstance(data, ParticipantRegistered | ParticipantUpdated)  # noqa: S101 - for the type checker
        participant = people.Participant(
            participant_id=data.participant_id,
            edition_id=data.edition_id,
            role=data.role,
            organisation_name=data.workplace.organisation_name.replace("\x00", ""),
            state="registered",
        )
        await people.remember_participant(tx.conn, participant=participant)
    await sorting.note(tx.conn, refs=[data.participant_id], now=tx.now)
    subjects = Subjects(
        subject_id=data.participant_id, participant_id=data.participant_id, edition_id=data.edition_id
    )
    await plan_mails_of(tx, event=event, subjects=subjects)
