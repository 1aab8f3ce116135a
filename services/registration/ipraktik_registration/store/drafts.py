"""Drafts: sign-ups that were begun. Read for a page as they are, and locked for whatever changes them."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_registration.domain.drafts import KEPT, Answers, Draft

_COLUMNS = """participant_id, contact_id, part, edition_id, host_id, answers, touched_at, saved_to, saved_at, saves, epoch, sent_at,
    sign_ups"""
_ADD = """
insert into draft (participant_id, contact_id, key_hash, part, edition_id, host_id, answers, created_at, touched_at)
values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $8)
"""
_BY_KEY = f"select {_COLUMNS} from draft where key_hash = $1 and touched_at > $2"  # noqa: S608 - our own column names
_LOCKED = f"{_BY_KEY} for update"
_BY_ID = f"select {_COLUMNS} from draft where participant_id = $1 and touched_at > $2"  # noqa: S608 - our own column names
_ANSWERS = "update draft set answers = $2::jsonb, touched_at = $3 where participant_id = $1"
_EDITION = "update draft set edition_id = $2, host_id = null, touched_at = $3 where participant_id = $1"
_KEY = "update draft set key_hash = $2, touched_at = $3 where participant_id = $1"
_SAVED = """
update draft set saved_to = $2, saved_at = $3, touched_at = $3, saves = saves + 1, epoch = $4 where participant_id = $1
"""
_SENT = """
update draft set answers = '{}', sent_at = $3, touched_at = $3, sign_ups = $2::uuid[], saved_to = null, saved_at = null
where participant_id = $1
"""
_REMOVE = "delete from draft where participant_id = any($1::uuid[])"
_NEXT = "select min(touched_at) from draft"
_STALE = """
select participant_id, contact_id, saved_at is not null as saved from draft
where touched_at <= $1 order by touched_at limit $2 for update skip locked
"""


async def add(conn: Any, *, draft: Draft, hashed: bytes) -> None:
    """Write a new draft."""
    await conn.execute(
        _ADD,
        draft.participant_id,
        draft.contact_id,
        hashed,
        draft.part,
        draft.edition_id,
        draft.host_id,
        json.dumps(draft.answers),
        draft.touched_at,
    )


async def by_key(conn: Any, *, hashed: bytes, now: datetime) -> Draft | None:
    """The draft of that key; None where there is none, or its time is over."""
    return _draft(await conn.fetchrow(_BY_KEY, hashed, now - KEPT))


async def locked(conn: Any, *, hashed: bytes, now: datetime) -> Draft | None:
    """The same, locked for a change."""
    return _draft(await conn.fetchrow(_LOCKED, hashed, now - KEPT))


async def by_id(conn: Any, *, participant_id: UUID, now: datetime) -> Draft | None:
    """The draft under which a link back was mailed."""
    return _draft(await conn.fetchrow(_BY_ID, participant_id, now - KEPT))


async def set_answers(conn: Any, *, participant_id: UUID, answers: Answers, now: datetime) -> None:
    """Replace what was answered."""
    await conn.execute(_ANSWERS, participant_id, json.dumps(answers), now)


async def set_edition(conn: Any, *, participant_id: UUID, edition_id: UUID, now: datetime) -> None:
    """Move the draft to another edition. The host it came from belongs to the first and is let go."""
    await conn.execute(_EDITION, participant_id, edition_id, now)


async def set_key(conn: Any, *, participant_id: UUID, hashed: bytes, now: datetime) -> None:
    """Give the draft another key; the address with the old one leads nowhere."""
    await conn.execute(_KEY, participant_id, hashed, now)


async def note_saved(conn: Any, *, participant_id: UUID, email: str, epoch: int, now: datetime) -> None:
    """A link back is mailed to that address."""
    await conn.execute(_SAVED, participant_id, email, now, epoch)


async def note_sent(conn: Any, *, participant_id: UUID, sign_ups: Sequence[UUID], now: datetime) -> None:
    """The draft has become these sign-ups; nothing personal stays in it."""
    await conn.execute(_SENT, participant_id, list(sign_ups), now)


async def remove(conn: Any, *participant_ids: UUID) -> None:
    """Forget these drafts."""
    await conn.execute(_REMOVE, list(participant_ids))


async def next_forgetting(conn: Any) -> datetime | None:
    """When the time of the next draft is over."""
    touched: datetime | None = await conn.fetchval(_NEXT)
    return None if touched is None else touched + KEPT


async def stale(conn: Any, *, now: datetime, limit: int) -> list[tuple[UUID, UUID, bool]]:
    """Drafts whose time is over, locked, as (draft, contact, whether the contact was ever said)."""
    return [tuple(row) for row in await conn.fetch(_STALE, now - KEPT, limit)]


def _draft(row: Any) -> Draft | None:
    if row is None:
        return None
    values = dict(row)
    return Draft(
        **{**values, "answers": json.loads(values["answers"]), "sign_ups": tuple(values["sign_ups"])}
    )
