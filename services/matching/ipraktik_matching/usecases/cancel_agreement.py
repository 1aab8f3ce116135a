"""A party calls the agreement off before the stay."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.agreement import cancel
from ipraktik_matching.domain.facts import CancellationReason, Party
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.store.history import Actor
from ipraktik_matching.usecases.locked_placement import locked_placement
from ipraktik_matching.usecases.record_changes import record_changes


async def cancel_agreement(
    tx: Transaction, *, placement_id: UUID, party: Party, reason: CancellationReason, actor: Actor
) -> Placement:
    """Cancel. Raises Refused, NoSuchThing."""
    placement, locked = await locked_placement(tx, placement_id=placement_id)
    change = cancel(placement, party=party, reason=reason, now=tx.now)
    now = await record_changes(tx, locked=locked, changes={placement_id: change}, actor=actor)
    return now[placement_id]
