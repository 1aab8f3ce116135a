"""Organisations and units, kept and merged: the same folded name in the same sector is the same organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ipraktik_registration.domain.names import folded

# The update without effect makes `returning` answer for a row that is there already, and waits for one just being written.
_ORGANISATION = """
insert into organisation as o (organisation_id, folded_name, sector, name) values ($1, $2, $3, $4)
on conflict (folded_name, sector) do update set folded_name = o.folded_name returning organisation_id
"""
_WORKPLACE = """
insert into workplace as w (workplace_id, organisation_id, folded_unit) values ($1, $2, $3)
on conflict (organisation_id, folded_unit) do update set folded_unit = w.folded_unit returning workplace_id
"""
_NAME = "select name from organisation where organisation_id = $1"
_BY_ID = "select organisation_id, name, sector from organisation where organisation_id = $1"
_CALLED = """
select organisation_id, name, sector from organisation where folded_name = $1 and sector = any($2::text[]) order by sector
"""
_ALIKE = """
select organisation_id, name, sector from organisation
where position($1 in folded_name) > 0 and sector = any($2::text[])
order by position($1 in folded_name), folded_name, sector limit $3
"""
_OF_HOST = """
select o.name from participant p join organisation o using (organisation_id)
where p.participant_id = $1 and p.role = 'host' and p.state = 'registered'
"""
_NAMES = "select distinct name from organisation where sector = any($1::text[]) order by name limit $2"


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation that somebody has signed up from."""

    organisation_id: UUID
    name: str
    sector: str


async def merged(
    conn: Any, *, organisation_name: str, sector: str, unit_name: str, fresh: tuple[UUID, UUID]
) -> tuple[UUID, UUID]:
    """Ids of the organisation and the unit; `fresh` are taken for those not seen before."""
    organisation_id: UUID = await conn.fetchval(
        _ORGANISATION, fresh[0], folded(organisation_name), sector, organisation_name
    )
    workplace_id: UUID = await conn.fetchval(_WORKPLACE, fresh[1], organisation_id, folded(unit_name))
    return organisation_id, workplace_id


async def organisation_name(conn: Any, *, organisation_id: UUID) -> str:
    """The name as it was first written."""
    name: str = await conn.fetchval(_NAME, organisation_id)
    return name


async def by_id(conn: Any, *, organisation_id: UUID) -> Known | None:
    """The organisation, or None."""
    row = await conn.fetchrow(_BY_ID, organisation_id)
    return None if row is None else Known(**row)


async def called(conn: Any, *, name: str, sectors: Sequence[str]) -> list[Known]:
    """The organisations of that very name, one per sector."""
    return [Known(**row) for row in await conn.fetch(_CALLED, folded(name), list(sectors))]


async def alike(conn: Any, *, text: str, sectors: Sequence[str], limit: int) -> list[Known]:
    """The organisations whose name holds the text, those that begin with it first."""
    wanted = folded(text)
    if not wanted:
        return []
    return [Known(**row) for row in await conn.fetch(_ALIKE, wanted, list(sectors), limit)]


async def names(conn: Any, *, sectors: Sequence[str], limit: int) -> list[str]:
    """Names of organisations, for suggestions."""
    return [row["name"] for row in await conn.fetch(_NAMES, list(sectors), limit)]


async def of_host(conn: Any, *, participant_id: UUID) -> str | None:
    """The name of the organisation of a host in the registry; None where that is none."""
    name: str | None = await conn.fetchval(_OF_HOST, participant_id)
    return name
