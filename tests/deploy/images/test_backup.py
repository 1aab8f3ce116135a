"""deploy/small/backup.py and restore.py on real servers: all comes back as it was, and whatever is not empty is left alone."""

import ast
import asyncio
import stat
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from deploy.images.compose import NAMES, service
from deploy.images.places import SMALL, Place, inside
from deploy.images.tables import contents
from registration.desk import Desk, host, intern
from rig import START, Databases, link_keys, rig_of

from deploy.small.backup import back_up
from deploy.small.backup import main as from_the_command_line
from deploy.small.machine import Machine, Session, check_sums, write_sums
from ipraktik_chassis import outbox
from ipraktik_chassis.outbox import OutboxRecord
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.topics import describe_topics

pytestmark = pytest.mark.timeout(300)

PASSWORDS = "POSTGRES_PASSWORD=a\nVERSION=1.2.0\nPUBLIC_URL=https://praktik.example.dk\n"


@pytest.fixture(scope="module")
def databases(postgres: PostgresServer) -> Databases:
    return Databases(postgres)


@pytest.fixture
async def place(
    tmp_path: Path, databases: Databases, postgres: PostgresServer, kafka: KafkaServer, topic_namespace: str
) -> AsyncIterator[Place]:
    """A machine whose databases are migrated, with keys and variables."""
    urls = {name: (await databases.fresh(service(name)))[0] for name in NAMES}
    home = tmp_path / "place"
    for half, pem in zip(("private", "public"), link_keys(), strict=True):
        (home / "keys" / half).mkdir(parents=True)
        (home / "keys" / half / f"link-{half}.pem").write_bytes(pem)
    (home / "env").write_text(PASSWORDS)
    superuser = {name: inside(postgres, url) for name, url in urls.items()}
    yield Place(home, urls, superuser, postgres, kafka.bootstrap, topic_namespace)
    for url in urls.values():
        await databases.drop(url)


@pytest.fixture
async def elsewhere(place: Place, databases: Databases, tmp_path: Path) -> AsyncIterator[Place]:
    """Another machine of the same release: databases laid out and empty, a Kafka without topics, no keys, no variables."""
    admin = await asyncpg.connect(place.postgres.admin_url)
    urls = {}
    for name, url in place.urls.items():
        made = f"t{uuid.uuid4().hex[:12]}"
        await admin.execute(f'create database "{made}"')
        urls[name] = urlsplit(url)._replace(path=f"/{made}").geturl()
    await admin.close()
    superuser = {name: inside(place.postgres, url) for name, url in urls.items()}
    (tmp_path / "elsewhere").mkdir()
    yield replace(
        place, home=tmp_path / "elsewhere", urls=urls, superuser=superuser, namespace=f"{place.namespace}b."
    )
    for url in urls.values():
        await databases.drop(url)


async def lived_in(place: Place, databases: Databases) -> None:
    """Sign-ups, what was published and what waits, what others took in, and a parked record with bytes of every kind."""
    async with rig_of(service("registration"), databases) as rig, Desk.open(rig) as desk:
        await desk.open_edition()
        for body in (host(), host(name="Ødegård \\ 'x'"), intern()):
            await desk.register(body)
        source = await asyncpg.connect(inside(place.postgres, rig.database_url))
        rows = await source.fetch("select topic, key, headers, body, event_id from outbox order by id")
        await source.close()
    conn = await asyncpg.connect(place.superuser["registration"])
    async with conn.transaction():
        for row in rows:
            record = OutboxRecord(
                f"{place.namespace}b.{row['topic']}", row["key"], (("a", b"b"),), row["body"], row["event_id"]
            )
            await outbox.append(conn, [record], now=START)
        await conn.execute(
            "insert into published select * from outbox where id <= (select max(id) - 2 from outbox)"
        )
        await conn.execute("delete from outbox where id in (select id from published)")
    await conn.close()
    for name in ("matching", "notify", "evaluation"):
        conn = await asyncpg.connect(place.superuser[name])
        await conn.executemany("insert into inbox values ($1, $2)", [(name, row["event_id"]) for row in rows])
        await conn.execute(
            "insert into parked (consumer, topic, partition, position, key, headers, body, kind, reason, parked_at)"
            " values ($1, 'x', 0, 1, $2, '[[\"a\", null]]', $2, 'malformed', 'r', $3)",
            name,
            bytes(range(256)),
            START,
        )
        await conn.close()


