"""A coordinator drops a mail that is held, and says why."""

from typing import Final
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_notify.store import again

REASONS: Final = ("not_needed", "told_otherwise", "wrong")


async def drop_held_mail(tx: Transaction, *, mail_id: UUID, reason: str, acted_by: str) -> bool:
    """Drop it; False where it is held no longer. Raises ValueError for a reason that there is not."""
    if reason not in REASONS:
        raise ValueError("choose one of the reasons")
    return await again.drop_held(tx.conn, mail_id=mail_id, reason=reason, acted_by=acted_by)
