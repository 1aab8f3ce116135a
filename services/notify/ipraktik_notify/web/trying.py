"""A test event on demand: made up, signed like every other, sent at once, and answered with what the receiver said.

It is no event of the log: it has a type of its own, moves nothing, and is delivered to a paused webhook too.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request

from ipraktik_chassis.access import context_of
from ipraktik_chassis.ids import new_id
from ipraktik_chassis.problem import Problem
from ipraktik_chassis.service import Context
from ipraktik_contracts.envelope import instant_text, source_urn
from ipraktik_notify.delivering.calling import Caller
from ipraktik_notify.delivering.signing import signed_headers
from ipraktik_notify.domain.callback import Callback
from ipraktik_notify.domain.trouble import DELIVERED
from ipraktik_notify.store import deliveries
from ipraktik_notify.store.deliveries import Attempt
from ipraktik_notify.web.agencies import Asker, Pace, agency_bearer, agency_or_coordinator
from ipraktik_notify.web.problems import problems
from ipraktik_notify.web.shapes import Tested, WebhookId
from ipraktik_notify.web.webhooks import own

TYPE: Final = "dk.innovationspraktik.webhook.Test.v1"
AT_ONCE: Final = 8

router = APIRouter(prefix="/notify/api/v1/webhooks", tags=["webhooks"], dependencies=[Depends(agency_bearer)])


class Trials:
    """How many test events are under way, and how often each webhook is tried."""

    def __init__(self, context: Context) -> None:
        self.pace = Pace(
            per_minute=20, monotonic=context.clock.monotonic, advice="Look at the delivery log meanwhile."
        )
        self._under_way = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Room for one more. Raises Problem where there is none."""
        if self._under_way >= AT_ONCE:
            raise Problem(
                503,
                "Too many tests are under way",
                "Ask again in a moment.",
                headers={"retry-after": "10"},
            )
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1


@router.post(
    "/{webhook_id}/test",
    summary="Send a test event now",
    responses=problems(
        {
            404: "There is no such webhook, or it is another agency's.",
            429: "This webhook was tried too often; `Retry-After` says when to ask again.",
        }
    ),
)
async def test(
    request: Request, webhook_id: WebhookId, asker: Annotated[Asker, Depends(agency_or_coordinator)]
) -> Tested:
    """The answer says what came of it. Receivers take it like any type they do not know: answer 2xx and leave it alone."""
    trials: Trials = request.app.state.trials
    caller: Caller = request.app.state.caller
    context = context_of(request)
    async with context.database.reading() as conn:
        webhook = await own(conn, webhook_id, asker)
    trials.pace.take(webhook_id)
    now = context.clock.now()
    message_id = str(new_id(now))
    body = json.dumps(
        {
            "specversion": "1.0",
            "id": message_id,
            "type": TYPE,
            "source": source_urn(context.settings.organiser, context.service),
            "subject": str(webhook_id),
            "time": instant_text(now),
            "datacontenttype": "application/json",
            "data": {"webhook_id": str(webhook_id)},
        }
    )
    headers = signed_headers(message_id=message_id, at=now, body=body, secrets=webhook.secrets(now))
    with trials.one():
        line = caller.line(Callback.parse(webhook.url))
        try:
            answer = await line.post(body.encode(), headers=headers)
        finally:
            await line.close()
    attempt = Attempt(
        kind="test",
        message_id=message_id,
        type=TYPE,
        position=None,
        attempt=1,
        outcome=answer.outcome,
        status=answer.status,
        milliseconds=answer.milliseconds,
    )
    async with context.database.transaction() as tx:
        await deliveries.note(tx.conn, webhook_id=webhook_id, attempt=attempt, now=tx.now)
    return Tested(
        delivered=answer.outcome == DELIVERED,
        message_id=message_id,
        outcome=answer.outcome,
        status=answer.status,
        milliseconds=answer.milliseconds,
    )
