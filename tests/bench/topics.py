"""Topics for a benchmark, every partition with a leader: a client that comes earlier would measure its own retries."""

import asyncio
import time
from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from ipraktik_contracts.topics import PARTICIPANTS
from ipraktik_local.topics import create_topics

_LED_WITHIN = 30.0


def made_topics(bootstrap: str, namespace: str) -> None:
    """All declared topics in this namespace."""
    names = create_topics(bootstrap, namespace)
    asyncio.run(led(bootstrap, names))


async def declared_topic(bootstrap: str, name: str) -> None:
    """One topic of another name, with the partitions and the limits of a public one as it is declared."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        made = NewTopic(name, PARTICIPANTS.partitions, 1, topic_configs=dict(PARTICIPANTS.config))
        await admin.create_topics([made])
    finally:
        await admin.close()
    await led(bootstrap, [name])


async def led(bootstrap: str, names: Sequence[str]) -> None:
    """Wait until every partition has a leader."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        deadline = time.monotonic() + _LED_WITHIN
        while True:
            topics = await admin.describe_topics(list(names))
            if all(len(t["partitions"]) and all(p["leader"] >= 0 for p in t["partitions"]) for t in topics):
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"no leaders for {names} within {_LED_WITHIN:g} s")
            await asyncio.sleep(0.05)
    finally:
        await admin.close()
