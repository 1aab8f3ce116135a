"""The clients of the command, and what goes wrong with them said in a sentence.

aiokafka says why a login was refused in its log only, and waits for ever for topics that it may not see. So its log is heard here
instead of printed, topics are asked for by name before anything is read, and every wait has a bound.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    NodeNotReadyError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from ..topics import TOPICS
from .login import Login
from .refusal import CannotDo

T = TypeVar("T")
PUBLIC_TOPICS: Final = tuple(topic.name for topic in TOPICS if topic.public)
PATIENCE: Final = 30.0
"""Seconds that the brokers may stay silent before the command gives up."""
_FETCH_BYTES: Final = 4 * 1024 * 1024
_NO_ERROR, _UNKNOWN_TOPIC, _FORBIDDEN_TOPIC = 0, 3, 29


class _Heard(logging.Handler):
    """Listens to aiokafka's log in place of the terminal."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.login_refused = False

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if "SaslAuthenticationFailed" in said or "Authentication failed" in said:
            self.login_refused = True


HEARD: Final = _Heard()


def quieten() -> None:
    """Let aiokafka speak to us alone. Asyncio says of its closed sockets what the sentence says better."""
    for name in ("aiokafka", "asyncio"):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [HEARD], False


@asynccontextmanager
async def consumer_of(login: Login, **options: Any) -> AsyncIterator[Any]:
    """A consumer without a group, which reads partitions it is told to."""
    made = AIOKafkaConsumer(
        **login.options(),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=_FETCH_BYTES,
        **options,
    )
    async with _started(login, made, made.stop) as consumer:
        yield consumer


@asynccontextmanager
async def producer_of(login: Login) -> AsyncIterator[Any]:
    """An idempotent producer, whose records of one key come in the order in which they were sent."""
    made = AIOKafkaProducer(
        **login.options(), enable_idempotence=True, acks="all", linger_ms=5, max_batch_size=256 * 1024
    )
    async with _started(login, made, made.stop) as producer:
        yield producer


@asynccontextmanager
async def admin_of(login: Login) -> AsyncIterator[Any]:
    """A client that asks and changes what there is."""
    made = AIOKafkaAdminClient(**login.options(), request_timeout_ms=20_000)
    async with _started(login, made, made.close) as admin:
        yield admin


@asynccontextmanager
async def _started(login: Login, client: Any, stop: Any) -> AsyncIterator[Any]:
    with sentences(login):
        try:
            await bounded(client.start(), what=f"Kafka at {login.bootstrap} to answer")
            yield client
        finally:  # also where the start failed: aiokafka leaves sockets open else
            closing = asyncio.ensure_future(stop())
            await asyncio.wait({closing}, timeout=5)
            if closing.done() and not closing.cancelled():
                closing.exception()
            closing.cancel()


async def bounded(waiting: Awaitable[T], *, what: str, seconds: float = PATIENCE) -> T:
    """Wait within a bound. Raises CannotDo."""
    try:
        return await asyncio.wait_for(waiting, seconds)
    except TimeoutError:
        raise CannotDo(
            f"Waited {seconds:g} s for {what}; look whether the brokers are up and reachable"
        ) from None


@contextmanager
def sentences(login: Login) -> Iterator[None]:
    """Turns what a client raises into a sentence that says what to do."""
    HEARD.login_refused = False
    try:
        yield
    except BrokenPipeError:
        raise
    except (KafkaError, OSError) as error:
        raise CannotDo(_sentence(error, login)) from error


def _sentence(error: BaseException, login: Login) -> str:
    who = login.username or "an unnamed client"
    if HEARD.login_refused or isinstance(error, SaslAuthenticationFailed):
        return f"The broker refuses the login of {who}: check KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_SASL_MECHANISM"
    if isinstance(error, TopicAuthorizationFailedError):
        return f"{who} has no right to {_named(error)}: ask the operator for it, or check TOPIC_NAMESPACE"
    if isinstance(error, GroupAuthorizationFailedError):
        return f"{who} has no right to the group: it must begin with the prefix you were given (KAFKA_GROUP_PREFIX)"
    if isinstance(error, ClusterAuthorizationFailedError):
        return f"{who} may not write or change anything on this cluster: log in as one that may"
    if isinstance(error, UnknownTopicOrPartitionError):
        return "The topic is not on this broker: check TOPIC_NAMESPACE and KAFKA_BOOTSTRAP"
    if isinstance(error, KafkaConnectionError | NodeNotReadyError | KafkaTimeoutError | OSError):
        return (
            f"No Kafka answers at {login.bootstrap}: check KAFKA_BOOTSTRAP, whether the broker is up, and whether it "
            f"speaks {login.protocol} there (KAFKA_SECURITY_PROTOCOL)"
        )
    return f"Kafka at {login.bootstrap} refused with {type(error).__name__}: try again, or tell the operator"


def _named(error: BaseException) -> str:
    names = [name for argument in error.args for name in _names(argument)]
    return f"the topic {', '.join(names)}" if names else "one of the topics"


def _names(argument: object) -> Sequence[str]:
    if isinstance(argument, str):
        return [argument]
    if isinstance(argument, set | frozenset | list | tuple):
        return sorted(str(name) for name in argument)
    return []


async def partitions_of(admin: Any, login: Login, topics: Sequence[str]) -> dict[str, int]:
    """How many partitions each topic has. Raises CannotDo where one is not there or must not be read."""
    described = await bounded(admin.describe_topics(list(topics)), what="the broker to describe the topics")
    found: dict[str, int] = {}
    for topic in described:
        name, code = topic["topic"], topic["error_code"]
        if code == _FORBIDDEN_TOPIC:
            raise TopicAuthorizationFailedError(name)
        if code == _UNKNOWN_TOPIC:
            raise CannotDo(
                f"There is no topic {name} at {login.bootstrap}: check TOPIC_NAMESPACE (now {login.namespace!r}), "
                "or make the topics first"
            )
        if code != _NO_ERROR or not topic["partitions"]:
            raise CannotDo(f"The topic {name} is not ready (error {code}): try again in a moment")
        found[name] = len(topic["partitions"])
    return found
