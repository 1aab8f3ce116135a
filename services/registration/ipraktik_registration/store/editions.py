"""Editions. The edition's row is the lock under which every act on its sign-ups (but the sign-up itself) is decided."""

from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ipraktik_registration.domain.editions import Frame

FRAME: Final = (
    "name, mode, opens_at, closes_at, first_day, last_day, answer_days, sign_days, follow_up, hold_mails"
)
_ADD = f"""
insert into edition (edition_id, draw_seed, created_at, {FRAME})
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (edition_id) do nothing returning true
"""  # noqa: S608 - our own column names
_CHANGE = """
update edition set name = $2, mode = $3, opens_at = $4, closes_at = $5, first_day = $6, last_day = $7,
    answer_days = $8, sign_days = $9, follow_up = $10, hold_mails = $11
where edition_id = $1
"""
_ONE = f"select edition_id, {FRAME} from edition where edition_id = $1"  # noqa: S608 - our own column names
_ALL = f"select edition_id, {FRAME} from edition order by opens_at desc, edition_id limit $1"  # noqa: S608 - our own column names
_LOCK = "select edition_id from edition where edition_id = any($1::uuid[]) order by edition_id for update"


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition as it stands."""

    edition_id: UUID
    frame: Frame


async def add(conn: Any, *, edition_id: UUID, frame: Frame, draw_seed: str, now: datetime) -> bool:
    """Write a new edition; False where the id is there already."""
    return bool(await conn.fetchval(_ADD, edition_id, draw_seed, now, *astuple(frame)))


async def change(conn: Any, *, edition_id: UUID, frame: Frame) -> None:
    """Replace the frame. The draw seed stays: lots have been drawn from it."""
    await conn.execute(_CHANGE, edition_id, *astuple(frame))


async def one(conn: Any, *, edition_id: UUID) -> Edition | None:
    """The edition, or None."""
    row = await conn.fetchrow(_ONE, edition_id)
    return None if row is None else _edition(row)


async def every(conn: Any, *, limit: int = 200) -> list[Edition]:
    """Editions, newest window first."""
    return [_edition(row) for row in await conn.fetch(_ALL, limit)]


async def lock(conn: Any, *edition_ids: UUID) -> None:
    """Take the editions' locks, in the order of their ids.

    Taken before any sign-up of theirs is read for a decision: sign-ups name each other by address, so what one act decides
    depends on others, and two that become valid at once would otherwise miss each other.
    """
    await conn.fetch(_LOCK, list(edition_ids))


def _edition(row: Any) -> Edition:
    values = dict(row)
    return Edition(values.pop("edition_id"), Frame(**values))
