"""An attempt to deliver an event has ended: go on to the next, try again later, or pause and tell the owner by mail.

Invariants: the position moves by a delivery and never by a failure, so nothing is skipped; the pause and the mail about it are
one transaction; an attempt that was overtaken by somebody's change is written down and changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ipraktik_chassis.ids import new_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_notify.domain.backoff import next_try
from ipraktik_notify.domain.callback import Callback
from ipraktik_notify.domain.drafts import Draft, Subjects
from ipraktik_notify.domain.trouble import DELIVERED, GONE
from ipraktik_notify.store import deliveries, mails
from ipraktik_notify.store.deliveries import Attempt
from ipraktik_notify.store.event_log import Logged
from ipraktik_notify.store.webhooks import Webhook


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of calling a subscriber. `outcome` is `delivered` or a code of `domain.trouble`."""

    outcome: str
    status: int | None = None
    milliseconds: int = 0
    retry_after: timedelta | None = None


async def settle_attempt(tx: Transaction, *, webhook: Webhook, event: Logged, answer: Answer) -> bool:
    """Note the answer; whether whoever delivers may go on with the next event of this webhook as they know it.

    `webhook` is how it stood when the attempt began, its position that of the event before.
    """
    attempts = webhook.attempts + 1
    attempt = Attempt(
        kind="event",
        message_id=str(event.event_id),
        type=event.type,
        position=event.position,
        attempt=attempts,
        outcome=answer.outcome,
        status=answer.status,
        milliseconds=answer.milliseconds,
    )
    await deliveries.note(tx.conn, webhook_id=webhook.webhook_id, attempt=attempt, now=tx.now)
    if answer.outcome == DELIVERED:
        revision = await deliveries.taken(
            tx.conn, number=webhook.number, old=webhook.position, new=event.position
        )
        return revision == webhook.revision
    since = webhook.failing_since or tx.now
    again = next_try(attempts, now=tx.now, asked=answer.retry_after)
    reason = GONE if answer.outcome == GONE else "failing" if again is None else None
    put_off = await deliveries.put_off(
        tx.conn,
        number=webhook.number,
        old=webhook.position,
        revision=webhook.revision,
        attempts=attempts,
        failing_since=since,
        next_try_at=None if reason else again,
        reason=reason,
    )
    if put_off and reason is not None:
        await _tell_the_owner(tx, webhook=webhook, outcome=answer.outcome, since=since)
    return False


async def _tell_the_owner(tx: Transaction, *, webhook: Webhook, outcome: str, since: datetime) -> None:
    """Plan the mail. The host is all that it says of the address: the rest of it may be a secret."""
    about = Subjects(subject_id=webhook.webhook_id)
    draft = Draft(
        fact_id=new_id(tx.now),
        kind="webhook_paused",
        party="owner",
        recipient=str(webhook.webhook_id),
        contact_id=webhook.webhook_id,
        participant_id=None,
        relation=None,
        subjects=about,
        facts={
            "webhook_id": str(webhook.webhook_id),
            "agency": webhook.agency,
            "host": Callback.parse(webhook.url).authority,
            "outcome": outcome,
            "since": since.isoformat(),
        },
        names=(),
        bodies=(),
        needs_placement=False,
        needs_erased=False,
        needs_aggregate=False,
        holdable=False,
        useless_after=None,
        due_at=None,
    )
    await mails.plan(tx.conn, drafts=[draft], now=tx.now)
