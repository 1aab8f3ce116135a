"""Placements and the versions of their agreements, read into and written from the domain's values.

Locks are taken in the order of ids and always for a whole group of companions at once, so two of them never wait for each other.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ipraktik_matching.domain.placement import Placement, Version, due_at
from ipraktik_matching.domain.terms import Terms

STANDING = ("proposed", "drafted", "signed", "completed", "not_held")
"""States that hold a seat and take the intern out of the puzzle."""

_COLUMNS = """placement_id, edition_id, intern_id, host_id, group_id, run_id, origin, reasons, first_day, last_day, answer_by,
    state, accepted, draft, standing, last_version, words, disputed, ended_by, ended_reason"""
_FIND = f"select {_COLUMNS} from placements where placement_id = any($1) order by placement_id"  # noqa: S608 - the columns are this module's own words
_OF_EDITION = f"select {_COLUMNS} from placements where edition_id = $1 order by placement_id"  # noqa: S608 - the columns are this module's own words
_OF_PARTICIPANT = (
    f"select {_COLUMNS} from placements where intern_id = $1 or host_id = $1 order by placement_id"  # noqa: S608 - the columns are this module's own words
)
_LOCK = f"""
select {_COLUMNS} from placements
where placement_id = any($1)
   or group_id in (select group_id from placements where placement_id = any($1) and group_id is not null)
order by placement_id for update
"""  # noqa: S608 - the columns are this module's own words
_LOCK_OF_PARTICIPANT = f"""
select {_COLUMNS} from placements
where intern_id = $1 or host_id = $1
   or group_id in (select group_id from placements where (intern_id = $1 or host_id = $1) and group_id is not null)
order by placement_id for update
"""  # noqa: S608 - the columns are this module's own words
_LOCK_OF_MANY = """
select from placements
where intern_id = any($1) or host_id = any($1)
   or group_id in (select group_id from placements
                   where (intern_id = any($1) or host_id = any($1)) and group_id is not null)
