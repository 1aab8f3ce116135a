"""Delivering: a task per webhook that has something to get, each at its own pace, so that a slow subscriber holds up nobody else.

Invariants: one task per webhook in all processes (a lease); within it one event at a time, in the log's order, and the next only
after the one before was noted as taken. What is due, when a failure is tried again and when it is given up is the programme's
time; how long an answer may take is real time.
"""

import asyncio
import logging
from datetime import datetime
from typing import Any, Final

from ipraktik_chassis.clock import Clock
from ipraktik_chassis.database import TRANSIENT, Database
from ipraktik_chassis.transaction import Origin
from ipraktik_notify.delivering.calling import Caller, Line
from ipraktik_notify.delivering.leases import Leases, Session
from ipraktik_notify.delivering.signing import signed_headers
from ipraktik_notify.domain.callback import Callback
from ipraktik_notify.metrics import WebhookMetrics
from ipraktik_notify.store import deliveries, event_log, webhooks
from ipraktik_notify.store.event_log import Logged
from ipraktik_notify.store.webhooks import Webhook
from ipraktik_notify.usecases.settle_attempt import settle_attempt

_log = logging.getLogger(__name__)

AT_ONCE: Final = 50
"""Webhooks that one process delivers to at a time."""
READ_AHEAD: Final = 50
READ_AHEAD_BYTES: Final = 1024 * 1024


class Courier:
    """The deliveries of one process."""

    def __init__(
        self, *, database: Database, clock: Clock, origin: Origin, caller: Caller, metrics: WebhookMetrics
    ) -> None:
        self._clock = clock
        self._caller = caller
        self._metrics = metrics
        self._leases = Leases(database, clock=clock, origin=origin)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._stopping = False

    @property
    def under_way(self) -> int:
        """Webhooks that are being delivered to now."""
        return len(self._tasks)

    async def next_due(self, conn: Any) -> datetime | None:
        """When the next webhook that nobody here is delivering to may be tried."""
        if self._stopping or len(self._tasks) >= AT_ONCE:
            return None
        waiting = await deliveries.due(conn, but=self._tasks)
        return waiting[0].due_at if waiting else None

    async def set_out(self, conn: Any) -> int:
        """Begin to deliver to whoever is due and not another process's; how many were begun."""
        now = self._clock.now()
        waiting = await deliveries.due(conn, but=self._tasks)
        ready = [one.number for one in waiting if one.due_at <= now][: AT_ONCE - len(self._tasks)]
        begun = 0
        if ready and not self._stopping:
            session = await self._leases.session()
            for number in ready:
                if await session.take(number):
                    task = asyncio.create_task(self._look_after(number, session), name=f"webhook {number}")
                    self._tasks[number] = task
                    begun += 1
        return begun

    async def rest(self) -> None:
        """Wait until what is under way has come to an end."""
        while self._tasks:
            await asyncio.wait([*self._tasks.values()])

    async def close(self) -> None:
        """Finish the attempts under way, begin none, and give the leases back."""
        self._stopping = True
        await self.rest()
        await self._leases.close()

    async def _look_after(self, number: int, session: Session) -> None:
        try:
            while not self._stopping and await self._deliver_some(number, session):
                pass
        except TRANSIENT as error:
            _log.warning("deliveries to a webhook stop for now: %s", type(error).__name__)
        except Exception:  # noqa: BLE001 - whatever it is, it must not stop the others, and the webhook is due again
            _log.exception("deliveries to a webhook failed")
        finally:
            try:
                await session.give_back(number)
            except TRANSIENT:
                _log.warning("the session that delivers is gone; what it held is free")
            finally:
                del self._tasks[number]

    async def _deliver_some(self, number: int, session: Session) -> bool:
        """Deliver the next few events; whether there may be more to do at once."""
        async with session.transaction() as tx:
            webhook = await webhooks.by_number(tx.conn, number=number)
            if webhook is None or webhook.state != "active":
                return False
            if webhook.next_try_at is not None and webhook.next_try_at > tx.now:
                return False
            events, _ = await event_log.following(
                tx.conn,
                after=webhook.position,
                scope=webhook.scope,
                limit=READ_AHEAD,
                most_bytes=READ_AHEAD_BYTES,
            )
        line = self._caller.line(Callback.parse(webhook.url))
        try:
            return bool(events) and await self._deliver(webhook, events, line=line, session=session)
        finally:
            await line.close()

    async def _deliver(self, webhook: Webhook, events: list[Logged], *, line: Line, session: Session) -> bool:
        for event in events:
            if self._stopping:
                return False
            now = self._clock.now()
            headers = signed_headers(
                message_id=str(event.event_id), at=now, body=event.event, secrets=webhook.secrets(now)
            )
            answer = await line.post(event.event.encode(), headers=headers)
            self._metrics.attempts.labels(webhook.agency, answer.outcome).inc()
            async with session.transaction() as tx:
                unchanged = await settle_attempt(tx, webhook=webhook, event=event, answer=answer)
                now_there = await webhooks.by_number(tx.conn, number=webhook.number)
            if not unchanged or now_there is None:
                return True  # looked at anew: put off, paused, changed by somebody, or gone
            webhook = now_there
        return True
