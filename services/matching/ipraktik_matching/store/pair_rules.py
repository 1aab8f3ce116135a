"""Coordinators' words on pairs for the runs to come: must and never. A rule is undone, never taken away; free text goes at erasure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

Kind = Literal["must", "never"]
_COLUMNS = (
    "rule_id, edition_id, intern_id, host_id, kind, reason, comment, made_by, made_at, undone_by, undone_at"
)
# Nothing is written where the pair has a rule in force or the intern another must: the caller reads what stands instead.
_ADD = """
insert into pair_rules (rule_id, edition_id, intern_id, host_id, kind, reason, comment, made_by, made_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict do nothing
"""
_UNDO = """
update pair_rules set undone_by = $2, undone_at = $3 where rule_id = $1 and undone_at is null
"""
_FIND = f"select {_COLUMNS} from pair_rules where rule_id = $1"  # noqa: S608 - the columns are this module's own words
_IN_FORCE = f"""
select {_COLUMNS} from pair_rules where edition_id = $1 and undone_at is null order by made_at, rule_id
"""  # noqa: S608 - the columns are this module's own words
_OF_EDITION = f"""
select {_COLUMNS} from pair_rules where edition_id = $1 order by undone_at is not null, made_at desc, rule_id limit $2
"""  # noqa: S608 - the columns are this module's own words
_OF_PAIR = f"""
select {_COLUMNS} from pair_rules where intern_id = $1 and host_id = $2 order by made_at, rule_id
"""  # noqa: S608 - the columns are this module's own words
_ABOUT = f"""
select {_COLUMNS} from pair_rules where intern_id = $1 or host_id = $1 order by made_at, rule_id
"""  # noqa: S608 - the columns are this module's own words
_BLANK = "update pair_rules set comment = '' where comment <> '' and (intern_id = $1 or host_id = $1)"


@dataclass(frozen=True, slots=True)
class PairRule:
    """One word on one pair."""

    rule_id: UUID
    edition_id: UUID
    intern_id: UUID
    host_id: UUID
    kind: Kind
    reason: str
    comment: str
    made_by: str
    made_at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None


async def add(conn: Any, rule: PairRule) -> None:
    """Keep the rule. The edition's lock is held by the caller."""
    await conn.execute(
        _ADD,
        rule.rule_id,
        rule.edition_id,
        rule.intern_id,
        rule.host_id,
        rule.kind,
        rule.reason,
        rule.comment,
        rule.made_by,
        rule.made_at,
    )


async def undo(conn: Any, *, rule_id: UUID, by: str, now: datetime) -> None:
    """End the rule; who ended it first stays on record."""
    await conn.execute(_UNDO, rule_id, by, now)


async def find(conn: Any, *, rule_id: UUID) -> PairRule | None:
    """The rule, undone or not."""
    row = await conn.fetchrow(_FIND, rule_id)
    return None if row is None else PairRule(**dict(row))


async def in_force(conn: Any, *, edition_id: UUID) -> list[PairRule]:
    """The edition's rules that hold now, the oldest first."""
    return [PairRule(**dict(row)) for row in await conn.fetch(_IN_FORCE, edition_id)]


async def of_edition(conn: Any, *, edition_id: UUID, limit: int) -> list[PairRule]:
    """The edition's rules, those in force first, the newest first."""
    return [PairRule(**dict(row)) for row in await conn.fetch(_OF_EDITION, edition_id, limit)]


async def of_pair(conn: Any, *, intern_id: UUID, host_id: UUID) -> list[PairRule]:
    """Everything ever ruled about the two."""
    return [PairRule(**dict(row)) for row in await conn.fetch(_OF_PAIR, intern_id, host_id)]


async def about(conn: Any, *, participant_id: UUID) -> list[PairRule]:
    """Everything ever ruled about a sign-up, for the person whose it is."""
    return [PairRule(**dict(row)) for row in await conn.fetch(_ABOUT, participant_id)]


async def blank_comments(conn: Any, *, participant_id: UUID) -> None:
    """Blank free text about a sign-up."""
    await conn.execute(_BLANK, participant_id)
