"""Numbers of the balance: who takes part, who has a place, what is wished for. Counted by PostgreSQL, group by group.

Nothing is kept beforehand, so the numbers are those of this moment. What is counted lies in the order of its groups in an index, and
no body and no row of the table is opened (interns_weighed, hosts_weighed, seats_weighed, wished_fields, wished_areas).
"""

import json
from typing import Any
from uuid import UUID

from ipraktik_matching.domain.balance import Share, Wished

# Counted by field and municipality together, in the order of an index, and summed up here to fields and to municipalities: the page shows
# no more, and together there are as many groups as there are interns.
_SHARES = """
with given as (
    select host_id, count(*) as taken from placements
    where edition_id = $1 and state in ('proposed', 'drafted', 'signed', 'completed', 'not_held') group by host_id
), cells as (
    select 'intern' as role, field, municipality_code, count(*) as persons, 0 as seats, 0 as taken
    from participants where edition_id = $1 and state = 'registered' and role = 'intern'
    group by field, municipality_code
    union all
    -- Only hosts are met with their seats one by one: what one has given away beyond its capacity takes no seat from another.
    select 'host', p.field, p.municipality_code, count(*), coalesce(sum(p.capacity), 0),
        sum(least(coalesce(g.taken, 0), coalesce(p.capacity, 1))::int)
    from participants p left join given g on g.host_id = p.participant_id
    where p.edition_id = $1 and p.state = 'registered' and p.role = 'host'
    group by p.field, p.municipality_code
)
select grouping(field) = 0 as is_field, case when grouping(field) = 0 then field else municipality_code end as code,
    role, sum(persons)::bigint as persons, sum(seats)::bigint as seats, sum(taken)::bigint as taken
from cells group by grouping sets ((role, field), (role, municipality_code))
"""
# An intern has one seat at most (one_seat_per_intern), so seats are interns; those who have left since are few and are taken off.
_PLACED = """
select (select count(*) from placements
        where edition_id = $1 and state in ('proposed', 'drafted', 'signed', 'completed', 'not_held'))
     - (select count(*) from participants p join placements s on s.intern_id = p.participant_id
        where p.edition_id = $1 and p.state in ('withdrawn', 'erased') and s.edition_id = $1
          and s.state in ('proposed', 'drafted', 'signed', 'completed', 'not_held'))
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


async def shares(conn: Any, *, edition_id: UUID) -> tuple[list[Share], list[Share]]:
    """Everybody who takes part now, once by field and once by municipality."""
    fields: list[Share] = []
    municipalities: list[Share] = []
    for row in await conn.fetch(_SHARES, edition_id):
        found = Share(**{name: row[name] for name in Share.__dataclass_fields__})
        (fields if row["is_field"] else municipalities).append(found)
    return fields, municipalities


async def placed(conn: Any, *, edition_id: UUID) -> int:
    """Interns who take part now and have a place."""
    return int(await conn.fetchval(_PLACED, edition_id))


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
