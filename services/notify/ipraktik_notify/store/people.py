"""Contacts and sign-ups. What is erased stays as a bare id and never comes back to life."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from ipraktik_chassis.transaction import Connection


@dataclass(frozen=True, slots=True)
class Contact:
    """One reachable person. `role` is what the records of its sign-up tell of it; None where they tell nothing."""

    contact_id: UUID
    participant_id: UUID
    relation: str
    name: str
    email: str
    language: str
    unit_name: str
    epoch: int
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """What mails must know of a sign-up; `organisation_name` is None once it is erased."""

    participant_id: UUID
    edition_id: UUID
    role: str | None
    organisation_name: str | None
    state: str


_REMEMBER_CONTACT = """
insert into contact as c (contact_id, participant_id, relation, name, email, language, unit_name, epoch, role, erased)
select v.*, false from (values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8::int, $9)) v
where not exists (select from participant where participant_id = $2 and state = 'erased')
on conflict (contact_id) do update
set participant_id = excluded.participant_id, relation = excluded.relation, name = excluded.name, email = excluded.email,
    language = excluded.language, unit_name = excluded.unit_name, epoch = excluded.epoch, role = excluded.role
where not c.erased
"""


async def remember_contact(conn: Connection, *, contact: Contact) -> None:
    """Keep the latest of a contact, unless it or its sign-up was erased."""
    await conn.execute(
        _REMEMBER_CONTACT,
        contact.contact_id,
        contact.participant_id,
        contact.relation,
        contact.name,
        contact.email,
        contact.language,
        contact.unit_name,
        contact.epoch,
        contact.role,
    )


async def erase_contacts(conn: Connection, *, contact_ids: Sequence[UUID]) -> None:
    """Delete everything personal of these contacts, known or not, for good."""
    await conn.execute(
        """
        insert into contact as c (contact_id, erased) select id, true from unnest($1::uuid[]) id order by id
        on conflict (contact_id) do update
        set name = null, email = null, language = null, unit_name = null, role = null, erased = true
        """,
        list(contact_ids),
    )


async def contacts_of(conn: Connection, *, participant_id: UUID) -> list[UUID]:
    """The ids of a sign-up's contacts."""
    rows = await conn.fetch("select contact_id from contact where participant_id = $1", participant_id)
    return [row["contact_id"] for row in rows]


async def remember_participant(conn: Connection, *, participant: Participant) -> None:
    """Keep the latest body of a valid sign-up, unless it was erased."""
    await conn.execute(
        """
        insert into participant as p (participant_id, edition_id, role, organisation_name, state)
        values ($1, $2, $3, $4, $5)
        on conflict (participant_id) do update
        set role = excluded.role, organisation_name = excluded.organisation_name, state = excluded.state
        where p.state <> 'erased'
        """,
        participant.participant_id,
        participant.edition_id,
        participant.role,
        participant.organisation_name,
        participant.state,
    )


async def end_participant(conn: Connection, *, participant_id: UUID, edition_id: UUID, state: str) -> None:
    """Note that a sign-up was withdrawn or erased; an erased one keeps nothing but its ids."""
    await conn.execute(
        """
        insert into participant as p (participant_id, edition_id, state) values ($1, $2, $3)
        on conflict (participant_id) do update
        set state = excluded.state,
            organisation_name = case excluded.state when 'erased' then null else p.organisation_name end
        where p.state <> 'erased'
        """,
        participant_id,
        edition_id,
        state,
    )


async def contacts_by_id(conn: Connection, *, contact_ids: Sequence[UUID]) -> dict[UUID, Contact]:
    """These contacts, as far as they are known and not erased."""
    rows = await conn.fetch(
        "select * from contact where contact_id = any($1::uuid[]) and not erased", list(contact_ids)
    )
    return {row["contact_id"]: _contact(row) for row in rows}


async def own_contacts(conn: Connection, *, participant_ids: Sequence[UUID]) -> dict[UUID, Contact]:
    """The own contact of each of these sign-ups, by sign-up, with the role that any of its contacts tells."""
    rows = await conn.fetch(
        """
        select distinct on (participant_id) *, max(role) over (partition by participant_id) as told_role from contact
        where participant_id = any($1::uuid[]) and not erased
        order by participant_id, relation = 'self' desc, contact_id desc
        """,
        list(participant_ids),
    )
    return {
        row["participant_id"]: replace(_contact(row), role=row["told_role"])
        for row in rows
        if row["relation"] == "self"
    }


async def contact_in(conn: Connection, *, participant_id: UUID, relation: str) -> Contact | None:
    """Who stands in that relation to a sign-up now: whom a mail that waits would go to."""
    row = await conn.fetchrow(
        """
        select * from contact where participant_id = $1 and relation = $2 and not erased
        order by contact_id desc limit 1
        """,
        participant_id,
        relation,
    )
    return None if row is None else _contact(row)


async def epoch(conn: Connection, *, contact_id: UUID) -> tuple[int, bool] | None:
    """The epoch of a contact's links and whether the contact is erased; None where it is not known."""
    row = await conn.fetchrow("select epoch, erased from contact where contact_id = $1", contact_id)
    return None if row is None else (row["epoch"], row["erased"])


async def participants(conn: Connection, *, participant_ids: Sequence[UUID]) -> dict[UUID, Participant]:
    """These sign-ups, as far as they are known."""
    rows = await conn.fetch(
        "select * from participant where participant_id = any($1::uuid[])", list(participant_ids)
    )
    return {row["participant_id"]: Participant(**dict(row)) for row in rows}


def _contact(row: Any) -> Contact:
    return Contact(
        row["contact_id"],
        row["participant_id"],
        row["relation"],
        row["name"],
        row["email"],
        row["language"],
        row["unit_name"],
        row["epoch"],
        row["role"],
    )
