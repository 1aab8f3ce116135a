"""Who delivers to which webhook: a session's advisory lock per webhook, on a connection of its own that also notes what came of it.

Invariant: a delivery is noted on the connection that holds its lock. A process that has lost that connection has lost the locks
with it, and can note nothing more; what it has sent without noting is sent again by the next, under the same id.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

from ipraktik_chassis.clock import Clock
from ipraktik_chassis.database import TRANSIENT, Database
from ipraktik_chassis.transaction import Origin, Transaction

_SPACE: Final = 4717
"""Of the advisory locks; 4711 to 4716 are taken by the chassis, the mails and the event log."""


class Session:
    """One connection and the locks it holds. Its users take turns."""

    def __init__(self, conn: Any, *, clock: Clock, origin: Origin) -> None:
        self._conn = conn
        self._clock = clock
        self._origin = origin
        self._turn = asyncio.Lock()

    @property
    def lost(self) -> bool:
        """Whether the connection is gone, and the locks with it."""
        return bool(self._conn.is_closed())

    async def take(self, number: int) -> bool:
        """Whether the webhook is ours from now on."""
        async with self._turn:
            return bool(await self._conn.fetchval("select pg_try_advisory_lock($1, $2)", _SPACE, number))

    async def give_back(self, number: int) -> None:
        """Let others have it. A lost connection has given it back already."""
        async with self._turn:
            if not self.lost:
                await self._conn.execute("select pg_advisory_unlock($1, $2)", _SPACE, number)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A transaction of whoever holds the locks."""
        async with self._turn, self._conn.transaction():
            yield Transaction(conn=self._conn, now=self._clock.now(), origin=self._origin)


class Leases:
    """The session, opened when first needed and again after it was lost."""

    def __init__(self, database: Database, *, clock: Clock, origin: Origin) -> None:
        self._database = database
        self._clock = clock
        self._origin = origin
        self._open = AsyncExitStack()
        self._session: Session | None = None

    async def session(self) -> Session:
        """A session whose connection stands. Raises what an unreachable database raises."""
        if self._session is None or self._session.lost:
            await self.close()
            conn = await self._open.enter_async_context(self._database.dedicated())
            self._session = Session(conn, clock=self._clock, origin=self._origin)
        return self._session

    async def close(self) -> None:
        """End the session; its locks end with it."""
        self._session = None
        try:
            await self._open.aclose()
        except TRANSIENT:
            return  # it was gone already
