"""Whom sign-ups name: companion, other half of a pair, host in mind. Read and written under the edition's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ipraktik_registration.domain.acquaintance import Kind, Naming
from ipraktik_registration.domain.names import email_key


@dataclass(frozen=True, slots=True)
class Named:
    """One naming as its owner wrote it. Without an address: a registered host chosen by id."""

    participant_id: UUID
    kind: Kind
    name: str
    email: str | None
    other_id: UUID | None = None
    invited_id: UUID | None = None
    asked_id: UUID | None = None
    answer: bool | None = None


_COLUMNS = "participant_id, kind, coalesce(name, '') as name, email, other_id, invited_id, asked_id, answer"
_ADD = """
insert into named (participant_id, kind, name, email, email_key, other_id) values ($1, $2, $3, $4, $5, $6)
"""
_RENAME = "update named set name = $3 where participant_id = $1 and kind = $2"
_REMOVE = "delete from named where participant_id = $1 and kind = $2"
_OF = f"select {_COLUMNS} from named where participant_id = $1 order by kind"  # noqa: S608 - our own column names
_ASKING = f"select {_COLUMNS} from named where kind = $1 and asked_id = $2 order by participant_id"  # noqa: S608 - our own column names
_NAMED_BY = f"select {_COLUMNS} from named where other_id = $1 order by participant_id, kind limit 50"  # noqa: S608 - our own column names
# Who was found once stays found while valid, whatever becomes of addresses; else the address decides.
# The role that is meant follows from the kind and the owner's role; see domain/acquaintance.py, wanted_role.
_NAMINGS = """
select n.participant_id, n.kind, n.other_id, n.invited_id is not null as invited, n.asked_id,
    coalesce((select o.participant_id from participant o
              where o.participant_id = n.other_id and o.state = 'registered'), found.participant_id) as found_id
from participant p join named n on n.participant_id = p.participant_id
left join lateral (
    select q.participant_id from contact c join participant q on q.participant_id = c.participant_id
    where c.relation = 'self' and c.email_key = n.email_key and q.edition_id = p.edition_id and q.state = 'registered'
        and q.participant_id <> p.participant_id
        and q.role = case when n.kind = 'companion' then 'intern' when p.role = 'intern' then 'host' else 'intern' end
    order by q.registered_at, q.participant_id limit 1) found on true
where p.edition_id = $2 and p.state = 'registered'
    and (p.participant_id = $1 or n.email_key = $3 or n.other_id = $1)
order by n.participant_id, n.kind
"""
_SAID = """
select participant_id, kind, other_id from named
where other_id is not null and (participant_id = any($1::uuid[]) or other_id = any($1::uuid[]))
"""
_TIE = """
update named n set other_id = t.other_id from unnest($1::uuid[], $2::text[], $3::uuid[]) t (participant_id, kind, other_id)
where n.participant_id = t.participant_id and n.kind = t.kind
"""
_INVITED = "update named set invited_id = $3 where participant_id = $1 and kind = $2"
_ASKED = "update named set asked_id = $3, answer = null where participant_id = $1 and kind = $2"
_ANSWERED = "update named set answer = $3 where participant_id = $1 and kind = $2"
_BY_OWNERS = "delete from named where participant_id = any($1::uuid[])"
_OF_ERASED = """
delete from named n using participant p
where p.participant_id = n.participant_id and (n.other_id = $1 or n.asked_id = $1 or (n.email_key = $2 and p.edition_id = $3))
returning n.participant_id, n.other_id = $1 as tied
"""


async def add(conn: Any, named: Named) -> None:
    """Write a naming."""
    key = None if named.email is None else email_key(named.email)
    await conn.execute(_ADD, named.participant_id, named.kind, named.name, named.email, key, named.other_id)


async def rename(conn: Any, *, participant_id: UUID, kind: Kind, name: str) -> None:
    """The same person, written in another way."""
    await conn.execute(_RENAME, participant_id, kind, name)


async def remove(conn: Any, *, participant_id: UUID, kind: Kind) -> None:
    """The owner names nobody in this way any more."""
    await conn.execute(_REMOVE, participant_id, kind)


async def of(conn: Any, *, participant_id: UUID) -> dict[Kind, Named]:
    """Whom the sign-up names."""
    return {row["kind"]: Named(**row) for row in await conn.fetch(_OF, participant_id)}


async def naming(conn: Any, *, other_id: UUID) -> list[Named]:
    """Who names this sign-up and has found it."""
    return [Named(**row) for row in await conn.fetch(_NAMED_BY, other_id)]


async def asking(conn: Any, *, kind: Kind, asked_id: UUID) -> list[Named]:
    """The namings about which this sign-up was asked."""
    return [Named(**row) for row in await conn.fetch(_ASKING, kind, asked_id)]


async def around(conn: Any, *, participant_id: UUID, edition_id: UUID, key: str) -> list[Naming]:
    """The namings of valid sign-ups that this one takes part in, as owner or as the one who is named, each with whom it finds."""
    rows = await conn.fetch(_NAMINGS, participant_id, edition_id, key)
    return [Naming(**row) for row in rows]


async def said(conn: Any, *, participant_ids: Sequence[UUID]) -> set[tuple[UUID, Kind, UUID]]:
    """What has been said already by or about these sign-ups, as (who, kind, whom)."""
    return {tuple(row) for row in await conn.fetch(_SAID, list(participant_ids))}


async def tie(conn: Any, *, namings: Sequence[Naming]) -> None:
    """Note the sign-ups found behind the names."""
    await conn.execute(
        _TIE,
        [one.participant_id for one in namings],
        [one.kind for one in namings],
        [one.found_id for one in namings],
    )


async def note_invited(conn: Any, *, participant_id: UUID, kind: Kind, contact_id: UUID) -> None:
    """The named person was invited through this contact."""
    await conn.execute(_INVITED, participant_id, kind, contact_id)


async def note_asked(conn: Any, *, participant_id: UUID, kind: Kind, asked_id: UUID) -> None:
    """The named sign-up was asked whether it says the same."""
    await conn.execute(_ASKED, participant_id, kind, asked_id)


async def note_answer(conn: Any, *, participant_id: UUID, kind: Kind, answer: bool) -> None:
    """What the one who was asked answered."""
    await conn.execute(_ANSWERED, participant_id, kind, answer)


async def remove_all_of(conn: Any, *participant_ids: UUID) -> None:
    """Forget whom these sign-ups name."""
    await conn.execute(_BY_OWNERS, list(participant_ids))


async def remove_mentions(
    conn: Any, *, participant_id: UUID, edition_id: UUID, key: str | None
) -> list[UUID]:
    """Remove every naming of an erased sign-up by others; the owners who were tied to it."""
    rows = await conn.fetch(_OF_ERASED, participant_id, key, edition_id)
    return [row["participant_id"] for row in rows if row["tied"]]
