"""Further sign-ups of one person, found by the address that they share. Only whoever reads that address is told of them."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from ipraktik_registration.domain.life import Role

_OTHERS: Final = """
select p.role from contact mine
join contact c on c.email_key = mine.email_key and c.relation = 'self' and not c.forgotten
join participant p on p.participant_id = c.participant_id
where mine.participant_id = $1 and mine.relation = 'self' and not mine.forgotten and p.participant_id <> $1
    and p.state in ('unconfirmed', 'awaiting_consent', 'registered')
order by p.participant_id
"""


@dataclass(frozen=True, slots=True)
class OtherSignUp:
    """A sign-up beside the one whose page is read."""

    role: Role


async def others(conn: Any, *, participant_id: UUID) -> list[OtherSignUp]:
    """Those that still run."""
    return [OtherSignUp(row["role"]) for row in await conn.fetch(_OTHERS, participant_id)]
