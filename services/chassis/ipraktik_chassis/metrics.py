"""Prometheus metrics of a process: base units, bounded labels, age before depth. No label ever holds an id or a path."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

_AGE_BUCKETS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3600.0, 10800.0, 86400.0)
_HTTP_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
PREFIX = "innovationspraktik"


def new_registry(*, service: str, version: str) -> CollectorRegistry:
    """A registry of its own per process, so that nothing is counted twice in tests."""
    registry = CollectorRegistry()
    Info(f"{PREFIX}_build", "Which build runs.", registry=registry).info(
        {"service": service, "version": version}
    )
    return registry


class ConsumerMetrics:
    """What a consumer shows."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._outcomes = Counter(
            f"{PREFIX}_events_processed", "Events by outcome.", ["event_type", "outcome"], registry=registry
        )
        self._age = Histogram(
            f"{PREFIX}_event_age_seconds",
            "From fact to effect, by the programme's clock.",
            buckets=_AGE_BUCKETS,
            registry=registry,
        )
        self._retries = Counter(
            f"{PREFIX}_consumer_retries", "Batches tried again.", ["reason"], registry=registry
        )
        self.lag = Gauge(
            f"{PREFIX}_consumer_lag_messages", "Records not yet taken in.", ["topic"], registry=registry
        )
        self.lag_seconds = Gauge(
            f"{PREFIX}_consumer_lag_seconds",
            "For how long the consumer has not been caught up.",
            registry=registry,
        )
        self.partitions = Gauge(
            f"{PREFIX}_consumer_assigned_partitions", "Partitions held.", registry=registry
        )
        self.parked = Gauge(f"{PREFIX}_parked_records", "Records parked.", registry=registry)

    def outcome(self, event_type: str, outcome: str, *, age: float | None = None) -> None:
        """Count an event: ok, duplicate, skipped or parked."""
        self._outcomes.labels(event_type, outcome).inc()
        if age is not None:
            self._age.observe(max(age, 0.0))

    def retried(self, reason: str) -> None:
        """Count a retry after a transient failure."""
        self._retries.labels(reason).inc()


class OutboxMetrics:
    """What waits to be published."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.pending = Gauge(
            f"{PREFIX}_outbox_pending", "Events committed and not yet acknowledged.", registry=registry
        )
        self.oldest_age = Gauge(
            f"{PREFIX}_outbox_oldest_age_seconds", "Age of the oldest of them.", registry=registry
        )


class HttpMetrics:
    """What the web side shows."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.duration = Histogram(
            "http_server_request_duration_seconds",
            "Requests by route template.",
            ["method", "route", "status_code"],
            buckets=_HTTP_BUCKETS,
            registry=registry,
        )


class JobMetrics:
    """What the periodic jobs show."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.runs = Counter(f"{PREFIX}_job_runs", "Runs by outcome.", ["job", "outcome"], registry=registry)
        self.duration = Histogram(
            f"{PREFIX}_job_duration_seconds", "How long a run takes.", ["job"], registry=registry
        )
