"""What a person's own file holds beside the sign-up: dates, and what others wrote of them. Read only, for that person alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_registration.domain.acquaintance import Kind

_ENDED = "select ended_at from participant where participant_id = $1"
_WRITTEN = """
select n.kind, coalesce(n.name, '') as name, n.email, n.answer from named n join participant p using (participant_id)
where n.participant_id <> $1
    and (n.other_id = $1 or n.asked_id = $1 or (n.email_key = $2 and p.edition_id = $3))
order by n.kind, n.participant_id
"""


@dataclass(frozen=True, slots=True)
class Written:
    """How somebody else named this person, and what this person answered. Not who it was: that is theirs."""

    kind: Kind
    name: str
    email: str | None
    answer: bool | None


async def ended_at(conn: Any, *, participant_id: UUID) -> datetime | None:
    """When the sign-up ended; None while it stands."""
    moment: datetime | None = await conn.fetchval(_ENDED, participant_id)
    return moment


async def written_by_others(
    conn: Any, *, participant_id: UUID, key: str | None, edition_id: UUID
) -> list[Written]:
    """What others in the edition wrote of this person, by id or by address."""
    return [Written(**row) for row in await conn.fetch(_WRITTEN, participant_id, key, edition_id)]
