"""What a broker says of topics to this very login: partitions, replicas, and what it may do with them.

The bus's client speaks older versions of the question, which do not tell rights, so version 8 is spelt out here. Nothing is
tried out on a topic: to write to one in order to see whether one may would be heard by everybody.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiokafka.conn import create_conn
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Int16, Int32, Schema, String

from ipraktik_chassis.kafka_login import KafkaLogin

_SECONDS: Final = 5.0
_OPERATIONS: Final = {
    3: "read",
    4: "write",
    5: "create",
    6: "delete",
    7: "alter",
    8: "describe",
    10: "describe configs",
    11: "alter configs",
}
"""Kafka's codes; a right is the bit of its code."""


REFUSED: Final = "TopicAuthorizationFailedError"
"""The broker's answer about a topic that this login may not know of, whether it is there or not."""


class Nobody(Exception):
    """No broker of the address answers this login."""


@dataclass(frozen=True, slots=True)
class TopicSeen:
    """A topic as this login sees it. `error` is the broker's name for why it does not show it."""

    name: str
    error: str | None
    partitions: int = 0
    leaderless: int = 0
    under_replicated: int = 0
    replicas: int = 0
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer."""

    brokers: int
    topics: dict[str, TopicSeen]


async def look(*, bootstrap: str, login: KafkaLogin, topics: Sequence[str]) -> Seen:
    """Ask the first broker of the address that answers. Raises Nobody."""
    for place in bootstrap.split(","):
        host, _, port = place.strip().rpartition(":")
        try:
            async with asyncio.timeout(_SECONDS):
                conn = await create_conn(host.strip("[]"), int(port), **login.client_arguments())
                try:
                    return _seen(await conn.send(_AskOfTopics(topics)))
                finally:
                    conn.close()
        except (KafkaError, OSError, TimeoutError, ValueError):
            continue
    raise Nobody


def _seen(answer: Any) -> Seen:
    topics = {}
    for code, name, _, partitions, allowed in answer.topics:
        topics[name] = TopicSeen(
            name=name,
            error=for_code(code).__name__ if code else None,
            partitions=len(partitions),
            leaderless=sum(leader < 0 for _, _, leader, *_ in partitions),
            under_replicated=sum(len(in_sync) < len(replicas) for *_, replicas, in_sync, _ in partitions),
            replicas=min((len(replicas) for *_, replicas, _, _ in partitions), default=0),
            allowed=_named(allowed),
        )
    return Seen(len(answer.brokers), topics)


def _named(bits: int) -> frozenset[str]:
    # a negative number says that the broker was not asked, or does not tell
    return frozenset(name for code, name in _OPERATIONS.items() if bits > 0 and bits >> code & 1)


class _Answer(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 3
    API_VERSION = 8
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            Array(("node_id", Int32), ("host", String("utf-8")), ("port", Int32), ("rack", String("utf-8"))),
        ),
        ("cluster_id", String("utf-8")),
        ("controller_id", Int32),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", String("utf-8")),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("cluster_authorized_operations", Int32),
    )


class _Question(RequestStruct):  # type: ignore[misc]
    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = _Answer
    SCHEMA = Schema(
        ("topics", Array(String("utf-8"))),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
    )


class _AskOfTopics(Request[_Question]):  # type: ignore[misc]
    API_KEY = 3

    def __init__(self, topics: Sequence[str]) -> None:
        self._topics = list(topics)

    def build(self, request_struct_class: Any) -> Any:
        return request_struct_class(self._topics, False, False, True)
