"""Sign-ups as registration says them. An erased id never comes back to life: its row stays as a marker."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_contracts.events import ParticipantUpdated

# A body that comes after the sign-up has left changes nothing.
_SAVE = """
insert into participants as p (participant_id, edition_id, state, role, self_found_with, lot, body, since)
values ($1, $2, 'registered', $3, $4, $5, $6, $7)
on conflict (participant_id) do update set
    edition_id = excluded.edition_id, role = excluded.role, self_found_with = excluded.self_found_with,
    lot = excluded.lot, body = excluded.body, since = coalesce(p.since, excluded.since)
where p.state = 'registered'
"""
_LEAVE = """
insert into participants as p (participant_id, edition_id, state) values ($1, $2, $3)
on conflict (participant_id) do update set
    state = case when p.state = 'erased' then 'erased' else excluded.state end,
    body = case when excluded.state = 'erased' then null else p.body end
"""
_REGISTERED = """
select participant_id, body from participants
where edition_id = $1 and state = 'registered' order by participant_id
"""
_HOW_MANY = """
select count(*) filter (where role = 'intern') as interns, count(*) filter (where role = 'host') as hosts
from participants where edition_id = $1 and state = 'registered'
"""
_FIND = "select participant_id, body from participants where participant_id = any($1) and body is not null"
_OF_EDITION = """
select participant_id, body from participants
where edition_id = $1 and state = 'registered' and participant_id = any($2)
"""
_MUTUAL_PAIRS = """
select i.body as intern, h.body as host
from participants i
join participants h on h.participant_id = i.self_found_with and h.self_found_with = i.participant_id
where i.edition_id = $1 and h.edition_id = $1 and i.state = 'registered' and h.state = 'registered'
  and i.role = 'intern' and h.role = 'host'
  and not exists (select from placements p where p.intern_id = i.participant_id
                  and (p.host_id = h.participant_id
                       or p.state in ('proposed', 'drafted', 'signed', 'completed', 'not_held')))
order by i.lot, i.participant_id
"""
_IS_ERASED = "select exists (select from participants where participant_id = $1 and state = 'erased')"


@dataclass(frozen=True, slots=True)
class Pair:
    """The bodies of a self-found pair."""

    intern: ParticipantUpdated
    host: ParticipantUpdated


async def save(conn: Any, body: ParticipantUpdated, *, now: datetime) -> None:
    """Keep the sign-up's latest body, unless the sign-up has left; and when it was first heard of."""
    await conn.execute(
        _SAVE,
        body.participant_id,
        body.edition_id,
        body.role,
        body.self_found_with,
        body.lot,
        body.model_dump_json(),
        now,
    )


async def leave(conn: Any, *, participant_id: UUID, edition_id: UUID, erased: bool) -> None:
    """Note that the sign-up is withdrawn or erased, known here or not."""
    await conn.execute(_LEAVE, participant_id, edition_id, "erased" if erased else "withdrawn")


async def is_erased(conn: Any, *, participant_id: UUID) -> bool:
    """Whether the sign-up is known to be erased."""
    return bool(await conn.fetchval(_IS_ERASED, participant_id))


async def registered(conn: Any, *, edition_id: UUID) -> dict[UUID, ParticipantUpdated]:
    """Who takes part in the edition now, by id, in the order of ids."""
    rows = await conn.fetch(_REGISTERED, edition_id)
    # thousands of bodies take a while to read, which nobody else on the loop should wait for
    return await asyncio.to_thread(lambda: {row["participant_id"]: _body(row["body"]) for row in rows})


async def how_many(conn: Any, *, edition_id: UUID) -> tuple[int, int]:
    """Interns and hosts of the edition, counted where they lie."""
    row = await conn.fetchrow(_HOW_MANY, edition_id)
    return row["interns"], row["hosts"]


async def of_edition(
    conn: Any, *, edition_id: UUID, participant_ids: list[UUID]
) -> dict[UUID, ParticipantUpdated]:
    """Those of these sign-ups that take part in the edition now."""
    rows = await conn.fetch(_OF_EDITION, edition_id, participant_ids)
    return {row["participant_id"]: _body(row["body"]) for row in rows}


async def find(conn: Any, *, participant_ids: list[UUID]) -> dict[UUID, ParticipantUpdated]:
    """The latest bodies of these sign-ups, as far as they are kept."""
    return {row["participant_id"]: _body(row["body"]) for row in await conn.fetch(_FIND, participant_ids)}


async def mutual_pairs(conn: Any, *, edition_id: UUID) -> list[Pair]:
    """Self-found pairs in which each names the other, never tried before and with the intern free, in order of lot."""
    rows = await conn.fetch(_MUTUAL_PAIRS, edition_id)
    return [Pair(_body(row["intern"]), _body(row["host"])) for row in rows]


def _body(text: str) -> ParticipantUpdated:
    # Stored by this service from a body it has checked; a field that a later version added is left aside.
    return ParticipantUpdated.model_validate_json(text, extra="ignore")
