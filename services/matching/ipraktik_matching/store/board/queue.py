"""What waits, for whom and until when: each kind of waiting is a lane of rows in the order of urgency, read from an index.

A page takes the first rows of every lane and merges them, so that it costs the same whether a hundred or twenty thousand take
part; counts stop at MOST_COUNTED for the same reason. Order: what waits for a coordinator (disputes, then runs), then by deadline,
then one-sided pairs, then interns without a place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

KINDS: Final = (
    "disputed",
    "run",
    "refused",
    "proposal",
    "agreement",
    "amendment",
    "one_sided",
    "unplaced",
)
MOST_COUNTED: Final = 999


@dataclass(frozen=True, slots=True)
class Lane:
    """Rows of one kind: where they come from, how urgent the kind is, and the two columns that order them."""

    kind: str
    rank: int
    source: str
    id: str
    until: str = "null::timestamptz"
    intern: str = "null::uuid"
    host: str = "null::uuid"
    placement: str = "null::uuid"
    run: str = "null::uuid"


_REFUSED: Final = """
    exists (select from agreement_versions v
            where v.placement_id = p.placement_id and v.version = p.draft and v.refused <> '{}')
"""
_OF_PLACEMENT: Final = {
    "id": "p.placement_id",
    "placement": "p.placement_id",
    "intern": "p.intern_id",
    "host": "p.host_id",
}
_DRAFT: Final = "placements p where p.edition_id = $1 and p.draft is not null and p.state"
_LANES: Final[tuple[Lane, ...]] = (
    Lane(
        "disputed",
        0,
        "placements p where p.edition_id = $1 and p.disputed and p.state = 'signed'",
        **_OF_PLACEMENT,
    ),
    # A run that was solved before the last release cannot be sent out any more; of the others only the newest waits.
    Lane(
        "run",
        1,
        """(select run_id from runs where edition_id = $1 and state = 'solved'
                and releases_before = (select count(*) from runs where edition_id = $1 and state = 'released')
            order by requested_at desc, run_id desc limit 1) r where true""",
        id="r.run_id",
        run="r.run_id",
    ),
    Lane(
        "refused",
        2,
        """agreement_versions v join placements p on p.placement_id = v.placement_id and p.draft = v.version
            where v.refused <> '{}' and p.edition_id = $1 and p.state in ('drafted', 'signed')""",
        until="p.due_at",
        **_OF_PLACEMENT,
    ),
    Lane(
        "proposal",
        2,
        "placements p where p.edition_id = $1 and p.state = 'proposed'",
        until="p.due_at",
        **_OF_PLACEMENT,
    ),
    Lane("agreement", 2, f"{_DRAFT} = 'drafted' and not {_REFUSED}", until="p.due_at", **_OF_PLACEMENT),
    Lane("amendment", 2, f"{_DRAFT} = 'signed' and not {_REFUSED}", until="p.due_at", **_OF_PLACEMENT),
    Lane(
        "one_sided",
        3,
        """participants p where p.edition_id = $1 and p.state = 'registered' and p.self_found_with is not null
            and not exists (select from participants o where o.participant_id = p.self_found_with
                            and o.self_found_with = p.participant_id and o.state = 'registered')""",
        id="p.participant_id",
        intern="case p.role when 'intern' then p.participant_id else p.self_found_with end",
        host="case p.role when 'intern' then p.self_found_with else p.participant_id end",
    ),
    Lane(
        "unplaced",
        4,
        """participants p where p.edition_id = $1 and p.state = 'registered' and p.role = 'intern'
            and not exists (select from placements s where s.intern_id = p.participant_id
                            and s.state in ('proposed', 'drafted', 'signed', 'completed', 'not_held'))""",
        id="p.participant_id",
        intern="p.participant_id",
    ),
)
_RANK: Final[Mapping[str, int]] = {lane.kind: lane.rank for lane in _LANES}


def _counted(lane: Lane) -> str:
    return (
        f"(select count(*) from (select from {lane.source} limit {MOST_COUNTED + 1}) counted) as {lane.kind}"  # noqa: S608 - this module's own words
    )


_COUNTS: Final = f"select {', '.join(map(_counted, _LANES))}"
# Since when: the moment of the last word that made it wait.
_DETAILS: Final = """
select p.placement_id, p.state, p.accepted, p.draft, p.standing, p.first_day, p.last_day, v.approved, v.refused, v.sign_by,
    (select h.at from history h where h.placement_id = p.placement_id and h.act = any($2) order by h.id desc limit 1) as since
