"""What is applied by hand only: filling an empty Kafka again, and a shell with the operator's login."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    OffsetSpec,
    ResourcePatternType,
    ResourceType,
)
from deploy.k8s.broken import find
from deploy.k8s.standing import PATHS, Ground, Standing, manifest_environment, placed
from rights.asking import outcome, read, write

from ipraktik_contracts.rights import SERVICES as RIGHTS
from ipraktik_contracts.topics import PARTICIPANTS, TOPICS
from ipraktik_local.kafka import KafkaServer, start_kafka
from ipraktik_local.login import KafkaLogin
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.secured import new_password
from ipraktik_local.topics import create_topics
from ipraktik_local.users import set_password, wait_until_let_in
from ipraktik_manifests.looking import COMPONENT, NAME, Pods, chooses, of_kind, pods, settings_of
from ipraktik_manifests.policies import POLICIES, Facts, Policy
from ipraktik_manifests.tree import K8S, Object, built, environment, kustomizations

BY_HAND = K8S / "by-hand"
REFILLS = {
    "prod": BY_HAND / "refill",
    "test": BY_HAND / "refill" / "test",
    "local": BY_HAND / "refill" / "local",
}
PUBLISHERS = {name for name, its in RIGHTS.items() if its.writes}
ANSWERS = {command: dict.fromkeys(PATHS, 200) for command in ("serve", "work")}


def jobs(objects: list[Object]) -> dict[str, Pods]:
    """The pods of the Jobs among these, by the Job's name."""
    return {one.owner["metadata"]["name"]: one for one in pods(objects) if one.owner["kind"] == "Job"}


@pytest.mark.parametrize("where", REFILLS)
def test_a_refill_has_image_settings_login_and_ways_out_of_its_work(where: str) -> None:
    refill, there = built(REFILLS[where]), environment(where)

    assert set(jobs(refill)) == {f"refill-{one}" for one in PUBLISHERS}
    for service in PUBLISHERS:
        job = jobs(refill)[f"refill-{service}"]
        (work,) = [
            one
            for one in pods(there)
            if (one.labels.get(NAME), one.labels.get(COMPONENT)) == (service, "work")
        ]
        (container,), (works,) = job.containers, work.spec["containers"]
        assert job.labels[NAME] == service
        assert container["image"] == works["image"]
        assert settings_of(job, container, refill) == settings_of(work, works, there)
        assert container["volumeMounts"][:-1] == works["volumeMounts"]
        assert container["args"] == [service]
        script = find(refill, "ConfigMap", "refill-script")["data"]["refill_kafka.py"]
        assert script == (K8S.parent / "by_hand" / "refill_kafka.py").read_text("utf-8")
        ways = find(refill, "NetworkPolicy", f"refill-{service}")["spec"]
        assert chooses(ways["podSelector"], job.labels)
        assert ways["egress"] == find(there, "NetworkPolicy", f"{service}-work")["spec"]["egress"]


@pytest.mark.parametrize("where", REFILLS)
def test_applying_and_deleting_a_refill_touches_nothing_that_runs(where: str) -> None:
    def names(objects: list[Object]) -> set[tuple[str, str, str]]:
        return {
            (one["kind"], one["metadata"].get("namespace", ""), one["metadata"]["name"]) for one in objects
        }

    there = environment(where)
    assert names(built(REFILLS[where])) & names(there) == set()
    for job in jobs(built(REFILLS[where])).values():
        for one in of_kind(there, "PodDisruptionBudget", "Service", "Deployment"):
            selector = one["spec"]["selector"]
            wanted = {"matchLabels": selector} if one["kind"] == "Service" else selector
            assert not chooses(wanted, job.labels), one["metadata"]["name"]


def test_what_is_for_hands_is_part_of_nothing_that_is_applied_by_itself() -> None:
    applied = [folder for folder in kustomizations() if BY_HAND not in folder.parents]
    assert len(applied) > 20
    for folder in applied:
        for one in built(folder):
            assert one["metadata"].get("labels", {}).get(COMPONENT) != "refill", folder
            assert (one["kind"], one["metadata"]["name"]) != ("Job", "operator"), folder


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
@pytest.mark.parametrize("where", REFILLS)
def test_what_is_for_hands_keeps_every_policy(policy: Policy, where: str, facts: Facts) -> None:
    objects = [*environment(where), *built(REFILLS[where]), *built(BY_HAND / "operator")]

    assert policy.check(objects, replace(facts, answers=ANSWERS)) == []


