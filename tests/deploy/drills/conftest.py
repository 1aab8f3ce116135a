"""One season that is backed up, restored beside itself and robbed of its Kafka while it is played; many tests look at it."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from chassis.waiting import until
from deploy.drills.backups import (
    close_segment,
    for_server,
    in_database,
    keep_every_change,
    program,
    recovered,
    restored_to,
)
from deploy.drills.fingerprints import Fingerprints, fingerprints, fingerprints_at, standing_still
from rich.console import Console

from ipraktik_local.postgres import PostgresServer
from ipraktik_local.season.__main__ import play_and_reconcile
from ipraktik_local.season.calendar import Calendar, at
from ipraktik_local.season.figures import Figures
from ipraktik_local.season.reconcile import SERVICES, Reading
from ipraktik_local.season.screen import Bars
from ipraktik_local.stack import Stack
from ipraktik_local.topics import create_topics

PARTICIPANTS = 60
ROOT = Path(__file__).resolve().parents[3]
SPEAKING = ("registration", "matching", "evaluation")


@dataclass
class Drilled:
    """What the drills found, and how the season ended nevertheless."""

    dumped: dict[str, Fingerprints] = field(default_factory=dict)
    from_dump: dict[str, Fingerprints] = field(default_factory=dict)
    doctor_on_dump: dict[str, tuple[int, str]] = field(default_factory=dict)
    moment: datetime | None = None
    at_moment: dict[str, Fingerprints] = field(default_factory=dict)
    at_backup: dict[str, Fingerprints] = field(default_factory=dict)
    from_log: dict[str, Fingerprints] = field(default_factory=dict)
    published: dict[str, int] = field(default_factory=dict)
    refilled: dict[str, int] = field(default_factory=dict)
    inboxes: dict[str, int] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    figures: Figures | None = None
    reading: Reading | None = None
    databases: dict[str, str] = field(default_factory=dict)


@dataclass
class Drills:
    """The drills, one after the other, on a stack on which a season is being played."""

    stack: Stack
    home: Path
    found: Drilled

    @property
    def server(self) -> PostgresServer:
        """The season's PostgreSQL."""
        assert self.stack.postgres is not None
        return self.stack.postgres

    def urls(self) -> dict[str, str]:
        """The databases, as the server's admin."""
        return {name: in_database(self.server.admin_url, name) for name in SERVICES}

    async def run(self) -> None:
        """All of them, each at its place in the season."""
        await self.when("registration", "select count(*) > 15 from published")
        await self.base_backup()
        await self.dump_and_restore()
        await self.when("registration", "select count(*) > 60 from published")
        await self.log_restore()
        await self.when("matching", "select count(*) > 20 from published")
        await self.lose_kafka()

    async def when(self, service: str, question: str) -> None:
        """Wait until the season is so far."""
        conn = await asyncpg.connect(self.urls()[service])
        try:

            async def so_far() -> bool:
                return bool(await conn.fetchval(question))

            await until(so_far, what=question, within=240, every=0.05)
        finally:
            await conn.close()

    async def base_backup(self) -> None:
        """The whole server, while it works. Its log comes from the archive alone."""
        for name, url in self.urls().items():
            self.found.at_backup[name] = await fingerprints_at(url)
        await asyncio.to_thread(
            program,
            "pg_basebackup",
            *("--pgdata", str(self.home / "base"), "--wal-method=none", "--checkpoint=fast", "--no-sync"),
            *("--dbname", self.server.admin_url),
        )

    async def dump_and_restore(self) -> None:
        """Each database by itself, while it is written to, into a new one beside it."""
        for name, url in self.urls().items():
            file, beside = self.home / f"{name}.dump", f"{name}_restored"
            conn = await asyncpg.connect(url)
            async with conn.transaction(isolation="repeatable_read", readonly=True):
                snapshot = await conn.fetchval("select pg_export_snapshot()")
                await asyncio.to_thread(
                    program,
                    "pg_dump",
                    "--format=custom",
                    f"--snapshot={snapshot}",
                    f"--file={file}",
                    f"--dbname={url}",
                )
                self.found.dumped[name] = await fingerprints(conn)
            await conn.execute(f"create database {beside} owner {name}_owner")
            await conn.execute(f"revoke all on database {beside} from public")
            await conn.execute(f"grant connect on database {beside} to {name}_app")
            await conn.close()
            await asyncio.to_thread(
                program, "pg_restore", "--exit-on-error", f"--dbname={in_database(url, beside)}", str(file)
            )
            self.found.from_dump[name] = await fingerprints_at(in_database(url, beside))
            own = in_database(self.stack.env[f"DATABASE_URL_{name.upper()}"], beside)
            self.found.doctor_on_dump[name] = await asyncio.to_thread(
                python, "-m", f"ipraktik_{name}", "doctor", "--only", "database", DATABASE_URL=own
            )

    async def log_restore(self) -> None:
        """The base backup and the archived log, to a moment that is written down while nobody writes."""
        async with standing_still(self.urls()) as still:
            for name, conn in still.items():
                self.found.at_moment[name] = await fingerprints(conn)
            self.found.moment = await still["registration"].fetchval("select clock_timestamp()")
        assert self.found.moment is not None
        conn = await asyncpg.connect(self.server.admin_url)
        await close_segment(conn)
        await conn.close()
        restored = restored_to(
            self.found.moment,
            base=self.home / "base",
            archive=self.home / "archive",
            home=self.home / "restored",
            like=self.server,
        )
        await asyncio.to_thread(restored.start)
        try:
            await recovered(restored.admin_url)
            for name in SERVICES:
                self.found.from_log[name] = await fingerprints_at(in_database(restored.admin_url, name))
        finally:
            await asyncio.to_thread(restored.close)

    async def lose_kafka(self) -> None:
        """Every record and every group is gone; `serve` stays up meanwhile. Filled again as docs/operations/kafka-lost.md says."""
        kafka = self.stack.kafka
        assert kafka is not None
        for name in SERVICES:
            await asyncio.to_thread(self.stack.stop_process, name, "work")
        for name, url in self.urls().items():
            conn = await asyncpg.connect(url)
            for row in await conn.fetch("select topic, count(*) as rows from published group by topic"):
                self.found.published[row["topic"]] = self.found.published.get(row["topic"], 0) + row["rows"]
            self.found.inboxes[name] = await conn.fetchval("select count(*) from inbox")
            await conn.close()
        conn = await asyncpg.connect(self.urls()["registration"])
        rows = await conn.fetch("select contact_id::text from contact where forgotten")
        self.found.forgotten = {row[0] for row in rows}
        await conn.close()
        await asyncio.to_thread(kafka.stop)
        await asyncio.to_thread(shutil.rmtree, kafka.home / "data")
        await asyncio.to_thread(kafka.start)
        await asyncio.to_thread(create_topics, kafka.bootstrap)
        script = (ROOT / "deploy" / "by_hand" / "refill_kafka.py").read_text("utf-8")
        for name in SPEAKING:
            status, said = await asyncio.to_thread(
                python,
                *("-", name),
                said_to_it=script,
                DATABASE_URL=self.stack.env[f"DATABASE_URL_{name.upper()}"],
                KAFKA_BOOTSTRAP=kafka.bootstrap,
            )
            assert status == 0, said
            for line in said.splitlines():
                topic, rows = line.split("\t")
                self.found.refilled[topic] = self.found.refilled.get(topic, 0) + int(rows)
        for name in SERVICES:
            await asyncio.to_thread(self.stack.start_process, name, "work")


