"""Prometheus metrics of a process: base units, bounded labels, age before depth. No label ever holds an id or a path."""

from collections.abc import Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)

from .lateness import Lag

# a second series beside each counter, of which no rule makes use
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library types the rest

_AGE_BUCKETS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0, 100.0, 300.0, 1000.0, 3600.0, 10800.0, 86400.0)
_HTTP_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_WORK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_JOB_BUCKETS = (0.01, 0.05, 0.25, 1.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
PREFIX = "innovationspraktik"
UNMATCHED = "unmatched"
"""In place of a route where none takes the path."""
TOO_MANY = 429


def new_registry(*, service: str, version: str) -> CollectorRegistry:
    """A registry of its own per process, so that nothing is counted twice in tests."""
    registry = CollectorRegistry()
    Info(f"{PREFIX}_build", "Which build runs.", registry=registry).info(
        {"service": service, "version": version}
    )
    ProcessCollector(registry=registry)
    return registry


class ProcessMetrics:
    """What every process shows of the ground it stands on."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._schema = Gauge(
            f"{PREFIX}_schema_revision_info",
            "The newest revision of the database, and the one that this build needs; 1.",
            ["needed", "applied"],
            registry=registry,
        )
        self.pool_size = Gauge(
            f"{PREFIX}_db_pool_size", "Connections to the database that are open.", registry=registry
        )
        self.pool_in_use = Gauge(
            f"{PREFIX}_db_pool_in_use", "Open connections that are working.", registry=registry
        )
        self.pool_limit = Gauge(
            f"{PREFIX}_db_pool_limit", "Connections that may be open at most.", registry=registry
        )
        self._current = Gauge(
            f"{PREFIX}_schema_current",
            "1 where the database has what this build needs, 0 where migrate has yet to run.",
            registry=registry,
        )
        self._current.set(float("nan"))  # not asked yet
        self._failures = Counter(
            f"{PREFIX}_figures_failed",
            "Scrapes for which figures could not be read anew, by where from; the old ones are shown meanwhile.",
            ["source"],
            registry=registry,
        )
        for source in ("database", "kafka"):
            self._failures.labels(source)

    def schema(self, *, needed: str, applied: str) -> None:
        """Show the revisions; the pair before is shown no more."""
        self._schema.clear()
        self._schema.labels(needed, applied).set(1)
        self._current.set(applied >= needed)

    def failed(self, source: str) -> None:
        """Count figures that could not be had: of the database, or of Kafka."""
        self._failures.labels(source).inc()


class ConsumerMetrics:
    """What a consumer shows."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._outcomes = Counter(
            f"{PREFIX}_events_processed", "Events by outcome.", ["event_type", "outcome"], registry=registry
        )
        # there before the first: an increase never counts the value at which a series begins
        self._outcomes.labels("unknown", "parked")
        self._age = Histogram(
            f"{PREFIX}_event_age_seconds",
            "From fact to effect, by the programme's clock.",
            buckets=_AGE_BUCKETS,
            registry=registry,
        )
        self._retries = Counter(
            f"{PREFIX}_consumer_retries",
            "Batches tried again after a transient failure.",
            ["reason"],
            registry=registry,
        )
        self.batch_duration = Histogram(
            f"{PREFIX}_consumer_batch_duration_seconds",
            "How long taking in a batch takes, all retries included.",
            buckets=_WORK_BUCKETS,
            registry=registry,
        )
        self._lag = Gauge(
            f"{PREFIX}_consumer_lag_messages",
            "Records not yet taken in.",
            ["topic", "partition"],
            registry=registry,
        )
        self._lag_seconds = Gauge(
            f"{PREFIX}_consumer_lag_seconds",
            "For how long the oldest record that is not taken in has waited.",
            ["topic", "partition"],
            registry=registry,
        )
        self.partitions = Gauge(
            f"{PREFIX}_consumer_assigned_partitions", "Partitions that this replica holds.", registry=registry
        )
        self.rebalances = Counter(
            f"{PREFIX}_consumer_rebalances", "Times the group shared out its partitions.", registry=registry
        )
        self._polled = Gauge(
            f"{PREFIX}_consumer_last_poll_timestamp_seconds",
            "When Kafka last answered a fetch, since 1970; not a number while no partition is held.",
            registry=registry,
        )
        self._polled.set(float("nan"))
        self.parked = Gauge(
            f"{PREFIX}_parked_records",
            "Records that could not be taken in and are parked.",
            registry=registry,
        )
        self.parked_age = Gauge(
            f"{PREFIX}_parked_oldest_age_seconds",
            "For how long the oldest parked record is there.",
            registry=registry,
        )

    def outcome(self, event_type: str, outcome: str, *, age: float | None = None) -> None:
        """Count an event: ok, duplicate, skipped or parked; parked ones are of a type unknown, so that they share one series."""
        self._outcomes.labels("unknown" if outcome == "parked" else event_type, outcome).inc()
        if age is not None:
            self._age.observe(max(age, 0.0))

    def retried(self, reason: str) -> None:
        """Count a retry after a transient failure."""
        self._retries.labels(reason).inc()

    def lags(self, lags: Sequence[Lag]) -> None:
        """Show each partition held; one that went to another consumer is shown by that one."""
        self._lag.clear()
        self._lag_seconds.clear()
        for lag in lags:
            place = (lag.topic, str(lag.partition))
            self._lag.labels(*place).set(lag.messages)
            self._lag_seconds.labels(*place).set(lag.seconds)

    def polled(self, at: float | None) -> None:
        """Show when Kafka last answered."""
        self._polled.set(float("nan") if at is None else at)