order by placement_id for update
"""
# Without a lock: locks are taken afterwards, for whole groups and in the order of ids.
_DUE = "select placement_id from placements where due_at <= $1 order by due_at, placement_id limit $2"
_NEXT_DUE = "select min(due_at) from placements where due_at is not null"
_VERSIONS = """
select v.placement_id, v.version, v.terms, v.fingerprint, v.sign_by, v.approved, v.refused
from agreement_versions v join placements p using (placement_id)
where v.placement_id = any($1) and v.version in (p.draft, p.standing)
"""
_SAVE = """
insert into placements (placement_id, edition_id, intern_id, host_id, group_id, run_id, origin, reasons, first_day,
    last_day, answer_by, state, accepted, draft, standing, last_version, words, disputed, ended_by, ended_reason, due_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
on conflict (placement_id) do update set
    state = excluded.state, accepted = excluded.accepted, draft = excluded.draft, standing = excluded.standing,
    last_version = excluded.last_version, words = excluded.words, disputed = excluded.disputed,
    ended_by = excluded.ended_by, ended_reason = excluded.ended_reason, due_at = excluded.due_at
"""
# Terms and fingerprint are written once: what somebody has read never changes under them.
_SAVE_VERSIONS = """
insert into agreement_versions (placement_id, version, terms, fingerprint, sign_by, approved, refused)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (placement_id, version) do update set approved = excluded.approved, refused = excluded.refused
"""
_TEXTS_OF = """
select v.placement_id, v.version, v.terms from agreement_versions v join placements p using (placement_id)
where p.intern_id = $1 or p.host_id = $1
"""
_BLANK = "update agreement_versions set terms = $3 where placement_id = $1 and version = $2"
_SEATS = """
select placement_id, intern_id, host_id, group_id, state, ended_reason, state = 'proposed' and accepted = '{}' as unanswered,
       first_day, last_day
from placements where edition_id = $1 order by placement_id
"""


@dataclass(frozen=True, slots=True)
class Seat:
    """Who was proposed to whom, and what has become of it."""

    placement_id: UUID
    intern_id: UUID
    host_id: UUID
    group_id: UUID | None
    state: str
    ended_reason: str | None
    unanswered: bool
    first_day: date
    last_day: date

    @property
    def taken(self) -> bool:
        """Whether the seat is held."""
        return self.state in STANDING

    @property
    def forbids(self) -> bool:
        """Whether the two must not be proposed to each other again. Who was freed with a companion, or moved, did not say no."""
        return not self.taken and self.ended_reason not in ("companion_out", "moved")


async def find(conn: Any, *, placement_id: UUID) -> Placement | None:
    """The placement as it stands."""
    found = await _read(conn, await conn.fetch(_FIND, [placement_id]))
    return found[0] if found else None


async def of_edition(conn: Any, *, edition_id: UUID) -> list[Placement]:
    """All placements of an edition."""
    return await _read(conn, await conn.fetch(_OF_EDITION, edition_id))


async def of_participant(conn: Any, *, participant_id: UUID) -> list[Placement]:
    """All placements of a sign-up."""
    return await _read(conn, await conn.fetch(_OF_PARTICIPANT, participant_id))


async def lock(conn: Any, *, placement_ids: Sequence[UUID]) -> list[Placement]:
    """Lock these placements and their companions', in the order of ids, and read them."""
    return await _read(conn, await conn.fetch(_LOCK, list(placement_ids)))


async def lock_of_participant(conn: Any, *, participant_id: UUID) -> list[Placement]:
    """Lock every placement of a sign-up and their companions', in the order of ids, and read them."""
    return await _read(conn, await conn.fetch(_LOCK_OF_PARTICIPANT, participant_id))


async def lock_of_many(conn: Any, *, participant_ids: Sequence[UUID]) -> None:
    """Lock every placement of these sign-ups and their companions', in the order of ids; for who then goes through them one by one."""
    await conn.fetch(_LOCK_OF_MANY, list(participant_ids))


async def next_due(conn: Any) -> datetime | None:
    """When the clock next does something about any placement."""
    moment: datetime | None = await conn.fetchval(_NEXT_DUE)
    return moment


async def due(conn: Any, *, now: datetime, limit: int) -> list[UUID]:
    """Placements about which the clock has something to do, the longest due first."""
    return [row["placement_id"] for row in await conn.fetch(_DUE, now, limit)]


async def save(conn: Any, placements: Sequence[Placement]) -> None:
    """Write the placements and the versions they speak of."""
    await conn.executemany(_SAVE, [_row(placement) for placement in placements])
    versions = [
        (placement.placement_id, version)
        for placement in placements
        for version in (placement.draft, placement.standing)
        if version is not None
    ]
    await conn.executemany(
        _SAVE_VERSIONS,
        [
            (
                placement_id,
                version.number,
                version.terms.canonical(),
                version.fingerprint,
                version.sign_by,
                sorted(version.approved),
                sorted(version.refused),
            )
            for placement_id, version in versions
        ],
    )


async def blank_texts(conn: Any, *, participant_id: UUID) -> None:
    """Blank what people wrote into the terms of a sign-up's placements; fingerprints stay as they were."""
    rows = await conn.fetch(_TEXTS_OF, participant_id)
    blanked = [
        (row["placement_id"], row["version"], Terms.from_canonical(row["terms"]).blanked().canonical())
        for row in rows
    ]
    await conn.executemany(_BLANK, blanked)


async def seats(conn: Any, *, edition_id: UUID) -> list[Seat]:
    """Every placement of an edition as a seat taken, or a pair tried."""
    return [Seat(**dict(row)) for row in await conn.fetch(_SEATS, edition_id)]


async def _read(conn: Any, rows: Sequence[Any]) -> list[Placement]:
    if not rows:
        return []
    found: dict[tuple[UUID, int], Version] = {
        (row["placement_id"], row["version"]): Version(
            terms=Terms.from_canonical(row["terms"]),
            fingerprint=row["fingerprint"],
            sign_by=row["sign_by"],
            approved=frozenset(row["approved"]),
            refused=frozenset(row["refused"]),
        )
        for row in await conn.fetch(_VERSIONS, [row["placement_id"] for row in rows])
    }
    return [
        Placement(
            **{
                **dict(row),
                "reasons": tuple(row["reasons"]),
                "accepted": frozenset(row["accepted"]),
                "words": json.loads(row["words"]),
                "draft": found.get((row["placement_id"], row["draft"])),
                "standing": found.get((row["placement_id"], row["standing"])),
            }
        )
        for row in rows
    ]


def _row(placement: Placement) -> tuple[Any, ...]:
    return (
        placement.placement_id,
        placement.edition_id,
        placement.intern_id,
        placement.host_id,
        placement.group_id,
        placement.run_id,
        placement.origin,
        list(placement.reasons),
        placement.first_day,
        placement.last_day,
        placement.answer_by,
        placement.state,
        sorted(placement.accepted),
        placement.draft.number if placement.draft else None,
        placement.standing.number if placement.standing else None,
        placement.last_version,
        json.dumps(dict(placement.words), sort_keys=True),
        placement.disputed,
        placement.ended_by,
        placement.ended_reason,
        due_at(placement),
    )
