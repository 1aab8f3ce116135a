"""Where the database stands: a name that stays the same until something is committed, asked for once by all who wait for it.

Invariants: an answer was asked for after whoever gets it came, so what was committed before they came is in it; two equal names mean
that every statement between them saw the same rows. `pg_current_snapshot` says which transactions a statement sees: all below
`xmin`, and those below `xmax` that are not listed as running. A commit takes its transaction off the list or moves `xmax` past
it, whatever it began before or after; a subtransaction is as committed as the one it belongs to; what has no number writes nothing.
Two things make no name. A standby lists nobody as running, so that a commit may change what is seen and not the name. And numbers that
a crash took back are given out again: each connection that is opened begins another count, and only a server that is alive answers on one
opened before.
"""

import asyncio
from typing import Final

from .database import Database

Standing = tuple[int, str]

_ASK: Final = "select case when not pg_is_in_recovery() then pg_current_snapshot()::text end"


class Standings:
    """Asks for one process: who comes while the database is asked waits for the next answer, together with all others."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[asyncio.Future[Standing | None]] = []
        self._asking: asyncio.Task[None] | None = None

    async def now(self) -> Standing | None:
        """Where it stands; None where that cannot be named."""
        mine: asyncio.Future[Standing | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        return await mine

    async def _ask(self) -> None:
        asked: list[asyncio.Future[Standing | None]] = []
        try:
            while self._waiting:
                asked, self._waiting = self._waiting, []
                try:
                    found = await self._once()
                except Exception as error:  # noqa: BLE001 - whoever waits gets it, as if they had asked themselves
                    for one in asked:
                        if not one.done():
                            one.set_exception(error)
                else:
                    for one in asked:
                        if not one.done():
                            one.set_result(found)
        finally:
            self._asking = None
            for one in (*asked, *self._waiting):  # nobody is left waiting where this was ended from outside
                one.cancel()

    async def _once(self) -> Standing | None:
        opened = self._database.opened
        async with self._database.reading() as conn:
            seen: str | None = await conn.fetchval(_ASK)
        return None if seen is None or opened != self._database.opened else (opened, seen)
