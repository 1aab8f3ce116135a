"""The `work` room: consume, relay, jobs. Never imports a web framework."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from ipraktik_contracts.rights import written_by

from . import figures, outbox, parked
from .composition import imported
from .consumer import Consumer
from .intake import Intake
from .jobs import JobRunner
from .metrics import ConsumerMetrics, JobMetrics, OutboxMetrics, ProcessMetrics
from .producer import idempotent_producer
from .relay import Relay, RelayMetrics, RelaySettings
from .replaying import replay_what_is_known_now
from .service import Context, Service, Work
from .settings import Settings

_log = logging.getLogger(__name__)


class Worker:
    """Everything a service does without being asked by a person."""

    def __init__(
        self, *, service: Service, context: Context, settings: Settings, ground: ProcessMetrics
    ) -> None:
        self._context = context
        self._settings = settings
        self._ground = ground
        self._seldom = figures.Seldom(monotonic=context.clock.monotonic)
        self._own_seldom = figures.Seldom(monotonic=context.clock.monotonic)
        self._lags_seldom = figures.Seldom(monotonic=context.clock.monotonic)
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
            on_shared_out=self._metrics.rebalances.inc,
            monotonic=context.clock.monotonic,
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
        """Bring the gauges up to date; asked before each scrape. What one source does not give must not hide the other's."""
        self._metrics.partitions.set(self._consumer.partitions)
        self._metrics.polled(self._consumer.polled_at)
        self._jobs.show_overdue()
        await asyncio.gather(self._refresh_backlog(), self._refresh_own(), self._refresh_lags())

    async def _refresh_backlog(self) -> None:
        if not self._seldom.due:
            return
        try:
            async with (
                asyncio.timeout(figures.PATIENCE_SECONDS),
                self._context.database.reading() as conn,
            ):
                stands = await figures.standing(conn)
        except Exception as error:  # noqa: BLE001 - whatever it is, a scrape goes on without
            self._ground.failed("database")
            _log.warning("figures of the database cannot be read: %s", type(error).__name__)
            return
        self._seldom.done()
        now = self._context.clock.now()
        self._outbox.pending.set(stands.pending)
        self._outbox.oldest_age.set(figures.age(stands.pending_since, now=now))
        self._outbox.dead.set(stands.dead)
        self._outbox.dead_age.set(figures.age(stands.dead_since, now=now))
        self._metrics.parked.set(stands.parked)
        self._metrics.parked_age.set(figures.age(stands.parked_since, now=now))

    async def _refresh_own(self) -> None:
        """The service's own gauges, on a connection and within a time of their own: slow ones hide nothing of the outbox."""
        if self._work.show is None or not self._own_seldom.due:
            return
        try:
            async with (
                asyncio.timeout(figures.PATIENCE_SECONDS),
                self._context.database.reading() as conn,
            ):
                await self._work.show(conn, self._context.clock.now())
        except Exception as error:  # noqa: BLE001 - as above
            self._ground.failed("database")
            _log.warning("the service's own figures cannot be read: %s", type(error).__name__)
            return
        self._own_seldom.done()

    async def _refresh_lags(self) -> None:
        if not self._lags_seldom.due:
            return
        try:
            async with asyncio.timeout(figures.PATIENCE_SECONDS):
                lags = await self._consumer.lags()
        except Exception as error:  # noqa: BLE001 - as above
            self._ground.failed("kafka")
            _log.warning("the lag cannot be asked for: %s", type(error).__name__)
            return
        if lags is not None:
            self._lags_seldom.done()
        self._metrics.lags(lags or [])

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
