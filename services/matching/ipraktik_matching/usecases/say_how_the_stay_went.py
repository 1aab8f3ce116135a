"""A party says whether the stay was held. A word that ends nothing yet is kept in the history too."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.facts import NotHeldReason, Party
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.domain.stay import say
from ipraktik_matching.store.history import Actor, Entry
from ipraktik_matching.usecases.locked_placement import locked_placement
from ipraktik_matching.usecases.record_changes import record_changes


async def say_how_the_stay_went(
    tx: Transaction,
    *,
    placement_id: UUID,
    party: Party,
    held: bool,
    reason: NotHeldReason = "other",
    actor: Actor,
) -> Placement:
    """Say held or not held. Raises Refused, NoSuchThing."""
    placement, locked = await locked_placement(tx, placement_id=placement_id)
    change = say(placement, party=party, held=held, reason=reason, now=tx.now)
    word = Entry(placement_id, "SaidHeld" if held else "SaidNotHeld", party)
    now = await record_changes(
        tx, locked=locked, changes={placement_id: change}, actor=actor, entry=None if change[1] else word
    )
    return now[placement_id]
