"""Drafts that nobody goes on with are forgotten, here and on the contacts topic."""

from collections.abc import Sequence
from uuid import UUID

from ipraktik_chassis import parked, published
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ContactChanged
from ipraktik_registration.domain.drafts import Draft
from ipraktik_registration.store import drafts


async def forget_stale_drafts(tx: Transaction, *, namespace: str, limit: int) -> int:
    """Forget those whose time is over; how many."""
    due = await drafts.stale(tx.conn, now=tx.now, limit=limit)
    await drafts.remove(tx.conn, *(participant_id for participant_id, _, _ in due))
    await _forget_contacts(tx, [contact_id for _, contact_id, saved in due if saved], namespace=namespace)
    return len(due)


async def forget_draft(tx: Transaction, *, draft: Draft, namespace: str) -> None:
    """Forget this one, because its owner says so. The caller holds its lock."""
    await drafts.remove(tx.conn, draft.participant_id)
    await forget_contact_of_draft(tx, draft=draft, namespace=namespace)


async def forget_contact_of_draft(tx: Transaction, *, draft: Draft, namespace: str) -> None:
    """Erase the draft's contact where it was ever said."""
    if draft.saved_at is not None:
        await _forget_contacts(tx, [draft.contact_id], namespace=namespace)


async def _forget_contacts(tx: Transaction, contact_ids: Sequence[UUID], *, namespace: str) -> None:
    """Here and for everybody who listens: bodies go from outbox and history, a tombstone follows."""
    if not contact_ids:
        return
    keys = [str(one).encode() for one in contact_ids]
    await published.forget(tx.conn, topic=namespace + ContactChanged.TOPIC, keys=keys)
    await parked.forget(tx.conn, keys=keys)
    await tx.erase(ContactChanged, *contact_ids)
