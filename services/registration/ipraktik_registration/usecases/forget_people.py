"""Remove every person from sign-ups: contacts, names, texts, history and parked records. Ids stay.

The tombstone follows the deletion of earlier bodies from outbox and history, so that Kafka compacts what it has, and an empty
Kafka is never filled with what was forgotten.
"""

from collections.abc import Sequence
from uuid import UUID

from ipraktik_chassis import parked, published
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ContactChanged
from ipraktik_registration.store import contacts, named, participants
from ipraktik_registration.store.contacts import Contact


async def forget_people(
    tx: Transaction, *, participant_ids: Sequence[UUID], namespace: str, erased: bool
) -> None:
    """Forget the people of these sign-ups, which the caller has locked."""
    await forget_contacts(tx, await contacts.of(tx.conn, *participant_ids), namespace=namespace)
    await named.remove_all_of(tx.conn, *participant_ids)
    await participants.forget(tx.conn, *participant_ids, erased=erased)
    await parked.forget(tx.conn, keys=[str(one).encode() for one in participant_ids])


async def forget_contacts(tx: Transaction, people: Sequence[Contact], *, namespace: str) -> None:
    """Forget these contacts, here and on the contacts topic."""
    ids = [one.contact_id for one in people]
    if not ids:
        return
    keys = [str(one).encode() for one in ids]
    await contacts.forget(tx.conn, contact_ids=ids)
    await published.forget(tx.conn, topic=namespace + ContactChanged.TOPIC, keys=keys)
    await tx.erase(ContactChanged, *ids)
