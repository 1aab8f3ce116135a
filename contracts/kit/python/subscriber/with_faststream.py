"""The same subscriber on FastStream. Each setting below that looks superfluous keeps a loss away; README.md says which.

Run it with `python -m subscriber.with_faststream`; as many members as you like share the partitions.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

import asyncpg
from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaError
from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage
from faststream.security import BaseSecurity, SASLScram512

from .intake import DATABASE_AWAY, PUBLIC_TOPICS, SCHEMA, Intake
from .settings import Settings

log = logging.getLogger(__name__)

_PAUSE: Final = 2.0


async def listen(settings: Settings) -> None:
    """Take in what comes until SIGTERM or SIGINT. Raises what Kafka refuses."""
    broker = KafkaBroker(
        settings.bootstrap,
        security=_login(settings),
        allow_auto_create_topics=False,  # it would try to create the topics, which we may not
        apply_types=False,  # the records as they are, without a conversion that could fail
        ack_policy=AckPolicy.NACK_ON_ERROR,
        log_level=logging.DEBUG,
        logger=log,
        graceful_timeout=15,
    )
    # The commit comes after the handler has returned, and not at all after it has raised: then everything is read again.
    # The defaults would commit first (or after an error too), and begin a new group with the next event, not the first.
    subscriber: Any = broker.subscriber(
        *(settings.namespace + topic for topic in PUBLIC_TOPICS),
        group_id=settings.group,
        ack_policy=AckPolicy.NACK_ON_ERROR,
        auto_offset_reset="earliest",
        batch=True,
        max_records=500,
        batch_timeout_ms=20,
        session_timeout_ms=settings.session_timeout_ms,
        heartbeat_interval_ms=settings.session_timeout_ms // 4,
    )
    intakes: list[Intake] = []

    async def parse(records: Sequence[ConsumerRecord]) -> KafkaAckableMessage:
        # FastStream's own parser reads the headers, and a single null one would drop the whole batch unseen.
        return KafkaAckableMessage(
            body=b"",
            raw_message=tuple(records),
            consumer=subscriber.consumer,
            headers={},
            reply_to="",
            content_type=None,
            message_id="",
            correlation_id=None,
        )

    async def records_of(message: Any) -> Any:
        return message.raw_message

    async def handle(records: Sequence[ConsumerRecord]) -> None:
        try:
            for _, those in groupby(records, attrgetter("topic", "partition")):
                await intakes[0].take_in(list(those))
        except DATABASE_AWAY as error:
            log.warning(
                "the database did not take it (%s); trying again in %.0f s", type(error).__name__, _PAUSE
            )
            await asyncio.sleep(_PAUSE)  # FastStream reads again at once; the pause is ours to make
            raise

    subscriber(handle, parser=parse, decoder=records_of)

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        async with asyncpg.create_pool(settings.database_url, min_size=1, max_size=2) as pool:
            await pool.execute(SCHEMA)
            intakes.append(Intake(pool=pool, namespace=settings.namespace, echo_file=settings.echo_file))
            yield

    app = FastStream(broker, lifespan=lifespan, logger=log)
    refusals: list[KafkaError] = []

    def is_no_refusal(line: logging.LogRecord) -> bool:
        # FastStream logs what Kafka refuses and goes on asking, alive and deaf. A process that ends is noticed.
        error = line.exc_info[1] if line.exc_info else None
        if isinstance(error, KafkaError):
            refusals.append(error)
            app.exit()
        return not isinstance(error, KafkaError)

    log.addFilter(is_no_refusal)
    await app.run()
    if refusals:
        raise refusals[0]


def _login(settings: Settings) -> BaseSecurity | None:
    tls = settings.tls()
    if settings.uses_login:
        return SASLScram512(settings.username, settings.password, ssl_context=tls, use_ssl=tls is not None)
    return BaseSecurity(ssl_context=tls) if tls else None


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    logging.getLogger("aiokafka").setLevel(logging.WARNING)
    try:
        asyncio.run(listen(Settings.from_environment()))
    except KafkaError as error:  # a wrong address or password, no right: nothing that waiting would mend
        raise SystemExit(f"ERROR gave up: {error}") from None
    except DATABASE_AWAY as error:  # at the start only: later it is waited for
        raise SystemExit(f"ERROR gave up: the database of DATABASE_URL does not let us in: {error}") from None
