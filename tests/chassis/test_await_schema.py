"""`await-schema` ends with 0 once the database has what the build needs, and says what is missing until then."""

import asyncio
import sys
import uuid

from chassis.processes import command, environment
from chassis.tally import SERVICE
from rig import Rig

from ipraktik_chassis import schema
from ipraktik_chassis.awaiting import what_is_missing
from ipraktik_local.postgres import PostgresServer


async def awaited(**settings: str) -> tuple[int, str, str]:
    """Exit status, output, errors."""
    done = await asyncio.to_thread(command, "await-schema", **settings)
    return done.returncode, done.stdout, done.stderr


async def test_a_schema_that_is_there_ends_the_wait_at_once(tally: Rig) -> None:
    revision = schema.revision_of(SERVICE.schema_folders)
    assert await awaited(DATABASE_URL=tally.database_url, SCHEMA_WAIT_SECONDS="0") == (
        0,
        f"the database has revision {revision}\n",
        "",
    )


async def test_the_wait_ends_when_migrate_has_run(postgres: PostgresServer) -> None:
    made = postgres.create_service_database(f"late_{uuid.uuid4().hex[:8]}")
    waiting = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "chassis.tally",
        "await-schema",
        env=environment(DATABASE_URL=made.url, SCHEMA_WAIT_SECONDS="60"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert waiting.stderr is not None
        said = (await asyncio.wait_for(waiting.stderr.readline(), 30)).decode()
        assert said.startswith("waiting: the database lacks revision ")
        assert "run migrate" in said
        done = await asyncio.to_thread(
            command, "migrate", DATABASE_URL=made.url, MIGRATION_DATABASE_URL=made.migration_url
        )
        assert done.returncode == 0
        assert await asyncio.wait_for(waiting.wait(), 30) == 0
    finally:
        if waiting.returncode is None:
            waiting.kill()
            await waiting.wait()


async def test_it_gives_up_and_says_what_is_missing(postgres: PostgresServer) -> None:
    empty = postgres.create_service_database(f"empty_{uuid.uuid4().hex[:8]}")
    cases = {
        empty.url: "lacks revision",
        empty.url.replace(":", ":x", 2).replace("x//", "//", 1): "does not accept this role and password",
        empty.url.replace(f"/{empty.name}?", "/nowhere?"): "is not there",
        "postgresql://a:b@127.0.0.1:1/c": "does not answer",
    }
    revision = schema.revision_of(SERVICE.schema_folders)
    for url, sentence in cases.items():
        missing = await what_is_missing(url, revision=revision)
        assert missing is not None
        assert sentence in missing
    status, output, errors = await awaited(DATABASE_URL=empty.url, SCHEMA_WAIT_SECONDS="0")
    assert (status, output) == (1, "")
    assert errors.startswith("gave up after 0 seconds: the database lacks revision ")
