"""A contact came about, changed or was erased. Nothing of a placement depends on it; pages and links do."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ContactChanged
from ipraktik_matching.store import approvals, contacts, participants
from ipraktik_matching.store.contacts import Contact


async def when_contact_changed(tx: Transaction, *, event: ContactChanged) -> None:
    """Keep the contact without its address; of an erased sign-up, without any text (its tombstone is still on the way)."""
    if await participants.is_erased(tx.conn, participant_id=event.participant_id):
        event = event.model_copy(
            update={"name": "", "motivation": "", "offer": "", "job_title": "", "unit_name": ""}
        )
    await contacts.save(
        tx.conn,
        Contact(
            contact_id=event.contact_id,
            participant_id=event.participant_id,
            relation=event.relation,
            name=event.name,
            language=event.language,
            epoch=event.epoch,
            motivation=event.motivation,
            offer=event.offer,
            job_title=event.job_title,
            unit_name=event.unit_name,
        ),
    )


async def when_contact_erased(tx: Transaction, *, contact_ids: list[UUID]) -> None:
    """Forget the contacts, and their names where they approved; only the marker stays."""
    await contacts.erase(tx.conn, contact_ids=contact_ids)
    await approvals.blank_of_contacts(tx.conn, contact_ids=contact_ids)