def python(*arguments: str, said_to_it: str = "", **settings: str) -> tuple[int, str]:
    """One of our commands, with these settings and nothing of the developer's; exit status and what it said."""
    ended = subprocess.run(
        [sys.executable, *arguments],
        env={**{name: os.environ[name] for name in ("PATH",) if name in os.environ}, **settings},
        input=said_to_it,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd="/",
    )
    return ended.returncode, ended.stdout + ended.stderr


async def _drilled(stack: Stack, home: Path) -> Drilled:
    found = Drilled()
    drills = asyncio.create_task(Drills(stack, home, found).run())
    listens = {name: stack.run(name, "listens") for name in SERVICES}
    with Bars(Console(quiet=True)) as bars:
        playing: asyncio.Task[Any] = asyncio.create_task(
            play_and_reconcile(
                env=stack.env,
                listens=listens,
                calendar=Calendar(),
                participants=PARTICIPANTS,
                seed=2018,
                bars=bars,
            )
        )
        await asyncio.wait({playing, drills}, return_when=asyncio.FIRST_EXCEPTION)
        if drills.done() and not drills.cancelled() and drills.exception() is not None:
            playing.cancel()
        await drills
        found.figures, _, (_, found.reading) = await playing
    found.databases = {name: stack.env[f"DATABASE_URL_{name.upper()}"] for name in SERVICES}
    return found


@pytest.fixture(scope="module")
def drilled() -> Iterator[Drilled]:
    """The season, played to its end, with its stack still up."""
    with tempfile.TemporaryDirectory(prefix="ipraktik-drills-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o711)
        (home / "archive").mkdir()
        for_server(home / "archive")
        with PostgresServer(home=home / "stack" / "postgres") as server:
            asyncio.run(keep_every_change(server, home / "archive"))
        with Stack(
            home / "stack",
            simulated_from=at(Calendar().opens, 8),
            settings={"POLL_SECONDS": "0.1"},
            ready_within=180,
        ) as stack:
            yield asyncio.run(_drilled(stack, home))
