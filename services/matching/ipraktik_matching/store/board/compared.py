"""Two plans side by side: who changes host, who gains a place and who loses one. The order is that of the kinds, then of ids.

Both plans' rows are joined by the intern, so it costs what the plans are long; a page of it is what leaves PostgreSQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

KINDS: Final = ("loses", "changes", "gains", "other_days", "leaves", "joins")
_SAME: Final = "same"
# `leaves` and `joins`: the intern is in one of the puzzles only, so one plan neither places nor leaves them.
_BOTH: Final = """
select coalesce(b.intern_id, a.intern_id) as intern_id,
    b.host_id as host_before, b.days as days_before, a.host_id as host_after, a.days as days_after,
    case when b.host_id <> a.host_id then 'changes'
         when b.days <> a.days then 'other_days'
         when b.host_id = a.host_id then 'same'
         when a.host_id is null then
            case when exists (select from run_unplaced u where u.run_id = $2 and u.intern_id = b.intern_id) then 'loses' else 'leaves' end
         when exists (select from run_unplaced u where u.run_id = $1 and u.intern_id = a.intern_id) then 'gains' else 'joins' end as kind
from (select intern_id, host_id, days from run_placements where run_id = $1) b
full join (select intern_id, host_id, days from run_placements where run_id = $2) a on a.intern_id = b.intern_id
"""
_COUNTS: Final = f"select kind, count(*) as number from ({_BOTH}) compared group by kind"  # noqa: S608 - this module's own words
_PAGE: Final = f"""
select * from ({_BOTH}) compared where kind <> 'same' order by array_position($3::text[], kind), intern_id offset $4 limit $5
"""  # noqa: S608 - this module's own words


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


async def counts(conn: Any, *, before: UUID, after: UUID) -> Counted:
    """What the second plan does otherwise than the first, in numbers."""
    numbers = {row["kind"]: row["number"] for row in await conn.fetch(_COUNTS, before, after)}
    return Counted({kind: numbers.get(kind, 0) for kind in KINDS}, numbers.get(_SAME, 0))


async def page(conn: Any, *, before: UUID, after: UUID, beyond: int, limit: int) -> list[Difference]:
    """So many of them, beyond the first so many."""
    return [
        Difference(
            row["kind"],
            row["intern_id"],
            _stay(row["host_before"], row["days_before"]),
            _stay(row["host_after"], row["days_after"]),
        )
        for row in await conn.fetch(_PAGE, before, after, list(KINDS), beyond, limit)
    ]


def _stay(host_id: UUID | None, days: int | None) -> Stay | None:
    return None if host_id is None or days is None else Stay(host_id, days)
