"""A Kafka from outside: its login is used as it is, or as the admin's who makes a user for each service."""

import asyncio
from pathlib import Path

import pytest
from rights.asking import DONE, outcome, read, write

from ipraktik_contracts.topics import PARTICIPANTS
from ipraktik_local.given import from_outside
from ipraktik_local.ground import Ground
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.login import LOGIN_NAMES, KafkaLogin, login_from
from ipraktik_local.rights import NotSecured, make_agency


def ground(home: Path, given: dict[str, str], *, secure: bool) -> Ground:
    return Ground(home, fast=True, secure=secure, given=given, services=("matching", "notify"))


async def test_with_rights_wanted_the_given_login_makes_a_user_for_each_service(
    secured: KafkaServer, namespace: str, tmp_path: Path
) -> None:
    topic = PARTICIPANTS.in_namespace(namespace)
    await write(secured.admin, topic)
    place = ground(tmp_path, secured.admin.environment(), secure=True)
    logins = await asyncio.to_thread(place.service_logins, namespace)
    assert {name: login.username for name, login in logins.items()} == {
        "matching": f"{namespace}matching",
        "notify": f"{namespace}notify",
    }
    assert await outcome(read(logins["matching"], topic, group=f"{namespace}matching")) == DONE
    assert place.operator == secured.admin


def test_without_everybody_uses_the_given_login(secured: KafkaServer, tmp_path: Path) -> None:
    place = ground(tmp_path, secured.admin.environment(), secure=False)
    assert set(place.service_logins("t1.").values()) == {secured.admin}


def test_on_an_open_kafka_nobody_can_be_given_rights(kafka: KafkaServer, tmp_path: Path) -> None:
    place = ground(tmp_path, {"KAFKA_BOOTSTRAP": kafka.bootstrap}, secure=True)
    with pytest.raises(NotSecured, match="SECURE=1"):
        place.service_logins("")
    with pytest.raises(NotSecured):
        make_agency(kafka, name="skat")


def test_a_login_counts_only_together_with_an_address(secured: KafkaServer, tmp_path: Path) -> None:
    said: list[str] = []
    shell = secured.admin.environment()
    assert from_outside(shell, home=tmp_path, services=(), say=said.append) == shell
    assert secured.admin.password not in "".join(said)
    del shell["KAFKA_BOOTSTRAP"]
    assert not set(from_outside(shell, home=tmp_path, services=(), say=said.append)) & set(LOGIN_NAMES)


def test_a_login_is_the_same_after_its_way_through_the_environment(tmp_path: Path) -> None:
    login = KafkaLogin("127.0.0.1:1", "skat", "hemmelig", "SASL_SSL", ca_file="/ca.pem")
    assert login_from(login.environment()) == login
    (tmp_path / "password").write_text("hemmelig\n")
    by_file = login.environment() | {"KAFKA_PASSWORD": "", "KAFKA_PASSWORD_FILE": str(tmp_path / "password")}
    assert login_from(by_file) == login
    assert KafkaLogin("127.0.0.1:1").environment() == {"KAFKA_BOOTSTRAP": "127.0.0.1:1"}
    assert "hemmelig" not in repr(login)
