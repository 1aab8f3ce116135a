"""What every tier may lean on: one Kafka, one PostgreSQL and one mail sink for the whole run, made when first asked for.

They are shared as processes, so tests keep apart by names: a topic namespace of their own, databases of their own, mail
addresses of their own. A test that stops or hurts a server starts one for itself (`ipraktik_local.kafka.start_kafka`).
"""

import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rig import close_spare
from side_by_side import PieceByPiece, longest_first

from ipraktik_local.kafka import KafkaServer, start_kafka
from ipraktik_local.mail import MailSink, start_mail_sink
from ipraktik_local.postgres import PostgresServer, start_postgres


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first."""
    longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> PieceByPiece:
    """How tests are dealt out to several processes."""
    return PieceByPiece(config, log)


@pytest.fixture(scope="session")
def servers_home() -> Iterator[Path]:
    """Where the shared servers keep their data; gone with the run, unlike pytest's own folders."""
    with tempfile.TemporaryDirectory(prefix="ipraktik-tests-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder for servers of the test's own. Not pytest's: every run that starts closes those again to other users, and
    PostgreSQL, started by root, runs as another one."""
    with tempfile.TemporaryDirectory(prefix="ipraktik-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def kafka(servers_home: Path) -> Iterator[KafkaServer]:
    """The run's Kafka. `kafka.bootstrap` is its address."""
    server = start_kafka(servers_home / "kafka")
    yield server
    server.close()


@pytest.fixture(scope="session")
def postgres(servers_home: Path) -> Iterator[PostgresServer]:
    """The run's PostgreSQL, without durability. `postgres.create_service_database(name)` makes a database in it."""
    server = start_postgres(servers_home / "postgres", fast=True)
    yield server
    close_spare(server.admin_url)
    server.close()


@pytest.fixture
def topic_namespace() -> str:
    """A prefix for topic names that no other test has."""
    return f"t{secrets.token_hex(4)}."


@pytest.fixture(scope="session")
def mail_sink(servers_home: Path) -> Iterator[MailSink]:
    """The run's mail server. Use recipients of your own; `mail_sink.mails(to=..., wait=5)` reads what came."""
    sink = start_mail_sink(servers_home / "mail")
    yield sink
    sink.close()
