"""A coordinator asks for a solver run; a job takes it up."""

from uuid import UUID

from ipraktik_chassis.ids import new_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.store import editions, runs
from ipraktik_matching.usecases.common_stay import open_dates
from ipraktik_matching.usecases.locked_placement import NoSuchThing


async def request_run(
    tx: Transaction, *, edition_id: UUID, requested_by: str, run_id: UUID | None = None
) -> UUID:
    """Queue a run and give back its id. Raises Refused, NoSuchThing.

    A page that may be sent twice draws the `run_id` beforehand: asking again for it changes nothing, and two runs of an
    edition are not under way at once. Without it every asking is a run of its own.
    """
    edition = await editions.find(tx.conn, edition_id=edition_id)
    if edition is None:
        raise NoSuchThing
    first, last = open_dates(edition, now=tx.now)
    if last < first:
        raise Refused("edition_over")
    if run_id is not None:
        await editions.lock(tx.conn, edition_id=edition_id)
        known = await runs.find(tx.conn, run_id=run_id)
        if known is not None:
            if known.edition_id != edition_id:
                raise NoSuchThing
            return run_id
        if await runs.under_way(tx.conn, edition_id=edition_id) is not None:
            raise Refused("run_under_way")
    run_id = run_id or new_id(tx.now)
    await runs.add(tx.conn, run_id=run_id, edition_id=edition_id, requested_by=requested_by, now=tx.now)
    return run_id
