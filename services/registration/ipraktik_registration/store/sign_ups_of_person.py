"""Further sign-ups of one person, found by the address that they share. Only whoever reads that address is told of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from ipraktik_registration.domain.editions import Frame
from ipraktik_registration.domain.life import Role
from ipraktik_registration.store.editions import FRAME

_OTHERS: Final = f"""
with other as (
    select p.role, p.participant_id, p.edition_id from contact mine
    join contact c on c.email_key = mine.email_key and c.relation = 'self' and not c.forgotten
    join participant p on p.participant_id = c.participant_id
    where mine.participant_id = $1 and mine.relation = 'self' and not mine.forgotten and p.participant_id <> $1
        and p.state in ('unconfirmed', 'awaiting_consent', 'registered')
)
select role, {FRAME} from other join edition using (edition_id) where last_day >= $2 order by first_day, participant_id
"""  # noqa: S608 - our own column names


@dataclass(frozen=True, slots=True)
class OtherSignUp:
    """A sign-up beside the one whose page is read."""

    role: Role
    frame: Frame


async def others(conn: Any, *, participant_id: UUID, today: date) -> list[OtherSignUp]:
    """Those that still run, in editions whose stays are not over."""
    rows = [dict(row) for row in await conn.fetch(_OTHERS, participant_id, today)]
    return [OtherSignUp(row.pop("role"), Frame(**row)) for row in rows]
