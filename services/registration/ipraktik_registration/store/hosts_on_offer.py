"""The host registry as people search it: valid hosts, facts of organisations and the offer they wrote, nobody's name or address.

Newest first, by id, so that a page is read from its index however many hosts there are. A seat is held from the proposal on
until the placement ends; seats left are what `capacity` leaves after those.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from uuid import UUID

HOLDING: Final = ("proposed", "accepted", "drafted", "refused", "signed", "amended")
"""States of a placement that hold a seat. Not after the stay: the capacity counts interns at a time."""

_HELD = f"""
(select count(*) from placement_state s where s.host_id = p.participant_id and s.state in {HOLDING})
"""  # noqa: S608 - our own states
_ON_OFFER = "p.role = 'host' and p.state = 'registered'"
_COLUMNS = f"""
p.participant_id, p.edition_id, o.name as organisation_name, p.body, coalesce(p.presentation, '') as offer,
    coalesce(c.language, 'da') as language, {_HELD} as held
"""
_AROUND = """
join organisation o using (organisation_id)
left join contact c on c.participant_id = p.participant_id and c.relation = 'self' and not c.forgotten
"""
_ONE = f"select {_COLUMNS} from participant p {_AROUND} where p.participant_id = $1 and {_ON_OFFER}"  # noqa: S608 - our own words
# First which hosts, from the indexes, then what is said of those few. Of several municipalities each gives its own newest, so that
# a region is read like one municipality and not as all its hosts, sorted.
_FOUND = "select p.participant_id from participant p where {fitting} order by p.participant_id {order} limit ${limit}"
_FOUND_AMONG = """
select slice.participant_id from unnest(${places}::text[]) place cross join lateral (
    select p.participant_id from participant p where {fitting} and p.body->'workplace'->>'municipality_code' = place
    order by p.participant_id {order} limit ${limit}) slice
order by slice.participant_id {order} limit ${limit}
"""
_PAGE = f"""
with found as materialized ({{found}})
select {_COLUMNS} from found join participant p using (participant_id) {_AROUND} order by p.participant_id desc
"""  # noqa: S608 - our own words
_KNOWN = "select exists (select from participant where participant_id = $1 and role = 'host')"
# Written out, not given: only so can the index of those who speak English serve every plan.
_SPEAKS: Final = {
    "da": "p.participant_id in (select participant_id from contact where relation = 'self' and language = 'da')",
    "en": "p.participant_id in (select participant_id from contact where relation = 'self' and language = 'en')",
}
_BY_PLACE = f"""
select p.body->'workplace'->>'municipality_code' as code, count(*) as hosts from participant p where {_ON_OFFER}
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody searches for. None, empty or nought: anything will do."""

    edition_ids: tuple[UUID, ...]
    field: str | None = None
    sector: str | None = None
    municipalities: tuple[str, ...] = ()
    abroad: bool = False
    seats: int = 0
    language: Literal["da", "en"] | None = None
    words: tuple[str, ...] = ()

    def anywhere(self) -> "Wanted":
        """The same, wherever it is."""
        return replace(self, municipalities=(), abroad=False)


@dataclass(frozen=True, slots=True)
class HostOnOffer:
    """A host as anybody may see it."""

    participant_id: UUID
    edition_id: UUID
    organisation_name: str
    body: dict[str, Any]
    offer: str
    language: str
    held: int

    @property
    def seats_left(self) -> int:
        """How many more interns there is room for. A host may have lowered its capacity below what it holds."""
        return max(0, int(self.body["capacity"]) - self.held)


async def page(
    conn: Any, *, wanted: Wanted, after: UUID | None = None, before: UUID | None = None, limit: int
) -> list[HostOnOffer]:
    """Hosts that fit, newest first: those after one host on the list, or the last ones before it."""
    clauses, values = _fitting(replace(wanted, municipalities=()))
    if before is not None:
        values.append(before)
        clauses.append(f"p.participant_id > ${len(values)}")
    elif after is not None:
        values.append(after)
        clauses.append(f"p.participant_id < ${len(values)}")
    values += [limit, list(wanted.municipalities)] if wanted.municipalities else [limit]
    places = len(values)
    found = (_FOUND_AMONG if wanted.municipalities else _FOUND).format(
        fitting=" and ".join(clauses),
        order="desc" if before is None else "asc",
        limit=places - 1 if wanted.municipalities else places,
        places=places,
    )
    query = _PAGE.format(found=found)
    return [_host(row) for row in await conn.fetch(query, *values)]


async def by_place(conn: Any, *, wanted: Wanted) -> dict[str | None, int]:
    """How many hosts that fit each municipality has. None: outside Denmark."""
    clauses, values = _fitting(wanted)
    rows = await conn.fetch(f"{_BY_PLACE} and {' and '.join(clauses)} group by 1", *values)
    return {row["code"]: row["hosts"] for row in rows}


async def one(conn: Any, *, participant_id: UUID) -> HostOnOffer | None:
    """The host, or None where that is no valid host."""
    row = await conn.fetchrow(_ONE, participant_id)
    return None if row is None else _host(row)


async def was_there(conn: Any, *, participant_id: UUID) -> bool:
    """Whether there has been such a host at all."""
    known: bool = await conn.fetchval(_KNOWN, participant_id)
    return known


def _fitting(wanted: Wanted) -> tuple[list[str], list[Any]]:
    """Only the conditions that are asked for: a condition that may be null would keep the indexes from being used."""
    clauses = [_ON_OFFER, "p.edition_id = any($1::uuid[])"]
    values: list[Any] = [list(wanted.edition_ids)]

    def add(clause: str, value: object) -> None:
        values.append(value)
        clauses.append(clause.format(f"${len(values)}"))

    if wanted.field is not None:
        add("p.body->>'field' = {}", wanted.field)
    if wanted.sector is not None:
        add("p.body->'workplace'->>'sector' = {}", wanted.sector)
    if wanted.abroad:
        clauses.append("p.body->'workplace'->>'municipality_code' is null")
    elif wanted.municipalities:
        add("p.body->'workplace'->>'municipality_code' = any({}::text[])", list(wanted.municipalities))
    if wanted.seats:
        add(f"(p.body->>'capacity')::int - {_HELD} >= {{}}", wanted.seats)
    if wanted.language is not None:
        clauses.append(_SPEAKS[wanted.language])
    if wanted.words:
        add(
            "p.organisation_id in (select organisation_id from organisation"
            " where to_tsvector('simple', folded_name) @@ to_tsquery('simple', {}))",
            " & ".join(f"'{word}':*" for word in wanted.words),
        )
    return clauses, values


def _host(row: Any) -> HostOnOffer:
    return HostOnOffer(**{**row, "body": json.loads(row["body"])})


def words_of(text: str) -> Sequence[str]:
    """The words to look for in a name, letters and digits only: the rest has a meaning of its own in a query."""
    cleaned = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
    return cleaned.split()[:6]
