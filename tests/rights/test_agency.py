"""An agency at a real broker: it reads the public topics, and is refused everything else."""

import asyncio
import time
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAuthorizationFailedError
from chassis.waiting import until
from confluent_kafka import Consumer, KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)
from rights.asking import DONE, asked, codes, outcome, read, with_password, write, write_everywhere

from ipraktik_contracts.rights import AGENCY_QUOTA, PUBLIC, Quota
from ipraktik_contracts.topics import CONTACTS, PARTICIPANTS, PLACEMENTS, REQUESTS, TOPICS
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.quotas import quota_of, set_quota
from ipraktik_local.rights import AgencyLogin, agencies, make_agency, revoke_agency
from ipraktik_local.users import RightsNotChanged

_KILOBYTE = b"x" * 1024


@pytest.fixture
async def skat(secured: KafkaServer, namespace: str) -> AgencyLogin:
    """An agency, and one record on every topic."""
    await write_everywhere(secured.admin, namespace)
    return await asyncio.to_thread(make_agency, secured, name="skat", namespace=namespace)


async def test_an_agency_reads_every_public_topic_from_the_start_in_groups_of_its_own(
    skat: AgencyLogin,
) -> None:
    assert skat.group_prefix == f"{skat.namespace}agency.skat."
    for number, topic in enumerate(PUBLIC):
        name = topic.in_namespace(skat.namespace)
        assert await read(skat.login, name, group=f"{skat.group_prefix}{number}") == [topic.name.encode()]
    seen = set(await asked(skat.login, lambda admin: admin.list_topics()))
    assert seen == {topic.in_namespace(skat.namespace) for topic in PUBLIC}


async def test_an_agency_may_not_write(skat: AgencyLogin) -> None:
    for topic in TOPICS:
        name = topic.in_namespace(skat.namespace)
        assert await outcome(write(skat.login, name, idempotent=False)) == "TopicAuthorizationFailedError"
    name = PARTICIPANTS.in_namespace(skat.namespace)
    assert await outcome(write(skat.login, name)) == "ClusterAuthorizationFailedError"


@pytest.mark.parametrize("topic", [CONTACTS, REQUESTS], ids=lambda topic: topic.name)
async def test_an_agency_may_not_read_internal_topics_nor_tell_them_from_none(
    skat: AgencyLogin, topic: Any
) -> None:
    group = f"{skat.group_prefix}kit"
    names = (topic.in_namespace(skat.namespace), f"{skat.namespace}nowhere.v1")
    refusals = [await outcome(read(skat.login, name, group=group)) for name in names]
    assert refusals == ["TopicAuthorizationFailedError"] * 2


async def test_an_agency_may_not_use_groups_of_others(secured: KafkaServer, skat: AgencyLogin) -> None:
    other = await asyncio.to_thread(make_agency, secured, name="skat-2", namespace=skat.namespace)
    topic = PARTICIPANTS.in_namespace(skat.namespace)
    await read(other.login, topic, group=f"{other.group_prefix}kit")
    groups = [f"{other.group_prefix}kit", f"{skat.namespace}notify", "kit", skat.group_prefix.rstrip(".")]
    for group in groups:
        assert await outcome(read(skat.login, topic, group=group)) == "GroupAuthorizationFailedError", group
    assert await asked(skat.login, lambda admin: admin.list_consumer_groups()) == []


async def test_an_agency_may_not_make_change_or_look_into_anything(
    secured: KafkaServer, skat: AgencyLogin
) -> None:
    topic, own = PARTICIPANTS.in_namespace(skat.namespace), f"{skat.group_prefix}v1"
    made = await asked(skat.login, lambda admin: admin.create_topics([NewTopic(own, 1, 1)]))
    gone = await asked(skat.login, lambda admin: admin.delete_topics([topic]))
    changed = ConfigResource(ConfigResourceType.TOPIC, topic, configs={"retention.ms": "1000"})
    (altered,) = await asked(skat.login, lambda admin: admin.alter_configs([changed]))
    looked = ConfigResource(ConfigResourceType.TOPIC, topic)
    (described,) = await asked(skat.login, lambda admin: admin.describe_configs([looked]))
    (broker,) = await asked(
        skat.login, lambda admin: admin.describe_configs([ConfigResource(ConfigResourceType.BROKER, "1")])
    )
    assert codes(made, place="topic_errors") == {"TopicAuthorizationFailedError"}
    assert codes(gone, place="topic_error_codes") == {"TopicAuthorizationFailedError"}
    assert codes(altered, place="resources", at=0) == {"TopicAuthorizationFailedError"}
    assert codes(described, place="resources", at=0) == {"TopicAuthorizationFailedError"}
    assert codes(broker, place="resources", at=0) == {"ClusterAuthorizationFailedError"}
    with pytest.raises(RightsNotChanged, match="CLUSTER_AUTHORIZATION_FAILED"):
        await asyncio.to_thread(make_agency, skat.login, name="kl", namespace=skat.namespace)
    with pytest.raises(RuntimeError, match="ClusterAuthorizationFailed"):
        await asyncio.to_thread(set_quota, skat.login, user=skat.username, quota=None)
    assert agencies(secured, namespace=skat.namespace) == ("skat",)


async def test_an_agency_cannot_give_itself_more(skat: AgencyLogin) -> None:
    more = AclBinding(
        ResourceType.TOPIC,
        CONTACTS.in_namespace(skat.namespace),
        ResourcePatternType.LITERAL,
        f"User:{skat.username}",
        "*",
        AclOperation.READ,
        AclPermissionType.ALLOW,
    )
    admin = AdminClient({**skat.login.librdkafka(), "log_level": 0})
    (answer,) = admin.create_acls([more]).values()
    with pytest.raises(KafkaException, match="CLUSTER_AUTHORIZATION_FAILED"):
        await asyncio.to_thread(answer.result, 10)


