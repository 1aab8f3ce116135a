"""The `work` room: consume, relay, jobs. Never imports a web framework."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from ipraktik_contracts.rights import written_by

from . import outbox, parked
from .composition import imported
from .consumer import Consumer
from .intake import Intake
from .jobs import JobRunner
from .metrics import ConsumerMetrics, JobMetrics, OutboxMetrics
from .producer import idempotent_producer
from .relay import Relay, RelayMetrics, RelaySettings
from .replaying import replay_what_is_known_now
from .service import Context, Service, Work
from .settings import Settings

_log = logging.getLogger(__name__)


class Worker:
    """Everything a service does without being asked by a person."""

    def __init__(self, *, service: Service, context: Context, settings: Settings) -> None:
        self._context = context
        self._settings = settings
        self._work: Work = imported(service.work)(context)
        self._metrics = ConsumerMetrics(context.registry)
        self._outbox = OutboxMetrics(context.registry)
        self._intake = Intake(
            database=context.database,
            consumer=service.name,
            subscriptions=self._work.subscriptions,
            clock=context.clock,
            metrics=self._metrics,
        )
        login = settings.kafka_login()
        self._consumer = Consumer(
            bootstrap=settings.kafka_bootstrap,
            login=login,
            namespace=settings.topic_namespace,
            group=service.name,
            topics=self._work.subscriptions.topics,
            intake=self._intake,
            instance=settings.instance,
            drain_seconds=settings.drain_seconds,
        )
        self._jobs = JobRunner(
            jobs=self._work.jobs,
            database=context.database,
            clock=context.clock,
            metrics=JobMetrics(context.registry),
            poll_seconds=settings.poll_seconds,
        )
        self._relay = Relay(
            database_url=settings.database_url,
            bootstrap=settings.kafka_bootstrap,
            settings=RelaySettings(),
            metrics=RelayMetrics(context.registry),
            producer_factory=partial(idempotent_producer, login=login),
            speaks=bool(written_by(service.name)),
        )
        self._behind_since: float | None = None

    def tasks(self, stop: asyncio.Event) -> dict[str, Callable[[], Awaitable[None]]]:
        """The loops of this room by name."""

        async def consume() -> None:
            replayed = await replay_what_is_known_now(
                database=self._context.database, intake=self._intake, consumer=self._context.service
            )
            if replayed:
                _log.info("replayed parked records that this build knows", extra={"records": replayed})
            await self._consumer.start()
            try:
                await self._consumer.until_refused(stop)
            finally:
                await self._consumer.stop(patience=self._settings.drain_seconds)

        async def jobs() -> None:
            await self._jobs.run(stop)
            if self._work.closing is not None:
                await self._work.closing()

        async def relay() -> None:
            await self._relay.run(stop)

        return {"consumer": consume, "jobs": jobs, "relay": relay}

    async def ready(self) -> str | None:
        """None while the broker answers and the group has given this replica its share."""
        if not await self._consumer.reachable():
            return "the broker does not answer; check KAFKA_BOOTSTRAP and the login"
        if self._consumer.refusal is not None:
            return self._consumer.refusal
        return None if self._consumer.joined else "no partition is assigned yet"

    async def refresh(self) -> None:
        """Bring the gauges up to date; asked before each scrape."""
        async with self._context.database.reading() as conn:
            backlog = await outbox.backlog(conn)
            self._metrics.parked.set(await parked.count(conn))
        self._outbox.pending.set(backlog.rows)
        oldest = backlog.oldest_created_at
        self._outbox.oldest_age.set(
            0 if oldest is None else max((self._context.clock.now() - oldest).total_seconds(), 0)
        )
        self._metrics.partitions.set(self._consumer.partitions)
        lags = await self._consumer.lag() or {}
        for topic, lag in lags.items():
            self._metrics.lag.labels(topic).set(lag)
        now = self._context.clock.monotonic()
        if not any(lags.values()):
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = now
        self._metrics.lag_seconds.set(0 if self._behind_since is None else now - self._behind_since)

    async def quiet(self) -> dict[str, Any]:
        """What is left to do, for whoever moves a simulated clock."""
        lags = await self._consumer.lag()
        jobs_due, next_due = await self._jobs.due()
        async with self._context.database.reading() as conn:
            backlog = await outbox.backlog(conn)
            waiting = await parked.count(conn)
            pending = await self._work.pending(conn) if self._work.pending else 0
        return {
            "ready": lags is not None,
            "activity": self._intake.taken + self._jobs.done + self._relay.progress.rows_relayed,
            "outbox": backlog.rows,
            "lag": sum((lags or {}).values()),
            "parked": waiting,
            "in_flight": int(self._intake.busy) + self._jobs.running + pending,
            "jobs_due": jobs_due,
            "next_due": next_due,
        }
