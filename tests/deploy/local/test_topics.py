"""The declared topics, as the broker has them."""

from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from ipraktik_contracts.topics import TOPICS
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.topics import TopicsNotMade, create_topics, describe_topics


async def test_topics_are_made_as_declared_and_count_their_records(
    kafka: KafkaServer, topic_namespace: str
) -> None:
    names = create_topics(kafka.bootstrap, topic_namespace)
    create_topics(kafka.bootstrap, topic_namespace)  # again: nothing is doubled, nothing fails
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    try:
        for _ in range(3):
            await producer.send_and_wait(names[0], b"{}", key=b"k")
    finally:
        await producer.stop()

    topics = {topic.name: topic for topic in describe_topics(kafka.bootstrap, topic_namespace)}

    assert set(names) == set(topics) == {topic_namespace + topic.name for topic in TOPICS}
    assert topics[names[0]].records == 3
    for declared in TOPICS:
        made = topics[topic_namespace + declared.name]
        assert made.partitions == declared.partitions
        assert {name: declared.config.get(name, value) for name, value in made.config.items()} == made.config


def test_tenants_do_not_see_the_topics_of_each_other(kafka: KafkaServer, topic_namespace: str) -> None:
    create_topics(kafka.bootstrap, topic_namespace)

    assert describe_topics(kafka.bootstrap, "anden." + topic_namespace) == ()


def test_more_replicas_than_brokers_is_said_with_the_name_of_the_topic(
    kafka: KafkaServer, topic_namespace: str
) -> None:
    with pytest.raises(TopicsNotMade, match=TOPICS[0].name):
        create_topics(kafka.bootstrap, topic_namespace, replication_factor=3)


def test_the_shared_servers_leave_the_tree_alone(servers_home: Path) -> None:
    assert not servers_home.is_relative_to(Path(__file__).parents[3])