class OutboxMetrics:
    """What waits to be published."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.pending = Gauge(
            f"{PREFIX}_outbox_pending",
            "Events committed and not yet acknowledged; counted to 100,000.",
            registry=registry,
        )
        self.oldest_age = Gauge(
            f"{PREFIX}_outbox_oldest_age_seconds", "Age of the oldest event that waits.", registry=registry
        )
        self.dead = Gauge(
            f"{PREFIX}_outbox_dead_rows",
            "Rows that Kafka refuses and those held behind them.",
            registry=registry,
        )
        self.dead_age = Gauge(
            f"{PREFIX}_outbox_dead_oldest_age_seconds",
            "Age of the oldest row that is held.",
            registry=registry,
        )


class HttpMetrics:
    """What the web side shows."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._duration = Histogram(
            "http_server_request_duration_seconds",
            "Requests by route template.",
            ["method", "route", "status_code"],
            buckets=_HTTP_BUCKETS,
            registry=registry,
        )
        self._outcomes = Counter(
            f"{PREFIX}_requests",
            "Requests that a route took; failed are server errors and refusals for being too many.",
            ["outcome"],
            registry=registry,
        )
        # Both are there before the first request. An increase never counts the value at which a series begins, and an outage
        # that is one failure on each of many routes would be none.
        for outcome in ("ok", "failed"):
            self._outcomes.labels(outcome)

    def observe(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. A method that is none of HTTP's own is whatever somebody sent: it makes no series of its own."""
        known = method if method in METHODS else "other"
        self._duration.labels(known, route, str(status)).observe(seconds)
        if route != UNMATCHED:
            self._outcomes.labels("failed" if status >= 500 or status == TOO_MANY else "ok").inc()


class RequestMetrics:
    """What the web server shows of what is under way."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.active = Gauge("http_server_active_requests", "Requests under way.", registry=registry)


class JobMetrics:
    """What the periodic jobs show."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.runs = Counter(
            f"{PREFIX}_job_runs", "Runs of a job by outcome.", ["name", "outcome"], registry=registry
        )
        self.duration = Histogram(
            f"{PREFIX}_job_duration_seconds",
            "How long a run of a job takes.",
            ["name"],
            buckets=_JOB_BUCKETS,
            registry=registry,
        )
        self.overdue = Gauge(
            f"{PREFIX}_job_overdue_seconds",
            "For how long a job has been due, by the programme's clock; 0 while it is not.",
            ["name"],
            registry=registry,
        )
        self.last_success = Gauge(
            f"{PREFIX}_job_last_success_timestamp_seconds",
            "When this process last did a job that was due, since 1970.",
            ["name"],
            registry=registry,
        )
