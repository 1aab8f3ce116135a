"""Sign-ups: reading them for a decision, and writing what was decided."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_registration.domain.life import Role, Standing, State, Step
from ipraktik_registration.store import editions


@dataclass(frozen=True, slots=True)
class SignUp:
    """A sign-up as it is kept. `body` holds the facts without people; empty once forgotten."""

    participant_id: UUID
    edition_id: UUID
    role: Role
    state: State
    reference: str
    lot: str
    created_at: datetime
    respond_by: datetime | None
    registered_at: datetime | None
    consent: bool | None
    duplicate: bool
    organisation_id: UUID | None
    workplace_id: UUID | None
    body: dict[str, Any]
    job_title: str
    unit_name: str
    presentation: str

    @property
    def standing(self) -> Standing:
        """What the rules of a sign-up's life need to know."""
        return Standing(self.role, self.state, self.respond_by, self.consent, self.duplicate)


_COLUMNS = """
    p.participant_id, p.edition_id, p.role, p.state, coalesce(p.reference, '') as reference, p.lot, p.created_at, p.respond_by,
    p.registered_at, p.consent, p.duplicate, p.organisation_id, p.workplace_id, coalesce(p.body, '{}') as body,
    coalesce(p.job_title, '') as job_title, coalesce(p.unit_name, '') as unit_name,
    coalesce(p.presentation, '') as presentation
"""
_EDITION_OF = "select edition_id from participant where participant_id = $1"
_ONE = f"select {_COLUMNS} from participant p where participant_id = $1"  # noqa: S608 - our own column names
_LOCKED = f"{_ONE} for update"
_MANY_LOCKED = f"select {_COLUMNS} from participant p where participant_id = any($1::uuid[]) order by participant_id for update"  # noqa: S608 - our own column names
_STEP = """
update participant set state = $2, respond_by = $3, forget_at = $4, duplicate = duplicate or $5, consent = coalesce($6, consent),
    registered_at = case when $2 = 'registered' then coalesce(registered_at, $7) else registered_at end,
    ended_at = case when $2 in ('withdrawn', 'expired', 'refused', 'erased') then $7 else ended_at end
where participant_id = any($1::uuid[])
"""
_WORKPLACE = "update participant set organisation_id = $2, workplace_id = $3 where participant_id = $1"
_DETAILS = """
update participant set body = $2::jsonb, job_title = $3, unit_name = $4, presentation = $5 where participant_id = $1
"""
_RESPOND_BY = "update participant set respond_by = $2 where participant_id = $1"
_ACTIVE_TWIN = """
select exists (select from contact mine join contact c on c.email_key = mine.email_key and c.relation = 'self'
    join participant p on p.participant_id = c.participant_id
    where mine.participant_id = $1 and mine.relation = 'self' and p.participant_id <> $1 and p.edition_id = $2 and p.role = $3
        and p.state in ('awaiting_consent', 'registered'))
"""
_FORGET = """
update participant set body = null, job_title = null, unit_name = null, presentation = null, fingerprint = null,
    forget_at = null, reference = case when $2 then null else reference end,
    organisation_id = case when $2 then null else organisation_id end,
    workplace_id = case when $2 then null else workplace_id end
where participant_id = any($1::uuid[])
"""
_NEXT_SILENCE = "select min(respond_by) from participant where respond_by is not null"
_SILENT = """
select participant_id, edition_id from participant where respond_by <= $1 order by respond_by limit $2
"""
_NEXT_FORGETTING = "select min(forget_at) from participant where forget_at is not null"
_TO_FORGET = """
select participant_id from participant where forget_at <= $1 order by forget_at limit $2 for update skip locked
"""


async def one(conn: Any, *, participant_id: UUID) -> SignUp | None:
    """The sign-up, or None."""
    row = await conn.fetchrow(_ONE, participant_id)
    return None if row is None else _sign_up(row)


async def locked(conn: Any, *, participant_id: UUID) -> SignUp | None:
    """The sign-up under its edition's lock and its own, for a decision; None where there is none."""
    edition_id = await conn.fetchval(_EDITION_OF, participant_id)
    if edition_id is None:
        return None
    await editions.lock(conn, edition_id)
    return _sign_up(await conn.fetchrow(_LOCKED, participant_id))


async def many_locked(conn: Any, *, participant_ids: Sequence[UUID]) -> list[SignUp]:
    """The sign-ups, locked in the order of their ids. The caller holds the locks of their editions."""
    return [_sign_up(row) for row in await conn.fetch(_MANY_LOCKED, list(participant_ids))]


async def take_step(
    conn: Any,
    *participant_ids: UUID,
    step: Step,
    now: datetime,
    duplicate: bool = False,
    consent: bool | None = None,
) -> None:
    """Write where an act has led."""
    await conn.execute(
        _STEP, list(participant_ids), step.state, step.respond_by, step.forget_at, duplicate, consent, now
    )


async def set_workplace(
    conn: Any, *, participant_id: UUID, organisation_id: UUID, workplace_id: UUID
) -> None:
    """Note the merged organisation and unit."""
    await conn.execute(_WORKPLACE, participant_id, organisation_id, workplace_id)


async def set_details(
    conn: Any,
    *,
    participant_id: UUID,
    body: dict[str, Any],
    job_title: str,
    unit_name: str,
    presentation: str,
) -> None:
    """Replace what the sign-up says."""
    await conn.execute(_DETAILS, participant_id, json.dumps(body), job_title, unit_name, presentation)


async def set_respond_by(conn: Any, *, participant_id: UUID, respond_by: datetime) -> None:
    """Give more time to answer."""
    await conn.execute(_RESPOND_BY, participant_id, respond_by)


async def has_active_twin(conn: Any, *, sign_up: SignUp) -> bool:
    """Whether the same address is signed up in this edition and role by another sign-up that counts."""
    found: bool = await conn.fetchval(_ACTIVE_TWIN, sign_up.participant_id, sign_up.edition_id, sign_up.role)
    return found


async def forget(conn: Any, *participant_ids: UUID, erased: bool) -> None:
    """Remove what is personal from the sign-ups; an erased one keeps nothing but its id, edition and role."""
    await conn.execute(_FORGET, list(participant_ids), erased)


async def next_silence(conn: Any) -> datetime | None:
    """When the next waiting sign-up runs out."""
    moment: datetime | None = await conn.fetchval(_NEXT_SILENCE)
    return moment


async def silent(conn: Any, *, now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Sign-ups whose time is out, longest first, as (participant, edition). Not locked: the caller locks and looks again."""
    return [tuple(row) for row in await conn.fetch(_SILENT, now, limit)]


async def next_forgetting(conn: Any) -> datetime | None:
    """When the next ended sign-up's people are to be forgotten."""
    moment: datetime | None = await conn.fetchval(_NEXT_FORGETTING)
    return moment


async def to_forget(conn: Any, *, now: datetime, limit: int) -> list[UUID]:
    """Ended sign-ups whose people are to be forgotten by now, locked."""
    return [row["participant_id"] for row in await conn.fetch(_TO_FORGET, now, limit)]


def _sign_up(row: Any) -> SignUp:
    values = dict(row)
    values["body"] = json.loads(values["body"])
    return SignUp(**values)
