"""What every process shows of the ground it stands on: its pool of connections and the schema that it found."""

import asyncio
import logging
from typing import Any, Final

import asyncpg

from .figures import PATIENCE_SECONDS, Seldom
from .metrics import ProcessMetrics
from .service import Context

_log = logging.getLogger(__name__)
SCHEMA_SECONDS: Final = 15.0


class Ground:
    """The part of a scrape that `serve` and `work` have in common."""

    def __init__(self, *, context: Context, needed: str) -> None:
        self.metrics = ProcessMetrics(context.registry)
        self._context = context
        self._needed = needed
        self._seldom = Seldom(monotonic=context.clock.monotonic, seconds=SCHEMA_SECONDS)

    async def refresh(self) -> None:
        """Bring the gauges up to date. Never raises: a scrape goes on without the database."""
        pool = self._context.database.pool
        self.metrics.pool_limit.set(pool.get_max_size())
        self.metrics.pool_size.set(pool.get_size())
        self.metrics.pool_in_use.set(pool.get_size() - pool.get_idle_size())
        if not self._seldom.due:
            return
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._context.database.reading() as conn:
                applied = await _applied(conn)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
            self.metrics.failed("database")
            _log.warning("the schema's revision cannot be read: %s", type(error).__name__)
            return
        self._seldom.done()
        self.metrics.schema(needed=self._needed, applied=applied)


async def _applied(conn: Any) -> str:
    """The database's newest revision; nothing where no migration has run, or none that this role may see."""
    try:
        return await conn.fetchval("select max(version) from schema_migrations") or ""
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
        return ""
