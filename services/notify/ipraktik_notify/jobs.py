"""What happens by the clock: sort what has arrived, write due reminders, give up what waited in vain, send what is ready."""

from datetime import datetime
from typing import Any, Final

from ipraktik_chassis.database import Database
from ipraktik_chassis.jobs import Job
from ipraktik_notify.store import mails, queue, sorting
from ipraktik_notify.usecases.send_due_mails import Post, send_due_mails
from ipraktik_notify.usecases.sort_waiting_mails import sort_waiting_mails

_GAUGE_SECONDS: Final = 5.0


def sorting_job() -> Job:
    """Due as soon as anything has arrived that a waiting mail may have waited for."""

    async def run(database: Database) -> int:
        async with database.transaction() as tx:
            return await sort_waiting_mails(tx)

    return Job("sort mails", sorting.oldest, run)


def reminding_job() -> Job:
    """Due when the next planned reminder is."""

    async def run(database: Database) -> int:
        async with database.transaction() as tx:
            return await mails.release_reminders(tx.conn, now=tx.now)

    return Job("remind", mails.next_reminder, run)


def giving_up_job() -> Job:
    """Due when a mail has waited in vain for long enough."""

    async def run(database: Database) -> int:
        async with database.transaction() as tx:
            return await mails.give_up_waiting(tx.conn, now=tx.now)

    return Job("give up waiting", mails.next_give_up, run)


def sending_job(post: Post) -> Job:
    """Due while there is a mail that may be tried now."""
    shown_at = -_GAUGE_SECONDS

    async def next_due(conn: Any) -> datetime | None:
        nonlocal shown_at
        if post.clock.monotonic() - shown_at >= _GAUGE_SECONDS:
            shown_at = post.clock.monotonic()
            post.metrics.show_states(await queue.counts(conn))
        if post.patience.server_rests:
            return None
        return await queue.oldest_ready(conn, but=post.patience.resting())

    async def run(database: Database) -> int:
        return await send_due_mails(database, post=post)

    return Job("send mails", next_due, run)
