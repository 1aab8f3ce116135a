"""An agency is to be called: a webhook comes about and is active at once, from the beginning of the log or from a cursor."""

import base64
import secrets
from dataclasses import dataclass
from typing import Final

from ipraktik_chassis.ids import new_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_notify.domain.callback import Callback
from ipraktik_notify.domain.cursor import Cursor
from ipraktik_notify.domain.scope import Scope
from ipraktik_notify.store import event_log, webhooks
from ipraktik_notify.store.webhooks import Webhook
from ipraktik_notify.usecases.read_events import check_cursor

MOST_PER_AGENCY: Final = 20


class TooManyWebhooks(Exception):
    """The agency has as many as it may have."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A webhook as it is asked for; `callback` was checked by whoever asked the network."""

    agency: str
    callback: Callback
    scope: Scope
    owner_email: str
    language: str
    after: Cursor
    created_by: str


def new_secret() -> str:
    """A signing secret as Standard Webhooks writes them."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


async def make_webhook(tx: Transaction, *, wanted: Wanted) -> Webhook:
    """The webhook. Raises CursorRefused, or TooManyWebhooks."""
    await check_cursor(tx.conn, cursor=wanted.after, end=await event_log.head(tx.conn))
    if await webhooks.count_of(tx.conn, agency=wanted.agency) >= MOST_PER_AGENCY:
        raise TooManyWebhooks
    return await webhooks.add(
        tx.conn,
        webhook_id=new_id(tx.now),
        agency=wanted.agency,
        url=wanted.callback.url,
        scope=wanted.scope,
        owner_email=wanted.owner_email,
        language=wanted.language,
        position=wanted.after.position,
        secret=new_secret(),
        created_by=wanted.created_by,
        now=tx.now,
    )
