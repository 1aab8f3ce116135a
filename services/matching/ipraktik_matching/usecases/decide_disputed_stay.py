"""A coordinator decides where the parties contradict each other about the stay."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.facts import NotHeldReason
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.domain.stay import decide
from ipraktik_matching.store.history import Actor, Entry
from ipraktik_matching.usecases.locked_placement import locked_placement
from ipraktik_matching.usecases.record_changes import record_changes


async def decide_disputed_stay(
    tx: Transaction,
    *,
    placement_id: UUID,
    held: bool,
    reason: NotHeldReason = "other",
    actor: Actor,
    comment: str = "",
) -> Placement:
    """Decide held or not held; the comment stands in the history alone. Raises Refused, NoSuchThing."""
    placement, locked = await locked_placement(tx, placement_id=placement_id)
    change = decide(placement, held=held, reason=reason, now=tx.now)
    entry = Entry(placement_id, type(change[1][-1]).__name__, comment=comment) if change[1] else None
    now = await record_changes(tx, locked=locked, changes={placement_id: change}, actor=actor, entry=entry)
    return now[placement_id]
