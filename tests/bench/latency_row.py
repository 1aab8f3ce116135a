"""From a fact's commit to its effect in another service's table, beside a bare round trip through Kafka at the same pace."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench import latency_parts
from bench.figures import Comparison, percentile, shares
from bench.latency_parts import Times
from bench.listening import bench_database
from bench.part import Part
from bench.sizes import Size
from bench.topics import made_topics

from ipraktik_local.kafka import KafkaServer
from ipraktik_local.postgres import PostgresServer

PER_SECOND = 500
_NAMESPACES = {"ours": "benchlatency.", "bare": "benchround."}
_LEFT_OUT_SECONDS = 1.0
"""At the start of each run: connections open, statements are prepared."""
_ARRIVES_WITHIN = 30.0


@dataclass
class Run:
    """One run: how long each event took, in seconds, and on which leg."""

    took: list[float]
    legs: dict[str, float] = field(default_factory=dict)

    @property
    def p50(self) -> float:
        """The median."""
        return percentile(self.took, 0.50)

    @property
    def p99(self) -> float:
        """What one in a hundred exceeds."""
        return percentile(self.took, 0.99)


def compare_latency(*, kafka: KafkaServer, postgres: PostgresServer, size: Size) -> Sequence[Comparison]:
    """Two rows: p50, which has an aim, and p99."""
    url = bench_database(postgres, "bench_latency").url
    for namespace in _NAMESPACES.values():
        made_topics(kafka.bootstrap, namespace)
    runs: dict[str, list[Run]] = {"ours": [], "bare": []}
    for _ in range(size.repeats):
        runs["ours"].append(_through_the_outbox(kafka.bootstrap, url, seconds=size.latency_seconds))
        runs["bare"].append(_round_trip(kafka.bootstrap, seconds=size.latency_seconds))
    return _comparisons(runs)


def _through_the_outbox(bootstrap: str, url: str, *, seconds: float) -> Run:
    namespace, expected = _NAMESPACES["ours"], round(PER_SECOND * seconds)
    with (
        Part(
            latency_parts.listen, url=url, bootstrap=bootstrap, namespace=namespace, expected=expected
        ) as listening,
        Part(latency_parts.relay, url=url, bootstrap=bootstrap) as relaying,
        Part(
            latency_parts.commit, url=url, namespace=namespace, per_second=PER_SECOND, seconds=seconds
        ) as saying,
    ):
        saying.go()
        committed: Times = saying.result(within=seconds + _ARRIVES_WITHIN)
        came, effective = listening.result(within=_ARRIVES_WITHIN)
        relaying.stop()
        read: Times = relaying.result(within=_ARRIVES_WITHIN)
    counted = _counted(committed, effective)
    return Run(
        [effective[id] - committed[id] for id in counted],
        {
            "waiting in the outbox until the relay reads it": _middle(committed, read, counted),
            "building, sending, Kafka, fetching": _middle(read, came, counted),
            "decoding and the effect's transaction": _middle(came, effective, counted),
        },
    )


def _round_trip(bootstrap: str, *, seconds: float) -> Run:
    namespace, expected = _NAMESPACES["bare"], round(PER_SECOND * seconds)
    with (
        Part(latency_parts.consume, bootstrap=bootstrap, namespace=namespace, expected=expected) as consuming,
        Part(
            latency_parts.produce,
            bootstrap=bootstrap,
            namespace=namespace,
            per_second=PER_SECOND,
            seconds=seconds,
        ) as producing,
    ):
        producing.go()
        sent: Times = producing.result(within=seconds + _ARRIVES_WITHIN)
        came: Times = consuming.result(within=_ARRIVES_WITHIN)
    return Run([came[id] - sent[id] for id in _counted(sent, came)])


def _counted(first: Times, last: Times) -> list[bytes]:
    """The events that are counted: all but those of the first second. Raises RuntimeError where one never came."""
    if missing := sum(id not in last for id in first):
        raise RuntimeError(f"{missing} of {len(first)} events did not arrive")
    return list(first)[int(PER_SECOND * _LEFT_OUT_SECONDS) :]


def _middle(since: Times, until: Times, counted: Sequence[bytes]) -> float:
    return statistics.median(until[id] - since[id] for id in counted)


def _comparisons(runs: dict[str, list[Run]]) -> Sequence[Comparison]:
    ours, bare = runs["ours"], runs["bare"]
    legs = {leg: statistics.median(run.legs[leg] for run in ours) for leg in ours[0].legs}
    rates = "; ".join(
        f"{name} p50 {1e3 * statistics.median(run.p50 for run in found):.1f} ms, "
        f"p99 {1e3 * statistics.median(run.p99 for run in found):.1f} ms"
        for name, found in runs.items()
    )
    rates += "; legs " + ", ".join(f"{leg} {1e3 * seconds:.1f} ms" for leg, seconds in legs.items())

    def row(which: str, ratios: list[float], aim: float | None) -> Comparison:
        return Comparison(
            ours=f"Commit to effect, {which}, {PER_SECOND} events/s: outbox, relay, Kafka, consumer, table",
            bare="bare produce to consume at the same pace",
            ratios=ratios,
            aim=aim,
            less_is_better=True,
            goes_to=shares(legs) if aim else {},
            remark="Shares of the sum of each leg's median.",
            rates=rates,
        )

    return [
        row("p50", [o.p50 / b.p50 for o, b in zip(ours, bare, strict=True)], 5.0),
        row("p99", [o.p99 / b.p99 for o, b in zip(ours, bare, strict=True)], None),
    ]
