"""An edition's frame came or changed: plan the follow-up of every stay that has not been followed up, by the new frame."""

from datetime import datetime
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_evaluation.store import editions, stays
from ipraktik_evaluation.usecases.follow_up_moment import follow_up_moment


async def when_edition_changed(
    tx: Transaction,
    *,
    edition_id: UUID,
    name: str,
    follow_up: int,
    mode: str | None = None,
    closes_at: datetime | None = None,
) -> None:
    """Keep the frame. A moment that the new frame puts into the past is due at once."""
    await editions.save_edition(
        tx.conn, edition_id=edition_id, name=name, follow_up=follow_up, mode=mode, closes_at=closes_at
    )
    waiting = await stays.stays_to_follow_up(tx.conn, edition_id=edition_id)
    moments = [
        (placement_id, follow_up_moment(last_day, months=follow_up)) for placement_id, last_day in waiting
    ]
    await stays.plan_follow_ups(tx.conn, moments=moments)
