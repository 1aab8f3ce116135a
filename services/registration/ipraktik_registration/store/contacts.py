"""Contacts: the reachable people of sign-ups. Invariant: a forgotten contact keeps its id and epoch and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from ipraktik_registration.domain.life import State
from ipraktik_registration.domain.names import email_key

Relation = Literal["self", "reserve", "manager", "invited"]


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who can be reached."""

    contact_id: UUID
    participant_id: UUID
    relation: Relation
    name: str
    email: str
    language: Literal["da", "en"]
    epoch: int = 1


@dataclass(frozen=True, slots=True)
class LinkWanted:
    """A sign-up whose owner wants a link."""

    contact_id: UUID
    participant_id: UUID
    state: State
    respond_by: datetime | None


_COLUMNS = "contact_id, participant_id, relation, name, email, language, epoch"
_ADD = f"""
insert into contact ({_COLUMNS}, email_key) values ($1, $2, $3, $4, $5, $6, $7, $8)
"""  # noqa: S608 - our own column names
_CHANGE = """
update contact set name = $2, email = $3, email_key = $4, language = $5, epoch = $6 where contact_id = $1
"""
_OF = f"select {_COLUMNS} from contact where participant_id = any($1::uuid[]) and not forgotten order by contact_id"  # noqa: S608 - our own column names
_ONE = f"select {_COLUMNS} from contact where contact_id = $1 and not forgotten"  # noqa: S608 - our own column names
_INVITED_AT = f"""
select {", ".join("c." + name for name in _COLUMNS.split(", "))} from contact c join participant p using (participant_id)
where c.relation = 'invited' and p.edition_id = $2 and not c.forgotten
    and (c.email_key = $1 or c.contact_id in (select n.invited_id from named n where n.other_id = $3))
order by c.contact_id
"""  # noqa: S608 - our own column names
# A draft that is kept for later has a contact too, which nobody but notify and the link back knows.
_EPOCH = """
select forgotten, epoch from contact where contact_id = $1
union all select false, epoch from draft where contact_id = $1 and saved_at is not null
"""
_FORGET = """
update contact set name = null, email = null, email_key = null, link_asked_at = null, forgotten = true, epoch = epoch + 1
where contact_id = any($1::uuid[])
"""
_ASK_FOR_LINK = """
update contact c set link_asked_at = $2 from participant p
where p.participant_id = c.participant_id and c.relation = 'self' and c.email_key = $1 and not c.forgotten
    and p.state in ('unconfirmed', 'awaiting_consent', 'registered', 'withdrawn')
    and (c.link_asked_at is null or c.link_asked_at <= $3)
returning c.contact_id, c.participant_id, p.state, p.respond_by
"""

_ASK_AGAIN = """
update contact set link_asked_at = $2 where contact_id = $1 and not forgotten and (link_asked_at is null or link_asked_at <= $3)
returning true
"""


async def add(conn: Any, contact: Contact) -> None:
    """Write a new contact."""
    await conn.execute(
        _ADD,
        contact.contact_id,
        contact.participant_id,
        contact.relation,
        contact.name,
        contact.email,
        contact.language,
        contact.epoch,
        email_key(contact.email),
    )


async def change(conn: Any, contact: Contact) -> None:
    """Replace a contact's name, address, language and epoch."""
    await conn.execute(
        _CHANGE,
        contact.contact_id,
        contact.name,
        contact.email,
        email_key(contact.email),
        contact.language,
        contact.epoch,
    )


async def of(conn: Any, *participant_ids: UUID) -> list[Contact]:
    """The contacts of these sign-ups, the forgotten ones left out."""
    return [Contact(**row) for row in await conn.fetch(_OF, list(participant_ids))]


async def by_relation(conn: Any, *, participant_id: UUID) -> dict[Relation, Contact]:
    """A sign-up's own contacts; the people it has invited are left out."""
    return {one.relation: one for one in await of(conn, participant_id) if one.relation != "invited"}


async def one(conn: Any, *, contact_id: UUID) -> Contact | None:
    """The contact, or None where it is unknown or forgotten."""
    row = await conn.fetchrow(_ONE, contact_id)
    return None if row is None else Contact(**row)


async def invited_as(conn: Any, *, participant_id: UUID, key: str | None, edition_id: UUID) -> list[Contact]:
    """Under whatever sign-up, the invitations in the edition of the person who then signed up as this participant."""
    return [Contact(**row) for row in await conn.fetch(_INVITED_AT, key, edition_id, participant_id)]


async def epoch(conn: Any, *, contact_id: UUID) -> int | None:
    """The epoch under which links hold; None where the contact is unknown or forgotten."""
    row = await conn.fetchrow(_EPOCH, contact_id)
    return None if row is None or row["forgotten"] else row["epoch"]


async def forget(conn: Any, *, contact_ids: Sequence[UUID]) -> None:
    """Remove everything personal from these contacts and void their links."""
    await conn.execute(_FORGET, list(contact_ids))


async def ask_for_link(conn: Any, *, key: str, now: datetime, pause: timedelta) -> list[LinkWanted]:
    """Note that a link is wanted for every sign-up of the address; those not asked for of late."""
    return [LinkWanted(**row) for row in await conn.fetch(_ASK_FOR_LINK, key, now, now - pause)]


async def ask_again(conn: Any, *, contact_id: UUID, now: datetime, pause: timedelta) -> bool:
    """Note that the contact is mailed once more; False where that was done of late."""
    return bool(await conn.fetchval(_ASK_AGAIN, contact_id, now, now - pause))
