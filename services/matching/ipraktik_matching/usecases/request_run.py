"""A coordinator asks for a solver run; a job takes it up."""

from uuid import UUID

from ipraktik_chassis.ids import new_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.store import editions, runs
from ipraktik_matching.usecases.common_stay import open_dates
from ipraktik_matching.usecases.locked_placement import NoSuchThing


async def request_run(tx: Transaction, *, edition_id: UUID, requested_by: str) -> UUID:
    """Queue a run and give back its id. Raises Refused, NoSuchThing."""
    edition = await editions.find(tx.conn, edition_id=edition_id)
    if edition is None:
        raise NoSuchThing
    first, last = open_dates(edition, now=tx.now)
    if last < first:
        raise Refused("edition_over")
    run_id = new_id(tx.now)
    await runs.add(tx.conn, run_id=run_id, edition_id=edition_id, requested_by=requested_by, now=tx.now)
    return run_id