@pytest.mark.timeout(300)  # on a machine that has much else to do
@pytest.mark.parametrize("service", sorted(PUBLISHERS))
def test_a_refill_reads_its_settings_and_waits_for_nobody_who_still_works(
    service: str, standing: Standing, kafka: KafkaServer, postgres: PostgresServer, servers_home: Path
) -> None:
    """Up to the first thing that it looks at in the database: that no `work` is there."""
    ground = Ground(kafka=kafka.bootstrap, postgres=postgres, home=servers_home / "manifests")
    objects = built(REFILLS["local"])
    job = jobs(objects)[f"refill-{service}"]
    (container,) = job.containers
    given = {key: value for key, value in settings_of(job, container, objects).items() if value is not None}
    assert given == manifest_environment(service, "work")

    ended = subprocess.run(
        [sys.executable, str(K8S.parent / "by_hand" / "refill_kafka.py"), *container["args"]],
        env={"PATH": "/usr/bin:/bin", **placed(given, ground, service)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ended.returncode, "stop" in ended.stderr) == (1, True), ended.stderr


def test_the_operators_shell_has_its_login_and_kafka_lets_it_in() -> None:
    objects = built(BY_HAND / "operator")
    (job,), there = jobs(objects).values(), environment("prod")
    (listener, *_) = find(there, "Kafka", "programme")["spec"]["kafka"]["listeners"]
    user = find(there, "KafkaUser", "operator")
    secrets = {v["secret"]["secretName"] for v in job.spec["volumes"] if "secret" in v}

    assert secrets == {user["metadata"]["name"], "programme-cluster-ca-cert"}
    assert any(
        "namespaceSelector" not in peer and chooses(peer["podSelector"], job.labels)
        for peer in listener["networkPolicyPeers"]
    )
    mounted = {mount["mountPath"] for mount in job.containers[0]["volumeMounts"]}
    properties = (BY_HAND / "operator" / "operator.properties").read_text("utf-8")
    said = dict(line.split("=", 1) for line in properties.splitlines() if line and not line.startswith("#"))
    for key in ("ssl.keystore.location", "ssl.truststore.location"):
        assert said[key].rpartition("/")[0] in mounted
    assert said["ssl.keystore.password"] == "${dir:/var/run/secrets/operator:user.password}"


@pytest.fixture
def operator(servers_home: Path) -> Iterator[tuple[KafkaServer, KafkaLogin]]:
    """A broker that asks for logins, and one that has what the manifest gives `operator`."""
    with start_kafka(servers_home / "operators-kafka", secure=True) as server:
        create_topics(server.admin)
        client = AdminClient({**server.admin.librdkafka(), "log_level": 0})
        wanted = [
            AclBinding(
                ResourceType[acl["resource"]["type"].upper()],
                acl["resource"]["name"],
                {"literal": ResourcePatternType.LITERAL, "prefix": ResourcePatternType.PREFIXED}[
                    acl["resource"]["patternType"]
                ],
                "User:operator",
                "*",
                {"Read": AclOperation.READ, "Describe": AclOperation.DESCRIBE, "DescribeConfigs": AclOperation.DESCRIBE_CONFIGS}[
                    operation
                ],
                AclPermissionType.ALLOW,
            )
            for acl in find(environment("prod"), "KafkaUser", "operator")["spec"]["authorization"]["acls"]
            for operation in acl["operations"]
        ]  # fmt: skip
        for done in client.create_acls(wanted).values():
            done.result(30)
        login = replace(server.admin, username="operator", password=new_password())
        set_password(server.admin, user="operator", password=login.password)
        wait_until_let_in(login)
        yield server, login


async def test_the_operator_sends_every_group_back_to_the_beginning_and_writes_nothing(
    operator: tuple[KafkaServer, KafkaLogin],
) -> None:
    server, login = operator
    topic = PARTICIPANTS.name
    await write(server.admin, topic, b"one", b"two")
    for group in RIGHTS:
        assert await read(server.admin, topic, group=group, count=2) == [b"one", b"two"]

    def reset(group: str) -> None:
        client = AdminClient({**login.librdkafka(), "log_level": 0})
        its = client.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])[group].result(30)
        first = OffsetSpec.earliest()  # type: ignore[no-untyped-call]  # the library types the rest
        earliest = client.list_offsets(
            {TopicPartition(one.topic, one.partition): first for one in its.topic_partitions}
        )
        back = [
            TopicPartition(one.topic, one.partition, done.result(30).offset) for one, done in earliest.items()
        ]
        client.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(group, back)])[group].result(30)

    for group in RIGHTS:
        await asyncio.to_thread(reset, group)
        assert await read(server.admin, topic, group=group, count=2) == [b"one", b"two"]
    for one in TOPICS:
        assert (
            await outcome(write(login, one.name, b"x", idempotent=False)) == "TopicAuthorizationFailedError"
        )
    with pytest.raises(KafkaException, match="GROUP_AUTHORIZATION_FAILED"):
        await asyncio.to_thread(reset, "agency.skat.any")
