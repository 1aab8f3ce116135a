"""Contacts: id, name, language, epoch, whose they are, and no more. A tombstone leaves the bare id behind, which no later record revives."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

_SAVE = """
insert into contact as c (contact_id, name, language, epoch, relation) values ($1, $2, $3, $4, $5)
on conflict (contact_id) do update set
    name = excluded.name, language = excluded.language, epoch = excluded.epoch, relation = excluded.relation
where not c.erased and c.epoch <= excluded.epoch
"""
_ERASE = """
insert into contact (contact_id, name, language, epoch, erased)
select id, '', 'da', 1, true from unnest($1::uuid[]) id
on conflict (contact_id) do update set name = '', language = 'da', relation = null, erased = true
"""
_FIND = "select name, language, epoch, erased, relation from contact where contact_id = $1"


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who may open a link."""

    name: str
    language: str
    epoch: int
    erased: bool
    relation: str | None = None


async def save_contact(
    conn: Any, *, contact_id: UUID, name: str, language: str, epoch: int, relation: str
) -> None:
    """Keep the contact as it stands now; an epoch never goes back."""
    await conn.execute(_SAVE, contact_id, name, language, epoch, relation)


async def erase_contacts(conn: Any, *, contact_ids: list[UUID]) -> None:
    """Forget everything about these contacts but that they are gone."""
    await conn.execute(_ERASE, contact_ids)


async def find_contact(conn: Any, *, contact_id: UUID) -> Contact | None:
    """The contact, if it has been heard of."""
    row = await conn.fetchrow(_FIND, contact_id)
    return None if row is None else Contact(**dict(row))
