"""A PostgreSQL on which nobody commits anything but the test itself: no other tests, no copies made ahead, no vacuum."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from ipraktik_local.postgres import PostgresServer, start_postgres
from ipraktik_local.waiting import in_own_loop


@contextmanager
def alone(home: Path) -> Iterator[PostgresServer]:
    """The server, with its data in `home`."""

    async def keep_still(url: str) -> None:
        conn = await asyncpg.connect(url)
        await conn.execute("alter system set autovacuum = off")
        await conn.execute("alter system set max_prepared_transactions = 2")
        await conn.close()

    made = start_postgres(home, fast=True)
    try:
        in_own_loop(keep_still(made.admin_url))
        made.restart()
        yield made
    finally:
        made.close()
