"""How many `work` replicas find something to take in: as many as there are partitions, shown on a real Kafka.

The replicas are the consumers of the services themselves, many in one process: whole processes would show the same of the group and fill
the machine.
"""

import asyncio
import logging
import time
from collections.abc import Sequence

import uvloop
from bench.figures import Operated
from bench.listening import ORIGIN
from bench.topics import made_topics

from ipraktik_chassis.clock import SystemClock
from ipraktik_chassis.consumer import Consumer
from ipraktik_chassis.database import Database
from ipraktik_chassis.intake import Intake
from ipraktik_chassis.metrics import ConsumerMetrics, new_registry
from ipraktik_chassis.subscriptions import Subscriptions
from ipraktik_contracts.topics import BY_NAME, CONTACTS, PARTICIPANTS
from ipraktik_local.postgres import PostgresServer

_WITHIN = 90.0
_NAMESPACE = "bench.partitions."
_CASES = {
    "one topic": (PARTICIPANTS.name,),
    "the two topics that matching hears": (CONTACTS.name, PARTICIPANTS.name),
}


def show_partitions(*, bootstrap: str, postgres: PostgresServer) -> Operated:
    """A line per case. Raises RuntimeError where the group shares out otherwise."""
    logging.getLogger("aiokafka").setLevel(
        logging.CRITICAL
    )  # so many joining at once meet leaders that are being told
    made_topics(bootstrap, _NAMESPACE)
    facts = []
    for number, (who, topics) in enumerate(_CASES.items()):
        most = sum(BY_NAME[topic].partitions for topic in topics)
        held = uvloop.run(
            _shared_out(
                bootstrap, url=postgres.admin_url, group=f"case{number}", topics=topics, replicas=most + 1
            )
        )
        if held != [0, *[1] * most]:
            raise RuntimeError(f"{most + 1} replicas on {most} partitions hold {held}")
        facts.append(
            f"Replicas that have something to take in from {who}: {most}. Of {most + 1} in one group, {most} hold one "
            "partition each; one holds none and stands by."
        )
    return Operated(facts=facts)


async def _shared_out(
    bootstrap: str, *, url: str, group: str, topics: Sequence[str], replicas: int
) -> list[int]:
    """How many partitions each holds once all that join have their share, fewest first."""
    consumers = [_consumer(bootstrap, url=url, group=group, topics=topics) for _ in range(replicas)]
    partitions = sum(BY_NAME[topic].partitions for topic in topics)
    try:
        await asyncio.gather(*(one.start() for one in consumers))
        deadline = time.monotonic() + _WITHIN
        while True:
            held = sorted(one.partitions for one in consumers)
            if all(one.joined for one in consumers) and sum(held) == partitions:
                return held
            if time.monotonic() > deadline:
                raise TimeoutError(f"{replicas} replicas hold {held} after {_WITHIN:g} s")
            await asyncio.sleep(0.05)
    finally:
        await asyncio.gather(*(one.stop(patience=10) for one in consumers))


def _consumer(bootstrap: str, *, url: str, group: str, topics: Sequence[str]) -> Consumer:
    """As `work` has it. Nothing is published here, so its intake needs no database that answers."""
    clock = SystemClock()
    intake = Intake(
        database=Database(url=url, clock=clock, origin=ORIGIN),
        consumer=group,
        subscriptions=Subscriptions(),
        clock=clock,
        metrics=ConsumerMetrics(new_registry(service=group, version="0")),
    )
    return Consumer(bootstrap=bootstrap, namespace=_NAMESPACE, group=group, topics=topics, intake=intake)
