"""PostgreSQL: one pool a process, and the only place where a transaction is opened and committed."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

from . import tracing
from .clock import Clock
from .transaction import Origin, Transaction

_log = logging.getLogger(__name__)

TRANSIENT: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InvalidCachedStatementError,  # a migration has just changed the table; the next try asks anew
    OSError,
    TimeoutError,
)
"""What passes by itself: the same work may be tried again in a while."""


async def _no_reset(_: Any) -> None:
    """The pool's reset costs a round trip; nothing here leaves session state on a pooled connection."""


class Database:
    """A pool of connections and the way to a transaction."""

    def __init__(self, *, url: str, clock: Clock, origin: Origin, size: int = 8) -> None:
        self._url = url
        self._clock = clock
        self._origin = origin
        self._size = size
        self._pool: asyncpg.Pool | None = None
        self.opened = 0
        """How many connections of the pool were opened so far. It grows before a new one is used for the first time."""

    @property
    def pool(self) -> asyncpg.Pool:
        """The open pool. Raises RuntimeError before `open()`."""
        if self._pool is None:
            raise RuntimeError("the database is not open; call open() first")
        return self._pool

    async def open(self, *, patience: float = 30.0) -> None:
        """Connect, waiting up to `patience` seconds for a database that is still starting."""
        deadline = self._clock.monotonic() + patience
        said = False
        while True:
            try:
                self._pool = await asyncpg.create_pool(
                    self._url,
                    min_size=1,
                    max_size=self._size,
                    init=self._count,
                    reset=_no_reset,
                    command_timeout=60,
                    timeout=10,
                )
                return
            except TRANSIENT as error:
                if self._clock.monotonic() > deadline:
                    raise
                if not said:
                    _log.warning("waiting for the database: %s", type(error).__name__)
                    said = True
                await asyncio.sleep(0.2)

    async def close(self, *, patience: float = 10.0) -> None:
        """Close the pool; connections that hang are cut when the patience is over."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            try:
                await asyncio.wait_for(pool.close(), patience)
            except TimeoutError:
                pool.terminate()

    async def _count(self, _: Any) -> None:
        self.opened += 1

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A transaction that commits when the block ends well and rolls back when it does not."""
        began = tracing.instant()
        async with self.pool.acquire() as conn, conn.transaction():
            tx = Transaction(conn=conn, now=self._clock.now(), origin=self._origin)
            yield tx
        tracing.committed(tx.said, started=began)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Any]:
        """A connection for reading; each statement stands alone."""
        async with self.pool.acquire() as conn:
            yield conn

    @asynccontextmanager
    async def dedicated(self) -> AsyncIterator[Any]:
        """A connection of its own, outside the pool: for session locks, which a pool would mix up."""
        conn = await asyncpg.connect(self._url, timeout=10, command_timeout=60)
        try:
            yield conn
        finally:
            await conn.close(timeout=5)
