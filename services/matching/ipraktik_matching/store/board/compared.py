"""Two plans side by side: who changes host, who gains a place and who loses one. The order is that of the kinds, then of ids.

Both plans' rows are joined by the intern, once for the numbers and the page, so it costs what the plans are long; a page of it is
what leaves PostgreSQL.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

KINDS: Final = ("loses", "changes", "gains", "other_days", "leaves", "joins")
# `leaves` and `joins`: the intern is in one of the puzzles only, so one plan neither places nor leaves them. A kind is its place
# in KINDS, from 1; 0 is the same in both.
_COMPARED: Final = """
with compared as materialized (
    select coalesce(b.intern_id, a.intern_id) as intern_id,
        b.host_id as host_before, b.days as days_before, a.host_id as host_after, a.days as days_after,
        case when b.host_id <> a.host_id then 2
             when b.days <> a.days then 4
             when b.host_id = a.host_id then 0
             when a.host_id is null then
                case when exists (select from run_unplaced u where u.run_id = $2 and u.intern_id = b.intern_id) then 1 else 5 end
             when exists (select from run_unplaced u where u.run_id = $1 and u.intern_id = a.intern_id) then 3 else 6 end as kind
    from (select intern_id, host_id, days from run_placements where run_id = $1) b
    full join (select intern_id, host_id, days from run_placements where run_id = $2) a on a.intern_id = b.intern_id
),
shown as (select * from compared where kind <> 0 order by kind, intern_id offset $3 limit $4),
counted as (select kind, count(*) as number from compared group by kind)
select (select jsonb_object_agg(kind, number) from counted) as counted, shown.*
from (values (true)) always left join shown on true order by shown.kind, shown.intern_id
"""


@dataclass(frozen=True, slots=True)
class Stay:
    """A host and so many days."""

    host_id: UUID
    days: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One intern for whom the plans differ."""

    kind: str
    intern_id: UUID
    before: Stay | None
    after: Stay | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many interns there are of each kind of difference, and how many have the same place in both."""

    kinds: Mapping[str, int]
    same: int

    @property
    def found(self) -> int:
        """All for whom the plans differ."""
        return sum(self.kinds.values())


async def of(
    conn: Any, *, before: UUID, after: UUID, beyond: int, limit: int
) -> tuple[Counted, list[Difference]]:
    """What the second plan does otherwise than the first: in numbers, and so many of them, beyond the first so many."""
    rows = await conn.fetch(_COMPARED, before, after, beyond, limit)
    numbers = json.loads(rows[0]["counted"] or "{}")
    counted = Counted(
        {kind: numbers.get(str(place), 0) for place, kind in enumerate(KINDS, start=1)}, numbers.get("0", 0)
    )
    return counted, [
        Difference(
            KINDS[row["kind"] - 1],
            row["intern_id"],
            _stay(row["host_before"], row["days_before"]),
            _stay(row["host_after"], row["days_after"]),
        )
        for row in rows
        if row["kind"] is not None
    ]


def _stay(host_id: UUID | None, days: int | None) -> Stay | None:
    return None if host_id is None or days is None else Stay(host_id, days)
