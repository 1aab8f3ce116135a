"""A coordinator takes a placement back before the stay."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.leaving import coordinator_withdraws
from ipraktik_matching.domain.placement import OUT, Placement
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.store.history import Actor, Entry
from ipraktik_matching.usecases.locked_placement import locked_placement
from ipraktik_matching.usecases.record_changes import record_changes


async def withdraw_placement(
    tx: Transaction, *, placement_id: UUID, actor: Actor, comment: str = "", seen: str | None = None
) -> Placement:
    """Take it back; the comment stands in the history alone. Raises Refused, NoSuchThing.

    `seen` is the state that the coordinator looked at: a signed agreement is not called off by who saw a proposal.
    """
    placement, locked = await locked_placement(tx, placement_id=placement_id)
    if seen is not None and placement.state not in (seen, *OUT):
        raise Refused("moved_on")
    change = coordinator_withdraws(placement, now=tx.now)
    entry = Entry(placement_id, type(change[1][-1]).__name__, comment=comment) if change[1] else None
    now = await record_changes(tx, locked=locked, changes={placement_id: change}, actor=actor, entry=entry)
    return now[placement_id]
