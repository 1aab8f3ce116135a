"""Under which name and when a party approved a version. Written once with the approval; names are blanked at erasure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_matching.domain.facts import Party
from ipraktik_matching.store.contacts import Contact

_ADD = """
insert into approvals (placement_id, version, party, contact_id, participant_id, name, at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing
"""
_OF = "select version, party, name, at from approvals where placement_id = $1 order by version, at, party"
_BLANK_OF_PARTICIPANT = "update approvals set name = '' where participant_id = $1"
_BLANK_OF_CONTACTS = "update approvals set name = '' where contact_id = any($1)"


@dataclass(frozen=True, slots=True)
class Approval:
    """One party's approval of one version."""

    version: int
    party: Party
    name: str
    at: datetime


async def add(
    conn: Any, *, placement_id: UUID, version: int, party: Party, contact: Contact, now: datetime
) -> None:
    """Note who approved. The first approval of a party stands."""
    await conn.execute(
        _ADD, placement_id, version, party, contact.contact_id, contact.participant_id, contact.name, now
    )


async def of_placement(conn: Any, *, placement_id: UUID) -> list[Approval]:
    """The approvals of every version of a placement's agreement, in order."""
    return [Approval(**dict(row)) for row in await conn.fetch(_OF, placement_id)]


async def blank_of_participant(conn: Any, *, participant_id: UUID) -> None:
    """Forget the names of a sign-up's people."""
    await conn.execute(_BLANK_OF_PARTICIPANT, participant_id)


async def blank_of_contacts(conn: Any, *, contact_ids: list[UUID]) -> None:
    """Forget the names of these contacts."""
    await conn.execute(_BLANK_OF_CONTACTS, contact_ids)
