"""Intern or host answers a proposal. The second yes is followed by the agreement's draft."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.facts import DeclineReason, Party
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.domain.proposal import accept as say_yes
from ipraktik_matching.domain.proposal import decline as say_no
from ipraktik_matching.store.history import Actor
from ipraktik_matching.usecases.draft_agreement import draft_agreement
from ipraktik_matching.usecases.locked_placement import locked_placement
from ipraktik_matching.usecases.record_changes import record_changes


async def answer_proposal(
    tx: Transaction,
    *,
    placement_id: UUID,
    party: Party,
    accept: bool,
    reason: DeclineReason = "other",
    actor: Actor,
) -> Placement:
    """Say yes or no. Raises Refused, NoSuchThing."""
    placement, locked = await locked_placement(tx, placement_id=placement_id)
    if accept:
        after, facts = say_yes(placement, party=party, now=tx.now)
        if after.state == "accepted":
            after, drafted = await draft_agreement(tx, placement=after)
            facts += drafted
    else:
        after, facts = say_no(placement, party=party, reason=reason, now=tx.now)
    now = await record_changes(tx, locked=locked, changes={placement_id: (after, facts)}, actor=actor)
    return now[placement_id]
