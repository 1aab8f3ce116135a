"""A contact came about or changed: keep the latest, so that mails that wait for the address can go."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import ContactChanged
from ipraktik_notify.store import people, sorting


async def when_contact_changed(tx: Transaction, event: CloudEvent) -> None:
    """Keep it unless it was erased."""
    data = event.data
    assert isinstance(data, ContactChanged)  # noqa: S101 - what the subscription says, for the type checker
    contact = people.Contact(
        contact_id=data.contact_id,
        participant_id=data.participant_id,
        relation=data.relation,
        name=data.name.replace("\x00", ""),
        email=data.email.replace("\x00", ""),
        language=data.language,
        unit_name=data.unit_name.replace("\x00", ""),
        epoch=data.epoch,
        role=_role(data),
    )
    await people.remember_contact(tx.conn, contact=contact)
    await sorting.note(tx.conn, refs=[data.contact_id, data.participant_id], now=tx.now)


def _role(data: ContactChanged) -> str | None:
    """What the record tells of its sign-up's role; nothing where somebody is only invited."""
    if data.relation == "manager" or data.motivation:
        return "intern"
    return "host" if data.relation == "reserve" or data.offer else None
