"""A member of a subscriber's group as a process, and what its database says meanwhile."""

import json
import os
import signal
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import asyncpg
from kit.expected import Row
from kit.kits import Kit

from ipraktik_local.postgres import ADMIN, PostgresServer
from ipraktik_local.processes import Process, kill, spawn, tail

SESSION_MS: Final = "3000"


@dataclass
class Agency:
    """A subscriber's own surroundings: its kit, its login, its group, its database."""

    kit: Kit
    command: list[str]
    folder: Path
    home: Path
    environment: Mapping[str, str]
    database_url: str
    members: "list[Member]" = field(default_factory=list)

    def start(self, **settings: str) -> "Member":
        """A new member of the group."""
        number = len(self.members)
        log, echo = self.home / f"{self.kit}-{number}.log", self.home / f"{self.kit}-{number}.echo"
        kept = {
            name: os.environ[name] for name in ("PATH", "HOME", "LANG", "JAVA_HOME") if name in os.environ
        }
        env = {
            **kept,
            **self.environment,
            "DATABASE_URL": self.database_url,
            "ECHO_FILE": str(echo),
            "KAFKA_SESSION_TIMEOUT_MS": SESSION_MS,
            "PYTHONDONTWRITEBYTECODE": "1",
            **settings,
        }
        member = Member(log, echo, spawn(self.command, log=log, env=env, cwd=self.folder))
        self.members.append(member)
        return member

    async def ask(self, sql: str, *values: Any) -> list[Any]:
        """What the database says."""
        connection = await asyncpg.connect(self.database_url)
        try:
            rows: list[Any] = await connection.fetch(sql, *values)
            return rows
        finally:
            await connection.close()

    async def taken(self) -> int:
        """How many events are in; none before the first start has made the tables."""
        with suppress(asyncpg.UndefinedTableError):
            return int((await self.ask("select count(*) from inbox"))[0][0])
        return 0

    async def holes(self) -> list[Any]:
        """The lines that wait: topic, key, which is missing, the latest seen. None before the first start has made the tables."""
        with suppress(asyncpg.UndefinedTableError):
            return await self.ask("select topic, key::text, missing, seen from gap")
        return []

    async def rows(self) -> list[Row]:
        """The table that every kit ends with."""
        said = await self.ask(
            "select placement_id::text, edition_id::text, state, last_sequence from placement order by placement_id"
        )
        return [tuple(row) for row in said]

    async def hash(self) -> str:
        """As the kit's own view says it."""
        return str((await self.ask("select hash from placement_hash"))[0][0])

    async def instant(self) -> Any:
        """Now, by the database's clock."""
        return (await self.ask("select clock_timestamp()"))[0][0]

    async def connected(self, since: Any) -> bool:
        """Whether a member has come to the database since then: it is up, and hears when it is told to stop."""
        came = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_start > $1"
        return bool((await self.ask(came, since))[0][0])

    async def lose_connections(self) -> int:
        """Break every connection to the database, as a restart of the server does."""
        broken = await self.ask(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        return len(broken)

    def secrets(self) -> dict[str, str]:
        """What must never be in a log."""
        return {
            "KAFKA_PASSWORD": self.environment["KAFKA_PASSWORD"],
            "DATABASE_URL": str(urlsplit(self.database_url).password),
        }

    def said(self) -> str:
        """The logs of all members, one after the other."""
        return "".join(member.log.read_text("utf-8") for member in self.members)

    def echoed(self) -> list[dict[str, Any]]:
        """What the members echoed, one after the other."""
        return [line for member in self.members for line in member.echoed()]

    def end(self) -> None:
        """Leave no process behind."""
        for member in self.members:
            member.kill()


@dataclass(frozen=True)
class Member:
    """One process."""

    log: Path
    echo: Path
    process: Process

    def kill(self) -> None:
        """SIGKILL, in the middle of whatever it does."""
        kill(self.process)

    def ask_to_stop(self) -> None:
        """SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    def status(self, *, within: float = 30.0) -> int:
        """How it ended, once it has."""
        return self.process.wait(within)

    def running(self) -> bool:
        """Whether it still runs. Fails with its log if it ended by itself."""
        assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{tail(self.log)}"
        return True

    def echoed(self) -> list[dict[str, Any]]:
        """Whole lines only: a kill may cut the last one."""
        if not self.echo.exists():
            return []
        whole, _, _ = self.echo.read_text("utf-8").rpartition("\n")
        return [json.loads(line) for line in whole.splitlines()]


async def new_database(server: PostgresServer) -> str:
    """The address of an empty database, as an agency has one."""
    name = f"kit_{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(server.admin_url)
    try:
        await admin.execute(f'create database "{name}"')
    finally:
        await admin.close()
    return server.url(role=ADMIN, database=name)
