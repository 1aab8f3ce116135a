"""The topics' declarations keep what the design promises."""

import pytest

from ipraktik_contracts.registry import EVENT_CLASSES
from ipraktik_contracts.topics import BY_NAME, CONTACTS, REQUESTS, TOPICS, TopicDeclaration

DAY_MS = 24 * 60 * 60 * 1000


def test_three_are_public_and_two_internal() -> None:
    assert {topic.name for topic in TOPICS if topic.public} == {
        "innovationspraktik.participants.v1",
        "innovationspraktik.placements.v1",
        "innovationspraktik.evaluations.v1",
    }
    assert {topic.name for topic in TOPICS if not topic.public} == {
        "innovationspraktik.internal.contacts.v1",
        "innovationspraktik.internal.requests.v1",
    }


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_the_broker_stamps_every_record_and_takes_the_largest(topic: TopicDeclaration) -> None:
    assert topic.config["message.timestamp.type"] == "LogAppendTime"
    assert int(topic.config["max.message.bytes"]) >= 2 * 65_536
    assert topic.partitions == 12
    assert topic.in_namespace("t1.") == f"t1.{topic.name}"


@pytest.mark.parametrize("topic", [one for one in TOPICS if one.public], ids=lambda topic: topic.name)
def test_public_facts_are_kept_for_ever(topic: TopicDeclaration) -> None:
    assert topic.config["cleanup.policy"] == "delete"
    assert topic.config["retention.ms"] == topic.config["retention.bytes"] == "-1"


def test_contacts_are_compacted_within_a_bound_so_that_erasure_is_real() -> None:
    assert CONTACTS.config["cleanup.policy"] == "compact"
    assert int(CONTACTS.config["max.compaction.lag.ms"]) <= DAY_MS
    assert int(CONTACTS.config["segment.ms"]) <= DAY_MS  # only a closed segment is compacted
    assert (
        int(CONTACTS.config["delete.retention.ms"]) >= 7 * DAY_MS
    )  # a reader that was away still sees the tombstone


def test_requests_are_gone_after_a_fortnight() -> None:
    assert REQUESTS.config["cleanup.policy"] == "delete"
    assert int(REQUESTS.config["retention.ms"]) == 14 * DAY_MS


def test_every_event_lies_on_a_topic_of_its_audience_and_every_topic_has_events() -> None:
    for event_class in EVENT_CLASSES:
        assert BY_NAME[event_class.TOPIC].public == (event_class.AUDIENCE == "public")
    assert {event_class.TOPIC for event_class in EVENT_CLASSES} == set(BY_NAME)
