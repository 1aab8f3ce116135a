"""Sign-ups with their workplaces' facts. An erased one stays erased whatever comes after."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

_SAVE = """
insert into participant as p
    (participant_id, edition_id, role, organisation_id, workplace_id, municipality_code, ministerial_area, sector, ownership)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (participant_id) do update set
    role = excluded.role, organisation_id = excluded.organisation_id, workplace_id = excluded.workplace_id,
    municipality_code = excluded.municipality_code, ministerial_area = excluded.ministerial_area,
    sector = excluded.sector, ownership = excluded.ownership
where not p.erased
"""
_WITHDRAW = """
insert into participant (participant_id, edition_id, withdrawn) values ($1, $2, true)
on conflict (participant_id) do update set withdrawn = true
"""
_ERASE = """
insert into participant (participant_id, edition_id, withdrawn, erased) values ($1, $2, true, true)
on conflict (participant_id) do update set erased = true
"""
_ERASED = "select participant_id from participant where participant_id = any($1::uuid[]) and erased order by 1 for share"


@dataclass(frozen=True, slots=True)
class Facts:
    """A sign-up's role and the facts of its workplace that the report counts by."""

    participant_id: UUID
    edition_id: UUID
    role: str
    organisation_id: UUID
    workplace_id: UUID
    municipality_code: str | None
    ministerial_area: str | None
    sector: str | None = None
    ownership: str | None = None


async def save_facts(conn: Any, *, facts: Facts) -> None:
    """Keep the facts as they stand now."""
    await conn.execute(
        _SAVE,
        facts.participant_id,
        facts.edition_id,
        facts.role,
        facts.organisation_id,
        facts.workplace_id,
        facts.municipality_code,
        facts.ministerial_area,
        facts.sector,
        facts.ownership,
    )


async def withdraw(conn: Any, *, participant_id: UUID, edition_id: UUID) -> None:
    """The sign-up counts no longer as signed up."""
    await conn.execute(_WITHDRAW, participant_id, edition_id)


async def mark_erased(conn: Any, *, participant_id: UUID, edition_id: UUID) -> None:
    """The person behind the sign-up is gone for good."""
    await conn.execute(_ERASE, participant_id, edition_id)


async def erased_among(conn: Any, *, participant_ids: set[UUID]) -> set[UUID]:
    """Which of these are erased."""
    return {row["participant_id"] for row in await conn.fetch(_ERASED, sorted(participant_ids))}
