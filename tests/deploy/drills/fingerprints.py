"""What a database holds, in a form that two databases can be compared by: per table the number of rows and a hash of them all."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg

Fingerprints = dict[str, tuple[int, str]]
_TABLES = """
select format('%I', relname) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1
"""


async def tables_of(conn: Any) -> list[str]:
    """Every table of a service."""
    return [row[0] for row in await conn.fetch(_TABLES)]


async def fingerprints(conn: Any) -> Fingerprints:
    """As this connection's transaction sees it."""
    found = {}
    for table in await tables_of(conn):
        rows, digest = await conn.fetchrow(
            f"select count(*), md5(coalesce(string_agg(h, '' order by h), '')) from (select md5(t::text) h from {table} t) s"
        )
        found[table] = (rows, digest)
    return found


_TRIES = 10


async def fingerprints_at(url: str) -> Fingerprints:
    """As the database is now."""
    conn = await asyncpg.connect(url)
    try:
        return await fingerprints(conn)
    finally:
        await conn.close()


@asynccontextmanager
async def standing_still(urls: dict[str, str]) -> AsyncIterator[dict[str, Any]]:
    """Nobody writes to any of these databases while the block runs; whoever wants to waits. Gives a connection to each."""
    async with AsyncExitStack() as stack:
        held = {}
        for name, url in urls.items():
            conn = await asyncpg.connect(url)
            stack.push_async_callback(conn.close)
            tables = ", ".join(await tables_of(conn))
            await _lock(conn, tables)
            held[name] = conn
        yield held


async def _lock(conn: Any, tables: str) -> None:
    """Begin a transaction that holds all tables; closing the connection ends it. A writer who holds some of them may stand against us,
    and PostgreSQL then ends one of the two: we ask again."""
    for tries_left in reversed(range(_TRIES)):
        await conn.execute("begin")
        try:
            await conn.execute(f"lock table {tables} in share mode")
            return
        except asyncpg.DeadlockDetectedError:
            await conn.execute("rollback")
            if not tries_left:
                raise
