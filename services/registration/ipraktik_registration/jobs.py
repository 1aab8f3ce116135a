"""What the clock brings: silence ends sign-ups that wait, the people of those that ended are forgotten, and so are drafts."""

from collections.abc import Sequence
from typing import Final

from ipraktik_chassis.database import Database
from ipraktik_chassis.jobs import Job
from ipraktik_registration.store import drafts, imports, participants
from ipraktik_registration.usecases.expire_silent_sign_ups import expire_silent_sign_ups
from ipraktik_registration.usecases.forget_drafts import forget_stale_drafts
from ipraktik_registration.usecases.forget_ended_sign_ups import forget_ended_sign_ups
from ipraktik_registration.usecases.import_sign_ups import forget_lists

BATCH: Final = 100
"""Sign-ups in one transaction: short enough that nobody who acts meanwhile notices the locks."""


def jobs(*, namespace: str) -> Sequence[Job]:
    """The service's jobs. `namespace` is that of its topics."""

    async def expire(database: Database) -> int:
        async with database.transaction() as tx:
            return await expire_silent_sign_ups(tx, limit=BATCH)

    async def forget(database: Database) -> int:
        async with database.transaction() as tx:
            return await forget_ended_sign_ups(tx, namespace=namespace, limit=BATCH)

    async def forget_drafts(database: Database) -> int:
        async with database.transaction() as tx:
            return await forget_stale_drafts(tx, namespace=namespace, limit=BATCH)

    async def forget_brought(database: Database) -> int:
        async with database.transaction() as tx:
            return await forget_lists(tx)

    return (
        Job("expire_silent_sign_ups", participants.next_silence, expire),
        Job("forget_ended_sign_ups", participants.next_forgetting, forget),
        Job("forget_stale_drafts", drafts.next_forgetting, forget_drafts),
        Job("forget_brought_lists", imports.next_end, forget_brought),
    )
