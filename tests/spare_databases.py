"""Databases made before a test asks for one, and dropped after it has gone on: PostgreSQL copies on one core while the test before runs
on the other.
"""

import asyncio
import queue
import threading
import uuid
from dataclasses import dataclass
from typing import Final

import asyncpg

_SPARE: Final = 2
_WITHIN: Final = 60.0

Ready = queue.SimpleQueue["str | BaseException"]


@dataclass(frozen=True, slots=True)
class _Work:
    """A statement to run; where somebody waits for the database `name`, they are told that it is there, or why it is not."""

    statement: str
    name: str = ""
    ready: Ready | None = None


class SpareDatabases:
    """Copies of templates on one server, made by a thread with a connection of its own. `close` before the server stops."""

    def __init__(self, admin_url: str) -> None:
        self._url = admin_url
        self._works: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._ready: dict[str, Ready] = {}
        self._failed: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, name="spare databases", daemon=True)
        self._thread.start()

    async def take(self, *, template: str, owner: str) -> str:
        """The name of a fresh copy. Raises what making it raised."""
        wanted = 1
        if template not in self._ready:
            self._ready[template] = queue.SimpleQueue()
            wanted += _SPARE
        for _ in range(wanted):
            name = f"t{uuid.uuid4().hex[:12]}"
            copy = f'create database "{name}" template "{template}" owner "{owner}"'
            self._works.put(_Work(copy, name, self._ready[template]))
        made = await asyncio.to_thread(self._ready[template].get, timeout=_WITHIN)
        if isinstance(made, BaseException):
            raise made
        return made

    def drop(self, name: str) -> None:
        """Give a copy back: hundreds of them would make the server's end slow."""
        self._works.put(_Work(f'drop database if exists "{name}" with (force)'))

    def close(self) -> None:
        """Do what is left, and let go of the server. Raises what dropping raised."""
        self._works.put(None)
        self._thread.join(_WITHIN)
        if self._failed:
            raise self._failed[0]

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            conn = runner.run(asyncpg.connect(self._url))
            try:
                while (work := self._works.get()) is not None:
                    outcome: str | BaseException = work.name
                    try:
                        try:
                            runner.run(conn.execute(work.statement))
                        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                            if not conn.is_closed():
                                raise
                            conn = runner.run(
                                asyncpg.connect(self._url)
                            )  # a test had stopped the server meanwhile
                            runner.run(conn.execute(work.statement))
                    except Exception as error:  # noqa: BLE001 - handed to whoever waits for it
                        outcome = error
                    if work.ready is not None:
                        work.ready.put(outcome)
                    elif isinstance(outcome, BaseException):
                        self._failed.append(outcome)
            finally:
                runner.run(conn.close())
