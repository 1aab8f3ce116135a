"""Databases of the four services filled with an edition of so many participants, by set-based SQL: seconds, not a season.

What is laid down is what a season leaves half-way: sign-ups, placements in every state, mails, evaluations. Ids follow from a kind
and a number, the same in all services, so a page's address can be told without asking. Bodies are those that the services
themselves made of one real sign-up; only their facts vary.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg

from ipraktik_contracts.codes import FIELDS
from ipraktik_contracts.municipalities import MUNICIPALITIES
from ipraktik_local.season.vocabulary import FIRST, LAST

INTERN: Final = 0x01
HOST: Final = 0x02
PLACEMENT: Final = 0x03
SELF_OF_INTERN: Final = 0x04
SELF_OF_HOST: Final = 0x05
MANAGER: Final = 0x06
ORGANISATION: Final = 0x07
WORKPLACE: Final = 0x08
MAIL: Final = 0x09
FACT: Final = 0x0A
EVALUATION: Final = 0x0B
RUN: Final = 0x0C
KEY: Final = 0x0D

HOST_SHARE: Final = 0.46
_SECTORS: Final = ("municipal", "municipal", "regional", "state", "private")
_STANDING: Final = (
    "proposed",
    "drafted",
    "signed",
    "completed",
    "completed",
    "declined",
    "signed",
    "completed",
)
"""States of placements, in turn."""
_PUBLIC: Final = ("municipal", "municipal", "regional", "state", "municipal")


@dataclass(frozen=True, slots=True)
class Edition:
    """How many take part, and when. The stays of one half are over, so that there is something to evaluate."""

    edition_id: UUID
    name: str
    participants: int
    now: datetime
    first_day: date
    last_day: date

    @property
    def hosts(self) -> int:
        """So many."""
        return round(self.participants * HOST_SHARE)

    @property
    def interns(self) -> int:
        """The rest."""
        return self.participants - self.hosts

    @property
    def placements(self) -> int:
        """One for three interns of four."""
        return self.interns * 3 // 4


def id_of(kind: int, number: int) -> UUID:
    """The id of the so-manieth of a kind, from 1."""
    return UUID(f"{kind:08x}-0000-7000-8000-{number:012x}")


def array(words: Iterable[str]) -> str:
    """The words as SQL."""
    return "array[" + ", ".join("'" + word.replace("'", "''") + "'" for word in words) + "]"


_WORDS: Final = f"""
create function pg_temp.id(kind int, n bigint) returns uuid language sql immutable as $$
    select (lpad(to_hex(kind), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
create function pg_temp.pick(words text[], n bigint) returns text language sql immutable as $$
    select words[1 + n % cardinality(words)] $$;
create function pg_temp.person(n bigint) returns text language sql immutable as $$
    select pg_temp.pick({array(FIRST)}, n) || ' ' || pg_temp.pick({array(LAST)}, n / 7) $$;
create function pg_temp.field(n bigint) returns text language sql immutable as $$
    select pg_temp.pick({array(sorted(FIELDS))}, n) $$;
create function pg_temp.lot(n bigint) returns text language sql immutable as $$
    select encode(sha256(convert_to(n::text, 'UTF8')), 'hex') $$;
create function pg_temp.organisation(n bigint) returns text language sql immutable as $$
    select 'Organisation nr. ' || n / 4 $$;
create function pg_temp.sector(n bigint, role text) returns text language sql immutable as $$
    select pg_temp.pick(case role when 'intern' then {array(_PUBLIC)} else {array(_SECTORS)} end, n / 4) $$;
create function pg_temp.place(n bigint) returns text language sql immutable as $$
    select pg_temp.pick({array(sorted(MUNICIPALITIES)[:60])}, n) $$;
create function pg_temp.workplace(n bigint, role text) returns jsonb language sql immutable as $$
    select jsonb_build_object(
        'organisation_id', pg_temp.id({ORGANISATION}, n / 4), 'workplace_id', pg_temp.id({WORKPLACE}, n),
        'organisation_name', pg_temp.organisation(n), 'sector', pg_temp.sector(n, role),
        'ownership', case pg_temp.sector(n, role) when 'private' then 'private' else 'public' end,
        'municipality_code', pg_temp.place(n), 'country', 'DK', 'ministerial_area', null) $$;
create function pg_temp.standing(n bigint) returns text language sql immutable as $$
    select pg_temp.pick({array(_STANDING)}, n) $$;
"""


async def seeded(url: str, *statements: tuple[str, Sequence[object]]) -> None:
    """Run statements, each with its values, in one transaction, with the words above; then let PostgreSQL look at what it has."""
    conn = await asyncpg.connect(url)
    try:
        async with conn.transaction():
            await conn.execute(_WORDS)
            for statement, values in statements:
                await conn.execute(statement, *values)
        await conn.execute("vacuum analyze")
    finally:
        await conn.close()
