"""Contacts by the beginnings of a name or an address, as they are known now. Who is erased is not found."""

import re
from typing import Final

from ipraktik_chassis.transaction import Connection
from ipraktik_notify.store.people import Contact

_WORD: Final = re.compile(r"[^\s'&|!():*<>\\]+")
MOST_WORDS: Final = 6
MOST_FOUND: Final = 50

_FIND: Final = """
select contact_id, participant_id, relation, name, email, language, unit_name, epoch from contact
where not erased and to_tsvector('simple'::regconfig, coalesce(name, '') || ' ' || coalesce(email, '')) @@ to_tsquery('simple', $1)
order by name, contact_id limit $2
"""


async def find_people(conn: Connection, *, words: str) -> list[Contact]:
    """Who fits all the words; whoever finds too many writes more of the name."""
    query = _query(words)
    if not query:
        return []
    return [Contact(**dict(row)) for row in await conn.fetch(_FIND, query, MOST_FOUND)]


def _query(words: str) -> str:
    """The beginnings of words that must all be there, as a text query; signs that would steer it are left out."""
    found = _WORD.findall(words.replace("\x00", " "))[:MOST_WORDS]
    return " & ".join(f"'{word}':*" for word in found)
