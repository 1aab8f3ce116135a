"""Who relays which shard: members find each other in the database, and an advisory lock per shard keeps out everyone else.

Invariants: a shard's rows are sent only by the session that holds its lock; the session is asked before every slice, and
without an answer nothing more is sent. Membership only decides who tries for which lock, so a wrong guess about who is alive
can leave a shard waiting, never give it two owners. A member is alive while its session holds its member lock and its counter
moves by the observer's own real clock. Needs sessions of its own: no transaction-mode pooler between.
"""

import asyncio
import logging
import secrets
import struct
from collections.abc import Callable, Iterable
from typing import Any, Final

import asyncpg

from ipraktik_chassis.partitioning import SHARDS, murmur2

SHARD_LOCK: Final = 4711
MEMBER_LOCK: Final = 4712

# Half-open connections: the server notices a vanished relay in about 25 seconds and frees its locks.
_KEEPALIVE: Final = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "idle_session_timeout": "0",
    "synchronous_commit": "off",
}

_JOIN = "insert into relay_members (member) values ($1) on conflict (member) do update set counter = 0"
_BEAT = "update relay_members set counter = counter + 1 where member = $1"
_MEMBERS = """
select m.member, m.counter, exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.classid = $1 and l.objsubid = 2 and l.granted and l.objid::bigint = m.member
      and l.database = (select oid from pg_database where datname = current_database())) as holds
from relay_members m
"""
_SWEEP = """
delete from relay_members m where not exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.classid = $1 and l.objsubid = 2 and l.granted and l.objid::bigint = m.member
      and l.database = (select oid from pg_database where datname = current_database()))
"""
_LEAVE = "delete from relay_members where member = $1"
_LOCK = "select shard from unnest($2::int[]) shard where pg_try_advisory_lock($1, shard)"
_UNLOCK = "select pg_advisory_unlock($1, shard) from unnest($2::int[]) shard"
_FENCE = """
select pg_terminate_backend(l.pid) from pg_locks l
where l.locktype = 'advisory' and l.classid = $1 and l.objsubid = 2 and l.granted and l.objid::bigint = $2
  and l.database = (select oid from pg_database where datname = current_database())
"""

DATABASE_FAILED: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What asyncpg raises when the database or the way to it fails; the third is what a session ended by the server gives."""

_log = logging.getLogger(__name__)


class LockSessionLost(Exception):
    """The session that holds the shards' locks is gone, and the locks with it."""


class ShardsHeld(Exception):
    """Some shard is held by a relay, where nobody may relay."""


class Shards:
    """One member's view: which shards it holds, on which session."""

    def __init__(
        self,
        *,
        database_url: str,
        member_timeout: float,
        answer_timeout: float,
        monotonic: Callable[[], float],
        on_fenced: Callable[[], None] = lambda: None,
    ) -> None:
        self._database_url = database_url
        self._member_timeout = member_timeout
        self._answer_timeout = answer_timeout
        self._monotonic = monotonic
        self._on_fenced = on_fenced
        self._conn: Any = None
        self._member = 0
        self._pulses: dict[int, tuple[int, float, int]] = {}
        self.owned: frozenset[int] = frozenset()

    async def join(self) -> None:
        """Open the session and become a member. Holds no shard yet."""
        self._conn = await asyncpg.connect(
            self._database_url, timeout=10, command_timeout=self._answer_timeout, server_settings=_KEEPALIVE
        )
        while True:
            self._member = secrets.randbelow(2**31)
            if await self._conn.fetchval("select pg_try_advisory_lock($1, $2)", MEMBER_LOCK, self._member):
                break
        await self._conn.execute(_JOIN, self._member)

    async def ping(self) -> None:
        """Return if the session, and so every lock, is still there. Raises LockSessionLost."""
        await self._ask("select 1")

    async def rebalance(self) -> frozenset[int]:
        """Beat, see who else is alive, let go of what belongs to others and try for what belongs here.

        Only for a moment in which nothing of a shard is on its way. Returns the shards now held. Raises LockSessionLost.
        """
        await self._ask(_BEAT, self._member)
        alive = await self._alive()
        mine = {shard for shard in range(SHARDS) if owner_of(shard, members=alive) == self._member}
        leaving = self.owned - mine
        if leaving:
            await self._ask(_UNLOCK, SHARD_LOCK, sorted(leaving))
        wanted = mine - self.owned
        gained = await self._ask(_LOCK, SHARD_LOCK, sorted(wanted)) if wanted else []
        self.owned = self.owned - leaving | {row["shard"] for row in gained}
        return self.owned

    async def leave(self) -> None:
        """Release everything, so that the others take over at their next look. Never raises."""
        self.owned = frozenset()
        conn, self._conn = self._conn, None
        if conn is None:
            return
        try:
            await conn.execute(_LEAVE, self._member, timeout=self._answer_timeout)
            await conn.close(timeout=self._answer_timeout)
        except (*DATABASE_FAILED, TimeoutError):
            conn.terminate()

    async def _alive(self) -> set[int]:
        now = self._monotonic()
        rows = await self._ask(_MEMBERS, MEMBER_LOCK)
        seen = {row["member"]: row["counter"] for row in rows if row["holds"]}
        if len(seen) < len(rows):
            await self._ask(_SWEEP, MEMBER_LOCK)
        pulses = self._pulses
        self._pulses = {}
        alive = {self._member}
        for member, counter in seen.items():
            before = pulses.get(member)
            if before is None or before[0] != counter:
                self._pulses[member] = (counter, now, 1)
                alive.add(member)
                continue
            _, since, looks = before
            self._pulses[member] = (counter, since, looks + 1)
            # Three looks: an observer that was itself stopped for long must not condemn the others on waking.
            if member == self._member or now - since < self._member_timeout or looks < 3:
                alive.add(member)
            else:
                await self._fence(member)
        return alive

    async def _fence(self, member: int) -> None:
        """End the session of a relay that stands still, so that its shards move on; should it wake, it finds no locks."""
        _log.error("A relay has not moved for %g s; its database session is ended", self._member_timeout)
        self._on_fenced()
        await self._ask(_FENCE, MEMBER_LOCK, member)

    async def _ask(self, query: str, *args: object) -> list[Any]:
        try:
            rows: list[Any] = await asyncio.wait_for(self._conn.fetch(query, *args), self._answer_timeout)
        except (*DATABASE_FAILED, TimeoutError) as error:
            raise LockSessionLost(
                f"the session that holds the shards' locks is gone: {type(error).__name__}"
            ) from error
        return rows


def owner_of(shard: int, *, members: Iterable[int]) -> int:
    """Rendezvous hashing: who of the members a shard belongs to. A member that comes or goes moves only its own shards."""
    return max(members, key=lambda member: (murmur2(struct.pack("<iI", shard, member)), member))


async def hold_all(conn: Any) -> None:
    """Lock every shard for this session, so that no relay sends meanwhile. Raises ShardsHeld if one does now."""
    got = await conn.fetch(_LOCK, SHARD_LOCK, list(range(SHARDS)))
    if len(got) < SHARDS:
        await conn.fetch(_UNLOCK, SHARD_LOCK, [row["shard"] for row in got])
        raise ShardsHeld("a relay is at work; stop every process of this service that relays, then try again")


async def release_all(conn: Any) -> None:
    """Give back what `hold_all` took."""
    await conn.fetch(_UNLOCK, SHARD_LOCK, list(range(SHARDS)))
