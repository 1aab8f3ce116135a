"""What happens by the clock: sort what has arrived, write due reminders, give up what waited in vain, send what is ready, deliver
to webhooks, forget old attempts and sign-in links that nobody used."""

from datetime import datetime, timedelta
from typing import Any, Final

from ipraktik_chassis.clock import Clock, at_local, local_day
from ipraktik_chassis.database import Database
from ipraktik_chassis.jobs import Job, stopping
from ipraktik_notify.delivering.courier import Courier
from ipraktik_notify.metrics import WebhookMetrics
from ipraktik_notify.store import deliveries, mails, queue, sign_ins, sorting
from ipraktik_notify.usecases.send_due_mails import Post, send_due_mails
from ipraktik_notify.usecases.sort_waiting_mails import sort_waiting_mails

_GAUGE_SECONDS: Final = 5.0
ATTEMPTS_KEPT: Final = timedelta(days=30)


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
    """Due while there is a mail that may be tried now. Replicas share the mails by slices, so none waits for another."""

    async def next_due(conn: Any) -> datetime | None:
        if post.patience.server_rests:
            return None
        return await queue.oldest_ready(conn, but=post.patience.resting())

    async def run(database: Database) -> int:
        return await send_due_mails(database, post=post, stopping=stopping)

    return Job("send mails", next_due, run, shared=True)


def delivering_job(courier: Courier, *, metrics: WebhookMetrics, clock: Clock) -> Job:
    """Due while a webhook has something to get. It only sets the deliveries going, which then take the time they take."""
    shown_at = -_GAUGE_SECONDS

    async def next_due(conn: Any) -> datetime | None:
        nonlocal shown_at
        if clock.monotonic() - shown_at >= _GAUGE_SECONDS:
            shown_at = clock.monotonic()
            metrics.show(await deliveries.behind(conn), now=clock.now())
        return await courier.next_due(conn)

    async def run(database: Database) -> int:
        async with database.reading() as conn:
            return await courier.set_out(conn)

    return Job("deliver to webhooks", next_due, run)


def forgetting_job(clock: Clock) -> Job:
    """Due in the night after the oldest attempt of the delivery log has become too old: once a day at most."""

    async def next_due(conn: Any) -> datetime | None:
        oldest = await deliveries.oldest(conn)
        return None if oldest is None else at_local(local_day(oldest) + ATTEMPTS_KEPT + timedelta(days=1))

    async def run(database: Database) -> int:
        async with database.transaction() as tx:
            before = at_local(local_day(clock.now()) - ATTEMPTS_KEPT)
            return await deliveries.forget(tx.conn, before=before)

    return Job("forget old attempts", next_due, run)


def sweeping_job() -> Job:
    """Due when a sign-in link that nobody used has run out."""

    async def run(database: Database) -> int:
        async with database.transaction() as tx:
            return await sign_ins.sweep(tx.conn, now=tx.now)

    return Job("sweep sign-ins", sign_ins.oldest, run)
