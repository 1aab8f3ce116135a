"""A broker that asks who one is, stages on it with an agency's login, and the stream that is played there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kit.hostile import Stream, hostile
from kit.lives import Happened, three_editions
from kit.stage import Stage

from ipraktik_local.kafka import KafkaServer, start_kafka
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.rights import make_agency
from ipraktik_local.topics import create_topics


@pytest.fixture(scope="session")
def secured_kafka(servers_home: Path) -> Iterator[KafkaServer]:
    """A secured broker. It lets members have short sessions, so that a killed one is missed after seconds."""
    server = start_kafka(
        servers_home / "kit-kafka", secure=True, properties={"group.min.session.timeout.ms": "1000"}
    )
    yield server
    server.close()


@pytest.fixture(scope="session")
def new_stage(
    secured_kafka: KafkaServer, postgres: PostgresServer, servers_home: Path
) -> Callable[[str], Stage]:
    """Make a stage: topics in a namespace, and an agency's login that may read them."""

    def make(name: str) -> Stage:
        namespace = f"{name}."
        create_topics(secured_kafka.admin, namespace)
        login = make_agency(secured_kafka, name="skat", namespace=namespace)
        home = servers_home / "kit" / name
        home.mkdir(parents=True)
        return Stage(secured_kafka.admin, namespace, login, postgres, home)

    return make


@pytest.fixture(scope="session")
def happened() -> Happened:
    """Three editions, told once for all tests."""
    return three_editions(2018)


@pytest.fixture(scope="session")
def stream(happened: Happened) -> Stream:
    """The same, with everything in it that a subscriber must bear."""
    return hostile(happened, 37)
