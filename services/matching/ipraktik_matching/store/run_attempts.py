"""A run while it is worked on: taken up, kept on, ended. A run that is `running` while no job runs was cut off.

Only the attempt that is on may write: one whose lock was lost, or whose run was stopped, finds that nothing is its own any more.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from ipraktik_matching.store.runs import Remark

_TAKE = """
update runs set state = 'running', attempts = attempts + 1, stage = null, work = null
where run_id = (select run_id from runs where state in ('queued', 'running') order by requested_at, run_id limit 1)
returning run_id, edition_id, attempts, policy
"""
_MINE = "run_id = $1 and state = 'running' and attempts = $2"
_LAID_OUT = f"""
update runs set input = $3, input_digest = $4, releases_before = $5, beside = $6, remarks = $7, laid_out = attempts where {_MINE}
"""  # noqa: S608 - the condition is this module's own words
_REMARKED = f"update runs set remarks = $3, beside = null, laid_out = attempts where {_MINE}"  # noqa: S608 - the condition is this module's own words
_GOES_ON = f"update runs set stage = $3, work = $4 where {_MINE}"  # noqa: S608 - the condition is this module's own words
_SOLVED = f"""
update runs set state = 'solved', plan = $3, certificate = $4, stage = null where {_MINE}
"""  # noqa: S608 - the condition is this module's own words
_FAILED = f"update runs set state = 'failed', sentence = $3, stage = null where {_MINE}"  # noqa: S608 - the condition is this module's own words
# Its number is given to the next attempt, which may be the older version's: nothing of this one may be left beside it.
_PUT_BACK = f"""
update runs set state = 'queued', attempts = attempts - 1, stage = null, laid_out = null, beside = null, remarks = null where {_MINE}
"""  # noqa: S608 - the condition is this module's own words


@dataclass(frozen=True, slots=True)
class Attempt:
    """A run that was taken up, the how-manieth time, and what was turned for it."""

    run_id: UUID
    edition_id: UUID
    number: int
    policy: str | None


async def take(conn: Any) -> Attempt | None:
    """Take up the oldest run to do, cut-off ones included."""
    row = await conn.fetchrow(_TAKE)
    return None if row is None else Attempt(*row.values())


async def keep_input(
    conn: Any,
    *,
    attempt: Attempt,
    puzzle: str,
    beside: str | None,
    digest: str,
    releases_before: int,
    remarks: Sequence[Remark],
) -> bool:
    """Keep what the solver is given. Whether the run is still this attempt's."""
    told = await conn.execute(
        _LAID_OUT, attempt.run_id, attempt.number, puzzle, digest, releases_before, beside, _written(remarks)
    )
    return _one(told)


async def keep_remarks(conn: Any, *, attempt: Attempt, remarks: Sequence[Remark]) -> None:
    """Keep what stands in the way of a puzzle."""
    await conn.execute(_REMARKED, attempt.run_id, attempt.number, _written(remarks))


async def goes_on(conn: Any, *, attempt: Attempt, stage: str | None, work: int) -> bool:
    """Note how far it is. Whether the run is still this attempt's: false once it was stopped."""
    return _one(await conn.execute(_GOES_ON, attempt.run_id, attempt.number, stage, work))


async def solved(conn: Any, *, attempt: Attempt, plan: str, certificate: str | None) -> bool:
    """Keep the plan. Whether the run was still this attempt's."""
    return _one(await conn.execute(_SOLVED, attempt.run_id, attempt.number, plan, certificate))


async def failed(conn: Any, *, attempt: Attempt, sentence: str) -> None:
    """Say why there is no plan."""
    await conn.execute(_FAILED, attempt.run_id, attempt.number, sentence)


async def put_back(conn: Any, *, attempt: Attempt) -> None:
    """Queue it again as if it had not been taken up: who works on it is being stopped, which is no fault of the run."""
    await conn.execute(_PUT_BACK, attempt.run_id, attempt.number)


def _written(remarks: Sequence[Remark]) -> str:
    return json.dumps([asdict(one) for one in remarks], default=str)


def _one(told: str) -> bool:
    return told == "UPDATE 1"
