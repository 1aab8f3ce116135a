"""A run's plan as the board reads it: its figures, a page of its rows, one intern of it. The rows are PostgreSQL's own (plan_rows).

Invariant: nothing here reads the plan's text, so a page of a plan of thousands costs what a page of a plan of ten costs.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from ipraktik_matching.puzzle.plan import Stats

_SUMMARY = "select placed, unplaced, pinned, stats, reasons from run_summaries where run_id = $1"
_COLUMNS = "intern_id, host_id, companion_id, days, first_day, last_day, fit, parts, reasons"
_PLACED = (
    f"select {_COLUMNS} from run_placements where run_id = $1 and position > $2 order by position limit $3"  # noqa: S608 - the columns are this module's own words
)
_LEFT = "select intern_id, reason from run_unplaced where run_id = $1 and position > $2 order by position limit $3"
_PLACED_ONE = f"select {_COLUMNS} from run_placements where run_id = $1 and intern_id = $2"  # noqa: S608 - the columns are this module's own words
_LEFT_ONE = "select intern_id, reason from run_unplaced where run_id = $1 and intern_id = $2"
_TAKEN = """
select host_id, count(*) as taken from run_placements where run_id = $1 and host_id = any($2) group by host_id
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """A plan in figures. `reasons`: how many are left for each reason; `pinned`: pairs pinned when it was laid out."""

    placed: int
    unplaced: int
    pinned: int
    stats: Stats
    reasons: dict[str, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """One intern at one host, as the plan says it."""

    intern_id: UUID
    host_id: UUID
    companion_id: UUID | None
    days: int
    first_day: date
    last_day: date
    fit: int
    parts: dict[str, int]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """One intern without a place in the plan, and why."""

    intern_id: UUID
    reason: str


async def summary(conn: Any, *, run_id: UUID) -> Summary | None:
    """The plan's figures; None where the run has no plan."""
    row = await conn.fetchrow(_SUMMARY, run_id)
    if row is None:
        return None
    told = json.loads(row["stats"])
    stats = Stats(**{one.name: told[one.name] for one in fields(Stats)})
    return Summary(row["placed"], row["unplaced"], row["pinned"], stats, json.loads(row["reasons"]))


async def placed(conn: Any, *, run_id: UUID, after: int = 0, limit: int | None = None) -> list[Placed]:
    """Placements beyond a position; all of them where there is no limit."""
    return [_placed(row) for row in await conn.fetch(_PLACED, run_id, after, limit)]


async def left(conn: Any, *, run_id: UUID, after: int = 0, limit: int | None = None) -> list[Left]:
    """Who has no place, beyond a position; all of them where there is no limit."""
    return [Left(**dict(row)) for row in await conn.fetch(_LEFT, run_id, after, limit)]


async def of_intern(conn: Any, *, run_id: UUID, intern_id: UUID) -> Placed | Left | None:
    """What the plan says of one intern; None where it says nothing."""
    row = await conn.fetchrow(_PLACED_ONE, run_id, intern_id)
    if row is not None:
        return _placed(row)
    row = await conn.fetchrow(_LEFT_ONE, run_id, intern_id)
    return None if row is None else Left(**dict(row))


async def taken(conn: Any, *, run_id: UUID, host_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many seats of these hosts the plan gives away; a host that gets nobody is not named."""
    return {row["host_id"]: row["taken"] for row in await conn.fetch(_TAKEN, run_id, list(host_ids))}


def _placed(row: Any) -> Placed:
    values = dict(row) | {"parts": json.loads(row["parts"]), "reasons": tuple(row["reasons"])}
    return Placed(**values)
