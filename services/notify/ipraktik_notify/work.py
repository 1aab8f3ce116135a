"""Composition of `work`: what notify listens to and does by the clock. The one place that reads the signing key for mails."""

from datetime import datetime
from typing import Any

from ipraktik_chassis.links import LinkMinter
from ipraktik_chassis.service import Context, Work
from ipraktik_chassis.settings import SettingsWrong
from ipraktik_chassis.transaction import Origin
from ipraktik_contracts.envelope import source_urn
from ipraktik_notify.delivering.calling import caller_of
from ipraktik_notify.delivering.courier import Courier
from ipraktik_notify.events import subscriptions
from ipraktik_notify.jobs import (
    delivering_job,
    forgetting_job,
    giving_up_job,
    reminding_job,
    sending_job,
    sorting_job,
    sweeping_job,
)
from ipraktik_notify.mailing.links import LinkWriter
from ipraktik_notify.mailing.message import sender_of
from ipraktik_notify.mailing.patience import Patience
from ipraktik_notify.mailing.smtp import MailServer
from ipraktik_notify.mailing.writing import Writer
from ipraktik_notify.metrics import MailMetrics, WebhookMetrics
from ipraktik_notify.settings import NotifySettings
from ipraktik_notify.store import queue
from ipraktik_notify.usecases.send_due_mails import Post


def compose(context: Context) -> Work:
    """The work of one process. Raises SettingsWrong where the signing key is not set, which `serve` does without."""
    settings: NotifySettings = context.settings
    if settings.link_private_key_file is None:
        raise SettingsWrong(
            ["LINK_PRIVATE_KEY_FILE: notify signs the links in mails; name the PEM file of the key"]
        )
    minter = LinkMinter(settings.link_private_key_file.read_bytes())
    post = Post(
        clock=context.clock,
        writer=Writer(settings, sender_of(settings.mail_from), LinkWriter(minter, settings)),
        server=MailServer(settings.smtp_url, encrypted=not settings.local_stack),
        patience=Patience(first_seconds=settings.mail_retry_seconds, monotonic=context.clock.monotonic),
        metrics=MailMetrics(context.registry),
        connections=settings.mail_connections,
    )
    clock, mail_metrics = context.clock, post.metrics
    webhook_metrics = WebhookMetrics(context.registry)
    courier = Courier(
        database=context.database,
        clock=clock,
        origin=Origin(source_urn(settings.organiser, context.service), settings.topic_namespace),
        caller=caller_of(settings, monotonic=clock.monotonic),
        metrics=webhook_metrics,
    )

    async def unsettled(conn: Any) -> int:
        return await queue.unsettled(conn) + courier.under_way

    async def show(conn: Any, now: datetime) -> None:
        mail_metrics.show(await queue.standing(conn), now=now)

    return Work(
        subscriptions=subscriptions(coordinators=list(settings.coordinators())),
        jobs=[
            sorting_job(),
            reminding_job(),
            giving_up_job(),
            delivering_job(courier, metrics=webhook_metrics, clock=clock),
            forgetting_job(clock),
            sweeping_job(),
            sending_job(post),
        ],
        pending=unsettled,
        closing=courier.close,
        show=show,
    )
