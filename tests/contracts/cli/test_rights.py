"""On a secured broker the command logs in like every subscriber, and says in a sentence what it may not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from contracts.cli.running import environment, run, said

from ipraktik_contracts.rights import PUBLIC, Rights
from ipraktik_local.kafka import KafkaServer, start_kafka
from ipraktik_local.rights import AgencyLogin, make_agency, revoke_agency
from ipraktik_local.topics import create_topics
from ipraktik_local.users import make_user

pytestmark = pytest.mark.long  # a broker of its own


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    """A broker that asks for logins, with the declared topics."""
    server = start_kafka(tmp_path_factory.mktemp("secured"), secure=True)
    try:
        create_topics(server.admin)
        yield server
    finally:
        server.close()


@pytest.fixture(scope="module")
def agency(secured: KafkaServer) -> AgencyLogin:
    """An agency's login."""
    return make_agency(secured, name="skat")


def env_of(agency: AgencyLogin, **changes: str) -> dict[str, str]:
    return environment(**agency.environment(), **changes)


def test_an_agency_proves_the_public_topics_it_may_read(secured: KafkaServer) -> None:
    operator = environment(**secured.admin.environment(), TOPIC_NAMESPACE="s.")
    played = run("sandbox", "--participants", "5", "--no-stay", "--keep", env=operator)
    assert played.returncode == 0, said(played)
    reader = make_agency(secured, name="reader", namespace="s.")
    ended = run("verify", env=env_of(reader))
    assert ended.returncode == 0, said(ended)
    assert ended.stdout.decode().splitlines()[-1] == "PROVED"
    assert ended.stdout == run("verify", env=operator).stdout


def test_a_proof_of_nothing_says_so(agency: AgencyLogin) -> None:
    ended = run("verify", env=env_of(agency))
    assert ended.returncode == 0, said(ended)
    assert ended.stdout.decode().splitlines()[-1] == "PROVED, but there was nothing to read"


def sentence(*words: str, env: dict[str, str]) -> str:
    ended = run(*words, env=env)
    assert ended.returncode == 2, said(ended)
    assert agency_password_free(ended.stderr.decode(), env)
    [line] = [one for one in ended.stderr.decode().splitlines() if not one.startswith("seed: ")]
    return line


def agency_password_free(text: str, env: dict[str, str]) -> bool:
    return env.get("KAFKA_PASSWORD", "no password") not in text


@pytest.mark.parametrize("words", [["verify"], ["state"], ["tail"], ["replay", "-"]])
def test_a_wrong_password_is_said(agency: AgencyLogin, words: list[str]) -> None:
    said = sentence(*words, env=env_of(agency) | {"KAFKA_PASSWORD": "another"})
    assert f"refuses the login of {agency.username}: check KAFKA_USERNAME, KAFKA_PASSWORD" in said


def test_no_login_at_all_is_said(secured: KafkaServer) -> None:
    said = sentence("verify", env=environment(KAFKA_BOOTSTRAP=secured.bootstrap))
    assert "whether it speaks PLAINTEXT there (KAFKA_SECURITY_PROTOCOL)" in said


def test_topics_without_a_right_are_said(agency: AgencyLogin) -> None:
    said = sentence("verify", env=env_of(agency) | {"TOPIC_NAMESPACE": "s."})
    assert f"{agency.username} has no right to the topic s.innovationspraktik." in said


def test_a_login_that_may_see_topics_but_not_read_them_is_told_so(secured: KafkaServer) -> None:
    operator = environment(**secured.admin.environment(), TOPIC_NAMESPACE="w.")
    played = run("sandbox", "--participants", "5", "--no-stay", "--keep", env=operator)
    assert played.returncode == 0, said(played)
    its = Rights(user="writer", group="writer.", reads=(), writes=PUBLIC)
    writer = make_user(secured.admin, its, namespace="w.")
    told = sentence("verify", env=environment(**writer.environment(), TOPIC_NAMESPACE="w."))
    assert "w.writer has no right to the topic w.innovationspraktik." in told
    assert "ask the operator for it" in told


@pytest.mark.parametrize("words", [["sandbox"], ["check", "--group", "agency.skat.x", "--echo", "e"]])
def test_an_agency_is_refused_playing(agency: AgencyLogin, words: list[str], tmp_path: Path) -> None:
    said = sentence(*words, env=env_of(agency) | {"TOPIC_NAMESPACE": "mine."})
    assert "log in as one that may" in said


def test_one_whose_login_was_taken_away_is_refused(secured: KafkaServer) -> None:
    gone = make_agency(secured, name="gone")
    assert run("verify", env=env_of(gone)).returncode == 0
    revoke_agency(secured, name="gone")
    assert "refuses the login of" in sentence("verify", env=env_of(gone))
