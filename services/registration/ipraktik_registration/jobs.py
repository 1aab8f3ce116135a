"""What the clock brings: silence ends sign-ups that wait, and the people of those that ended are forgotten."""

from collections.abc import Sequence
from typing import Final

from ipraktik_chassis.database import Database
from ipraktik_chassis.jobs import Job
from ipraktik_registration.store import participants
from ipraktik_registration.usecases.expire_silent_sign_ups import expire_silent_sign_ups
from ipraktik_registration.usecases.forget_ended_sign_ups import forget_ended_sign_ups

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

    return (
        Job("expire_silent_sign_ups", participants.next_silence, expire),
        Job("forget_ended_sign_ups", participants.next_forgetting, forget),
    )
