"""What is named from outside is used; what is not there is named; what an earlier stack left in the shell is ignored."""

import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest
from deploy.local.standing import FAKE, starts

from ipraktik_local.environment import SERVICES, read_env, write_env
from ipraktik_local.given import LAST_ENV, NobodyThere, from_outside
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.mail import MailSink
from ipraktik_local.ports import reserve_port
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.stack import Stack


def found(home: Path, **environ: str) -> tuple[dict[str, str], list[str]]:
    """What counts as given, and what was said of it."""
    said: list[str] = []
    return from_outside(environ, home=home, services=SERVICES, say=said.append), said


def test_only_the_names_of_the_stack_count(tmp_path: Path) -> None:
    given, said = found(
        tmp_path, PATH="/bin", MATCHING_URL="http://127.0.0.1:9", TOPIC_NAMESPACE="prøve.", SMTP_URL=""
    )
    assert given == {"MATCHING_URL": "http://127.0.0.1:9", "TOPIC_NAMESPACE": "prøve."}
    assert said == ["Given from outside, and used: MATCHING_URL."]


def test_what_an_earlier_stack_left_in_the_shell_is_not_used(tmp_path: Path) -> None:
    left = {
        "KAFKA_BOOTSTRAP": "127.0.0.1:1",
        "MATCHING_URL": "http://127.0.0.1:2",
        "COORDINATOR_TOKEN": "old",
    }
    write_env(tmp_path / LAST_ENV, left)
    given, said = found(tmp_path, **left)
    assert given == {}
    assert "of an earlier stack" in said[0]
    assert "COORDINATOR_TOKEN, KAFKA_BOOTSTRAP, MATCHING_URL" in said[0]


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("KAFKA_BOOTSTRAP", "127.0.0.1:{}"),
        ("SMTP_URL", "smtp://127.0.0.1:{}"),
        ("DATABASE_URL_NOTIFY", "postgresql://app:secret@127.0.0.1:{}/notify"),
    ],
)
def test_a_server_that_is_named_and_does_not_answer_is_said_by_its_name(
    tmp_path: Path, name: str, pattern: str
) -> None:
    with reserve_port() as port:
        place = f"127.0.0.1:{port.number}"
    with pytest.raises(
        NobodyThere, match=f"{name} is set .* nobody answers at {place} .* unset {name}"
    ) as refused:
        found(tmp_path, **{name: pattern.format(place.rpartition(":")[2])})
    assert "secret" not in str(refused.value)


def test_one_broker_of_several_that_answers_is_enough(tmp_path: Path, kafka: KafkaServer) -> None:
    given, _ = found(tmp_path, KAFKA_BOOTSTRAP=f"127.0.0.1:1,{kafka.bootstrap}")
    assert kafka.bootstrap in given["KAFKA_BOOTSTRAP"]


def test_a_stack_on_servers_of_somebody_else_starts_none_and_leaves_them_as_they_were(
    home: Path,
    tmp_path: Path,
    kafka: KafkaServer,
    postgres: PostgresServer,
    mail_sink: MailSink,
    topic_namespace: str,
) -> None:
    database = postgres.create_service_database("given_proeve")
    outside = {
        "KAFKA_BOOTSTRAP": kafka.bootstrap,
        "TOPIC_NAMESPACE": topic_namespace,
        "SMTP_URL": mail_sink.smtp_url,
        "MAIL_URL": mail_sink.url,
        "MAIL_DIR": str(mail_sink.mail_dir),
        "COORDINATOR_TOKEN": "one-of-theirs",
        "COORDINATOR_ADDRESSES": "koordinator@kommune.example.org",
        "MATCHING_URL": mail_sink.url,  # somebody who answers
    }
    for service in SERVICES:
        outside[f"DATABASE_URL_{service.upper()}"] = database.url
        outside[f"MIGRATION_DATABASE_URL_{service.upper()}"] = database.migration_url
    given, _ = found(home, **outside)

    def command(service: str, verb: str) -> Sequence[str]:
        return (sys.executable, str(FAKE), service, verb)

    with Stack(home, given=given, settings={"RECORD_DIR": str(tmp_path)}, command=command) as stack:
        running = {process.name for process in stack.processes}
        assert running == {"gateway"} | {
            f"{service}-{room}" for service in SERVICES if service != "matching" for room in ("serve", "work")
        }
        assert {name: stack.env[name] for name in outside} == outside
        (served,) = starts(tmp_path, "registration", "serve")
        assert served["env"]["MATCHING_PUBLIC_URL"] == stack.env["BASE_URL"]
        assert served["env"]["TOPIC_NAMESPACE"] == topic_namespace
        own = read_env(home / "matching.env")
        assert own["DATABASE_URL"] == database.url
        assert own["MATCHING_PUBLIC_URL"] == stack.env["BASE_URL"]
        (worked,) = starts(tmp_path, "notify", "work")
        assert worked["env"]["COORDINATOR_ADDRESSES"] == outside["COORDINATOR_ADDRESSES"]
        answer = httpx.get(f"{stack.env['BASE_URL']}/matching/board", trust_env=False)
        assert answer.status_code == 404, "the one at the address that was given has no such page"
    assert kafka.is_running
    assert postgres.is_running
    assert mail_sink.is_running
    assert found(home, **outside)[0] == outside, "what was given once can be given again"
    assert "REGISTRATION_URL" in read_env(home / LAST_ENV)
