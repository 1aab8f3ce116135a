"""Where a database stands: one name never stands for two sets of rows, whatever runs beside, ends late, breaks off or comes back.

On servers of their own: what other tests commit on the shared one would change every name.
"""

import asyncio
import random
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from chassis.alone import alone
from rig import START

from ipraktik_chassis.clock import FixedClock
from ipraktik_chassis.database import TRANSIENT, Database
from ipraktik_chassis.standing import Standing, Standings
from ipraktik_chassis.transaction import Origin
from ipraktik_contracts.envelope import source_urn
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.service_database import ServiceDatabase


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server for these tests."""
    with (
        tempfile.TemporaryDirectory(prefix="ipraktik-test-", ignore_cleanup_errors=True) as folder,
        alone(Path(folder) / "postgres") as made,
    ):
        yield made


@pytest.fixture
async def place(server: PostgresServer) -> ServiceDatabase:
    """A database with an empty table of numbers."""
    made = server.create_service_database("stands")
    conn = await asyncpg.connect(made.migration_url)
    await conn.execute("drop table if exists seen; create table seen (n int)")
    await conn.execute("grant all on seen to stands_app")
    await conn.close()
    return made


@pytest.fixture
async def database(place: ServiceDatabase) -> AsyncIterator[Database]:
    """The service's pool."""
    async with pool(place.url) as opened:
        yield opened


@asynccontextmanager
async def pool(url: str) -> AsyncIterator[Database]:
    """A pool as services have it."""
    made = Database(url=url, clock=FixedClock(START), origin=Origin(source_urn("coi", "tally")), size=2)
    await made.open()
    yield made
    await made.close()


async def rows(database: Database) -> tuple[int, ...]:
    """What a statement sees."""
    async with database.reading() as conn:
        return tuple(row["n"] for row in await conn.fetch("select n from seen order by n"))


async def named(database: Database) -> Standing:
    """The name as it stands."""
    found = await Standings(database).now()
    assert found is not None
    return found


async def put(conn: asyncpg.Connection, n: int) -> None:
    """Write a number."""
    await conn.execute("insert into seen values ($1)", n)


@pytest.fixture
async def writers(place: ServiceDatabase) -> AsyncIterator[list[asyncpg.Connection]]:
    """Others at work."""
    made = [await asyncpg.connect(place.url) for _ in range(4)]
    yield made
    for conn in made:
        await conn.close()


async def test_the_name_stays_while_nothing_is_committed(
    database: Database, writers: list[asyncpg.Connection]
) -> None:
    before = await named(database)
    async with writers[0].transaction():
        await put(writers[0], 1)
        assert await named(database) == before
    assert await named(database) != before


async def test_a_long_transaction_changes_the_name_when_others_have_passed_it(
    database: Database, writers: list[asyncpg.Connection]
) -> None:
    long, quick, *_ = writers
    begun = long.transaction()
    await begun.start()
    await put(long, 1)
    await put(quick, 2)
    passed = await named(database)
    assert await rows(database) == (2,)
    await begun.commit()
    assert await named(database) != passed
    assert await rows(database) == (1, 2)


async def test_a_transaction_that_writes_only_inside_a_savepoint_changes_it(
    database: Database, writers: list[asyncpg.Connection]
) -> None:
    long, quick, *_ = writers
    begun = long.transaction()
    await begun.start()
    async with long.transaction():
        await put(long, 1)
    await put(quick, 2)
    passed = await named(database)
    await begun.commit()
    assert await named(database) != passed


async def test_a_transaction_that_was_prepared_changes_it_when_it_is_committed(
    database: Database, writers: list[asyncpg.Connection]
) -> None:
    conn = writers[0]
    await conn.execute("begin")
    await put(conn, 1)
    await conn.execute("prepare transaction 'later'")
    await put(conn, 2)
    passed = await named(database)
    assert await rows(database) == (2,)
    await conn.execute("commit prepared 'later'")
    assert await named(database) != passed
    assert await rows(database) == (1, 2)


