"""The stage on which a stream is played to agencies: topics of its own on a secured broker, a login, a database for each."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from confluent_kafka import ConsumerGroupState
from confluent_kafka.admin import AdminClient
from kit.hostile import Wire
from kit.kits import Kit
from kit.members import Agency, new_database

from ipraktik_local.login import KafkaLogin
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.rights import AgencyLogin


@dataclass
class Stage:
    """Topics of its own on the secured broker, and who may read there."""

    admin: KafkaLogin
    namespace: str
    login: AgencyLogin
    postgres: PostgresServer
    home: Path

    @asynccontextmanager
    async def agencies(self, kits: Sequence[Kit]) -> AsyncIterator[list[Agency]]:
        """An agency per kit: the same login, a group and a database of its own each. No process outlives the block."""
        made = [await self._agency(kit) for kit in kits]
        try:
            yield made
        finally:
            for agency in made:
                agency.end()

    async def _agency(self, kit: Kit) -> Agency:
        command, folder = await asyncio.to_thread(kit.build, self.home.parent)
        return Agency(
            kit=kit,
            command=command,
            folder=folder,
            home=self.home,
            environment=self.login.environment() | {"KAFKA_GROUP": f"{self.login.group_prefix}{kit}"},
            database_url=await new_database(self.postgres),
        )

    async def members(self, agency: Agency) -> int:
        """How many members the group has shared its partitions among; 0 while it is being shared out."""
        group = agency.environment["KAFKA_GROUP"]
        admin = AdminClient({**self.admin.librdkafka(), "log_level": 0})
        found = await asyncio.to_thread(admin.describe_consumer_groups([group])[group].result, 30)
        return len(found.members) if found.state == ConsumerGroupState.STABLE else 0

    @asynccontextmanager
    async def playing(self) -> AsyncIterator["Player"]:
        """Write to the topics as our services do."""
        producer = AIOKafkaProducer(**self.admin.aiokafka(), enable_idempotence=True)
        await producer.start()
        try:
            yield Player(producer, self.namespace)
        finally:
            await producer.stop()


@dataclass
class Player:
    """Plays records in order. aiokafka also writes a null header when asked."""

    producer: Any
    namespace: str

    async def play(self, records: Sequence[Wire]) -> None:
        """Write them and wait until the broker has them."""
        sent = [
            await self.producer.send(
                self.namespace + record.topic,
                key=record.key,
                value=record.value,
                headers=list(record.headers),
            )
            for record in records
        ]
        for acknowledged in sent:
            await acknowledged
