"""A relay as a process of its own that halts at a chosen point of its first slice, so that a test can kill it there.

`python -m chassis.relay.halting_relay DATABASE_URL BOOTSTRAP before_send|after_ack` prints HALTED when it is there and then does nothing more.
"""

import asyncio
import sys
from typing import Any

from chassis.relay.bus import PassingOn

from ipraktik_chassis.producer import Batch, Producer, idempotent_producer
from ipraktik_chassis.relay import Relay


class _HaltingProducer(PassingOn):
    def __init__(self, inner: Producer, where: str) -> None:
        super().__init__(inner)
        self._where = where

    async def send_batch(self, batch: Batch, topic: str, *, partition: int) -> "asyncio.Future[Any]":
        if self._where == "before_send":
            await _halt()
        acknowledged = await super().send_batch(batch, topic, partition=partition)
        await acknowledged
        await _halt()
        return acknowledged


async def _halt() -> None:
    print("HALTED", flush=True)  # noqa: T201 - what the test waits for
    await asyncio.Event().wait()


def main(database_url: str, bootstrap: str, where: str) -> None:
    """Relay until halted."""
    relay = Relay(
        database_url=database_url,
        bootstrap=bootstrap,
        producer_factory=lambda address, size: _HaltingProducer(idempotent_producer(address, size), where),
    )
    asyncio.run(relay.run(asyncio.Event()))


if __name__ == "__main__":
    main(*sys.argv[1:])
