"""Look which waiting mails have become complete through what has arrived since the last look."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_notify.store import sorting


async def sort_waiting_mails(tx: Transaction) -> int:
    """Take a handful of arrivals and let go what they completed; how many arrivals were taken."""
    refs = await sorting.take(tx.conn)
    if refs:
        await sorting.complete(tx.conn, refs=refs, now=tx.now)
    return len(refs)
