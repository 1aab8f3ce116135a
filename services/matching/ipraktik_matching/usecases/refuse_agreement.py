"""A party does not approve a version. The comment stays in the history, for a coordinator to read."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.agreement import refuse
from ipraktik_matching.domain.facts import Party, RefusalReason
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.store.history import Actor, Entry
from ipraktik_matching.usecases.locked_placement import locked_placement
from ipraktik_matching.usecases.record_changes import record_changes


async def refuse_agreement(
    tx: Transaction,
    *,
    placement_id: UUID,
    party: Party,
    version: int,
    reason: RefusalReason,
    comment: str = "",
    actor: Actor,
) -> Placement:
    """Refuse. Raises Refused, NoSuchThing."""
    placement, locked = await locked_placement(tx, placement_id=placement_id)
    change = refuse(placement, party=party, version=version, reason=reason, now=tx.now)
    entry = Entry(placement_id, "AgreementRefused", party, version, comment)
    now = await record_changes(
        tx, locked=locked, changes={placement_id: change}, actor=actor, entry=entry if change[1] else None
    )
    return now[placement_id]
