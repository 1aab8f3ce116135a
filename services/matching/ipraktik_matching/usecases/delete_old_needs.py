"""The clock deletes notes about practical needs, 30 days after the stay."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.store import needs


async def delete_old_needs(tx: Transaction) -> int:
    """Delete what is due; how many notes."""
    return await needs.delete_due(tx.conn, now=tx.now)
