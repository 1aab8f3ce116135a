"""The subscriber on aiokafka: read, take in, commit, and leave the group in order when asked to stop.

Run it with `python -m subscriber.with_aiokafka`; as many members as you like share the partitions.
"""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Sequence
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from .intake import DATABASE_AWAY, PUBLIC_TOPICS, SCHEMA, Intake
from .settings import Settings

log = logging.getLogger(__name__)

_LONGEST_PAUSE: Final = 30.0


async def listen(settings: Settings) -> None:
    """Take in what comes until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with asyncpg.create_pool(settings.database_url, min_size=1, max_size=2) as pool:
        await pool.execute(SCHEMA)
        intake = Intake(pool=pool, namespace=settings.namespace, echo_file=settings.echo_file)
        consumer = AIOKafkaConsumer(
            *(settings.namespace + topic for topic in PUBLIC_TOPICS),
            group_id=settings.group,
            enable_auto_commit=False,  # or offsets run ahead of our transaction, and a crash loses what lies between
            auto_offset_reset="earliest",  # a new group begins with the first event, not with the next one
            session_timeout_ms=settings.session_timeout_ms,
            heartbeat_interval_ms=settings.session_timeout_ms // 4,
            **settings.aiokafka(),
        )
        try:
            await consumer.start()
            while not stopping.is_set():
                batches = await consumer.getmany(timeout_ms=500, max_records=500)
                for partition, records in batches.items():
                    if not await _taken_in(intake, records, stopping):
                        return
                    await _commit(consumer, partition, records[-1].offset + 1)
        finally:
            await consumer.stop()  # also after a failed start, or its connections stay behind


async def _taken_in(intake: Intake, records: Sequence[ConsumerRecord], stopping: asyncio.Event) -> bool:
    """Try until the database has it, or until we are to stop (then it is read again at the next start)."""
    pause = 1.0
    while True:
        try:
            await intake.take_in(records)
            return True
        except DATABASE_AWAY as error:
            log.warning(
                "the database did not take it (%s); trying again in %.0f s", type(error).__name__, pause
            )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)
        if stopping.is_set():
            return False
        pause = min(pause * 2, _LONGEST_PAUSE)


async def _commit(consumer: AIOKafkaConsumer, partition: object, offset: int) -> None:
    try:
        await consumer.commit({partition: offset})
    except (CommitFailedError, IllegalStateError):
        # The partition went to another member meanwhile. It reads these records again, and the inbox knows them.
        log.info("%s is another member's now", partition)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    logging.getLogger("aiokafka").setLevel(logging.WARNING)
    try:
        asyncio.run(listen(Settings.from_environment()))
    except KafkaError as error:  # a wrong address or password, no right: nothing that waiting would mend
        raise SystemExit(f"ERROR gave up: {error}") from None
    except DATABASE_AWAY as error:  # at the start only: later it is waited for
        raise SystemExit(f"ERROR gave up: the database of DATABASE_URL does not let us in: {error}") from None
