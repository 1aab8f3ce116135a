"""Solver runs as they are asked for and read: queued, running, solved or failed, released. How one is worked on is `run_attempts`.

A cancelled run is a failed one with the name of who stopped it, which the version before this one can show too.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_matching import papers

# What an attempt of the version before this one laid out has nothing beside it, whatever an earlier attempt put there.
_BESIDE = "case when laid_out = attempts then beside end"
_COLUMNS = """run_id, edition_id, state, requested_by, requested_at, attempts, releases_before, input_digest, sentence, final,
    released_by, released_at, released, policy, stage, work, cancelled_by, cancelled_at, certificate is not null as certified,
    case when laid_out = attempts then remarks end as remarks"""
_ADD = """
insert into runs (run_id, edition_id, state, requested_by, requested_at, policy) values ($1, $2, 'queued', $3, $4, $5)
on conflict (run_id) do nothing
"""
_UNDER_WAY = """
select run_id from runs where edition_id = $1 and state in ('queued', 'running') order by requested_at, run_id limit 1
"""
_OF_EDITION = """
select run_id, state, requested_by, requested_at, sentence, final, released_by, released_at, releases_before, cancelled_by,
    placed, unplaced
from runs left join run_summaries using (run_id)
where edition_id = $1 order by requested_at desc, run_id desc limit $2
"""
_INPUT = f"select input, {_BESIDE} as beside from runs where run_id = $1 and input is not null"  # noqa: S608 - the columns are this module's own words
_PLAN = "select plan from runs where run_id = $1"
_WHOLE_PLAN = "select plan, certificate from runs where run_id = $1 and plan is not null"
_CERTIFIED = """
select run_id from runs where certificate is not null and ($1::uuid is null or edition_id = $1)
order by requested_at, run_id
"""
_FIND = f"select {_COLUMNS} from runs where run_id = $1"  # noqa: S608 - the columns are this module's own words
_LOCK = f"{_FIND} for update"
_CANCEL = """
update runs set state = 'failed', sentence = $4, cancelled_by = $2, cancelled_at = $3, stage = null
where run_id = $1 and state in ('queued', 'running')
"""
_RELEASED = """
update runs set state = 'released', final = $2, released_by = $3, released_at = $4, released = $5 where run_id = $1
"""
_RELEASES = "select count(*) from runs where edition_id = $1 and state = 'released'"
# The last plan that people look at and nobody was told of: where it has them, a new one leaves them if it can.
_DRAFTED = """
select p.intern_id, p.host_id from run_placements p
where p.run_id = (select run_id from runs
                  where edition_id = $1 and state = 'solved'
                    and releases_before = (select count(*) from runs where edition_id = $1 and state = 'released')
                  order by requested_at desc, run_id desc limit 1)
