"""The intern writes, changes or deletes the note about practical needs."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.needs import Reader, check_written, may_write
from ipraktik_matching.domain.placement import settle
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.store import needs, participants
from ipraktik_matching.usecases.locked_placement import locked_placement


async def keep_practical_needs(tx: Transaction, *, placement_id: UUID, reader: Reader, note: str) -> None:
    """Keep the note; an empty one deletes what was there, at any time. Raises Refused, NoSuchThing."""
    if not may_write(reader):
        raise Refused("needs_of_another")
    # the lock keeps a cancellation or an erasure from passing by
    placement, _ = await locked_placement(tx, placement_id=placement_id)
    if not note:
        await needs.delete(tx.conn, placement_id=placement_id)
        return
    settled, _ = settle(placement, tx.now)
    until = check_written(settled, tx.now)
    if await participants.is_erased(tx.conn, participant_id=placement.intern_id):
        raise Refused("ended")
    await needs.write(tx.conn, placement_id=placement_id, note=note, now=tx.now, delete_at=until)
