"""What its owner or a coordinator does to a webhook: change it, move it back or on, pause it, resume it, give it a new secret.

The position outlives all of it but an explicit cursor. Whatever is changed begins with a clean count of failures.
"""

from dataclasses import replace
from datetime import timedelta

from ipraktik_chassis.transaction import Transaction
from ipraktik_notify.domain.callback import Callback
from ipraktik_notify.domain.cursor import Cursor
from ipraktik_notify.store import event_log, webhooks
from ipraktik_notify.store.webhooks import Webhook
from ipraktik_notify.usecases.make_webhook import new_secret
from ipraktik_notify.usecases.read_events import check_cursor


async def change_webhook(
    tx: Transaction,
    *,
    webhook: Webhook,
    callback: Callback | None = None,
    owner_email: str | None = None,
    language: str | None = None,
    after: Cursor | None = None,
) -> Webhook:
    """Change what is given. An attempt that waits for its time is due at once. Raises CursorRefused."""
    if after is not None:
        await check_cursor(tx.conn, cursor=after, end=await event_log.head(tx.conn))
    changed = replace(
        _afresh(webhook),
        url=callback.url if callback else webhook.url,
        owner_email=owner_email or webhook.owner_email,
        language=language or webhook.language,
        position=webhook.position if after is None else after.position,
    )
    return await webhooks.change(tx.conn, webhook=changed, now=tx.now)


async def pause_webhook(tx: Transaction, *, webhook: Webhook) -> Webhook:
    """Deliver nothing more until it is resumed. One that is paused stays as it is."""
    if webhook.state == "paused":
        return webhook
    return await webhooks.change(
        tx.conn, webhook=replace(_afresh(webhook), state="paused", reason="owner"), now=tx.now
    )


async def resume_webhook(tx: Transaction, *, webhook: Webhook) -> Webhook:
    """Deliver again, at once, from where it stands. One that is active, too: what waits for its time is tried now."""
    return await webhooks.change(
        tx.conn, webhook=replace(_afresh(webhook), state="active", reason=None), now=tx.now
    )


async def renew_secret(tx: Transaction, *, webhook: Webhook, overlap: timedelta) -> Webhook:
    """A new secret; the one until now signs beside it for as long as the overlap. One from before that is void."""
    changed = replace(
        webhook,
        secret=new_secret(),
        former_secret=webhook.secret if overlap else None,
        former_until=tx.now + overlap if overlap else None,
    )
    return await webhooks.change(tx.conn, webhook=changed, now=tx.now)


def _afresh(webhook: Webhook) -> Webhook:
    return replace(webhook, attempts=0, failing_since=None, next_try_at=None)
