"""`doctor` at a broker that asks for logins: each examination complains when its thing is broken, and is silent otherwise."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from chassis.waiting import until
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)
from rig import Databases, link_keys
from rights.asking import asked, write, write_everywhere

from ipraktik_chassis.clock import FixedClock, SystemClock
from ipraktik_chassis.doctor.examining import Patient
from ipraktik_chassis.doctor.finding import Finding
from ipraktik_chassis.doctor.kafka import examine_kafka
from ipraktik_chassis.doctor.lag import examine_lag
from ipraktik_chassis.kafka_login import KafkaLogin as Login
from ipraktik_contracts.rights import SERVICES, Rights
from ipraktik_contracts.topics import PARTICIPANTS, PLACEMENTS, TOPICS
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.login import KafkaLogin
from ipraktik_local.users import make_user
from ipraktik_matching.main import SERVICE

ITS = SERVICES["matching"]
_SAID = """
insert into published (shard, id, hash, topic, key, headers, body, event_id, created_at)
values (0, $1, 0, $2, '', '', '', gen_random_uuid(), now())
"""
Patients = Callable[..., Patient]


@pytest.fixture
def patients(secured: KafkaServer, namespace: str) -> Patients:
    """Matching with a new login that has these rights, or what is declared."""

    def patient(its: Rights = ITS, *, password: str | None = None, **more: Any) -> Patient:
        login = make_user(secured.admin, its, namespace=namespace)
        settings = SERVICE.settings(
            database_url="postgresql://nobody",
            kafka_bootstrap=secured.bootstrap,
            kafka_security_protocol="SASL_PLAINTEXT",
            kafka_username=login.username,
            kafka_password=password or login.password,  # type: ignore[arg-type]
            topic_namespace=namespace,
        )
        return Patient(SERVICE, settings, **more)

    return patient


def operator(admin: KafkaLogin) -> Login:
    """A login that may see everything."""
    return Login("SASL_PLAINTEXT", "SCRAM-SHA-512", admin.username, admin.password)


def trouble(findings: list[Finding]) -> list[tuple[str, str]]:
    """What is not well: level and check."""
    return [(finding.level, finding.check) for finding in findings if finding.level != "OK"]


async def as_admin(secured: KafkaServer, method: Any, *arguments: Any) -> None:
    """Change a topic, as whoever operates Kafka might."""
    await asked(secured.admin, lambda admin: method(admin, *arguments))


async def test_a_login_as_declared_is_told_in_quiet_lines(
    secured: KafkaServer, namespace: str, patients: Patients
) -> None:
    await write_everywhere(secured.admin, namespace)
    patient = await asyncio.to_thread(patients)
    findings = await examine_kafka(patient)
    assert trouble(findings) == []
    assert [one.check for one in findings] == ["kafka", "topics", "topic configs", "kafka rights"]
    assert "--operator" in findings[2].says
    assert patient.settings.kafka_password.get_secret_value() not in "".join(one.line() for one in findings)
    findings = await examine_kafka(replace(patient, operator=operator(secured.admin)))
    assert trouble(findings) == []
    assert "as declared" in findings[2].says


async def test_a_wrong_password_and_a_broker_that_is_away(patients: Patients) -> None:
    patient = await asyncio.to_thread(patients, password="gaettet")
    (finding,) = await examine_kafka(patient)
    assert (finding.level, finding.check) == ("FAIL", "kafka")
    assert "does not accept the password" in finding.says
    assert "gaettet" not in finding.line()
    assert trouble(await examine_lag(patient)) == [("WARN", "lag")]
    away = replace(patient, settings=patient.settings.model_copy(update={"kafka_bootstrap": "127.0.0.1:1"}))
    (finding,) = await examine_kafka(away)
    assert "nobody answers" in finding.says


async def test_a_topic_with_other_partitions_than_declared_or_none_at_all(
    secured: KafkaServer, namespace: str, patients: Patients
) -> None:
    patient, name = await asyncio.to_thread(patients), PLACEMENTS.in_namespace(namespace)

    async def said(level: str, words: str) -> None:
        async def complains() -> bool:
            findings = await examine_kafka(patient)
            return trouble(findings) == [(level, "topics")] and f"{name} {words}" in findings[1].says

        await until(complains, what=words)  # what the broker has agreed to takes effect a moment later

    await as_admin(secured, AIOKafkaAdminClient.create_partitions, {name: NewPartitions(15)})
    await said("WARN", "has 15 partitions, declared: 12")
    await as_admin(secured, AIOKafkaAdminClient.delete_topics, [name])
    await said("FAIL", "is not there")
    # of what is not there no configuration is held against the declared one, though Kafka would show it
    findings = await examine_kafka(replace(patient, operator=operator(secured.admin)))
    assert trouble(findings) == [("FAIL", "topics")]
    assert "on 2 topics" in findings[2].says
    await as_admin(secured, AIOKafkaAdminClient.create_topics, [NewTopic(name, 3, 1)])
    await said("FAIL", "has 3 partitions of 12")


async def test_a_topic_that_forgets(secured: KafkaServer, namespace: str, patients: Patients) -> None:
    patient = await asyncio.to_thread(patients)
    name = PARTICIPANTS.in_namespace(namespace)
    forgets = ConfigResource(
        ConfigResourceType.TOPIC, name, {**PARTICIPANTS.config, "retention.ms": "3600000"}
    )
    await as_admin(secured, AIOKafkaAdminClient.alter_configs, [forgets])
    assert trouble(await examine_kafka(patient)) == []
    findings = await examine_kafka(replace(patient, operator=operator(secured.admin)))
    assert trouble(findings) == [("FAIL", "topic configs")]
    assert f"{name} retention.ms=3600000 instead of -1" in findings[2].says


async def test_a_kafka_that_came_back_without_what_was_said(
    secured: KafkaServer, namespace: str, databases: Databases, patients: Patients
) -> None:
    patient, name = await asyncio.to_thread(patients), PLACEMENTS.in_namespace(namespace)
    url, _ = await databases.fresh(SERVICE)
    patient = replace(patient, settings=patient.settings.model_copy(update={"database_url": url}))

    async def history() -> Finding:
        return next(one for one in await examine_kafka(patient) if one.check == "history")

    try:
        assert (await history()).level == "OK"  # nothing was said yet
        conn = await asyncpg.connect(url)
        try:
            for number, topic in ((1, name), (2, name), (3, "somewhere.else")):
                await conn.execute(_SAID, number, topic)
        finally:
            await conn.close()
        lost = await history()
        assert (lost.level, lost.do) == (
            "FAIL",
            "Fill it again from the databases: docs/operations/kafka-lost.md",
        )
        assert lost.says.endswith(f"{name} 0 of 2")
        await write(secured.admin, name, b"{}")
        assert (await history()).says.endswith(f"{name} 1 of 2")
        await write(secured.admin, name, b"{}")
        assert (await history()).level == "OK"
    finally:
        await databases.drop(url)


@pytest.mark.parametrize(
    ("its", "lacks"),
    [
        (replace(ITS, reads=ITS.reads[:1]), "read"),
        (replace(ITS, writes=()), "write"),
        (replace(ITS, group="somebody-else"), "read as group"),
    ],
)
async def test_a_missing_grant(patients: Patients, its: Rights, lacks: str) -> None:
    findings = await examine_kafka(await asyncio.to_thread(patients, its))
    assert trouble(findings) == [("FAIL", "kafka rights")]
    assert f"may not {lacks}" in next(one.says for one in findings if one.level == "FAIL")


async def test_more_rights_than_declared(secured: KafkaServer, namespace: str, patients: Patients) -> None:
    patient = await asyncio.to_thread(patients, replace(ITS, reads=TOPICS))
    findings = await examine_kafka(patient)
    assert trouble(findings) == [("WARN", "kafka rights")]
    assert "make topics" not in findings[-1].says
    binding = AclBinding(
        ResourceType.TOPIC,
        f"{namespace}inno",
        ResourcePatternType.PREFIXED,
        f"User:{patient.settings.kafka_username}",
        "*",
        AclOperation.CREATE,
        AclPermissionType.ALLOW,
    )
    admin = AdminClient({**secured.admin.librdkafka(), "log_level": 0})
    for given in admin.create_acls([binding]).values():
        given.result(15)

    async def found_out() -> bool:
        findings = await examine_kafka(patient)
        return trouble(findings) == [("WARN", "kafka rights")] and "may also make topics" in findings[-1].says

    await until(found_out, what="the right to make topics is found")  # it takes effect a moment later
    there = await asked(secured.admin, AIOKafkaAdminClient.list_topics)
    assert not [name for name in there if name.startswith(namespace) and "would-be" in name]


async def test_records_that_nobody_takes_in_and_a_broker_whose_clock_is_ahead(
    secured: KafkaServer, namespace: str, patients: Patients
) -> None:
    await write_everywhere(secured.admin, namespace)
    patient, now = await asyncio.to_thread(patients), SystemClock().now()

    async def at(**apart: float) -> list[Finding]:
        return await examine_lag(replace(patient, wall=FixedClock(now + timedelta(**apart))))

    findings = await at()
    assert trouble(findings) == []
    assert "2 records" in findings[0].says
    assert trouble(await at(minutes=10)) == [("WARN", "lag")]
    assert trouble(await at(minutes=90)) == [("FAIL", "lag")]
    assert trouble(await at(seconds=-20)) == [("WARN", "clock")]
    assert trouble(await at(minutes=-5)) == [("FAIL", "clock")]

    consumer = AIOKafkaConsumer(
        *(topic.in_namespace(namespace) for topic in ITS.reads),
        bootstrap_servers=secured.bootstrap,
        **patient.settings.kafka_login().client_arguments(),
        group_id=f"{namespace}matching",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        for _ in ITS.reads:
            await consumer.getone()
        await consumer.commit()
    finally:
        await consumer.stop()
    findings = await at(hours=9)
    assert trouble(findings) == []
    assert findings[0].says == "caught up"


async def test_a_whole_deployment_as_it_should_be_ends_with_0(
    secured: KafkaServer, namespace: str, databases: Databases, patients: Patients, tmp_path: Path
) -> None:
    url, _ = await databases.fresh(SERVICE)
    its = (await asyncio.to_thread(patients)).settings
    files = {
        "DATABASE_URL_FILE": url,
        "KAFKA_PASSWORD_FILE": its.kafka_password.get_secret_value(),
        "LINK_PUBLIC_KEY_FILE": link_keys()[1].decode(),
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content + "\n")
    given = {
        **{name: str(tmp_path / name) for name in files},
        **{f"{name.upper()}_PUBLIC_URL": "https://praktik.example" for name in SERVICES},
        "KAFKA_BOOTSTRAP": secured.bootstrap,
        "KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "KAFKA_USERNAME": its.kafka_username,
        "TOPIC_NAMESPACE": namespace,
        "ORGANISER_EMAIL": "hej@praktik.example",
        "PROXIES": "1",
    }
    operator_file = tmp_path / "operator"
    operator_file.write_text(
        "".join(f"{name}={value}\n" for name, value in secured.admin.environment().items())
    )
    try:
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "ipraktik_matching", "doctor", "--operator", str(operator_file)],
            env={"PATH": os.environ.get("PATH", ""), **given},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        await databases.drop(url)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    lines = done.stdout.splitlines()
    assert all(line.startswith("OK    ") for line in lines)
    assert len(lines) >= 12
    for secret in (files["KAFKA_PASSWORD_FILE"], secured.admin.password, urlsplit(url).password):
        assert secret
        assert secret not in done.stdout
