"""PostgreSQL as a process, and what the two roles of a service may and may not do."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from ipraktik_local.ports import Port, reserve_port
from ipraktik_local.postgres import PostgresServer, start_postgres
from ipraktik_local.service_database import ServiceDatabase


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[ServiceDatabase]:
    name = f"proeve_{secrets.token_hex(4)}"
    yield postgres.create_service_database(name)
    postgres.drop_service_database(name)


async def as_owner(database: ServiceDatabase, sql: str) -> None:
    owner = await asyncpg.connect(database.migration_url)
    try:
        await owner.execute(sql)
    finally:
        await owner.close()


async def test_the_running_service_reads_and_writes_what_its_migrations_made(
    database: ServiceDatabase,
) -> None:
    await as_owner(
        database, "create table note (id bigint generated always as identity primary key, said text)"
    )
    await as_owner(database, "create schema bus; create table bus.outbox (id bigserial primary key)")
    app = await asyncpg.connect(database.url)
    try:
        await app.execute("insert into note (said) values ('hej')")
        await app.execute("update note set said = 'farvel'")
        await app.execute("insert into bus.outbox default values")
        assert await app.fetchval("select said from note") == "farvel"
        await app.execute("delete from note")
    finally:
        await app.close()


@pytest.mark.parametrize(
    "statement",
    [
        "create table mine (id int)",
        "drop table note",
        "alter table note add column more text",
        "truncate note",
        "create schema mine",
        "create temporary table mine (id int)",
        "create role mine",
    ],
)
async def test_the_running_service_can_change_no_schema(database: ServiceDatabase, statement: str) -> None:
    await as_owner(database, "create table note (id int)")
    app = await asyncpg.connect(database.url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(statement)
    finally:
        await app.close()


async def test_a_service_cannot_enter_the_database_of_another(
    postgres: PostgresServer, database: ServiceDatabase
) -> None:
    other = postgres.create_service_database(f"anden_{secrets.token_hex(4)}")
    try:
        for role in ("app", "owner"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asyncpg.connect(postgres.url(role=f"{database.name}_{role}", database=other.name))
    finally:
        postgres.drop_service_database(other.name)


async def test_a_wrong_password_is_refused(postgres: PostgresServer, database: ServiceDatabase) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(database.url.replace(":", ":x", 2).replace("postgresql:x", "postgresql:"))


def test_making_a_database_again_changes_nothing(postgres: PostgresServer, database: ServiceDatabase) -> None:
    assert postgres.create_service_database(database.name) == database


def test_a_name_that_would_need_quoting_is_refused(postgres: PostgresServer) -> None:
    with pytest.raises(ValueError, match="cannot name a database"):
        postgres.create_service_database('x"; drop database postgres; --')


async def test_committed_rows_survive_a_kill_and_the_address_stays(home: Path) -> None:
    with start_postgres(home) as server:
        database = server.create_service_database("proeve")
        await as_owner(database, "create table note (id int); insert into note values (7)")
        server.kill()
        server.restart()
        app = await asyncpg.connect(database.url)
        assert await app.fetchval("select id from note") == 7
        assert await app.fetchval("show fsync") == "on"
        await app.close()

    with start_postgres(home) as again:
        app = await asyncpg.connect(again.service_database("proeve").url)
        assert await app.fetchval("select id from note") == 7
        await app.close()


def test_an_address_that_another_server_has_taken_meanwhile_is_left_to_it(
    postgres: PostgresServer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [Port(postgres.port), reserve_port()]
    drawn = iter(addresses)
    monkeypatch.setattr("ipraktik_local.postgres.reserve_port", lambda: next(drawn))
    server = start_postgres(home / "late", fast=True)
    try:
        assert server.port == addresses[1].number
        assert postgres.is_running
    finally:
        server.close()


async def test_only_who_asks_for_it_gets_a_server_that_may_lose_data(postgres: PostgresServer) -> None:
    admin = await asyncpg.connect(postgres.admin_url)
    assert await admin.fetchval("show fsync") == "off"
    await admin.close()