"""
_NEXT_DUE = "select min(requested_at) from runs where state in ('queued', 'running')"
_PENDING = "select count(*) from runs where state in ('queued', 'running')"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd about what a run was laid out from: a code with the ids it is about, or the engine's own sentence."""

    code: str
    ids: tuple[UUID, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A solver run without its papers, which are long. `work`: processor seconds so far, while it is `running`."""

    run_id: UUID
    edition_id: UUID
    state: str
    requested_by: str
    requested_at: datetime
    attempts: int
    releases_before: int | None
    input_digest: str | None
    sentence: str | None
    final: bool | None
    released_by: str | None
    released_at: datetime | None
    released: str | None
    policy: str | None
    stage: str | None
    work: int | None
    cancelled_by: str | None
    cancelled_at: datetime | None
    certified: bool
    remarks: tuple[Remark, ...]

    @property
    def cancelled(self) -> bool:
        """Whether somebody stopped it."""
        return self.cancelled_at is not None


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in a list, its plan in two numbers."""

    run_id: UUID
    state: str
    requested_by: str
    requested_at: datetime
    sentence: str | None
    final: bool | None
    released_by: str | None
    released_at: datetime | None
    releases_before: int | None
    cancelled_by: str | None
    placed: int | None
    unplaced: int | None


async def add(
    conn: Any, *, run_id: UUID, edition_id: UUID, requested_by: str, now: datetime, policy: str | None = None
) -> None:
    """Queue a run; the same id again changes nothing."""
    await conn.execute(_ADD, run_id, edition_id, requested_by, now, policy)


async def under_way(conn: Any, *, edition_id: UUID) -> UUID | None:
    """The edition's run that waits or is being solved, if there is one."""
    run_id: UUID | None = await conn.fetchval(_UNDER_WAY, edition_id)
    return run_id


async def of_edition(conn: Any, *, edition_id: UUID, limit: int) -> list[RunLine]:
    """The edition's runs, the newest first."""
    return [RunLine(**dict(row)) for row in await conn.fetch(_OF_EDITION, edition_id, limit)]


async def puzzle_of(conn: Any, *, run_id: UUID) -> str | None:
    """What the solver was given, as canonical JSON."""
    row = await conn.fetchrow(_INPUT, run_id)
    return None if row is None else await asyncio.to_thread(papers.whole_puzzle, row["input"], row["beside"])


async def plan_of(conn: Any, *, run_id: UUID) -> str | None:
    """What the solver said, as canonical JSON, its certificate apart; pages read its rows instead."""
    text: str | None = await conn.fetchval(_PLAN, run_id)
    return text


async def whole_plan_of(conn: Any, *, run_id: UUID) -> str | None:
    """What the solver said, with the certificate, if it gave one."""
    row = await conn.fetchrow(_WHOLE_PLAN, run_id)
    return (
        None if row is None else await asyncio.to_thread(papers.whole_plan, row["plan"], row["certificate"])
    )


async def certified(conn: Any, *, edition_id: UUID | None) -> list[UUID]:
    """Runs with a certificate, of one edition or of all, the oldest first."""
    return [row["run_id"] for row in await conn.fetch(_CERTIFIED, edition_id)]


async def find(conn: Any, *, run_id: UUID) -> Run | None:
    """The run."""
    return _run(await conn.fetchrow(_FIND, run_id))


async def lock(conn: Any, *, run_id: UUID) -> Run | None:
    """The run, locked."""
    return _run(await conn.fetchrow(_LOCK, run_id))


async def cancel(conn: Any, *, run_id: UUID, by: str, now: datetime, sentence: str) -> bool:
    """Stop the run where it is under way; whoever works on it sees that it is no longer theirs. Whether it was."""
    told: str = await conn.execute(_CANCEL, run_id, by, now, sentence)
    return told == "UPDATE 1"


async def released(conn: Any, *, run_id: UUID, final: bool, by: str, now: datetime, outcome: str) -> None:
    """Note the release and what it did."""
    await conn.execute(_RELEASED, run_id, final, by, now, outcome)


async def releases(conn: Any, *, edition_id: UUID) -> int:
    """How many runs of the edition were released."""
    return int(await conn.fetchval(_RELEASES, edition_id))


async def drafted(conn: Any, *, edition_id: UUID) -> list[tuple[UUID, UUID]]:
    """Where the last plan that was not released has people, unless a release has overtaken it."""
    return [(row["intern_id"], row["host_id"]) for row in await conn.fetch(_DRAFTED, edition_id)]


async def next_due(conn: Any) -> datetime | None:
    """When the oldest run to do was asked for."""
    moment: datetime | None = await conn.fetchval(_NEXT_DUE)
    return moment


async def pending(conn: Any) -> int:
    """Runs queued or running: while there are any, simulated time waits."""
    return int(await conn.fetchval(_PENDING))


def _run(row: Any) -> Run | None:
    if row is None:
        return None
    remarks = tuple(
        Remark(one["code"], tuple(UUID(id_) for id_ in one["ids"]), one["text"])
        for one in json.loads(row["remarks"] or "[]")
    )
    return Run(**{**dict(row), "remarks": remarks})
