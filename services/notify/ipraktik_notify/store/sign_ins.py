"""Sign-in links that can still be used. Invariant: taking one and having it is one statement, so it is used once."""

from collections.abc import Sequence
from datetime import datetime

from ipraktik_chassis.transaction import Connection


async def keep(conn: Connection, *, kept: Sequence[tuple[bytes, bytes]], expires_at: datetime) -> None:
    """Keep the halves of sessions, each under the digest of its other half."""
    await conn.execute(
        "insert into sign_in (digest, kept, expires_at) select *, $3 from unnest($1::bytea[], $2::bytea[])",
        [digest for digest, _ in kept],
        [half for _, half in kept],
        expires_at,
    )


async def look(conn: Connection, *, digest: bytes, now: datetime) -> bytes | None:
    """The kept half, which stays; None where it was taken or has run out."""
    half: bytes | None = await conn.fetchval(
        "select kept from sign_in where digest = $1 and expires_at > $2", digest, now
    )
    return half


async def take(conn: Connection, *, digest: bytes, now: datetime) -> bytes | None:
    """The kept half, which is gone with that; None where somebody was quicker or it has run out."""
    half: bytes | None = await conn.fetchval(
        "delete from sign_in where digest = $1 and expires_at > $2 returning kept", digest, now
    )
    return half


async def oldest(conn: Connection) -> datetime | None:
    """When the next one runs out."""
    moment: datetime | None = await conn.fetchval("select min(expires_at) from sign_in")
    return moment


async def sweep(conn: Connection, *, now: datetime) -> int:
    """Forget those that have run out."""
    return len(await conn.fetch("delete from sign_in where expires_at <= $1 returning digest", now))