async def test_a_wrong_password_and_an_unknown_user_are_not_let_in(
    secured: KafkaServer, skat: AgencyLogin
) -> None:
    topic, group = PARTICIPANTS.in_namespace(skat.namespace), f"{skat.group_prefix}kit"
    for login in (with_password(skat.login, "guess"), with_password(secured.admin, skat.password)):
        assert await outcome(read(login, topic, group=group)) == "KafkaConnectionError"


async def test_a_second_login_of_an_agency_has_a_new_password_and_ends_the_first(
    secured: KafkaServer, skat: AgencyLogin
) -> None:
    topic, group = PARTICIPANTS.in_namespace(skat.namespace), f"{skat.group_prefix}kit"
    assert not skat.renewed
    again = await asyncio.to_thread(make_agency, secured.admin, name="skat", namespace=skat.namespace)
    assert again.renewed
    assert (again.username, again.password == skat.password) == (skat.username, False)
    assert await outcome(read(skat.login, topic, group=group)) == "KafkaConnectionError"
    assert await outcome(read(again.login, topic, group=group)) == DONE


async def test_a_revoked_agency_is_refused_where_it_listens_and_where_it_comes_back(
    secured: KafkaServer, skat: AgencyLogin
) -> None:
    topic, group = PARTICIPANTS.in_namespace(skat.namespace), f"{skat.group_prefix}kit"
    consumer = AIOKafkaConsumer(
        topic, **skat.login.aiokafka(), group_id=group, auto_offset_reset="earliest", fetch_max_wait_ms=100
    )
    await consumer.start()
    try:
        assert (await asyncio.wait_for(consumer.getone(), 15)).value == PARTICIPANTS.name.encode()
        await asyncio.to_thread(revoke_agency, secured, name="skat", namespace=skat.namespace)
        await write(secured.admin, topic, b"after")
        with pytest.raises(TopicAuthorizationFailedError):
            await asyncio.wait_for(consumer.getone(), 15)
    finally:
        await consumer.stop()
    assert await outcome(read(skat.login, topic, group=group)) == "KafkaConnectionError"
    assert agencies(secured, namespace=skat.namespace) == ()
    assert await asyncio.to_thread(quota_of, secured.admin, user=skat.username) is None


async def test_an_agency_that_comes_back_resumes_where_it_was(
    secured: KafkaServer, skat: AgencyLogin
) -> None:
    topic, group = PLACEMENTS.in_namespace(skat.namespace), f"{skat.group_prefix}kit"
    await read(skat.login, topic, group=group)
    await asyncio.to_thread(revoke_agency, secured, name="skat", namespace=skat.namespace)
    again = await asyncio.to_thread(make_agency, secured, name="skat", namespace=skat.namespace)
    await write(secured.admin, topic, b"meanwhile")
    assert await read(again.login, topic, group=group) == [b"meanwhile"]


async def test_an_agency_has_the_declared_quota(secured: KafkaServer, skat: AgencyLogin) -> None:
    assert await asyncio.to_thread(quota_of, secured.admin, user=skat.username) == AGENCY_QUOTA


async def test_the_quota_slows_a_greedy_reader_down_and_nobody_else(
    secured: KafkaServer, namespace: str
) -> None:
    topic = PARTICIPANTS.in_namespace(namespace)
    await write(secured.admin, topic, *(_KILOBYTE for _ in range(400)))
    narrow = Quota(consumer_bytes_per_second=100_000, request_percentage=50)
    slow = await asyncio.to_thread(make_agency, secured, name="graadig", namespace=namespace, quota=narrow)
    wide = await asyncio.to_thread(make_agency, secured, name="rolig", namespace=namespace)

    throttled, seconds = await asyncio.to_thread(_read_all, slow, topic, records=400)
    assert throttled
    assert seconds > 1  # four seconds' worth, of which Kafka lets up to three pass at once
    throttled, seconds = await asyncio.to_thread(_read_all, wide, topic, records=400)
    assert not throttled
    assert seconds < 1


def _read_all(agency: AgencyLogin, topic: str, *, records: int) -> tuple[bool, float]:
    """Read so many records; whether the broker asked to wait meanwhile, and how long it took after the first."""
    throttles: list[float] = []
    consumer = Consumer(
        {
            **agency.login.librdkafka(),
            "group.id": f"{agency.group_prefix}greedy",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "message.max.bytes": 100_000,
            "fetch.max.bytes": 100_000,
            "max.partition.fetch.bytes": 100_000,
            "throttle_cb": lambda event: throttles.append(event.throttle_time),
        }
    )
    try:
        consumer.subscribe([topic])
        read, began, bound = 0, 0.0, time.monotonic() + 60
        while read < records:
            assert time.monotonic() < bound
            for record in consumer.consume(records - read, timeout=1):
                assert record.error() is None
                began = began or time.monotonic()
                read += 1
        seconds = time.monotonic() - began
        consumer.poll(0)
    finally:
        consumer.close()
    return any(throttle > 0 for throttle in throttles), seconds


async def test_nothing_happens_by_itself_to_who_only_asks_in_vain(skat: AgencyLogin) -> None:
    """Topics that were asked for are not made on the way."""
    name = f"{skat.group_prefix}nowhere"
    await outcome(write(skat.login, name, idempotent=False))
    await outcome(read(skat.login, name, group=f"{skat.group_prefix}kit"))

    async def visible() -> bool:
        return bool(await asked(skat.login, lambda admin: admin.list_topics()))

    await until(visible, what="it sees topics")
    assert name not in await asked(skat.login, lambda admin: admin.list_topics())