async def test_a_backup_comes_back_whole_on_another_machine_and_fills_its_kafka(
    place: Place, elsewhere: Place, databases: Databases
) -> None:
    await lived_in(place, databases)
    before = {name: await contents(url) for name, url in place.superuser.items()}
    folder = await asyncio.to_thread(place.back_up)
    status, said = await asyncio.to_thread(elsewhere.run, "restore.py", str(folder))

    assert status == 0, said
    after = {name: await contents(url) for name, url in elsewhere.superuser.items()}
    assert after == before
    published = before["registration"]["published"].rows
    assert published > 3
    topics = await asyncio.to_thread(describe_topics, place.kafka, elsewhere.namespace)
    assert sum(topic.records for topic in topics if topic.records) == published
    assert (elsewhere.home / "env").read_text() == PASSWORDS
    for half in ("private", "public"):
        file = Path("keys") / half / f"link-{half}.pem"
        assert (elsewhere.home / file).read_bytes() == (place.home / file).read_bytes()
    assert elsewhere.did()[0] == "up --detach --wait postgres kafka"
    assert elsewhere.did()[-1] == "up --detach --wait"

    again, why = await asyncio.to_thread(elsewhere.run, "restore.py", str(folder))
    assert (again, "are not empty" in why) == (1, True)
    assert {name: await contents(url) for name, url in elsewhere.superuser.items()} == before


