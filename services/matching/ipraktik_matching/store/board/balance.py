"""Numbers of the balance: who takes part, who has a place, what is wished for. Three statements, whatever the size.

Nothing is kept beforehand, so the numbers are those of this moment; what they cost grows with the edition. Each statement reads an
index and no body (participants_weighed, wished_fields, wished_areas).
"""

import json
from typing import Any
from uuid import UUID

from ipraktik_matching.domain.balance import Share, Wished

# An intern has one seat at most (one_seat_per_intern), a host as many as it has given away.
_SHARES = """
with seats as (
    select intern_id, host_id from placements
    where edition_id = $1 and state in ('proposed', 'drafted', 'signed', 'completed', 'not_held')
)
select p.role, p.field, p.municipality_code, count(*) as persons, coalesce(sum(p.capacity), 0) as seats,
       sum(least(coalesce(t.taken, 0), coalesce(p.capacity, 1))) as taken
from participants p
left join (
    select intern_id as who, 1 as taken from seats
    union all
    select host_id, count(*) from seats group by host_id
) t on t.who = p.participant_id
where p.edition_id = $1 and p.state = 'registered' and p.role is not null
group by p.role, p.field, p.municipality_code
"""
# Fields and areas apart: of either there are some hundred combinations, of both together as many as interns.
_FIELDS = """
select wished_fields as wished, count(*) as persons from participants
where edition_id = $1 and state = 'registered' and role = 'intern' group by wished_fields
"""
_AREAS = """
select wished_areas as wished, count(*) as persons from participants
where edition_id = $1 and state = 'registered' and role = 'intern' group by wished_areas
"""


async def shares(conn: Any, *, edition_id: UUID) -> list[Share]:
    """Everybody who takes part now."""
    return [
        Share(**{name: row[name] for name in Share.__dataclass_fields__})
        for row in await conn.fetch(_SHARES, edition_id)
    ]


async def wished_fields(conn: Any, *, edition_id: UUID) -> list[Wished]:
    """The fields that interns wish for."""
    return [
        Wished(fields=tuple(json.loads(row["wished"] or "[]")), areas=(), persons=row["persons"])
        for row in await conn.fetch(_FIELDS, edition_id)
    ]


async def wished_areas(conn: Any, *, edition_id: UUID) -> list[Wished]:
    """The areas that interns wish for."""
    return [
        Wished(fields=(), areas=tuple(json.loads(row["wished"] or "[]")), persons=row["persons"])
        for row in await conn.fetch(_AREAS, edition_id)
    ]
