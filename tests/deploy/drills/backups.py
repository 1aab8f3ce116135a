"""Backups as an operator makes them: PostgreSQL's own programs, and an archive of the write-ahead log."""

import os
import pwd
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from chassis.waiting import until

from ipraktik_local.postgres import PostgresServer, psql_program


def program(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; what it complains of is the failure's text."""
    ended = subprocess.run(
        [str(psql_program().with_name(name)), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, f"{name}: {ended.stderr}"


def in_database(url: str, name: str) -> str:
    """The same server's address of another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def for_server(path: Path) -> Path:
    """Give files to whoever the server runs as: started by root it is nobody."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for one in (path, *path.rglob("*")):
            os.chown(one, nobody.pw_uid, nobody.pw_gid)
    return path


async def keep_every_change(server: PostgresServer, archive: Path) -> None:
    """Let the server archive its write-ahead log into this folder; holds from its next start."""
    conn = await asyncpg.connect(server.admin_url)
    try:
        await conn.execute("alter system set archive_mode = 'on'")
        await conn.execute(
            f"alter system set archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f'"
        )
    finally:
        await conn.close()


async def close_segment(conn: Any) -> None:
    """End the current piece of the log and wait until it is in the archive."""
    # a commit after the moment in question: recovery stops before it, so it must be there
    await conn.execute("select pg_logical_emit_message(true, 'drill', 'later')")
    last = await conn.fetchval("select pg_walfile_name(pg_switch_wal())")

    async def archived() -> bool:
        newest = await conn.fetchval("select last_archived_wal from pg_stat_archiver")
        return newest is not None and newest >= last

    await until(archived, what=f"{last} is in the archive", within=60)


def restored_to(
    moment: datetime, *, base: Path, archive: Path, home: Path, like: PostgresServer
) -> PostgresServer:
    """A new server from the base backup and the archive, as everything was at the moment. Not started yet."""
    home.mkdir()
    shutil.copytree(base, home / "data")
    shutil.copy(
        like.home / "secret", home / "secret"
    )  # what passwords follow from; they are in the data already
    with (home / "data" / "postgresql.auto.conf").open("a") as conf:
        conf.write(
            f"archive_mode = 'off'\nrestore_command = 'cp {archive}/%f %p'\n"
            f"recovery_target_time = '{moment.isoformat()}'\nrecovery_target_action = 'promote'\n"
        )
    (home / "data" / "recovery.signal").touch()
    for_server(home / "data")
    (home / "data").chmod(0o700)
    return PostgresServer(home=home)


async def recovered(url: str) -> None:
    """Wait until the server has replayed what it was asked to and takes writes."""
    conn = await asyncpg.connect(url)
    try:

        async def open_for_writing() -> bool:
            return not await conn.fetchval("select pg_is_in_recovery()")

        await until(open_for_writing, what="the recovery ends", within=60)
    finally:
        await conn.close()
