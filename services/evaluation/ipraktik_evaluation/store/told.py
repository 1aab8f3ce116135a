"""What the page that thanks tells of everybody's answers, as it was worked out last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from ipraktik_evaluation.domain.questions import Wave

_FIND = "select code, n, part, whole from told_indicator where edition_id = $1 order by code"
_TELL = """
insert into told_indicator (edition_id, code, n, part, whole, told_at) values ($1, $2, $3, $4, $5, $6)
on conflict (edition_id, code) do update set
    n = excluded.n, part = excluded.part, whole = excluded.whole, told_at = excluded.told_at
"""
_ANSWERS = """
select count(*) from evaluation where edition_id = $1 and wave = $2 and party in ('intern', 'host') and state = 'submitted'
"""


@dataclass(frozen=True, slots=True)
class Told:
    """An indicator over n answers: at least this share say yes; None where nothing may be told."""

    code: str
    n: int
    at_least: Fraction | None


async def told_indicators(conn: Any, *, edition_id: UUID) -> Sequence[Told]:
    """What has been worked out for an edition."""
    return [
        Told(row["code"], row["n"], None if row["part"] is None else Fraction(row["part"], row["whole"]))
        for row in await conn.fetch(_FIND, edition_id)
    ]


async def tell(conn: Any, *, edition_id: UUID, told: Told, now: datetime) -> None:
    """This stands from now on, until twice as many have answered."""
    part, whole = (None, None) if told.at_least is None else told.at_least.as_integer_ratio()
    await conn.execute(_TELL, edition_id, told.code, told.n, part, whole, now)


async def answers_in(conn: Any, *, edition_id: UUID, wave: Wave) -> int:
    """How many interns and hosts have answered in a wave."""
    count: int = await conn.fetchval(_ANSWERS, edition_id, wave)
    return count
