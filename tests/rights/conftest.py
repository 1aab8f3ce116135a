"""One secured Kafka for these tests; they keep apart by namespaces, which users and groups carry too."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from chassis.tally import SERVICE
from rig import Databases, Rig, rig_of

from ipraktik_local.kafka import KafkaServer, start_kafka
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.topics import create_topics


@pytest.fixture(scope="session")
def secured(servers_home: Path) -> Iterator[KafkaServer]:
    """A broker that asks everybody for a login. `secured.admin` is the first."""
    # quotas are averages of the last seconds; over fewer than usual, so that a test sees one work soon
    server = start_kafka(servers_home / "secured-kafka", secure=True, properties={"quota.window.num": "3"})
    yield server
    server.close()


@pytest.fixture
async def namespace(secured: KafkaServer, topic_namespace: str) -> str:
    """A namespace with all declared topics, made by the admin."""
    await asyncio.to_thread(create_topics, secured.admin, topic_namespace)
    return topic_namespace


@pytest.fixture(scope="session")
def databases(postgres: PostgresServer) -> Databases:
    """Where tests get a migrated database of their own."""
    return Databases(postgres)


@pytest.fixture
async def tally(databases: Databases) -> AsyncIterator[Rig]:
    """Tally without its process."""
    async with rig_of(SERVICE, databases) as rig:
        yield rig
