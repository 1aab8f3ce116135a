"""Cases as lists: all placements of an edition in the order of their first day, narrowed and a page at a time.

The order is that of the proposals' days, which never change and have an index; what is shown are the days agreed on (`Case.days`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

MOST_ROWS = 50_000
"""No edition has more cases; an export stops here."""
_COLUMNS = """placement_id, edition_id, intern_id, host_id, run_id, origin, state, first_day, last_day, accepted, draft, standing,
    disputed, ended_by, ended_reason, due_at"""
_AGREED = "(v.terms::json ->> 'first_day')::date as agreed_first, (v.terms::json ->> 'last_day')::date as agreed_last"


def _with_agreed_days(found: str, order: str = "") -> str:
    """The placements that the statement finds, with the days of the version in force: joined to what was found, never before."""
    return f"""
select p.*, {_AGREED} from ({found}) p
left join agreement_versions v on v.placement_id = p.placement_id and v.version = p.standing {order}
"""  # noqa: S608 - the statements are this module's own words


_SPAN = (
    "select placement_id from placements where placement_id between $1 and $2 order by placement_id limit $3"
)
_BRIEF = _with_agreed_days(f"select {_COLUMNS} from placements where placement_id = any($1)")  # noqa: S608 - the columns are this module's own words
_OF_PARTICIPANTS = _with_agreed_days(
    f"""
select {_COLUMNS} from placements where intern_id = any($1) or host_id = any($1)
order by first_day desc, placement_id limit $2
""",  # noqa: S608 - the columns are this module's own words
    "order by p.first_day desc, p.placement_id",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A placement in a list. `first_day` and `last_day` are the proposal's, and its place in the order."""

    placement_id: UUID
    edition_id: UUID
    intern_id: UUID
    host_id: UUID
    run_id: UUID | None
    origin: str
    state: str
    first_day: date
    last_day: date
    accepted: list[str]
    draft: int | None
    standing: int | None
    disputed: bool
    ended_by: str | None
    ended_reason: str | None
    due_at: datetime | None
    agreed_first: date | None
    agreed_last: date | None

    @property
    def days(self) -> tuple[date, date]:
        """First and last day: those of the agreement in force, else the proposal's."""
        return self.agreed_first or self.first_day, self.agreed_last or self.last_day


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which cases are asked for. `people` and `placements` together are one condition; None is none."""

    edition_id: UUID
    states: Sequence[str] | None = None
    people: Sequence[UUID] | None = None
    placements: Sequence[UUID] = ()


async def page(
    conn: Any, *, narrowed: Narrowed, after: tuple[date, UUID] | None, limit: int = MOST_ROWS
) -> list[Case]:
    """Cases that come after a day and an id."""
    conditions, arguments = _conditions(narrowed)
    if after is not None:
        arguments += after
        conditions += f" and (first_day, placement_id) > (${len(arguments) - 1}, ${len(arguments)})"
    # The limit is written out: it is what makes the planner read the index in order and stop.
    found = f"select {_COLUMNS} from placements where {conditions} order by first_day, placement_id limit {limit:d}"  # noqa: S608 - the conditions are this module's own words
    rows = await conn.fetch(_with_agreed_days(found, "order by p.first_day, p.placement_id"), *arguments)
    return [Case(**dict(row)) for row in rows]


async def count(conn: Any, *, narrowed: Narrowed, most: int) -> int:
    """How many there are, as far as `most`."""
    conditions, arguments = _conditions(narrowed)
    text = f"select count(*) from (select from placements where {conditions} limit {most:d}) counted"  # noqa: S608 - the conditions are this module's own words
    return int(await conn.fetchval(text, *arguments))


async def with_ids_like(conn: Any, *, first: UUID, last: UUID, limit: int) -> list[UUID]:
    """Placements whose id lies in the span."""
    return [row["placement_id"] for row in await conn.fetch(_SPAN, first, last, limit)]


async def brief(conn: Any, *, placement_ids: Sequence[UUID]) -> list[Case]:
    """These placements."""
    return [Case(**dict(row)) for row in await conn.fetch(_BRIEF, list(placement_ids))]


async def of_participants(conn: Any, *, participant_ids: Sequence[UUID], limit: int) -> list[Case]:
    """The cases of these sign-ups, the latest stays first."""
    return [Case(**dict(row)) for row in await conn.fetch(_OF_PARTICIPANTS, list(participant_ids), limit)]


def _conditions(narrowed: Narrowed) -> tuple[str, list[Any]]:
    """What narrows, and nothing else: a condition that is switched off inside the statement keeps the planner from the index."""
    conditions = "edition_id = $1"
    arguments: list[Any] = [narrowed.edition_id]
    if narrowed.states is not None:
        arguments.append(list(narrowed.states))
        conditions += f" and state = any(${len(arguments)})"
    if narrowed.people is not None:
        arguments += [list(narrowed.people), list(narrowed.placements)]
        people, ids = len(arguments) - 1, len(arguments)
        conditions += (
            f" and (intern_id = any(${people}) or host_id = any(${people}) or placement_id = any(${ids}))"
        )
    return conditions, arguments
