"""Editions. Invariant: whoever relates a stay to its edition holds the edition's row, so neither misses the other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_MEET = "insert into edition (edition_id) values ($1) on conflict do nothing"
_SHARE = "select name, follow_up from edition where edition_id = $1 for share"
_OWN = "select name, follow_up, mode, closes_at from edition where edition_id = $1 for update"
_SAVE = "update edition set name = $2, follow_up = $3, mode = $4, closes_at = $5 where edition_id = $1"


@dataclass(frozen=True, slots=True)
class Edition:
    """What is known of an edition; both None before EditionChanged has come."""

    name: str | None
    follow_up: int | None
    mode: str | None = None
    closes_at: datetime | None = None


async def hold_edition(conn: Any, *, edition_id: UUID) -> Edition:
    """The edition, held against changes until the end of the transaction; met here for the first time or not."""
    await conn.execute(_MEET, edition_id)
    row = await conn.fetchrow(_SHARE, edition_id)
    return Edition(row["name"], row["follow_up"])


async def lock_edition(conn: Any, *, edition_id: UUID) -> Edition | None:
    """The edition, locked for one act at a time; None where it has never been heard of."""
    row = await conn.fetchrow(_OWN, edition_id)
    return None if row is None or row["name"] is None else Edition(**dict(row))


async def own_edition(conn: Any, *, edition_id: UUID) -> bool:
    """Hold the edition's row; whether there is one."""
    return await conn.fetchrow(_OWN, edition_id) is not None


async def save_edition(
    conn: Any,
    *,
    edition_id: UUID,
    name: str,
    follow_up: int,
    mode: str | None = None,
    closes_at: datetime | None = None,
) -> None:
    """Keep the frame as it stands now, and hold the row."""
    await conn.execute(_MEET, edition_id)
    await conn.execute(_OWN, edition_id)
    await conn.execute(_SAVE, edition_id, name, follow_up, mode, closes_at)
