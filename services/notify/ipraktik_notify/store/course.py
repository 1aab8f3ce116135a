"""Editions, placements and evaluations, as far as mails must know them. Each topic keeps its order per key, so the last word counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ipraktik_chassis.transaction import Connection


@dataclass(frozen=True, slots=True)
class Edition:
    """The frame of an edition."""

    edition_id: UUID
    name: str
    mode: str
    hold_mails: bool
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Placement:
    """A placement as it stands."""

    placement_id: UUID
    edition_id: UUID
    intern_id: UUID
    host_id: UUID
    state: str
    first_day: date | None
    last_day: date | None
    answer_by: datetime | None
    sign_by: datetime | None
    signed_version: int | None


async def remember_edition(conn: Connection, *, edition: Edition) -> None:
    """Keep the latest frame."""
    await conn.execute(
        """
        insert into edition (edition_id, name, mode, hold_mails, first_day, last_day) values ($1, $2, $3, $4, $5, $6)
        on conflict (edition_id) do update
        set name = excluded.name, mode = excluded.mode, hold_mails = excluded.hold_mails,
            first_day = excluded.first_day, last_day = excluded.last_day
        """,
        edition.edition_id,
        edition.name,
        edition.mode,
        edition.hold_mails,
        edition.first_day,
        edition.last_day,
    )


async def follow_placement(
    conn: Connection,
    *,
    placement_id: UUID,
    edition_id: UUID,
    intern_id: UUID,
    host_id: UUID,
    state: str,
    first_day: date | None = None,
    last_day: date | None = None,
    answer_by: datetime | None = None,
    sign_by: datetime | None = None,
    signed_version: int | None = None,
) -> Placement:
    """Keep what an event says of a placement (None: nothing new) and give back how it stands."""
    row = await conn.fetchrow(
        """
        insert into placement as p (placement_id, edition_id, intern_id, host_id, state, first_day, last_day, answer_by,
                                    sign_by, signed_version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (placement_id) do update
        set state = excluded.state,
            first_day = coalesce(excluded.first_day, p.first_day), last_day = coalesce(excluded.last_day, p.last_day),
            answer_by = coalesce(excluded.answer_by, p.answer_by), sign_by = coalesce(excluded.sign_by, p.sign_by),
            signed_version = coalesce(excluded.signed_version, p.signed_version)
        returning *
        """,
        placement_id,
        edition_id,
        intern_id,
        host_id,
        state,
        first_day,
        last_day,
        answer_by,
        sign_by,
        signed_version,
    )
    return Placement(**dict(row))


async def remember_evaluation(
    conn: Connection, *, evaluation_id: UUID, placement_id: UUID, party: str
) -> None:
    """Keep whose evaluation of which placement it is."""
    await conn.execute(
        "insert into evaluation (evaluation_id, placement_id, party) values ($1, $2, $3) on conflict do nothing",
        evaluation_id,
        placement_id,
        party,
    )


async def editions(conn: Connection, *, edition_ids: Sequence[UUID]) -> dict[UUID, Edition]:
    """These editions."""
    rows = await conn.fetch("select * from edition where edition_id = any($1::uuid[])", list(edition_ids))
    return {row["edition_id"]: Edition(**dict(row)) for row in rows}


async def aggregates(conn: Connection, *, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """What each id is: (placement, its state) or (evaluation, its party); sign-ups are not listed."""
    rows: list[Any] = await conn.fetch(
        """
        select placement_id as id, 'placement' as what, state as detail from placement where placement_id = any($1::uuid[])
        union all
        select evaluation_id, 'evaluation', party from evaluation where evaluation_id = any($1::uuid[])
        """,
        list(ids),
    )
    return {row["id"]: (row["what"], row["detail"]) for row in rows}
