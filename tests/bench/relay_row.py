"""The relay beside a bare producer that sends the same bytes: by `send()`, as everybody writes it first, and by `send_batch`.

And beside itself: on a topic with the limits that ours are declared with. A relay whose batches the topic refuses still gets
everything there, row by row and many times slower, and only this row shows it.
"""

import statistics
import uuid
from collections.abc import Sequence

import uvloop
from bench.bench_relay import Bench
from bench.figures import Comparison, shares
from bench.sizes import Size
from bench.topics import declared_topic

from ipraktik_chassis import schema
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.postgres import PostgresServer


def compare_relay(*, kafka: KafkaServer, postgres: PostgresServer, size: Size) -> Sequence[Comparison]:
    """The three rows."""
    made = postgres.create_service_database("bench_relay")
    schema.apply_migrations(url=made.migration_url, folders=[schema.CHASSIS_MIGRATIONS])

    def bench(kind: type[Bench], rows: int) -> Bench:
        return kind(kafka=kafka, postgres=postgres, url=made.url, owner_url=made.migration_url, rows=rows)

    async def turns() -> Sequence[Comparison]:
        # a whole round first: a JVM that has just started compiles while it works
        warm, real = ([bench(kind, size.relay_rows) for kind in (Bench, _AsDeclared)] for _ in range(2))
        for plain, declared in [warm] + [real] * size.repeats:
            await plain.send()
            await plain.relay(keep_history=True)
            await plain.send_batch()
            await declared.relay(keep_history=True)
        return _comparisons(*real)

    return uvloop.run(turns())


class _AsDeclared(Bench):
    """On topics with the limits of ours instead of the broker's."""

    async def new_topic(self) -> str:
        """An empty topic."""
        name = f"bench.declared.{uuid.uuid4().hex[:8]}"
        await declared_topic(self.kafka.bootstrap, name)
        return name


def _comparisons(bench: Bench, declared: Bench) -> Sequence[Comparison]:
    seconds = {design: [run.seconds for run in runs] for design, runs in bench.runs.items()}
    relay = bench.runs["relay"]
    as_declared = [run.seconds for run in declared.runs["relay"]]
    goes_to = shares({part: statistics.median(run.cpu[part] for run in relay) for part in relay[0].cpu})
    named = {
        "the relay itself": goes_to["process"],
        "PostgreSQL": goes_to["postgres"],
        "Kafka": goes_to["kafka"],
    }
    rates = "; ".join(
        f"{design} {bench.rows / statistics.median(took):,.0f}/s"
        for design, took in [*seconds.items(), ("relay, topic as declared", as_declared)]
    )
    itself = Comparison(
        ours="Relay to a topic as ours are declared",
        bare="the relay to a topic with the broker's own limits",
        ratios=[plain / limited for plain, limited in zip(seconds["relay"], as_declared, strict=True)],
        aim=0.9,
        rates=rates,
    )
    beside = [
        Comparison(
            ours="Relay: outbox to Kafka, and on to the history",
            bare=f"bare aiokafka, same bytes, `{design}`",
            ratios=[bare / relayed for bare, relayed in zip(seconds[design], seconds["relay"], strict=True)],
            aim=aim,
            goes_to=named,
            remark="Shares of the processor time of a row.",
            rates=rates,
        )
        for design, aim in (("send", 1.0), ("send_batch", 0.8))
    ]
    return [*beside, itself]
