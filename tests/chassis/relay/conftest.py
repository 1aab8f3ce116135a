"""A database of its own for each test, and topics of its own."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from chassis.relay import bus
from chassis.relay.bus import OutboxDatabase

from ipraktik_chassis import schema
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.service_database import ServiceDatabase


@pytest.fixture(scope="session")
def migrated(postgres: PostgresServer) -> ServiceDatabase:
    """A migrated database that tests copy."""
    made = postgres.create_service_database(f"relay_{uuid.uuid4().hex[:8]}")
    schema.apply_migrations(url=made.migration_url, folders=[schema.CHASSIS_MIGRATIONS])
    return made


@pytest.fixture
async def database(postgres: PostgresServer, migrated: ServiceDatabase) -> AsyncIterator[OutboxDatabase]:
    """An empty database with the chassis' tables."""
    name = f"t{uuid.uuid4().hex[:12]}"
    server = await asyncpg.connect(postgres.admin_url)
    await server.execute(f"create database {name} template {migrated.name}")
    url, admin_url = (
        urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
        for address in (migrated.url, postgres.admin_url)
    )
    conn, admin = await asyncpg.connect(url), await asyncpg.connect(admin_url)
    try:
        yield OutboxDatabase(url, admin, conn)
    finally:
        await conn.close()
        await admin.close()
        await server.execute(f"drop database {name} with (force)")
        await server.close()


@pytest.fixture
async def topic(kafka: KafkaServer, topic_namespace: str) -> str:
    """A topic of twelve partitions that no other test has."""
    return await bus.create_topic(kafka.bootstrap, f"{topic_namespace}participants.v1")


@pytest.fixture
def another_topic(kafka: KafkaServer, topic_namespace: str) -> Callable[..., Awaitable[str]]:
    """Makes more of them, with settings of their own."""

    async def make(name: str, *, partitions: int = 12, **config: str) -> str:
        return await bus.create_topic(
            kafka.bootstrap, f"{topic_namespace}{name}", partitions=partitions, **config
        )

    return make
