"""One database and two roles for each service.

`<service>_owner` owns the database and its schema and runs migrations. `<service>_app` is what the running service is: it
reads and writes what the owner made, and can create, alter and drop nothing, not even a temporary table.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import asyncpg

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,50}")


@dataclass(frozen=True, slots=True)
class ServiceDatabase:
    """The two addresses of one database: `url` for the running service, `migration_url` for its migrations."""

    name: str
    url: str
    migration_url: str


def check_name(name: str) -> str:
    """The name, if it needs no quoting anywhere."""
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} cannot name a database: lower-case letters, digits and _ only, at most 51."
        )
    return name


async def create(*, admin_url: str, inside_url: str, name: str, password: Callable[[str], str]) -> None:
    """The database and its roles, if they are not there. `inside_url` is the superuser's address of this database."""
    owner, app = f"{check_name(name)}_owner", f"{name}_app"
    admin = await asyncpg.connect(admin_url)
    try:
        for role in (owner, app):
            if not await admin.fetchval("select exists (select from pg_roles where rolname = $1)", role):
                # a checked name and a hexadecimal password: nothing here needs quoting
                await admin.execute(f"create role {role} login password '{password(role)}'")
        if not await admin.fetchval("select exists (select from pg_database where datname = $1)", name):
            await admin.execute(f"create database {name} owner {owner}")
        await admin.execute(f"revoke all on database {name} from public")
        await admin.execute(f"grant connect on database {name} to {app}")
    finally:
        await admin.close()
    inside = await asyncpg.connect(inside_url)
    try:
        # not bound to one schema: the service's migrations may make others than public
        await inside.execute(f"""
            grant usage on schema public to {app};
            alter default privileges for role {owner} grant usage on schemas to {app};
            alter default privileges for role {owner} grant select, insert, update, delete on tables to {app};
            alter default privileges for role {owner} grant usage, select on sequences to {app};
        """)
    finally:
        await inside.close()


async def drop(*, admin_url: str, name: str) -> None:
    """The database and its roles, gone, whoever is connected."""
    check_name(name)
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute(f"drop database if exists {name} with (force)")
        await admin.execute(f"drop role if exists {name}_app")
        await admin.execute(f"drop role if exists {name}_owner")
    finally:
        await admin.close()
