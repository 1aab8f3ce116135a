"""The schema: applied by its owner, once, whoever else applies it; the running role writes rows and nothing else."""

import asyncio
import uuid
from pathlib import Path

import asyncpg
import pytest
from chassis.processes import command
from chassis.tally import SERVICE

from ipraktik_chassis import schema
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.service_database import ServiceDatabase

FOLDERS = [schema.CHASSIS_MIGRATIONS, SERVICE.migrations]


@pytest.fixture
def empty(postgres: PostgresServer) -> ServiceDatabase:
    """A database in which nothing is yet."""
    return postgres.create_service_database(f"schema_{uuid.uuid4().hex[:8]}")


async def migrated(made: ServiceDatabase) -> None:
    """Apply all and grant."""
    await asyncio.to_thread(schema.apply_migrations, url=made.migration_url, folders=FOLDERS)
    await schema.grant_running_role(owner_url=made.migration_url, app_url=made.url)


def test_the_newest_revision_is_that_of_the_newest_file_of_all_folders(tmp_path: Path) -> None:
    older, newer = tmp_path / "older", tmp_path / "newer"
    for folder, names in ((older, ["2_b", "1_a"]), (newer, ["3_c"])):
        folder.mkdir()
        for name in names:
            (folder / f"{name}.sql").touch()
        (folder / "9_notes.txt").touch()
    assert schema.revision_of([newer, older]) == "3"
    assert schema.revision_of(FOLDERS) == "20260101001001"


async def test_a_revision_is_there_once_it_is_applied_and_older_ones_with_it(empty: ServiceDatabase) -> None:
    revision = schema.revision_of(FOLDERS)
    app = await asyncpg.connect(empty.url)
    try:
        assert not await schema.has_revision(app, revision)
        await asyncio.to_thread(
            schema.apply_migrations, url=empty.migration_url, folders=[schema.CHASSIS_MIGRATIONS]
        )
        assert not await schema.has_revision(app, revision)
        await migrated(empty)
        assert await schema.has_revision(app, revision)
        # version N-1 runs on schema N, version N+1 does not
        assert await schema.has_revision(app, "20200101000000")
        assert not await schema.has_revision(app, "20990101000000")
    finally:
        await app.close()


async def test_a_database_whose_rights_are_not_given_yet_is_not_ready(postgres: PostgresServer) -> None:
    name = f"plain_{uuid.uuid4().hex[:8]}"
    admin = await asyncpg.connect(postgres.admin_url)
    try:
        await admin.execute(f"create database {name}")
        await admin.execute(f"create role {name} login password 'plain'")
    finally:
        await admin.close()
    owner_url = postgres.url(role="postgres", database=name)
    app_url = owner_url.replace("//postgres:", f"//{name}:").replace(
        owner_url.partition("//postgres:")[2].partition("@")[0], "plain"
    )
    await asyncio.to_thread(schema.apply_migrations, url=owner_url, folders=FOLDERS)
    app = await asyncpg.connect(app_url)
    try:
        assert not await schema.has_revision(app, schema.revision_of(FOLDERS))
        await schema.grant_running_role(owner_url=owner_url, app_url=app_url)
        assert await schema.has_revision(app, schema.revision_of(FOLDERS))
        await app.execute("insert into faults values ('key', 'fails')")
    finally:
        await app.close()


async def test_applying_twice_changes_nothing(empty: ServiceDatabase) -> None:
    await migrated(empty)
    owner = await asyncpg.connect(empty.migration_url)
    try:
        await owner.execute("insert into faults values ('kept', 'fails')")
        await migrated(empty)
        assert await owner.fetchval("select count(*) from faults") == 1
        assert await owner.fetchval("select count(*) from schema_migrations") == 3
    finally:
        await owner.close()


async def test_several_that_apply_at_once_wait_for_each_other(empty: ServiceDatabase) -> None:
    await asyncio.gather(*(migrated(empty) for _ in range(3)))
    owner = await asyncpg.connect(empty.migration_url)
    try:
        assert await owner.fetchval("select count(*) from schema_migrations") == 3
    finally:
        await owner.close()


async def test_the_running_role_writes_rows_and_makes_nothing(empty: ServiceDatabase) -> None:
    await migrated(empty)
    app = await asyncpg.connect(empty.url)
    try:
        await app.execute("insert into faults values ('key', 'fails')")
        await app.execute("update faults set kind = 'waits'")
        await app.execute(
            "insert into heard (key, kind, sequence, event_id) values ('k', 'x', 1, $1)", uuid.uuid4()
        )
        await app.execute("delete from faults")
        for statement in (
            "create table mine (id int)",
            "alter table faults add column more text",
            "drop table faults",
            "truncate faults",
            "create schema mine",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(statement)
    finally:
        await app.close()


async def test_the_running_role_may_also_use_what_a_later_migration_makes(
    empty: ServiceDatabase, tmp_path: Path
) -> None:
    await migrated(empty)
    (tmp_path / "20270101000000_more.sql").write_text(
        "-- migrate:up\ncreate table more (id bigint generated always as identity, word text);\n"
        "-- migrate:down\ndrop table more;\n"
    )
    await asyncio.to_thread(schema.apply_migrations, url=empty.migration_url, folders=[*FOLDERS, tmp_path])
    app = await asyncpg.connect(empty.url)
    try:
        await app.execute("insert into more (word) values ('x')")
    finally:
        await app.close()


async def test_a_migration_that_fails_says_why_and_leaves_the_rest_undone(
    empty: ServiceDatabase, tmp_path: Path
) -> None:
    (tmp_path / "20270101000000_bad.sql").write_text(
        "-- migrate:up\ncreate table half (id int);\nselect nonsense;\n-- migrate:down\n"
    )
    with pytest.raises(schema.MigrationFailed, match="nonsense"):
        await asyncio.to_thread(
            schema.apply_migrations, url=empty.migration_url, folders=[*FOLDERS, tmp_path]
        )
    owner = await asyncpg.connect(empty.migration_url)
    try:
        assert await owner.fetchval("select to_regclass('half')") is None
        assert await schema.has_revision(owner, schema.revision_of(FOLDERS))
    finally:
        await owner.close()


async def test_the_command_says_why_it_failed_and_not_with_which_password(postgres: PostgresServer) -> None:
    url = "postgresql://nobody:open-sesame@127.0.0.1:1/none?sslmode=disable"
    done = await asyncio.to_thread(command, "migrate", DATABASE_URL=url, MIGRATION_DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.startswith("migrations were not applied: ")
    assert "open-sesame" not in done.stderr


async def test_a_role_that_owns_the_schema_itself_needs_no_grant(empty: ServiceDatabase) -> None:
    await asyncio.to_thread(schema.apply_migrations, url=empty.migration_url, folders=FOLDERS)
    await schema.grant_running_role(owner_url=empty.migration_url, app_url=empty.migration_url)
