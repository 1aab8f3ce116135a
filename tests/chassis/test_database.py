"""The database: a transaction is whole or nothing, a connection comes back clean, and what passes by itself is known as such."""

import asyncio
import uuid

import asyncpg
import pytest
from chassis.conftest import ReusedDatabases
from chassis.facts import accepted
from chassis.waiting import until
from rig import Rig

from ipraktik_chassis.database import TRANSIENT, Database
from ipraktik_chassis.transaction import Origin


async def faults(tally: Rig) -> int:
    """How many rows were written."""
    async with tally.database.reading() as conn:
        found: int = await conn.fetchval("select count(*) from faults")
    return found


async def write(conn: asyncpg.Connection) -> None:
    """Write one row."""
    await conn.execute("insert into faults values ($1, 'fails')", str(uuid.uuid4()))


async def test_a_transaction_commits_where_the_block_ends_well_and_only_there(tally: Rig) -> None:
    async with tally.database.transaction() as tx:
        await write(tx.conn)
    with pytest.raises(RuntimeError, match="changed my mind"):
        async with tally.database.transaction() as tx:
            await write(tx.conn)
            raise RuntimeError("changed my mind")
    assert await faults(tally) == 1


async def test_a_transaction_has_one_instant_and_it_is_the_clocks(tally: Rig) -> None:
    async with tally.database.transaction() as tx:
        assert tx.now == tally.clock.now()
        await tx.emit(accepted())
    async with tally.database.reading() as conn:
        assert await conn.fetchval("select created_at from outbox") == tally.clock.now()


async def test_work_that_is_cut_off_leaves_no_transaction_open(tally: Rig) -> None:
    async def hangs() -> None:
        async with tally.database.transaction() as tx:
            await write(tx.conn)
            await tx.conn.execute("select pg_sleep(60)")

    async def it_hangs() -> bool:
        async with tally.database.reading() as conn:
            return bool(
                await conn.fetchval(
                    "select count(*) from pg_stat_activity "
                    "where datname = current_database() and wait_event = 'PgSleep'"
                )
            )

    for _ in range(3):
        task = asyncio.create_task(hangs())
        await until(
            it_hangs, what="the server is at work on it"
        )  # it takes no notice of a cancellation before
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await faults(tally) == 0

    async def nobody_is_in_a_transaction() -> bool:
        async with tally.database.reading() as conn:
            return not await conn.fetchval(
                "select count(*) from pg_stat_activity where datname = current_database() "
                "and pid <> pg_backend_pid() and state <> 'idle' and backend_type = 'client backend'"
            )

    await until(nobody_is_in_a_transaction, what="all connections are idle")


async def test_a_session_of_its_own_does_not_come_from_the_pool_and_ends_with_the_block(tally: Rig) -> None:
    async with tally.database.dedicated() as conn, tally.database.reading() as pooled:
        assert await conn.fetchval("select pg_try_advisory_lock(1, 2)")
        assert not await pooled.fetchval("select pg_try_advisory_lock(1, 2)")
    async with tally.database.reading() as pooled:

        async def is_free() -> bool:
            return bool(await pooled.fetchval("select pg_try_advisory_lock(1, 2)"))

        await until(is_free, what="the lock is free")
        await pooled.execute("select pg_advisory_unlock(1, 2)")


async def test_a_database_that_is_not_open_says_so(tally: Rig) -> None:
    closed = Database(url=tally.database_url, clock=tally.clock, origin=Origin("urn:x"))
    with pytest.raises(RuntimeError, match="call open"):
        async with closed.reading():
            pass
    await closed.close()


async def test_a_database_that_does_not_come_is_given_up_in_the_end(tally: Rig) -> None:
    away = Database(url="postgresql://x@127.0.0.1:1/x", clock=tally.clock, origin=Origin("urn:x"))
    with pytest.raises(OSError):
        await away.open(patience=0.5)


async def test_a_table_that_a_migration_has_just_changed_is_a_passing_trouble(
    tally: Rig, databases: ReusedDatabases
) -> None:
    owner = await asyncpg.connect(databases.owners[tally.database_url])
    try:
        async with tally.database.transaction() as tx:
            await tx.conn.fetch("select * from faults")
        await owner.execute("alter table faults add column more text")
        with pytest.raises(TRANSIENT):
            async with tally.database.transaction() as tx:
                await tx.conn.fetch("select * from faults")
        async with tally.database.transaction() as tx:
            await tx.conn.fetch("select * from faults")
    finally:
        await owner.execute("alter table faults drop column more")
        await owner.close()


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (asyncpg.ConnectionDoesNotExistError, True),
        (asyncpg.CannotConnectNowError, True),
        (asyncpg.AdminShutdownError, True),
        (asyncpg.DeadlockDetectedError, True),
        (asyncpg.SerializationError, True),
        (asyncpg.TooManyConnectionsError, True),
        (asyncpg.LockNotAvailableError, True),
        (asyncpg.ReadOnlySQLTransactionError, True),
        (asyncpg.QueryCanceledError, True),
        (ConnectionResetError, True),
        (TimeoutError, True),
        (asyncpg.UniqueViolationError, False),
        (asyncpg.CheckViolationError, False),
        (asyncpg.ForeignKeyViolationError, False),
        (asyncpg.UndefinedTableError, False),
        (asyncpg.InsufficientPrivilegeError, False),
        (asyncpg.DataError, False),
        (ValueError, False),
        (KeyError, False),
    ],
)
def test_what_passes_by_itself_is_told_from_what_does_not(error: type[Exception], passes: bool) -> None:
    assert issubclass(error, TRANSIENT) is passes
