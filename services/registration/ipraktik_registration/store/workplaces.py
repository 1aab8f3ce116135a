"""Organisations and units, kept and merged: the same folded name in the same sector is the same organisation."""

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
