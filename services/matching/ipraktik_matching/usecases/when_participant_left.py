"""A sign-up was taken back or erased: its open placements end, and after an erasure nobody's texts are left in them."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.leaving import participant_leaves
from ipraktik_matching.domain.placement import ENDED
from ipraktik_matching.store import (
    approvals,
    contacts,
    editions,
    history,
    needs,
    pair_rules,
    participants,
    placements,
)
from ipraktik_matching.store.history import REGISTRATION
from ipraktik_matching.usecases.record_changes import record_changes


async def when_participant_left(
    tx: Transaction, *, participant_id: UUID, edition_id: UUID, erased: bool
) -> None:
    """Mark the sign-up and end what is not yet begun; companions are freed with it."""
    await editions.lock(tx.conn, edition_id=edition_id)
    await participants.leave(tx.conn, participant_id=participant_id, edition_id=edition_id, erased=erased)
    locked = await placements.lock_of_participant(tx.conn, participant_id=participant_id)
    changes = {
        placement.placement_id: participant_leaves(
            placement,
            party="intern" if placement.intern_id == participant_id else "host",
            erased=erased,
            now=tx.now,
        )
        for placement in locked
        if participant_id in (placement.intern_id, placement.host_id) and placement.state not in ENDED
    }
    await record_changes(tx, locked=locked, changes=changes, actor=REGISTRATION)
    if erased:
        await contacts.blank_of_participant(tx.conn, participant_id=participant_id)
        await placements.blank_texts(tx.conn, participant_id=participant_id)
        await approvals.blank_of_participant(tx.conn, participant_id=participant_id)
        await needs.delete_of_participant(tx.conn, participant_id=participant_id)
        await history.blank_comments(tx.conn, participant_id=participant_id)
        await pair_rules.blank_comments(tx.conn, participant_id=participant_id)
