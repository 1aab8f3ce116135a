"""What happens by the clock: each job says when it is next due, and one replica at a time runs it, unless the job says that it is
shared out by itself.

A due moment is the programme's time and may be simulated; how often a job looks is real time. A job's work is idempotent and
done in transactions of its own, so a job that dies half-way is simply due again. A run that may take long asks `stopping()` as
often as it can end: a shutdown waits for it DRAIN_SECONDS and no longer.
"""

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from .cause import because_of, new_cause
from .clock import Clock
from .database import TRANSIENT, Database
from .figures import age
from .metrics import JobMetrics

_log = logging.getLogger(__name__)
JOB_LOCK: Final = 4713
"""The space of the advisory locks of jobs; relays have 4711 and 4712, rows set aside 4714."""
_STOP: ContextVar[asyncio.Event | None] = ContextVar("stop", default=None)


def stopping() -> bool:
    """Whether the run that asks should come to an end: what it has not begun is done after the next start."""
    stop = _STOP.get()
    return stop is not None and stop.is_set()


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work that the clock brings.

    next_due: the instant at which there is something to do (past or present: now; None: nothing is foreseen).
    run: do what is due; returns how many things were done. Called again at once while it is still due.
    """

    name: str
    next_due: Callable[[Any], Awaitable[datetime | None]]
    run: Callable[[Database], Awaitable[int]]
    shared: bool = False
    """Whether replicas may run it at the same time, because it takes care itself that nothing is done twice."""


class JobRunner:
    """Runs the jobs of one process."""

    def __init__(
        self,
        *,
        jobs: Sequence[Job],
        database: Database,
        clock: Clock,
        metrics: JobMetrics,
        poll_seconds: float,
    ) -> None:
        self._jobs = tuple(jobs)
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._poll = poll_seconds
        self.done = 0
        self.running = 0
        self.last_look = clock.monotonic()
        self._due: dict[str, datetime | None] = {}
        for job in self._jobs:
            # there before the first failure, which an increase would not count otherwise
            for outcome in ("ok", "retried", "failed"):
                metrics.runs.labels(job.name, outcome)

    async def run(self, stop: asyncio.Event) -> None:
        """Look after every job until told to stop; the run under way ends first, and may ask `stopping()`."""
        # Who holds a job's lock holds a connection and needs another to work with: one is always left over.
        holders = asyncio.Semaphore(max(self._database.pool.get_max_size() - 1, 1))
        async with asyncio.TaskGroup() as group:
            for job in self._jobs:
                group.create_task(self._look_after(job, stop, holders), name=f"job {job.name}")
            await stop.wait()

    def show_overdue(self) -> None:
        """For how long each job has been due, as far as this process has looked: also one that is running, and does not end."""
        now = self._clock.now()
        for name, moment in self._due.items():
            self._metrics.overdue.labels(name).set(age(moment, now=now))

    async def due(self) -> tuple[int, datetime | None]:
        """How many jobs are due now, and when the next of the others is."""
        now = self._clock.now()
        waiting: list[datetime] = []
        ready = 0
        async with self._database.reading() as conn:
            for job in self._jobs:
                moment = await job.next_due(conn)
                if moment is not None and moment <= now:
                    ready += 1
                elif moment is not None:
                    waiting.append(moment)
        return ready, min(waiting, default=None)

    async def _look_after(self, job: Job, stop: asyncio.Event, holders: asyncio.Semaphore) -> None:
        _STOP.set(stop)  # of this task, and of whatever a run starts
        failures = 0
        while not stop.is_set():
            did = 0
            try:
                did = await self._run_if_due(job, holders)
                failures = 0
            except TRANSIENT as error:
                failures += 1
                self._metrics.runs.labels(job.name, "retried").inc()
                _log.warning("job %s meets %s and tries again", job.name, type(error).__name__)
            except Exception:  # noqa: BLE001 - whatever it is, the job is due again
                failures += 1
                self._metrics.runs.labels(job.name, "failed").inc()
                _log.exception("job %s failed", job.name)
            self.last_look = self._clock.monotonic()
            if not did:
                await _wait(stop, pause_after(failures, poll=self._poll))

    async def _run_if_due(self, job: Job, holders: asyncio.Semaphore) -> int:
        async with self._database.reading() as conn:
            moment = await job.next_due(conn)
        self._due[job.name] = moment
        if moment is None or moment > self._clock.now():
            return 0
        async with holders, self._database.reading() as conn:
            lock = zlib.crc32(job.name.encode()) & 0x7FFFFFFF
            if not job.shared and not await conn.fetchval(
                "select pg_try_advisory_lock($1, $2)", JOB_LOCK, lock
            ):
                return 0
            self.running += 1
            try:
                # Another replica may have done it between the look and the lock.
                moment = await job.next_due(conn)
                if moment is None or moment > self._clock.now():
                    return 0
                started = self._clock.monotonic()
                with because_of(new_cause()):
                    did = await job.run(self._database)
                self._metrics.duration.labels(job.name).observe(self._clock.monotonic() - started)
                self._metrics.runs.labels(job.name, "ok").inc()
                self._metrics.last_success.labels(job.name).set_to_current_time()
                self.done += 1
                return did
            finally:
                self.running -= 1
                if not job.shared:
                    await conn.execute("select pg_advisory_unlock($1, $2)", JOB_LOCK, lock)


def pause_after(failures: int, *, poll: float) -> float:
    """How long to wait before the next look: twice as long after each failure in a row, half a minute at most."""
    return min(poll * 2.0 ** min(failures, 16), max(poll, 30.0))


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
