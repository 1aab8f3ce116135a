"""A coordinator takes a placement back before the stay."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.leaving import coordinator_withdraws
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.store.history import Actor
from ipraktik_matching.usecases.locked_placement import locked_placement
from ipraktik_matching.usecases.record_changes import record_changes


async def withdraw_placement(tx: Transaction, *, placement_id: UUID, actor: Actor) -> Placement:
    """Take it back. Raises Refused, NoSuchThing."""
    placement, locked = await locked_placement(tx, placement_id=placement_id)
    change = coordinator_withdraws(placement, now=tx.now)
    now = await record_changes(tx, locked=locked, changes={placement_id: change}, actor=actor)
    return now[placement_id]
