"""A coordinator stops a run that waits or is being solved; whoever solves it notices and keeps no plan."""

from typing import Final
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.store import runs
from ipraktik_matching.usecases.locked_placement import NoSuchThing

SENTENCE: Final = "A coordinator stopped the run."


async def cancel_run(tx: Transaction, *, run_id: UUID, by: str) -> bool:
    """Whether the run is stopped, by this act or by an earlier one; false where it had ended already. Raises NoSuchThing."""
    if await runs.cancel(tx.conn, run_id=run_id, by=by, now=tx.now, sentence=SENTENCE):
        return True
    run = await runs.find(tx.conn, run_id=run_id)
    if run is None:
        raise NoSuchThing
    return run.cancelled
