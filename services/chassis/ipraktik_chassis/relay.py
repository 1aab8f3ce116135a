"""The relay: sends what the outbox holds to Kafka, in order per key, and moves what is acknowledged to the history.

Invariants: a slice is the lowest rows of each shard, in id order, and is sent only when the one before it is acknowledged; a
row leaves the outbox by its id, after its acknowledgement, so there is no cursor that could run past a late commit; before
each slice the session that holds the shards' locks is asked whether it is still there. Crash-only: what is in doubt ends the
relay, and a fresh one sends again, which gives duplicates and nothing worse.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Final

import asyncpg

from ipraktik_chassis import outbox_dead, published, tracing
from ipraktik_chassis.outbox import Backlog, backlog
from ipraktik_chassis.producer import ProducerFactory, idempotent_producer, system_milliseconds
from ipraktik_chassis.reading import PLANNER, OutboxReader, OutOfOrder, Row
from ipraktik_chassis.relay_metrics import RelayMetrics
from ipraktik_chassis.relay_settings import Progress, RelaySettings
from ipraktik_chassis.sending import CannotSend, RecordSender, Slice
from ipraktik_chassis.shards import DATABASE_FAILED, LockSessionLost, Shards

__all__ = ["Backlog", "Progress", "Relay", "RelayCrashed", "RelayMetrics", "RelaySettings", "backlog"]

_DELETE: Final = "delete from outbox where shard = any($1::smallint[]) and id = any($2::bigint[])"
_BUSY_ROWS: Final = 256
_MOVE_MEMORY: Final = (
    "32MB"  # a slice passes through memory on its way to the history; the default would take it to disk
)
_DEFAULTS: Final = RelaySettings()

_log = logging.getLogger(__name__)


class RelayCrashed(Exception):
    """The relay has ended by itself; start a fresh one. `reason` is a code for metrics, the text is for people."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class Relay:
    """One loop over the shards that this process holds. Replicas are for availability, not for speed."""

    def __init__(
        self,
        *,
        database_url: str,
        bootstrap: str,
        settings: RelaySettings = _DEFAULTS,
        metrics: RelayMetrics | None = None,
        producer_factory: ProducerFactory = idempotent_producer,
        speaks: bool = True,
        monotonic: Callable[[], float] = time.monotonic,
        wall_ms: Callable[[], int] = system_milliseconds,
    ) -> None:
        """`speaks`: connect at once. A relay of a service that owns no event connects for the first row, should there ever be
        one, since the service's Kafka user may write nothing and would be refused."""
        self._database_url = database_url
        self._speaks = speaks
        self._settings = settings
        self._metrics = metrics
        self._monotonic = monotonic
        self._sender = RecordSender(
            bootstrap=bootstrap,
            max_batch_bytes=settings.max_batch_bytes,
            send_timeout=settings.send_timeout,
            producer_factory=producer_factory,
            wall_ms=wall_ms,
        )
        self._shards = Shards(
            database_url=database_url,
            member_timeout=settings.member_timeout,
            answer_timeout=settings.answer_timeout,
            monotonic=monotonic,
            on_fenced=metrics.fenced.inc if metrics else lambda: None,
        )
        self._connections: list[Any] = []
        self._reader = OutboxReader(slice_rows=settings.slice_rows, slice_bytes=settings.slice_bytes)
        self._writer: Any = None
        self._mover: Any = None
        self._held: set[tuple[str, bytes]] = set()
        self._ahead: asyncio.Future[list[Row]] | None = None
        self._moving: asyncio.Future[None] | None = None
        self.progress = Progress(last_tick=monotonic())

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop` is set, then finish the slice on its way, within a bound, and release the shards.

        Raises RelayCrashed. A relay is run once; what comes after a crash is a new one.
        """
        work = asyncio.ensure_future(self._work(stop))
        stopped = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait_for(work, self._settings.drain_seconds)
        except CannotSend as error:
            raise self._crashed(error.reason, str(error)) from error
        except OutOfOrder as error:
            raise self._crashed("out_of_order", str(error)) from error
        except LockSessionLost as error:
            raise self._crashed("lock_session_lost", str(error)) from error
        except TimeoutError as error:
            if not stop.is_set():
                raise self._crashed("database_timeout", "PostgreSQL did not answer in time") from error
            _log.warning(
                "The relay was stopped before Kafka had answered; what was on its way will be sent again"
            )
        except DATABASE_FAILED as error:
            sentence = f"PostgreSQL failed: {type(error).__name__}; a fresh relay reads the rows again"
            raise self._crashed("database_failed", sentence) from error
        finally:
            for task in (work, stopped):
                task.cancel()
            await asyncio.wait({work, stopped}, timeout=self._settings.answer_timeout)
            await self._close()

    async def _work(self, stop: asyncio.Event) -> None:
        await self._open()
        settings = self._settings
        pause, swept = settings.poll_min, float("-inf")
        while not stop.is_set():
            self.progress.last_tick = now = self._monotonic()
            if now - swept >= settings.sweep_seconds:
                await self._sweep()
                swept = now
            rows = await (self._ahead or self._reader.read())
            self._ahead = None
            self._reader.take(rows)
            if not rows:
                await self._settle()
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, settings.poll_max)
                continue
            await self._relay(rows)
            pause = settings.poll_min
            if self._ahead is None:
                await asyncio.sleep(pause)
        await self._settle()

    async def _relay(self, rows: list[Row]) -> None:
        """Send one slice; meanwhile the next is read and the one before is moved away."""
        started, began = self._monotonic(), tracing.instant()
        shards = self._reader.shards
        if len(rows) >= _BUSY_ROWS:
            self._ahead = asyncio.ensure_future(self._reader.read())
        if not self._sender.started:
            await self._sender.start()
        _, built = await asyncio.gather(self._shards.ping(), self._sender.build(rows, held=self._held))
        await self._sender.deliver(built, held=self._held)
        sent = built.acknowledged()
        if tracing.active():
            for row in sent:
                said = {"messaging.system": "kafka", "messaging.destination.name": row[3]}
                tracing.below(
                    tracing.header_of(row[5]),
                    f"send {row[3]}",
                    kind=tracing.PRODUCER,
                    started=began,
                    attributes=said,
                )
        await self._settle()
        if sent:
            self._moving = asyncio.ensure_future(self._move(shards, [row[1] for row in sent]))
        if built.refused or built.behind:
            await self._settle()
            await self._shards.ping()  # whoever has the shards now may be able to send what was refused here
            await self._bury(built)
        self._reader.fit(rows=len(sent), size=built.size())
        self.progress.rows_relayed += len(sent)
        if self._metrics:
            self._metrics.rows.inc(len(sent))
            self._metrics.slice_duration.observe(self._monotonic() - started)

    async def _sweep(self) -> None:
        """Start reading from the front again, with the shards that are now this relay's and the keys that may not go.

        Nothing is on its way at this point: what was read ahead is dropped, and what is acknowledged has left the outbox.
        """
        if self._ahead:
            await self._ahead
            self._ahead = None
        await self._settle()
        owned = await self._shards.rebalance()
        self._held = await outbox_dead.held_keys(self._writer, shards=owned)
        self._reader.rewind(owned)
        self.progress.shards_owned = len(owned)
        if self._metrics:
            self._metrics.shards_owned.set(len(owned))

    async def _settle(self) -> None:
        """Wait until what is acknowledged has left the outbox."""
        if self._moving:
            moving, self._moving = self._moving, None
            await moving

    async def _move(self, shards: list[int], ids: list[int]) -> None:
        for attempt in range(3):
            try:
                await self._mover.fetch(shards, ids)
                self._reader.gone(ids)
                return
            except asyncpg.DeadlockDetectedError:
                # With an erasure that deletes the same rows; deleting again what is left is harmless.
                if attempt == 2:
                    raise

    async def _bury(self, built: Slice) -> None:
        await outbox_dead.bury(self._writer, refused=built.refused, behind=built.behind)
        self.progress.rows_dead += len(built.refused) + len(built.behind)
        for row, reason in built.refused:
            _log.error(
                "A row of %s cannot be sent (%s): event %d of shard %d. Its key is held; see the runbook for outbox_dead",
                row[3], reason, row[1], row[0],
            )  # fmt: skip
            if self._metrics:
                self._metrics.dead.labels(reason).inc()
        if built.behind and self._metrics:
            self._metrics.dead.labels(outbox_dead.BEHIND).inc(len(built.behind))

    async def _open(self) -> None:
        try:
            reader = await self._connect()
            # A move that a crash of the database loses leaves the rows in the outbox, whole: they are sent again.
            self._writer = await self._connect(synchronous_commit="off", work_mem=_MOVE_MEMORY)
            await self._reader.prepare(reader)
            self._mover = await self._writer.prepare(
                published.MOVE if self._settings.keep_history else _DELETE
            )
            await self._shards.join()
        except TimeoutError as error:
            raise self._crashed("database_timeout", "PostgreSQL did not let the relay in") from error
        if self._speaks:
            await self._sender.start()

    async def _connect(self, **server_settings: str) -> Any:
        conn = await asyncpg.connect(
            self._database_url,
            timeout=10,
            command_timeout=self._settings.database_timeout,
            server_settings=PLANNER | server_settings,
        )
        self._connections.append(conn)
        return conn

    async def _close(self) -> None:
        """Let go of everything in bounded time: the producer first, the locks last. Never raises."""
        await self._sender.stop()
        tasks = {task for task in (self._ahead, self._moving) if task}
        if tasks:
            await asyncio.wait(tasks, timeout=self._settings.answer_timeout)
            for task in tasks:
                _ = (
                    task.cancel() or task.exception()
                )  # looked at, or asyncio complains of a failure nobody saw
        for conn in self._connections:
            try:
                await conn.close(timeout=self._settings.answer_timeout)
            except (*DATABASE_FAILED, TimeoutError):
                conn.terminate()
        await self._shards.leave()
        self.progress.shards_owned = 0

    def _crashed(self, reason: str, sentence: str) -> RelayCrashed:
        if self._metrics:
            self._metrics.crashes.labels(reason).inc()
        # Said here, since who catches it logs types only; ours name topics and addresses, never what a row holds.
        _log.error("The relay ends: %s", sentence, extra={"reason": reason})
        return RelayCrashed(reason, sentence)
