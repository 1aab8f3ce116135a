"""Where each placement and evaluation stands, as matching and evaluation say it: for the person's own page, and seats held.

Invariants: only a later event of an aggregate changes its row, by `ce_sequence`; each event is one entry of the history, however
often and in whatever order it comes.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ipraktik_registration.domain.course import Entry, Evaluation, Party, Placement, as_heard

_PLACEMENT = """
insert into placement_state as s (placement_id, intern_id, host_id, state, first_day, last_day, respond_by, sequence)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (placement_id) do update set state = excluded.state, first_day = coalesce(excluded.first_day, s.first_day),
    last_day = coalesce(excluded.last_day, s.last_day), respond_by = excluded.respond_by, sequence = excluded.sequence
where s.sequence < excluded.sequence
"""
_EVALUATION = """
insert into evaluation_state as s (evaluation_id, placement_id, party, wave, state, respond_by, sequence)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (evaluation_id) do update set state = excluded.state, respond_by = excluded.respond_by, sequence = excluded.sequence
where s.sequence < excluded.sequence
"""
_NO_PLACE = """
insert into no_place as s (participant_id, reason, final, sequence) values ($1, $2, $3, $4)
on conflict (participant_id) do update set reason = excluded.reason, final = excluded.final, sequence = excluded.sequence
where s.sequence < excluded.sequence
"""
_PLACEMENTS_OF = """
select s.placement_id, s.state, s.first_day, s.last_day, s.respond_by, coalesce(o.name, '') as other_organisation
from placement_state s
left join participant p on p.participant_id = case when s.intern_id = $1 then s.host_id else s.intern_id end
left join organisation o using (organisation_id)
where s.intern_id = $1 or s.host_id = $1 order by s.placement_id
"""
_EVALUATIONS_OF = """
select e.evaluation_id, e.placement_id, e.wave, e.state, e.respond_by from evaluation_state e
join placement_state s using (placement_id)
where e.party = any($2::text[])
    and ((s.intern_id = $1 and e.party in ('intern', 'manager')) or (s.host_id = $1 and e.party = 'host'))
order by e.evaluation_id
"""
_ENTRY = """
insert into course_entry (about_id, sequence, kind, at, party, version, first_day, last_day, respond_by, note)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (about_id, sequence) do nothing
"""
_ENTRIES = """
select about_id, sequence, kind, at, party, version, first_day, last_day, respond_by, note from course_entry
where about_id = any($1::uuid[]) order by about_id, sequence
"""
_NO_PLACE_OF = "select final from no_place where participant_id = $1"


@dataclass(frozen=True, slots=True)
class PlacementState:
    """One placement of a person, with the organisation on the other side."""

    placement_id: UUID
    state: str
    first_day: date | None
    last_day: date | None
    respond_by: datetime | None
    other_organisation: str


async def note_placement(
    conn: Any,
    *,
    placement_id: UUID,
    intern_id: UUID,
    host_id: UUID,
    state: str,
    days: tuple[date | None, date | None],
    respond_by: datetime | None,
    sequence: int,
) -> None:
    """Note where a placement stands."""
    await conn.execute(_PLACEMENT, placement_id, intern_id, host_id, state, *days, respond_by, sequence)


async def note_evaluation(
    conn: Any,
    *,
    evaluation_id: UUID,
    placement_id: UUID,
    party: str,
    wave: str,
    state: str,
    respond_by: datetime,
    sequence: int,
) -> None:
    """Note where an evaluation stands."""
    await conn.execute(_EVALUATION, evaluation_id, placement_id, party, wave, state, respond_by, sequence)


async def note_no_place(conn: Any, *, participant_id: UUID, reason: str, final: bool, sequence: int) -> None:
    """Note that a run found no place."""
    await conn.execute(_NO_PLACE, participant_id, reason, final, sequence)


async def placements_of(conn: Any, *, participant_id: UUID) -> list[PlacementState]:
    """The placements that a sign-up takes or took part in."""
    return [PlacementState(**row) for row in await conn.fetch(_PLACEMENTS_OF, participant_id)]


async def courses_of(conn: Any, *, participant_id: UUID) -> list[Placement]:
    """The placements that a sign-up takes or took part in, with what was heard of each, standing as that tells."""
    standing = await placements_of(conn, participant_id=participant_id)
    heard: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in await entries_about(conn, about_ids=[one.placement_id for one in standing]):
        heard[entry.about_id].append(entry)
    return [
        as_heard(
            Placement(
                one.placement_id,
                one.state,
                one.first_day,
                one.last_day,
                one.respond_by,
                one.other_organisation,
                tuple(heard[one.placement_id]),
            )
        )
        for one in standing
    ]


async def evaluations_of(
    conn: Any, *, participant_id: UUID, parties: Sequence[Party] = ("intern", "host")
) -> list[Evaluation]:
    """The evaluations that the owner of a sign-up was asked for, or the intern's own manager."""
    rows = await conn.fetch(_EVALUATIONS_OF, participant_id, list(parties))
    return [Evaluation(**row) for row in rows]


async def note_entry(conn: Any, entry: Entry) -> None:
    """Note what was heard."""
    await conn.execute(
        _ENTRY,
        entry.about_id,
        entry.sequence,
        entry.kind,
        entry.at,
        entry.party,
        entry.version,
        entry.first_day,
        entry.last_day,
        entry.respond_by,
        entry.note,
    )


async def entries_about(conn: Any, *, about_ids: Sequence[UUID]) -> list[Entry]:
    """What was heard about these, each in its order."""
    return [Entry(**row) for row in await conn.fetch(_ENTRIES, list(about_ids))]


async def no_place_for(conn: Any, *, participant_id: UUID) -> bool | None:
    """Whether a run found no place, and whether that is final; None where no run has said so."""
    final: bool | None = await conn.fetchval(_NO_PLACE_OF, participant_id)
    return final
