"""Services at a real broker, by their declared rights: each can do what it needs, and is refused what it does not own."""

import asyncio
import uuid
from dataclasses import replace
from functools import partial
from typing import Any

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from chassis.tally import SERVICE
from confluent_kafka.admin import (
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)
from rig import Databases
from rights.asking import DONE, asked, codes, outcome, read, write, write_everywhere

from ipraktik_chassis import kafka_login as settings
from ipraktik_chassis.refilling import replay_all
from ipraktik_chassis.sending import CannotSend
from ipraktik_contracts.rights import SERVICES, Grant
from ipraktik_contracts.topics import PLACEMENTS, REQUESTS, TOPICS
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.login import KafkaLogin
from ipraktik_local.rights import make_services

_PUBLISHED = """
insert into published (shard, id, hash, topic, key, headers, body, event_id, created_at)
values (0, $6, 0, $1, $2, $3, $4, $5, '2018-04-09T08:00:00Z')
"""
Logins = dict[str, KafkaLogin]


@pytest.fixture
async def logins(secured: KafkaServer, namespace: str) -> Logins:
    """Every service's own, and one record on every topic."""
    await write_everywhere(secured.admin, namespace)
    return await asyncio.to_thread(make_services, secured, services=SERVICES, namespace=namespace)


async def test_a_service_reads_and_writes_what_it_owns_and_is_refused_the_rest(
    logins: Logins, namespace: str
) -> None:
    for service, its in SERVICES.items():
        for topic in TOPICS:
            name = topic.in_namespace(namespace)
            # what it may not even see is refused for reading and writing alike
            wanted = DONE if topic in its.reads else "TopicAuthorizationFailedError"
            group = f"{namespace}{service}"
            assert await outcome(read(logins[service], name, group=group)) == wanted, (service, name)
            wanted = DONE if topic in its.writes else "TopicAuthorizationFailedError"
            if not its.writes:
                wanted = "ClusterAuthorizationFailedError"  # it gets no producer's number at all
            assert await outcome(write(logins[service], name)) == wanted, (service, name)


async def test_a_service_may_not_read_in_anothers_group(logins: Logins, namespace: str) -> None:
    for service, its in SERVICES.items():
        topic = its.reads[0].in_namespace(namespace)
        for other in {*SERVICES, f"{service}-2", "agency.skat.kit"} - {service}:
            said = await outcome(read(logins[service], topic, group=f"{namespace}{other}"))
            assert said == "GroupAuthorizationFailedError", (service, other)


async def test_no_service_makes_or_removes_a_topic(logins: Logins, namespace: str) -> None:
    for service, its in SERVICES.items():
        topic = its.reads[0].in_namespace(namespace)
        new = NewTopic(f"{namespace}{service}.v1", 1, 1)
        made = await asked(logins[service], partial(AIOKafkaAdminClient.create_topics, new_topics=[new]))
        gone = await asked(logins[service], partial(AIOKafkaAdminClient.delete_topics, topics=[topic]))
        assert codes(made, place="topic_errors") == {"TopicAuthorizationFailedError"}
        assert codes(gone, place="topic_error_codes") == {"TopicAuthorizationFailedError"}


async def test_the_broker_knows_exactly_the_declared_grants(
    secured: KafkaServer, logins: Logins, namespace: str
) -> None:
    for service, its in SERVICES.items():
        user = logins[service].username
        assert user == f"{namespace}{service}"
        assert await asyncio.to_thread(_grants_of, secured.admin, user) == set(its.grants(namespace))


async def test_rights_that_are_declared_no_more_are_gone_at_the_next_start(
    secured: KafkaServer, logins: Logins, namespace: str
) -> None:
    before = logins["matching"]
    again = await asyncio.to_thread(make_services, secured, services=["matching"], namespace=namespace)
    topic = SERVICES["matching"].reads[0].in_namespace(namespace)
    assert await outcome(read(before, topic, group=f"{namespace}matching")) == "KafkaConnectionError"
    assert await outcome(read(again["matching"], topic, group=f"{namespace}matching")) == DONE
    granted = await asyncio.to_thread(_grants_of, secured.admin, before.username)
    assert granted == set(SERVICES["matching"].grants(namespace))


async def test_the_history_is_sent_again_with_the_services_own_login(
    secured: KafkaServer, databases: Databases, namespace: str
) -> None:
    made = await asyncio.to_thread(make_services, secured, services=["matching"], namespace=namespace)
    login = login_of(made["matching"])
    allowed, refused = (topic.in_namespace(namespace) for topic in (PLACEMENTS, REQUESTS))
    url, _ = await databases.fresh(SERVICE)
    conn = await asyncpg.connect(url)
    try:
        for number, topic in enumerate((allowed, refused), start=1):
            await conn.execute(_PUBLISHED, topic, b"key", b"ce_id\0" + b"1", b"{}", uuid.uuid4(), number)
        with pytest.raises(CannotSend, match=f"{refused}: not there, or not for user {namespace}matching"):
            await replay_all(conn, bootstrap=secured.bootstrap, login=login)
        sent = await replay_all(conn, bootstrap=secured.bootstrap, login=login, topics=[allowed])
        wrong = replace(login, password="gaettet")
        with pytest.raises(CannotSend, match="does not accept the password"):
            await replay_all(conn, bootstrap=secured.bootstrap, login=wrong)
    finally:
        await conn.close()
        await databases.drop(url)
    assert sent == {allowed: 1}


def login_of(login: KafkaLogin) -> settings.KafkaLogin:
    """As the settings of a service give it."""
    return settings.KafkaLogin("SASL_PLAINTEXT", "SCRAM-SHA-512", login.username, login.password)


def _grants_of(admin: KafkaLogin, user: str) -> set[Grant]:
    anything: Any = None
    everything = AclBindingFilter(
        ResourceType.ANY,
        anything,
        ResourcePatternType.ANY,
        f"User:{user}",
        anything,
        AclOperation.ANY,
        AclPermissionType.ANY,
    )
    client = AdminClient({**admin.librdkafka(), "log_level": 0})
    found = client.describe_acls(everything).result(15)
    assert {(one.host, one.permission_type) for one in found} == {("*", AclPermissionType.ALLOW)}
    return {
        Grant(
            "topic" if one.restype is ResourceType.TOPIC else "group",
            one.name,
            "read" if one.operation is AclOperation.READ else "write",
            prefixed=one.resource_pattern_type is ResourcePatternType.PREFIXED,
        )
        for one in found
    }
