"""A coordinator lets the held mails of an edition go."""

from datetime import datetime
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_notify.store import log


async def release_held_mails(tx: Transaction, *, edition_id: UUID, up_to: datetime | None = None) -> int:
    """What is held now goes; what comes later is held again while the edition says so. Returns how many.

    `up_to`: when the last mail that the coordinator has seen was held; what came after it stays.
    """
    return await log.release_held(tx.conn, edition_id=edition_id, now=tx.now, up_to=up_to)