@pytest.mark.parametrize("given", ["0", "1000", "-1", "alle"])
def test_a_number_to_keep_that_is_none_is_refused_in_a_sentence(
    given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        from_the_command_line([f"--keep={given}"])
    assert left.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith("--keep: give a number from 1 to 999")


def test_a_backup_is_for_its_owners_eyes_says_what_it_is_of_and_takes_the_place_of_the_oldest(
    place: Place,
) -> None:
    backups = place.home / "backups"
    for name in ("2026-01-01T000000Z", "2026-01-02T000000Z", "2026-01-03T000000Z"):
        (backups / name).mkdir(parents=True)
        (backups / name / "about.txt").write_text("x")
    (backups / "elsewhere" / "inside").mkdir(parents=True)

    status, said = place.run("backup.py", "--into", str(backups), "--keep", "2")

    assert (status, "removed 2026-01-01T000000Z" in said) == (0, True)
    *left, folder = sorted(one for one in backups.iterdir() if one.name != "elsewhere")
    assert [one.name for one in left] == ["2026-01-03T000000Z"]
    assert (backups / "elsewhere").exists()
    assert {file.name for file in folder.iterdir()} == {
        *(f"{name}.dump" for name in NAMES),
        *("link-private.pem", "link-public.pem", "env", "about.txt", "SHA256SUMS"),
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert "release 1.2.0\nPostgreSQL 18" in (folder / "about.txt").read_text()
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=False)
    assert checked.returncode == 0


@pytest.mark.parametrize("damage", ["changed", "missing", "foreign", "unlisted"])
def test_a_damaged_backup_is_refused_before_anything_is_touched(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "backup"
    folder.mkdir()
    for name in (*(f"{one}.dump" for one in NAMES), "env", "about.txt"):
        (folder / name).write_text(name)
    write_sums(folder)
    check_sums(folder)
    dump = folder / "matching.dump"
    if damage == "changed":
        dump.write_text("x")
    elif damage == "missing":
        dump.unlink()
    elif damage == "foreign":
        (folder / "another.dump").write_bytes(b"")
    else:
        (folder / "SHA256SUMS").unlink()

    nowhere = {"PATH": "/usr/bin:/bin"}
    ended = subprocess.run(
        [sys.executable, str(SMALL / "restore.py"), str(folder), "--env-file", str(tmp_path / "env")],
        env=nowhere,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith("Not restored. ")
    assert ("SHA256SUMS is missing" if damage == "unlisted" else "is damaged") in ended.stderr
    assert not (tmp_path / "env").exists()


@pytest.mark.long
async def test_a_kafka_that_holds_something_is_not_filled_and_nothing_is_restored(
    place: Place, elsewhere: Place, databases: Databases
) -> None:
    await lived_in(place, databases)
    folder = await asyncio.to_thread(place.back_up)
    assert (await asyncio.to_thread(elsewhere.run, "restore.py", str(folder), "--no-start"))[0] == 0
    for url in elsewhere.superuser.values():
        conn = await asyncpg.connect(url)
        await conn.execute("drop schema public cascade; create schema public")
        await conn.close()

    status, said = await asyncio.to_thread(elsewhere.run, "restore.py", str(folder))

    assert (status, "Kafka has had" in said) == (1, True)
    assert all([not await contents(url) for url in elsewhere.superuser.values()])


@pytest.mark.long
def test_other_keys_are_not_overwritten_since_every_link_hangs_on_them(
    place: Place, elsewhere: Place
) -> None:
    folder = place.back_up()
    (elsewhere.home / "keys" / "private").mkdir(parents=True)
    other = elsewhere.home / "keys" / "private" / "link-private.pem"
    other.write_bytes(link_keys()[0])
    kept = other.read_bytes()

    status, said = elsewhere.run("restore.py", str(folder))

    assert (status, "is another key" in said) == (1, True)
    assert other.read_bytes() == kept


async def test_a_backup_that_fails_leaves_nothing_that_looks_like_one(place: Place) -> None:
    conn = await asyncpg.connect(place.superuser["notify"])
    await conn.execute("alter table inbox rename to elsewhere")
    await conn.close()

    status, said = await asyncio.to_thread(place.run, "backup.py", "--into", str(place.home / "backups"))

    assert status == 1
    assert said.startswith("No backup was made. ")
    assert list((place.home / "backups").iterdir()) == []


@pytest.mark.parametrize(
    ("docker", "sentence"),
    [(None, "docker is not installed here"), ("exit 125", "docker here knows no `compose`")],
)
def test_a_machine_without_docker_or_its_compose_says_so(
    tmp_path: Path, docker: str | None, sentence: str
) -> None:
    (tmp_path / "env").write_text(PASSWORDS)
    if docker:
        (tmp_path / "docker").write_text(f"#!/bin/sh\n{docker}\n")
        (tmp_path / "docker").chmod(0o755)
    words = [sys.executable, str(SMALL / "backup.py"), "--env-file", "env", "--into", "backups"]
    ended = subprocess.run(words, cwd=tmp_path, env={"PATH": str(tmp_path)}, capture_output=True, check=False)

    assert (ended.returncode, ended.stdout) == (1, b"")
    assert ended.stderr.decode().startswith(f"No backup was made. {sentence}")
    assert not (tmp_path / "backups").exists()


@pytest.mark.long
async def test_the_dumps_are_of_one_moment_so_no_service_remembers_what_its_sender_does_not_know(
    place: Place, elsewhere: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Facts go from matching to registration and from registration to matching as fast as they can while a slow backup runs."""
    over, at_once = threading.Event(), Session.say

    def slowly(session: Session, statement: str) -> str:
        answer = at_once(session, statement)
        time.sleep(0.05)  # a window between the snapshots, wide enough for many facts
        return answer

    monkeypatch.setattr(Session, "say", slowly)
    for name, value in place.surroundings().items():
        monkeypatch.setenv(name, value)
    for name in ("registration", "matching"):
        conn = await asyncpg.connect(place.superuser[name])
        await conn.execute("create table fact (id uuid primary key)")
        await conn.close()

    async def speak(sender: str, receiver: str) -> int:
        at, to = (
            await asyncpg.connect(place.superuser[sender]),
            await asyncpg.connect(place.superuser[receiver]),
        )
        count = 0
        while not over.is_set():
            fact = uuid.uuid4()
            await at.execute("insert into fact values ($1)", fact)
            await to.execute("insert into inbox values ($1, $2)", receiver, fact)
            count += 1
        await at.close()
        await to.close()
        return count

    ways = (("registration", "matching"), ("matching", "registration"))
    talking = [asyncio.create_task(speak(*way)) for way in ways for _ in range(4)]
    folder = await asyncio.to_thread(
        back_up, Machine(place.home / "env"), into=place.home / "backups", name="slow"
    )
    over.set()
    said = sum(await asyncio.gather(*talking))
    status, why = await asyncio.to_thread(elsewhere.run, "restore.py", str(folder), "--no-start")

    assert status == 0, why
    assert said > 100
    for sender, receiver in ways:
        at, to = (
            await asyncpg.connect(elsewhere.superuser[sender]),
            await asyncpg.connect(elsewhere.superuser[receiver]),
        )
        known = {row["id"] for row in await at.fetch("select id from fact")}
        taken = {row["event_id"] for row in await to.fetch("select event_id from inbox")}
        await at.close()
        await to.close()
        assert taken
        assert taken - known == set()


@pytest.mark.parametrize("script", ["backup.py", "restore.py", "machine.py"])
def test_an_older_python_understands_them_and_nothing_has_to_be_installed(script: str) -> None:
    text = (SMALL / script).read_text("utf-8")
    tree = ast.parse(text, feature_version=(3, 9))
    modules = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert modules - {"deploy"} <= sys.stdlib_module_names
