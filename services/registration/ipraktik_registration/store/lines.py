"""The coordinators' list of sign-ups: searched, filtered, sorted, paged by key, and counted.

Reads `sign_up_line`, which triggers keep. A page costs what is on it: each order has an index that begins with the edition, and the
next page begins after the last key, so neither the number of sign-ups nor of pages counts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args
from uuid import UUID

from ipraktik_registration.domain.life import Role, State

Order = Literal["arrival", "name", "organisation", "deadline"]
ORDERS: Final[tuple[Order, ...]] = get_args(Order)
Tie = Literal["companion", "self_found", "host_in_mind"]
_KEYS: Final[dict[Order, tuple[str, str]]] = {
    "arrival": ("", ""),
    "name": ("l.name_key", "text"),
    "organisation": ("l.organisation_key", "text"),
    "deadline": ("l.respond_by", "timestamptz"),
}
COUNTED: Final = 1000
"""A filter's hits are counted so far and no further."""
_MAX_WORDS: Final = 6
_WORD: Final = re.compile(r"[^\]\s,;:.@/()&\"'_+*?!<>=#%\[\\|-]+")

_LINE: Final = """
l.participant_id, l.role, l.state, l.reference, l.respond_by, l.name, l.email, l.organisation, l.field, l.sector,
    l.municipality_code
"""
_FILTER: Final = """
l.edition_id = $1 and ($2::text is null or l.role = $2) and ($3::text[] is null or l.state = any($3))
    and ($4::text is null or l.field = $4) and ($5::text is null or l.sector = $5)
    and ($6::text[] is null or l.municipality_code = any($6)) and ($7::timestamptz is null or l.respond_by <= $7)
    and ($8::text is null or exists (select from named n where n.participant_id = l.participant_id and n.kind = $8))
    and ($9::tsquery is null or l.words @@ $9)
"""
_KEY: Final = "select {} from sign_up_line l where participant_id = $1"
_SOME: Final = f"select {_LINE} from sign_up_line l where participant_id = any($1::uuid[])"  # noqa: S608 - our own column names
_TOLD: Final = """
select participant_id, created_at, coalesce(job_title, '') as job_title, coalesce(unit_name, '') as unit_name
from participant where participant_id = any($1::uuid[])
"""
_COUNT_HITS: Final = (
    f"select count(*) from (select from sign_up_line l where {_FILTER} limit {COUNTED + 1}) hits"  # noqa: S608 - our own texts
)
_COUNTS: Final = (
    "select role, state, count(*) as number from sign_up_line where edition_id = $1 group by role, state"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a coordinator looks for; an empty one is everything of the edition."""

    edition_id: UUID
    role: Role | None = None
    states: tuple[State, ...] = ()
    field: str | None = None
    sector: str | None = None
    municipalities: tuple[str, ...] = ()
    waits_until: datetime | None = None
    tie: Tie | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One sign-up in the list."""

    participant_id: UUID
    role: Role
    state: State
    reference: str | None
    respond_by: datetime | None
    name: str
    email: str
    organisation: str
    field: str | None
    sector: str | None
    municipality_code: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """What a list that is taken out says beside the line."""

    participant_id: UUID
    created_at: datetime
    job_title: str
    unit_name: str


async def page(
    conn: Any,
    *,
    wanted: Wanted,
    order: Order = "arrival",
    falling: bool = False,
    beyond: UUID | None = None,
    limit: int,
) -> list[Line]:
    """So many lines in that order, beyond the sign-up that the page before ended with. By deadline: only those who have one.

    The place is named by a sign-up, not by its key: a name has no business in an address.
    """
    column, kind = _KEYS[order]
    columns = ", ".join(part for part in (column, "l.participant_id") if part)
    sign, way = ("<", "desc") if falling else (">", "asc")
    conditions, values = [_FILTER], [*_values(wanted)]
    if order == "deadline":
        conditions.append("l.respond_by is not null")
    if beyond is not None:
        key = await conn.fetchval(_KEY.format(column or "null"), beyond) if column else None
        if key is not None or not column:
            values += [beyond] if not column else [key, beyond]
            marks = f"$10::{kind}, $11::uuid" if column else "$10::uuid"
            conditions.append(f"({columns}) {sign} ({marks})")
    ordered = ", ".join(f"{part} {way}" for part in columns.split(", "))
    rows = await conn.fetch(
        f"select {_LINE} from sign_up_line l"  # noqa: S608 - our own texts, chosen by a code
        f" where {' and '.join(conditions)} order by {ordered} limit {limit:d}",
        *values,
    )
    return [Line(**row) for row in rows]


async def some(conn: Any, *, participant_ids: Sequence[UUID]) -> dict[UUID, Line]:
    """The lines of these sign-ups."""
    rows = await conn.fetch(_SOME, list(participant_ids))
    return {row["participant_id"]: Line(**row) for row in rows}


async def told(conn: Any, *, participant_ids: Sequence[UUID]) -> dict[UUID, Told]:
    """What a list that is taken out says beside the lines."""
    rows = await conn.fetch(_TOLD, list(participant_ids))
    return {row["participant_id"]: Told(**row) for row in rows}


async def hits(conn: Any, *, wanted: Wanted) -> int:
    """How many there are, counted to one more than COUNTED."""
    number: int = await conn.fetchval(_COUNT_HITS, *_values(wanted))
    return number


async def counts(conn: Any, *, edition_id: UUID) -> dict[tuple[Role, State], int]:
    """How many sign-ups of each role stand where."""
    rows = await conn.fetch(_COUNTS, edition_id)
    return {(row["role"], row["state"]): row["number"] for row in rows}


def query_of(text: str) -> str | None:
    """The words somebody looks for, each as the beginning of a word; None where there are none."""
    words = _WORD.findall(text.lower())[:_MAX_WORDS]
    return " & ".join("'{}':*".format(word.replace("\\", "").replace("'", "")) for word in words) or None


def _values(wanted: Wanted) -> Sequence[Any]:
    return (
        wanted.edition_id,
        wanted.role,
        list(wanted.states) or None,
        wanted.field,
        wanted.sector,
        list(wanted.municipalities) or None,
        wanted.waits_until,
        wanted.tie,
        query_of(wanted.text),
    )
