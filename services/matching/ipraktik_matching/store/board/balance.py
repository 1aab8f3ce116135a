"""Numbers of the balance: who takes part, who has a place, what is wished for. Three statements, whatever the size."""

import json
from typing import Any
from uuid import UUID

from ipraktik_matching.domain.balance import Share, Wished

_SHARES = """
select p.role, p.field, p.municipality_code, count(*) as persons, coalesce(sum(p.capacity), 0) as seats,
       sum(least(coalesce(t.taken, 0), coalesce(p.capacity, 1))) as taken
from participants p
left join (
    select who, count(*) as taken from placements, lateral (values (intern_id), (host_id)) as both_of (who)
    where edition_id = $1 and state in ('proposed', 'drafted', 'signed', 'completed', 'not_held')
    group by who
) t on t.who = p.participant_id
where p.edition_id = $1 and p.state = 'registered' and p.role is not null
group by p.role, p.field, p.municipality_code
"""
_WISHES = """
select body #>> '{wishes,fields}' as fields, body #>> '{wishes,areas}' as areas, count(*) as persons
from participants
where edition_id = $1 and state = 'registered' and role = 'intern'
group by 1, 2
"""


async def shares(conn: Any, *, edition_id: UUID) -> list[Share]:
    """Everybody who takes part now."""
    return [
        Share(**{name: row[name] for name in Share.__dataclass_fields__})
        for row in await conn.fetch(_SHARES, edition_id)
    ]


async def wishes(conn: Any, *, edition_id: UUID) -> list[Wished]:
    """What the interns wish for."""
    return [
        Wished(
            fields=tuple(json.loads(row["fields"] or "[]")),
            areas=tuple(json.loads(row["areas"] or "[]")),
            persons=row["persons"],
        )
        for row in await conn.fetch(_WISHES, edition_id)
    ]
