"""Tombstones: everything personal of these contacts goes, and nothing more is sent to them."""

from collections.abc import Sequence
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_notify.store import mails, people, sorting


async def when_contacts_erased(tx: Transaction, keys: Sequence[str]) -> None:
    """Erase for good. A key that is no id names no contact."""
    ids = [id for key in keys if (id := _id(key)) is not None]
    known = await people.contacts_by_id(tx.conn, contact_ids=ids)
    await people.erase_contacts(tx.conn, contact_ids=ids)
    await mails.drop_unsent(tx.conn, contact_ids=ids)
    await sorting.note(
        tx.conn, refs=[*ids, *(contact.participant_id for contact in known.values())], now=tx.now
    )


def _id(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None
