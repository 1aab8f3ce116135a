"""Solver runs: queued, running, solved or failed, released. A run that is `running` while no job runs was cut off."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_COLUMNS = """run_id, edition_id, state, requested_by, requested_at, attempts, releases_before, input_digest, sentence, final,
    released_by, released_at, released"""
_ADD = """
insert into runs (run_id, edition_id, state, requested_by, requested_at) values ($1, $2, 'queued', $3, $4)
on conflict (run_id) do nothing
"""
_UNDER_WAY = """
select run_id from runs where edition_id = $1 and state in ('queued', 'running') order by requested_at, run_id limit 1
"""
_OF_EDITION = """
select run_id, state, requested_by, requested_at, sentence, final, released_by, released_at, releases_before, placed, unplaced
from runs left join run_summaries using (run_id)
where edition_id = $1 order by requested_at desc, run_id desc limit $2
"""
_INPUT = "select input from runs where run_id = $1"
_PLAN = "select plan from runs where run_id = $1"
_FIND = f"select {_COLUMNS} from runs where run_id = $1"  # noqa: S608 - the columns are this module's own words
_LOCK = f"{_FIND} for update"
_TAKE = """
update runs set state = 'running', attempts = attempts + 1
where run_id = (select run_id from runs where state in ('queued', 'running') order by requested_at, run_id limit 1)
returning run_id, edition_id, attempts
"""
_LAID_OUT = """
update runs set input = $3, input_digest = $4, releases_before = $5
where run_id = $1 and state = 'running' and attempts = $2
"""
# Only the attempt that is on may finish: an older one whose lock was lost must not overwrite it.
_SOLVED = (
    "update runs set state = 'solved', plan = $3 where run_id = $1 and state = 'running' and attempts = $2"
)
_FAILED = "update runs set state = 'failed', sentence = $3 where run_id = $1 and state = 'running' and attempts = $2"
_RELEASED = """
update runs set state = 'released', final = $2, released_by = $3, released_at = $4, released = $5 where run_id = $1
"""
_RELEASES = "select count(*) from runs where edition_id = $1 and state = 'released'"
_NEXT_DUE = "select min(requested_at) from runs where state in ('queued', 'running')"
_PENDING = "select count(*) from runs where state in ('queued', 'running')"


@dataclass(frozen=True, slots=True)
class Run:
    """A solver run without its input and its plan, which are long."""

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
    placed: int | None
    unplaced: int | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A run that was taken up, and the how-manieth time."""

    run_id: UUID
    edition_id: UUID
    number: int


async def add(conn: Any, *, run_id: UUID, edition_id: UUID, requested_by: str, now: datetime) -> None:
    """Queue a run; the same id again changes nothing."""
    await conn.execute(_ADD, run_id, edition_id, requested_by, now)


async def under_way(conn: Any, *, edition_id: UUID) -> UUID | None:
    """The edition's run that waits or is being solved, if there is one."""
    run_id: UUID | None = await conn.fetchval(_UNDER_WAY, edition_id)
    return run_id


async def of_edition(conn: Any, *, edition_id: UUID, limit: int) -> list[RunLine]:
    """The edition's runs, the newest first."""
    return [RunLine(**dict(row)) for row in await conn.fetch(_OF_EDITION, edition_id, limit)]


async def puzzle_of(conn: Any, *, run_id: UUID) -> str | None:
    """What the solver was given, as canonical JSON."""
    text: str | None = await conn.fetchval(_INPUT, run_id)
    return text


async def plan_of(conn: Any, *, run_id: UUID) -> str | None:
    """What the solver said, as canonical JSON; pages read its rows instead."""
    text: str | None = await conn.fetchval(_PLAN, run_id)
    return text


async def find(conn: Any, *, run_id: UUID) -> Run | None:
    """The run."""
    row = await conn.fetchrow(_FIND, run_id)
    return None if row is None else Run(**dict(row))


async def lock(conn: Any, *, run_id: UUID) -> Run | None:
    """The run, locked."""
    row = await conn.fetchrow(_LOCK, run_id)
    return None if row is None else Run(**dict(row))


async def take(conn: Any) -> Attempt | None:
    """Take up the oldest run to do, cut-off ones included."""
    row = await conn.fetchrow(_TAKE)
    return None if row is None else Attempt(row["run_id"], row["edition_id"], row["attempts"])


async def keep_input(conn: Any, *, attempt: Attempt, puzzle: str, digest: str, releases_before: int) -> None:
    """Keep what the solver is given."""
    await conn.execute(_LAID_OUT, attempt.run_id, attempt.number, puzzle, digest, releases_before)


async def solved(conn: Any, *, attempt: Attempt, plan: str) -> None:
    """Keep the plan."""
    await conn.execute(_SOLVED, attempt.run_id, attempt.number, plan)


async def failed(conn: Any, *, attempt: Attempt, sentence: str) -> None:
    """Say why there is no plan."""
    await conn.execute(_FAILED, attempt.run_id, attempt.number, sentence)


async def released(conn: Any, *, run_id: UUID, final: bool, by: str, now: datetime, outcome: str) -> None:
    """Note the release and what it did."""
    await conn.execute(_RELEASED, run_id, final, by, now, outcome)


async def releases(conn: Any, *, edition_id: UUID) -> int:
    """How many runs of the edition were released."""
    return int(await conn.fetchval(_RELEASES, edition_id))


async def next_due(conn: Any) -> datetime | None:
    """When the oldest run to do was asked for."""
    moment: datetime | None = await conn.fetchval(_NEXT_DUE)
    return moment


async def pending(conn: Any) -> int:
    """Runs queued or running: while there are any, simulated time waits."""
    return int(await conn.fetchval(_PENDING))
