"""What a relay shows to Prometheus. No label holds a key, an id or a reason that people wrote."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from ipraktik_chassis.metrics import PREFIX

_SLICE_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class RelayMetrics:
    """Rows sent, how long a slice takes, shards held, and what went wrong."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.rows = Counter(f"{PREFIX}_relay_rows", "Rows that Kafka acknowledged.", registry=registry)
        self.slice_duration = Histogram(
            f"{PREFIX}_relay_slice_duration_seconds",
            "From reading a slice to its acknowledgement.",
            buckets=_SLICE_BUCKETS,
            registry=registry,
        )
        self.shards_owned = Gauge(
            f"{PREFIX}_relay_shards_owned", "Shards whose lock this relay holds.", registry=registry
        )
        self.dead = Counter(
            f"{PREFIX}_relay_dead_rows",
            "Rows moved to outbox_dead, by reason.",
            ["reason"],
            registry=registry,
        )
        self.fenced = Counter(
            f"{PREFIX}_relay_fenced", "Sessions of relays that stood still and were ended.", registry=registry
        )
        self.crashes = Counter(
            f"{PREFIX}_relay_crashes",
            "Ends of a relay that was not asked to stop, by reason.",
            ["reason"],
            registry=registry,
        )
