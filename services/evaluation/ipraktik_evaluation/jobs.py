"""What happens by the clock: follow-ups come due, open evaluations run out."""

from ipraktik_chassis.database import Database
from ipraktik_chassis.jobs import Job
from ipraktik_evaluation.store.evaluations import next_expiry
from ipraktik_evaluation.store.stays import next_follow_up
from ipraktik_evaluation.usecases.expire_evaluations import expire_evaluations
from ipraktik_evaluation.usecases.request_follow_ups import request_follow_ups


def jobs(*, answer_days: int) -> tuple[Job, ...]:
    """Each job takes a hundred in one transaction and is called again while it is due."""

    async def follow_up(database: Database) -> int:
        async with database.transaction() as tx:
            return await request_follow_ups(tx, answer_days=answer_days)

    async def expire(database: Database) -> int:
        async with database.transaction() as tx:
            return await expire_evaluations(tx)

    return (
        Job(name="request_follow_ups", next_due=next_follow_up, run=follow_up),
        Job(name="expire_evaluations", next_due=next_expiry, run=expire),
    )
