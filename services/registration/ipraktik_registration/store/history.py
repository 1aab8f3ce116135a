"""The history of sign-ups. Invariant: rows are added in the transaction of what they tell of, and never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_registration.domain.history import Act, Actor, ActorKind

_NOTE = """
insert into sign_up_history (participant_id, at, act, actor, coordinator, reason)
select id, $2, $3, $4, $5, $6 from unnest($1::uuid[]) id
"""
_OF = """
select at, act, actor, coordinator, reason from sign_up_history where participant_id = $1 order by history_id limit 500
"""


@dataclass(frozen=True, slots=True)
class Noted:
    """One thing that happened."""

    at: datetime
    act: Act
    actor: ActorKind
    coordinator: str | None
    reason: str | None


async def note(
    conn: Any, *participant_ids: UUID, act: Act, actor: Actor, now: datetime, reason: str | None = None
) -> None:
    """Note that it happened to these sign-ups."""
    if participant_ids:
        await conn.execute(_NOTE, list(participant_ids), now, act, actor.kind, actor.name, reason)


async def of(conn: Any, *, participant_id: UUID) -> list[Noted]:
    """What happened to a sign-up, in order."""
    return [Noted(**row) for row in await conn.fetch(_OF, participant_id)]