async def test_one_name_never_stands_for_two_sets_of_rows(
    database: Database, writers: list[asyncpg.Connection]
) -> None:
    """Four who begin, write, roll back to savepoints, commit and break off in turns, looked at after each step."""
    chance = random.Random(20261122)
    stacks: list[list[Any]] = [[] for _ in writers]
    seen: dict[Standing, tuple[int, ...]] = {}
    for step in range(600):
        who = chance.randrange(len(writers))
        conn, stack = writers[who], stacks[who]
        match chance.choice(("begin", "write", "write", "end", "end", "break off")):
            case "begin" if len(stack) < 3:
                stack.append(conn.transaction())
                await stack[-1].start()
            case "write":
                await put(conn, step)
            case "end" if stack:
                await stack.pop().commit()
            case "break off" if stack:
                await stack.pop().rollback()
        name, found = await named(database), await rows(database)
        assert seen.setdefault(name, found) == found
    assert len(seen) > 100, "little happened"


async def test_a_server_that_recovers_from_a_crash_begins_names_of_its_own(
    server: PostgresServer, database: Database, writers: list[asyncpg.Connection]
) -> None:
    """Numbers of transactions that nobody committed are given out again: another transaction's rows under the same snapshot."""
    await writers[0].execute("begin")
    await put(writers[0], 1)
    before = await named(database)
    server.kill()
    server.start()
    after = await _once_it_answers(database)
    assert after[0] > before[0], "only this tells them apart where the numbers come back"


async def test_a_standby_has_no_name(server: PostgresServer, place: ServiceDatabase) -> None:
    """What runs at its primary is not listed there, so the name might stay over a commit."""
    server.stop()
    (server.data / "standby.signal").touch()
    server.start()
    try:
        async with pool(place.url) as database:
            assert await Standings(database).now() is None
    finally:
        server.stop()
        (server.data / "standby.signal").unlink()
        server.start()


async def _once_it_answers(database: Database) -> Standing:
    for _ in range(10):
        try:
            if (found := await Standings(database).now()) is not None:
                return found
        except TRANSIENT:
            continue
    raise AssertionError("the database does not answer")


class Asked:
    """A database that says one name after the other, when it is let."""

    def __init__(self) -> None:
        self.opened = 1
        self.begun = 0
        self.answers: asyncio.Queue[str | Exception | None] = asyncio.Queue()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["Asked"]:
        yield self

    async def fetchval(self, _: str) -> str | None:
        self.begun += 1
        answer = await self.answers.get()
        if isinstance(answer, Exception):
            raise answer
        return answer


async def settled() -> None:
    """Let everything go as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_who_comes_while_the_database_is_asked_gets_the_next_answer_with_all_others() -> None:
    """What was committed before somebody came is in what they are told."""
    asked = Asked()
    standings = Standings(asked)  # type: ignore[arg-type]  # what is used of a database
    early = asyncio.ensure_future(standings.now())
    await settled()
    late = [asyncio.ensure_future(standings.now()) for _ in range(3)]
    await settled()
    assert asked.begun == 1
    asked.answers.put_nowait("1")
    assert await early == (1, "1")
    await settled()
    assert asked.begun == 2
    assert not any(one.done() for one in late)
    asked.answers.put_nowait("2")
    assert await asyncio.gather(*late) == [(1, "2")] * 3
    asked.answers.put_nowait("3")
    assert await standings.now() == (1, "3")


async def test_who_goes_takes_nobody_along() -> None:
    asked = Asked()
    standings = Standings(asked)  # type: ignore[arg-type]  # what is used of a database
    goes, stays = asyncio.ensure_future(standings.now()), asyncio.ensure_future(standings.now())
    await settled()
    goes.cancel()
    await settled()
    asked.answers.put_nowait("1")
    assert await stays == (1, "1")


async def test_everybody_who_waits_learns_that_the_database_is_away_and_the_next_asks_again() -> None:
    asked = Asked()
    standings = Standings(asked)  # type: ignore[arg-type]  # what is used of a database
    waiting = [asyncio.ensure_future(standings.now()) for _ in range(2)]
    await settled()
    asked.answers.put_nowait(ConnectionError())
    for one in waiting:
        with pytest.raises(ConnectionError):
            await one
    asked.answers.put_nowait("1")
    assert await standings.now() == (1, "1")


async def test_no_name_is_given_while_connections_are_being_opened() -> None:
    """Nobody can tell on which side of a restart of the server such an answer lies."""
    asked = Asked()
    standings = Standings(asked)  # type: ignore[arg-type]  # what is used of a database
    waits = asyncio.ensure_future(standings.now())
    await settled()
    asked.opened += 1
    asked.answers.put_nowait("1")
    assert await waits is None
