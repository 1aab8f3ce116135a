"""A party approves the version it has read; the third approval signs. Who it was, by name, is kept with the approval."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.agreement import approve
from ipraktik_matching.domain.facts import Party
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.store import approvals, contacts
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
    contact = None if actor.name is None else await contacts.find(tx.conn, contact_id=UUID(actor.name))
    if contact is not None and change[1]:
        await approvals.add(
            tx.conn, placement_id=placement_id, version=version, party=party, contact=contact, now=tx.now
        )
    return now[placement_id]
