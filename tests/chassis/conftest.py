"""Tally on a database of its own, alone or listening to a real bus."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncpg
import pytest
from chassis.listening import Bus
from chassis.tally import SERVICE
from rig import Databases, Rig, rig_of

from ipraktik_chassis.service import Service
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.topics import create_topics

_USED = """
select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
union all
select count(*) from pg_db_role_setting where setdatabase = (select oid from pg_database where datname = current_database())
"""
_TABLES = "select format('%I', tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'"


@dataclass
class ReusedDatabases(Databases):
    """Databases that are emptied and given to the next test: a tenth of the price of a copy."""

    free: list[tuple[str, str]] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)

    async def fresh(self, service: Service) -> tuple[str, str]:
        """An empty database, used before or not."""
        if service is SERVICE and self.free:
            return self.free.pop()
        made = await super().fresh(service)
        self.owners[made[0]] = made[1]
        return made

    async def drop(self, url: str) -> None:
        """Empty it for the next test; one in which somebody is still at work, or that was changed for good, goes."""
        owner = await asyncpg.connect(self.owners[url])
        try:
            spoilt = any(row[0] for row in await owner.fetch(_USED))
            if not spoilt:
                names = [row["name"] for row in await owner.fetch(_TABLES)]
                await owner.execute(f"truncate {', '.join(names)} restart identity")
        finally:
            await owner.close()
        if spoilt:
            await super().drop(url)
        else:
            self.free.append((url, self.owners[url]))


@pytest.fixture(scope="session")
def databases(postgres: PostgresServer) -> ReusedDatabases:
    """Where tests get a migrated database of their own."""
    return ReusedDatabases(postgres)


@pytest.fixture
async def tally(databases: ReusedDatabases) -> AsyncIterator[Rig]:
    """Tally without its process."""
    async with rig_of(SERVICE, databases) as rig:
        yield rig


@pytest.fixture
async def bus(kafka: KafkaServer, topic_namespace: str) -> Bus:
    """The shared Kafka with all declared topics in a namespace that no other test has."""
    await asyncio.to_thread(create_topics, kafka.bootstrap, topic_namespace)
    return Bus(kafka.bootstrap, topic_namespace)
