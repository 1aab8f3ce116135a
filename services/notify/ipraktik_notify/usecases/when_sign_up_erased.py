"""A sign-up was erased: its contacts and its workplace's name go with it, and nothing more is sent to them."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import ParticipantErased
from ipraktik_notify.store import mails, people, sorting


async def when_sign_up_erased(tx: Transaction, event: CloudEvent) -> None:
    """Erase for good; the bare ids stay, so that a late record brings nothing back."""
    data = event.data
    assert isinstance(data, ParticipantErased)  # noqa: S101 - what the subscription says, for the type checker
    await people.end_participant(
        tx.conn, participant_id=data.participant_id, edition_id=data.edition_id, state="erased"
    )
    contacts = await people.contacts_of(tx.conn, participant_id=data.participant_id)
    await people.erase_contacts(tx.conn, contact_ids=contacts)
    await mails.drop_unsent(tx.conn, contact_ids=contacts, participant_id=data.participant_id)
    await sorting.note(tx.conn, refs=[data.participant_id], now=tx.now)
