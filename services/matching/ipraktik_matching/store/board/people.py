"""Who is behind the ids, for a coordinator's eyes: names from the contacts, organisations from the sign-ups. Read by the set."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

MOST_FOUND = 500
_OF = """
select p.participant_id, p.edition_id, p.role, p.state, p.organisation_name, p.municipality_code, p.field, p.capacity,
       c.name, c.unit_name, c.job_title
from participants p
left join lateral (
    select name, unit_name, job_title from contacts c
    where c.participant_id = p.participant_id and c.relation = 'self' and not c.erased order by c.contact_id limit 1
) c on true
where p.participant_id = any($1)
"""
# A person's name, an organisation, or the beginning of an id. Names of managers and reserves count: they call too.
_FIND = """
select participant_id from (
    select c.participant_id from contacts c
    where not c.erased and (c.name ilike $2 escape '!' or c.unit_name ilike $2 escape '!')
    union
    select p.participant_id from participants p
    where p.organisation_name ilike $2 escape '!' or (p.participant_id between $3 and $4)
) found
join participants using (participant_id)
where ($1::uuid is null or edition_id = $1) and ($5::text is null or role = $5) and (not $6 or state = 'registered')
order by participant_id limit $7
"""
# The same question of the first so many sign-ups: a word that is everywhere ("kommune") fills the page from these, and the index,
# which would have to bring everybody, is not asked.
_GLANCE = """
select p.participant_id
from (select participant_id, organisation_name from participants where {these} order by participant_id limit $8) p
left join contacts c on c.participant_id = p.participant_id and not c.erased
where p.organisation_name ilike $2 escape '!' or p.participant_id between $3 and $4
   or c.name ilike $2 escape '!' or c.unit_name ilike $2 escape '!'
group by p.participant_id order by p.participant_id limit $7
"""
_GLANCE_AT_ALL = _GLANCE.format(
    these="$1::uuid is null and ($5::text is null or role = $5) and (not $6 or state = 'registered')"
)
_GLANCE_IN_EDITION = _GLANCE.format(
    these="edition_id = $1 and state = 'registered' and role is not null and ($5::text is null or role = $5) and $6"
)
_GLANCED_AT = 100
# Found first and sorted then: read in order, everybody would be looked at.
_ORGANISATIONS = """
select name, edition_id, count(*) filter (where role = 'intern') as interns, count(*) filter (where role = 'host') as hosts
from (select organisation_name as name, edition_id, role from participants
      where state = 'registered' and organisation_name ilike $1 escape '!' offset 0) found
group by name, edition_id order by name, edition_id limit $2
"""
# The first sign-ups in the order of organisations; the last group may be cut, so it is asked for and left aside.
_FIRST_ORGANISATIONS = """
select name, edition_id, count(*) filter (where role = 'intern') as interns, count(*) filter (where role = 'host') as hosts
from (select organisation_name as name, edition_id, role from participants
      where state = 'registered' and organisation_name is not null
      order by organisation_name, edition_id limit $3) first
where name ilike $1 escape '!'
group by name, edition_id order by name, edition_id limit $2
"""
_ORGANISED_GLANCED_AT = 1_000
_NOTHING = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Who:
    """A sign-up as the board names it. Everything personal is None or empty once it is erased."""

    participant_id: UUID
    edition_id: UUID
    role: str | None
    state: str
    organisation_name: str | None
    municipality_code: str | None
    field: str | None
    capacity: int | None
    name: str | None
    unit_name: str | None
    job_title: str | None


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation in an edition, and how many take part from it."""

    name: str
    edition_id: UUID
    interns: int
    hosts: int


async def of(conn: Any, participant_ids: Iterable[UUID | None]) -> dict[UUID, Who]:
    """These sign-ups, as far as they are known here."""
    ids = list({one for one in participant_ids if one is not None})
    if not ids:
        return {}
    return {row["participant_id"]: Who(**dict(row)) for row in await conn.fetch(_OF, ids)}


async def find(
    conn: Any,
    *,
    words: str,
    edition_id: UUID | None = None,
    role: str | None = None,
    registered: bool = False,
    limit: int = MOST_FOUND,
) -> list[UUID]:
    """Sign-ups by a part of a name or of an organisation, or by the beginning of their id; or only of those who take part."""
    low, high = span_of(words) or (_NOTHING, _NOTHING)
    values = (edition_id, like(words), low, high, role, registered, limit)
    glance = _GLANCE_AT_ALL if edition_id is None else _GLANCE_IN_EDITION if registered else None
    if glance is not None and limit <= _GLANCED_AT:
        seen = await conn.fetch(glance, *values, _GLANCED_AT)
        if len(seen) == limit:
            return [row["participant_id"] for row in seen]
    return [row["participant_id"] for row in await conn.fetch(_FIND, *values)]


async def organisations(conn: Any, *, words: str, limit: int) -> list[Organisation]:
    """Organisations by a part of their name."""
    seen = await conn.fetch(_FIRST_ORGANISATIONS, like(words), limit + 1, _ORGANISED_GLANCED_AT)
    rows = seen[:limit] if len(seen) > limit else await conn.fetch(_ORGANISATIONS, like(words), limit)
    return [Organisation(**dict(row)) for row in rows]


def like(words: str) -> str:
    """The pattern that finds the words anywhere; what means something to `like` means itself."""
    escaped = "".join(f"!{sign}" if sign in "!%_" else sign for sign in words)
    return f"%{escaped}%"


def span_of(words: str) -> tuple[UUID, UUID] | None:
    """The ids that begin so, as the first and the last; None where the words are no beginning of an id of eight signs or more."""
    digits = words.strip().lower().replace("-", "")
    if not 8 <= len(digits) <= 32 or any(sign not in "0123456789abcdef" for sign in digits):
        return None
    return UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
