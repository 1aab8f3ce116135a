"""A secured stack: everybody has a login of their own, and `make agency` gives and takes one."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaException

from ipraktik_contracts.topics import PARTICIPANTS
from ipraktik_local.__main__ import main
from ipraktik_local.environment import read_env, write_env
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.login import login_from
from ipraktik_local.mail import MailSink
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.stack import Stack

FAKE = Path(__file__).with_name("fake_service.py")


def fake_command(service: str, verb: str) -> Sequence[str]:
    return (sys.executable, str(FAKE), service, verb)


@pytest.fixture
def made(home: Path, postgres: PostgresServer, mail_sink: MailSink, tmp_path: Path) -> Stack:
    """Two services on a secured Kafka of the stack's own; not started."""
    database = postgres.create_service_database("sikret_proeve")
    names = [f"DATABASE_URL_{service}" for service in ("MATCHING", "NOTIFY")]
    given = dict.fromkeys(names, database.url) | {
        f"MIGRATION_{name}": database.migration_url for name in names
    }
    return Stack(
        home,
        secure=True,
        services=("matching", "notify"),
        settings={"RECORD_DIR": str(tmp_path)},
        given=given | {"SMTP_URL": mail_sink.smtp_url},
        command=fake_command,
    )


@pytest.fixture
def command(home: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """`python -m ipraktik_local …` on this home: its status and what it said."""

    def run(*words: str) -> tuple[int, str]:
        status = main(["--home", str(home), *words])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def may_listen(env: dict[str, str]) -> bool:
    """Whether a subscriber with this environment is let in."""
    consumer = Consumer(
        {**login_from(env).librdkafka(), "group.id": f"{env['KAFKA_GROUP_PREFIX']}kit", "log_level": 0}
    )
    try:
        return PARTICIPANTS.name in consumer.list_topics(timeout=5).topics
    except KafkaException:
        return False
    finally:
        consumer.close()


def test_everybody_on_a_secured_stack_has_a_login_and_agencies_come_and_go(
    made: Stack, home: Path, tmp_path: Path, command: Any
) -> None:
    file = home / "agencies" / "skat.env"
    with made as stack:
        told = {
            entry["env"]["KAFKA_USERNAME"]: entry["env"]
            for entry in map(json.loads, (one.read_text() for one in tmp_path.glob("*-*.json")))
        }
        assert set(told) == {"matching", "notify"}
        assert stack.env["KAFKA_USERNAME"] == "admin"
        passwords = {env["KAFKA_PASSWORD"] for env in (*told.values(), stack.env)}
        assert len(passwords) == 3
        logs = "".join(log.read_text("utf-8", "replace") for log in home.glob("**/*.log"))
        assert not [password for password in passwords if password in logs]
        assert (home / "kafka" / "server.properties").stat().st_mode & 0o077 == 0
        assert PARTICIPANTS.name in command("topics")[1]

        status, said = command("agency", "skat")
        assert (status, str(file) in said, "new password" in said) == (0, True, False)
        assert file.stat().st_mode & 0o077 == 0
        first = read_env(file)
        assert first["KAFKA_GROUP_PREFIX"] == "agency.skat."
        assert first["KAFKA_PASSWORD"] not in said
        assert may_listen(first)

        assert "new password" in command("agency", "skat")[1]
        assert not may_listen(first)
        assert may_listen(read_env(file))
        assert command("agency", "kl")[0] == 0
        status, said = command("agency", "ingen", "--revoke")
        assert (status, said) == (1, "No agency called ingen has a login; those that have: kl, skat.\n")

        last = read_env(file)
        assert command("agency", "skat", "--revoke")[0] == 0
        assert not file.exists()
        assert not may_listen(last)
        assert command("agency", "skat", "--revoke")[0] == 1


@pytest.mark.long
def test_an_agency_keeps_its_login_when_the_stack_starts_anew_and_its_file_follows_the_address(
    made: Stack, home: Path, command: Any
) -> None:
    file = home / "agencies" / "skat.env"
    with made:
        assert command("agency", "skat")[0] == 0
        before = read_env(file)
        (home / "agencies" / "glemt.env").write_text("KAFKA_BOOTSTRAP=127.0.0.1:1\n")
    with made:
        after = read_env(file)
        assert after["KAFKA_BOOTSTRAP"] != before["KAFKA_BOOTSTRAP"]
        assert after | {"KAFKA_BOOTSTRAP": ""} == before | {"KAFKA_BOOTSTRAP": ""}
        assert may_listen(after)
        assert [one.stem for one in file.parent.iterdir()] == ["skat"]


def test_without_a_stack_nobody_gets_a_login_and_the_line_says_how(command: Any) -> None:
    assert command("agency", "skat") == (1, "It is down. Start it: make up SECURE=1\n")
    assert command("agency", "skat", "--revoke") == (1, "It is down. Start it: make up SECURE=1\n")


def test_on_an_open_stack_there_is_nothing_to_give(home: Path, kafka: KafkaServer, command: Any) -> None:
    write_env(home / "env", {"KAFKA_BOOTSTRAP": kafka.bootstrap})
    status, said = command("agency", "skat")
    assert status == 1
    assert "make up SECURE=1" in said
    assert not (home / "agencies").exists()


@pytest.mark.parametrize("name", ["SKAT", "../skat", "skat kl", "ø"])
def test_a_name_that_is_no_name_is_refused_before_anything_is_asked(command: Any, name: str) -> None:
    status, said = command("agency", name)
    assert status == 1
    assert "small letters" in said
