"""Migrations while the version before goes on working: whoever has read one table may write another, and neither side is ended for it."""

import asyncio
import shutil
import uuid
from pathlib import Path

import asyncpg
import pytest
from chassis.waiting import until

from ipraktik_chassis import schema
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.service_database import ServiceDatabase
from ipraktik_matching.main import SERVICE

SINCE = "20261122000002"
"""The first of the migrations that change tables in which people are at work."""
WRITES = {
    "contacts": "update contacts set name = name",
    "participants": "update participants set state = state",
    "placements": "update placements set state = state",
}
WITHIN = 20.0


@pytest.fixture
async def before(postgres: PostgresServer, tmp_path: Path) -> ServiceDatabase:
    """A database as the version before has it."""
    made = postgres.create_service_database(f"before_{uuid.uuid4().hex[:8]}")
    for file in SERVICE.migrations.glob("*.sql"):
        if file.name < SINCE:
            shutil.copy(file, tmp_path)
    await migrated(made, tmp_path)
    return made


async def migrated(made: ServiceDatabase, folder: Path) -> None:
    folders = [schema.CHASSIS_MIGRATIONS, folder]
    await asyncio.to_thread(schema.apply_migrations, url=made.migration_url, folders=folders)


@pytest.mark.parametrize("written", WRITES)
@pytest.mark.parametrize("read", WRITES)
async def test_who_has_read_one_table_may_write_another_while_migrations_run(
    before: ServiceDatabase, read: str, written: str
) -> None:
    worker = await asyncpg.connect(before.migration_url)
    watcher = await asyncpg.connect(before.migration_url)
    try:
        async with worker.transaction():
            await worker.execute(f"select from {read} limit 1")
            migrating = asyncio.create_task(migrated(before, SERVICE.migrations))
            await until(lambda: met(migrating, watcher), what="migrations meet the worker")
            await worker.execute(WRITES[written])
        async with asyncio.timeout(WITHIN):
            await migrating
        assert await schema.has_revision(watcher, schema.revision_of([SERVICE.migrations]))
    finally:
        await worker.close()
        await watcher.close()


async def met(migrating: asyncio.Task[None], conn: asyncpg.Connection) -> bool:
    """Whether the migrations are through, or one waits for a table that somebody holds."""
    return migrating.done() or await conn.fetchval(
        "select exists (select from pg_locks join pg_database on pg_database.oid = database"
        " where datname = current_database() and locktype = 'relation' and not granted)"
    )
