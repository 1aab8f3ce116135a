"""A party approves the version it has read; the third approval signs."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.agreement import approve
from ipraktik_matching.domain.facts import Party
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.store.history import Actor
from ipraktik_matching.usecases.locked_placement import locked_placement
from ipraktik_matching.usecases.record_changes import record_changes


async def approve_agreement(
    tx: Transaction, *, placement_id: UUID, party: Party, version: int, fingerprint: str, actor: Actor
) -> Placement:
    """Approve. Raises Refused, NoSuchThing."""
    placement, locked = await locked_placement(tx, placement_id=placement_id)
    change = approve(placement, party=party, version=version, fingerprint=fingerprint, now=tx.now)
    now = await record_changes(tx, locked=locked, changes={placement_id: change}, actor=actor)
    return now[placement_id]