from placements p
left join agreement_versions v on v.placement_id = p.placement_id and v.version = p.draft
where p.placement_id = any($1)
"""
_MADE_IT_WAIT: Final = (
    "MatchProposed",
    "AgreementDrafted",
    "AgreementAmended",
    "AgreementRefused",
    "SaidNotHeld",
    "SaidHeld",
)
# An intern waits since the sign-up, or since the last case ended.
_SINCE_OF_PEOPLE: Final = """
select p.participant_id,
    coalesce((select max(h.at) from placements e join history h using (placement_id) where e.intern_id = p.participant_id),
             p.since) as since
from participants p where p.participant_id = any($1)
"""
_SINCE_OF_RUNS: Final = "select run_id, requested_at as since from runs where run_id = any($1)"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of the queue; `until` where there is a deadline."""

    kind: str
    id: UUID
    until: datetime | None
    placement_id: UUID | None
    run_id: UUID | None
    intern_id: UUID | None
    host_id: UUID | None

    @property
    def place(self) -> "Place":
        """Where the row stands in the queue."""
        return Place(_RANK[self.kind], self.until, self.id)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue's order."""

    rank: int
    until: datetime | None
    id: UUID


@dataclass(frozen=True, slots=True)
class Details:
    """What the queue says about a placement."""

    state: str
    accepted: frozenset[str]
    standing: bool
    approved: frozenset[str]
    refused: frozenset[str]
    since: datetime | None


async def page(
    conn: Any, *, edition_id: UUID, kinds: Sequence[str], after: Place | None, limit: int
) -> list[Waiting]:
    """The most urgent rows of these kinds that come after a place."""
    lanes = [lane for lane in _LANES if lane.kind in kinds and (after is None or lane.rank >= after.rank)]
    if not lanes:
        return []
    within = [lane for lane in lanes if after is not None and lane.rank == after.rank]
    arguments: list[Any] = [edition_id, limit]
    if within and after is not None:
        arguments += [after.id] if after.until is None else [after.id, after.until]
    text = " union all ".join(_piece(lane, after if lane in within else None) for lane in lanes)
    rows = await conn.fetch(f"select * from ({text}) w order by rank, until, id limit $2", *arguments)  # noqa: S608 - the lanes are this module's own words
    return [Waiting(**{name: row[name] for name in Waiting.__dataclass_fields__}) for row in rows]


async def counts(conn: Any, *, edition_id: UUID) -> dict[str, int]:
    """How many wait of each kind; MOST_COUNTED + 1 stands for more."""
    return dict(await conn.fetchrow(_COUNTS, edition_id))


async def details(conn: Any, *, placement_ids: Sequence[UUID]) -> dict[UUID, Details]:
    """Who is missing, and since when."""
    rows = await conn.fetch(_DETAILS, list(placement_ids), list(_MADE_IT_WAIT))
    return {
        row["placement_id"]: Details(
            state=row["state"],
            accepted=frozenset(row["accepted"]),
            standing=row["standing"] is not None,
            approved=frozenset(row["approved"] or ()),
            refused=frozenset(row["refused"] or ()),
            since=row["since"],
        )
        for row in rows
    }


async def since_of(
    conn: Any, *, participant_ids: Sequence[UUID], run_ids: Sequence[UUID]
) -> dict[UUID, datetime | None]:
    """Since when people wait for a place, and runs for a release."""
    people = await conn.fetch(_SINCE_OF_PEOPLE, list(participant_ids)) if participant_ids else []
    asked = await conn.fetch(_SINCE_OF_RUNS, list(run_ids)) if run_ids else []
    return {row[0]: row["since"] for row in (*people, *asked)}


def _piece(lane: Lane, after: Place | None) -> str:
    beyond = ""
    if after is not None:
        beyond = f"and {lane.id} > $3" if after.until is None else f"and ({lane.until}, {lane.id}) > ($4, $3)"
    order = lane.id if lane.until.startswith("null") else f"{lane.until}, {lane.id}"
    return f"""
        (select '{lane.kind}' as kind, {lane.rank} as rank, {lane.until} as until, {lane.id} as id,
                {lane.placement} as placement_id, {lane.run} as run_id, {lane.intern} as intern_id, {lane.host} as host_id
         from {lane.source} {beyond} order by {order} limit $2)
    """  # noqa: S608 - the lanes are this module's own words
