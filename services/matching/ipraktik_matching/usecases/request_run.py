"""A coordinator asks for a solver run; a job takes it up."""

from uuid import UUID

from ipraktik_chassis.ids import new_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_matching import policies
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.policies import USUAL, RunPolicy
from ipraktik_matching.store import editions, runs
from ipraktik_matching.usecases.common_stay import open_dates
from ipraktik_matching.usecases.locked_placement import NoSuchThing


async def request_run(
    tx: Transaction,
    *,
    edition_id: UUID,
    requested_by: str,
    run_id: UUID | None = None,
    policy: RunPolicy = USUAL,
) -> UUID:
    """Queue a run and give back its id. Raises Refused, NoSuchThing.

    Under the edition's lock: whoever asks, two runs of an edition are never under way at once. A page that may be sent twice
    draws the `run_id` beforehand: asking again for it changes nothing.
    """
    edition = await editions.find(tx.conn, edition_id=edition_id)
    if edition is None:
        raise NoSuchThing
    first, last = open_dates(edition, now=tx.now)
    if last < first:
        raise Refused("edition_over")
    kept = policies.written(policies.allowed(policy))
    await editions.lock(tx.conn, edition_id=edition_id)
    known = None if run_id is None else await runs.find(tx.conn, run_id=run_id)
    if known is not None:
        if known.edition_id != edition_id:
            raise NoSuchThing
        return known.run_id
    if await runs.under_way(tx.conn, edition_id=edition_id) is not None:
        raise Refused("run_under_way")
    run_id = run_id or new_id(tx.now)
    await runs.add(
        tx.conn, run_id=run_id, edition_id=edition_id, requested_by=requested_by, now=tx.now, policy=kept
    )
    return run_id
