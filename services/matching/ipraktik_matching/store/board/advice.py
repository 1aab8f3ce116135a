"""What the engine says beside a plan: which hosts to look for, what would place each of those who are left, what keeping costs."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_matching.puzzle.advice import Wanted

MOST_ATTEMPTS = 3

# Runs that this version solved, the oldest first; one that was cut off again and again is left alone.
_TO_DO = """
from runs r left join run_advice a using (run_id)
where r.state in ('solved', 'released') and r.certificate is not null
  and (a.run_id is null or (a.advice is null and a.sentence is null and a.attempts < $1))
"""
_NEXT_DUE = f"select min(r.requested_at) {_TO_DO}"
_TAKE = f"""
insert into run_advice (run_id, attempts)
select run_id, 1 {_TO_DO} order by r.requested_at, r.run_id limit 1
on conflict (run_id) do update set attempts = run_advice.attempts + 1
returning run_id
"""
_KEEP = "update run_advice set advice = $2, sentence = $3 where run_id = $1"
_OF_RUN = """
select advice, sentence from run_advice where run_id = $1 and (advice is not null or sentence is not null)
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """Of `stood` who had a proposal or a place in the last plan, `stay` keep it, and `would_stay` would if staying weighed nothing.

    `points`: what their staying costs of the `of_points` that the plan would have without it. It costs nobody a place.
    """

    stood: int
    stay: int
    would_stay: int
    points: int
    of_points: int


@dataclass(frozen=True, slots=True)
class Advice:
    """Hosts to look for, best first. `helps`: for each who is left what alone would place them; nothing: only another host.

    `kept`: the price of stability, where somebody stood somewhere and staying weighed something. `sentence`: why there is none of it.
    """

    wanted: tuple[Wanted, ...]
    helps: Mapping[UUID, tuple[str, ...]]
    sentence: str | None = None
    kept: Kept | None = None


async def of_run(conn: Any, *, run_id: UUID, whom: Collection[UUID] | None = None) -> Advice | None:
    """The run's, once it is made; `whom`: whose helps are asked for, since a page names few of thousands. None = everybody's."""
    row = await conn.fetchrow(_OF_RUN, run_id)
    if row is None:
        return None
    told = json.loads(row["advice"] or '{"wanted": [], "helps": {}}')
    return Advice(
        tuple(Wanted(**one) for one in told["wanted"]),
        _helps(told["helps"], whom),
        row["sentence"],
        Kept(**told["kept"]) if told.get("kept") else None,
    )


def _helps(told: Mapping[str, Sequence[str]], whom: Collection[UUID] | None) -> dict[UUID, tuple[str, ...]]:
    if whom is None:
        return {UUID(intern_id): tuple(codes) for intern_id, codes in told.items()}
    return {one: tuple(told[str(one)]) for one in whom if str(one) in told}


async def next_due(conn: Any) -> datetime | None:
    """When the oldest run without advice was asked for."""
    moment: datetime | None = await conn.fetchval(_NEXT_DUE, MOST_ATTEMPTS)
    return moment


async def take(conn: Any) -> UUID | None:
    """Take up the oldest run without advice."""
    run_id: UUID | None = await conn.fetchval(_TAKE, MOST_ATTEMPTS)
    return run_id


async def keep(conn: Any, *, run_id: UUID, advice: str | None, sentence: str | None) -> None:
    """Keep what was said, or why nothing was."""
    await conn.execute(_KEEP, run_id, advice, sentence)
