"""Who did what to a placement, in order. Rows are added, never changed, but for free text at erasure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

_ADD = """
insert into history (placement_id, at, act, actor_kind, actor, party, version, comment, reason)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_BLANK = """
update history set comment = ''
where comment <> '' and placement_id in (select placement_id from placements where intern_id = $1 or host_id = $1)
"""
_OF = """
select at, act, actor_kind, actor, party, version, comment, reason from history where placement_id = $1 order by id
"""
_THREE: Final = ("intern", "manager", "host")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a contact by id, a coordinator by name, the clock, or registration's word."""

    kind: Literal["contact", "coordinator", "clock", "registration"]
    name: str | None = None


CLOCK = Actor("clock")
REGISTRATION = Actor("registration")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a placement's history."""

    placement_id: UUID
    act: str
    party: str | None = None
    version: int | None = None
    comment: str = ""
    reason: str | None = None


async def add(conn: Any, entries: Sequence[Entry], *, actor: Actor, now: datetime) -> None:
    """Note what the actor did."""
    await conn.executemany(
        _ADD,
        [
            (
                entry.placement_id,
                now,
                entry.act,
                actor.kind,
                actor.name,
                entry.party,
                entry.version,
                entry.comment,
                entry.reason,
            )
            for entry in entries
        ],
    )


async def blank_comments(conn: Any, *, participant_id: UUID) -> None:
    """Blank free text in the history of a sign-up's placements."""
    await conn.execute(_BLANK, participant_id)


async def of_placement(conn: Any, *, placement_id: UUID) -> list[dict[str, Any]]:
    """A placement's history in order. The third approval is kept without a party: it is of the one that had not approved yet."""
    lines = [dict(row) for row in await conn.fetch(_OF, placement_id)]
    for line in lines:
        if line["act"] == "AgreementSigned" and line["party"] is None:
            approved = {
                one["party"]
                for one in lines
                if one["act"] == "AgreementApproved" and one["version"] == line["version"]
            }
            # where the lines before are not whole, nothing is guessed
            left = [party for party in _THREE if party not in approved]
            line["party"] = left[0] if len(left) == 1 else None
    return lines
