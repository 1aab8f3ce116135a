"""The placement that an act is about, locked together with its companions'."""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.store import placements


class NoSuchThing(LookupError):
    """There is no placement, run or edition with that id here."""


async def locked_placement(tx: Transaction, *, placement_id: UUID) -> tuple[Placement, list[Placement]]:
    """The placement, and everything that was locked with it. Raises NoSuchThing."""
    locked = await placements.lock(tx.conn, placement_ids=[placement_id])
    for placement in locked:
        if placement.placement_id == placement_id:
            return placement, locked
    raise NoSuchThing
