"""Who may act for a sign-up: latest word of registration, no address. An erased contact stays as a bare marker."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

_SAVE = """
insert into contacts as c (contact_id, participant_id, relation, name, language, epoch,
                           motivation, offer, job_title, unit_name)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (contact_id) do update set
    participant_id = excluded.participant_id, relation = excluded.relation, name = excluded.name,
    language = excluded.language, epoch = excluded.epoch, motivation = excluded.motivation,
    offer = excluded.offer, job_title = excluded.job_title, unit_name = excluded.unit_name
where not c.erased
"""
_ERASE = """
insert into contacts (contact_id, erased) select unnest($1::uuid[]), true
on conflict (contact_id) do update set
    erased = true, name = '', motivation = '', offer = '', job_title = '', unit_name = ''
"""
_BLANK = """
update contacts set name = '', motivation = '', offer = '', job_title = '', unit_name = ''
where participant_id = $1
"""
_COLUMNS = (
    "contact_id, participant_id, relation, name, language, epoch, motivation, offer, job_title, unit_name"
)
_FIND = f"select {_COLUMNS} from contacts where contact_id = $1 and not erased"  # noqa: S608 - the columns are this module's own words
_OF = f"""
select {_COLUMNS} from contacts where participant_id = any($1) and not erased order by contact_id
"""  # noqa: S608 - the columns are this module's own words
_EPOCH = "select epoch, erased from contacts where contact_id = $1"


@dataclass(frozen=True, slots=True)
class Contact:
    """One reachable person of one sign-up, without the address."""

    contact_id: UUID
    participant_id: UUID
    relation: str
    name: str
    language: str
    epoch: int
    motivation: str
    offer: str
    job_title: str
    unit_name: str


async def save(conn: Any, contact: Contact) -> None:
    """Keep the contact as it stands now, unless it is erased."""
    await conn.execute(
        _SAVE,
        contact.contact_id,
        contact.participant_id,
        contact.relation,
        contact.name,
        contact.language,
        contact.epoch,
        contact.motivation,
        contact.offer,
        contact.job_title,
        contact.unit_name,
    )


async def erase(conn: Any, *, contact_ids: list[UUID]) -> None:
    """Forget everything about these contacts but that they are erased."""
    await conn.execute(_ERASE, contact_ids)


async def blank_of_participant(conn: Any, *, participant_id: UUID) -> None:
    """Forget names and texts of a sign-up's contacts; the tombstones that end the contacts come on their own topic."""
    await conn.execute(_BLANK, participant_id)


async def find(conn: Any, *, contact_id: UUID) -> Contact | None:
    """The contact, unless it is unknown or erased."""
    row = await conn.fetchrow(_FIND, contact_id)
    return None if row is None else Contact(**dict(row))


async def of_participants(conn: Any, *, participant_ids: list[UUID]) -> list[Contact]:
    """All contacts of these sign-ups."""
    return [Contact(**dict(row)) for row in await conn.fetch(_OF, participant_ids)]


async def epoch(conn: Any, *, contact_id: UUID, erased: int) -> int | None:
    """The contact's epoch; None where it is unknown, the value of `erased` where it is gone."""
    row = await conn.fetchrow(_EPOCH, contact_id)
    if row is None:
        return None
    return erased if row["erased"] else int(row["epoch"])
