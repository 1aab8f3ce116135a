"""Making and showing the topics that `ipraktik_contracts.topics` declares. Nothing else makes one."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from ipraktik_contracts.topics import TOPICS
from ipraktik_local.login import KafkaLogin, login_at
from ipraktik_local.waiting import in_own_loop

_SHOWN: tuple[str, ...] = (
    "cleanup.policy",
    "retention.ms",
    "max.compaction.lag.ms",
    "message.timestamp.type",
)
_SET_ON_TOPIC = 1  # the protocol's code for where a value comes from; the rest are the broker's defaults


class TopicsNotMade(RuntimeError):
    """The broker refused a topic or its configuration."""


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic as the broker has it. `config` is what was set on it of `_SHOWN`; `records` counts offsets, so compaction does not lower it."""

    name: str
    partitions: int
    config: Mapping[str, str]
    records: int


def create_topics(
    place: str | KafkaLogin, namespace: str = "", *, replication_factor: int = 1
) -> tuple[str, ...]:
    """Every declared topic, under `namespace`, with its declared configuration. Repeating it mends the configuration.

    `place` is an address, or the login of whoever may do this."""
    return in_own_loop(_create(login_at(place), namespace, replication_factor))


def describe_topics(place: str | KafkaLogin, namespace: str = "") -> tuple[TopicState, ...]:
    """The declared topics that exist under `namespace`."""
    return in_own_loop(_describe(login_at(place), namespace))


async def _create(login: KafkaLogin, namespace: str, replication_factor: int) -> tuple[str, ...]:
    names = tuple(topic.in_namespace(namespace) for topic in TOPICS)
    async with _admin(login) as admin:
        there = set(await admin.list_topics())
        missing = [
            NewTopic(
                name=topic.in_namespace(namespace),
                num_partitions=topic.partitions,
                replication_factor=replication_factor,
                topic_configs=dict(topic.config),
            )
            for topic in TOPICS
            if topic.in_namespace(namespace) not in there
        ]
        if missing:
            _check((await admin.create_topics(missing, timeout_ms=15000)).topic_errors)
        settled = [
            ConfigResource(
                ConfigResourceType.TOPIC, topic.in_namespace(namespace), configs=dict(topic.config)
            )
            for topic in TOPICS
            if topic.in_namespace(namespace) in there
        ]
        if settled:
            for answer in await admin.alter_configs(settled):
                _check([(resource[3], resource[0], resource[1]) for resource in answer.resources])
    return names


async def _describe(login: KafkaLogin, namespace: str) -> tuple[TopicState, ...]:
    async with _admin(login) as admin:
        there = set(await admin.list_topics())
        names = [topic.in_namespace(namespace) for topic in TOPICS if topic.in_namespace(namespace) in there]
        if not names:
            return ()
        partitions = {t["topic"]: len(t["partitions"]) for t in await admin.describe_topics(names)}
        answers = await admin.describe_configs(
            [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        )
        configs = {
            resource[3]: {
                entry[0]: entry[1]
                for entry in resource[4]
                if entry[0] in _SHOWN and entry[3] == _SET_ON_TOPIC
            }
            for answer in answers
            for resource in answer.resources
        }
    consumer = AIOKafkaConsumer(**login.aiokafka())
    try:
        await consumer.start()
        every = [TopicPartition(name, number) for name in names for number in range(partitions[name])]
        first, last = await consumer.beginning_offsets(every), await consumer.end_offsets(every)
    finally:
        await consumer.stop()
    return tuple(
        TopicState(
            name=name,
            partitions=partitions[name],
            config={key: configs[name][key] for key in _SHOWN if key in configs[name]},
            records=sum(last[at] - first[at] for at in every if at.topic == name),
        )
        for name in names
    )


@asynccontextmanager
async def _admin(login: KafkaLogin) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**login.aiokafka(), request_timeout_ms=20000)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


def _check(errors: list[tuple[str, int, str | None]]) -> None:
    """Raise for the first refusal; a topic that another process made in the same moment is as good as ours."""
    for topic, code, message in errors:
        if code not in {0, TopicAlreadyExistsError.errno}:
            raise TopicsNotMade(f"{topic}: {for_code(code).__name__} {message or ''}".rstrip())
