"""What the clock decides: proposals expire, versions lapse, stays are held by silence."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.placement import settle
from ipraktik_matching.store import placements
from ipraktik_matching.store.history import CLOCK
from ipraktik_matching.usecases.record_changes import record_changes


async def pass_deadlines(tx: Transaction, *, limit: int = 100) -> int:
    """Work off what is due now, so many at most; returns how many placements were changed."""
    due = await placements.due(tx.conn, now=tx.now, limit=limit)
    if not due:
        return 0
    locked = await placements.lock(tx.conn, placement_ids=due)
    settled = {placement.placement_id: settle(placement, tx.now) for placement in locked}
    changes = {placement_id: change for placement_id, change in settled.items() if change[1]}
    await record_changes(tx, locked=locked, changes=changes, actor=CLOCK)
    return len(changes)
