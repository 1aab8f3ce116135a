"""The sent mails as coordinators look through them: newest first, narrowed, a page at a time.

Who a mail went to is a contact's id; name and address are joined from what is known now and are gone where the person is erased.
Each clause stands beside the index that serves it, so a page costs the same whether the log is short or long.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from ipraktik_chassis.transaction import Connection

STATES: Final = ("scheduled", "waiting", "held", "pending", "sending", "sent", "failed", "dropped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What to list. `failed`: what did not arrive, failed and dropped alike; `about`: a contact, a sign-up or a placement."""

    kind: str | None = None
    state: str | None = None
    party: str | None = None
    edition_id: UUID | None = None
    failed: bool = False
    about: UUID | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A mail and its recipient as known now."""

    mail_id: UUID
    kind: str
    party: str
    state: str
    reason: str | None
    code: int | None
    attempts: int
    resent: int
    contact_id: UUID | None
    participant_id: UUID | None
    placement_id: UUID | None
    edition_id: UUID | None
    resend_of: UUID | None
    created_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    name: str | None
    email: str | None


_COLUMNS: Final = """
m.id as mail_id, m.kind, m.party, m.state, m.reason, m.code, m.attempts, m.resent, m.contact_id, m.participant_id,
m.placement_id, m.edition_id, m.resend_of, m.created_at, m.due_at, m.sent_at, c.name, coalesce(c.email, w.owner_email) as email
"""
_FROM: Final = """
from mail m left join contact c on c.contact_id = m.contact_id and not c.erased
left join webhook w on m.party = 'owner' and w.webhook_id = m.contact_id
"""


async def page(conn: Connection, *, narrowing: Narrowing, before: UUID | None, limit: int) -> list[Row]:
    """The mails before an id, newest first."""
    clauses, values = _clauses(narrowing)
    if before is not None:
        values.append(before)
        clauses.append(f"m.id < ${len(values)}")
    where = f"where {' and '.join(clauses)}" if clauses else ""
    values.append(limit)
    # Clauses come from this module alone; what people typed is only ever a value.
    sql = f"select {_COLUMNS} {_FROM} {where} order by m.id desc limit ${len(values)}"
    return [Row(**dict(row)) for row in await conn.fetch(sql, *values)]


async def newer(conn: Connection, *, narrowing: Narrowing, after: UUID, limit: int) -> UUID | None:
    """The id before which the previous page begins; None where that is the first page."""
    clauses, values = _clauses(narrowing)
    values.append(after)
    clauses.append(f"m.id >= ${len(values)}")
    values.append(limit + 1)
    sql = f"select m.id from mail m where {' and '.join(clauses)} order by m.id limit ${len(values)}"  # noqa: S608
    rows = await conn.fetch(sql, *values)
    return rows[-1]["id"] if len(rows) > limit else None


async def one(conn: Connection, *, mail_id: UUID) -> dict[str, Any] | None:
    """All that is kept of a mail, with its recipient as known now."""
    row = await conn.fetchrow(
        f"""
        select {_COLUMNS}, m.fact_id, m.intern_id, m.host_id, m.aggregate_id, m.subject_id, m.facts, m.relation, m.message_id,
               m.ready_at, m.useless_after, m.settled_at, m.acted_by, m.needs_placement,
               p.state as sign_up_state,
               -- erased, and nobody else stands in that place
               coalesce(k.erased, m.reason = 'erased', false) and (m.relation is null or not exists (
                   select from contact x
                   where x.participant_id = m.participant_id and x.relation = m.relation and not x.erased)) as recipient_erased
        {_FROM}
        left join contact k on k.contact_id = m.contact_id
        left join participant p on p.participant_id = m.participant_id
        where m.id = $1
        """,  # noqa: S608 - the text is this module's own
        mail_id,
    )
    return None if row is None else dict(row)


async def troubles(conn: Connection, *, mail_id: UUID) -> list[dict[str, Any]]:
    """What went wrong with a mail, oldest first."""
    rows = await conn.fetch(
        "select at, reason, code, doubt from mail_trouble where mail_id = $1 order by id", mail_id
    )
    return [dict(row) for row in rows]


async def repeats(conn: Connection, *, mail_id: UUID) -> list[dict[str, Any]]:
    """The mails that repeat this one on purpose, oldest first."""
    rows = await conn.fetch(
        "select id as mail_id, fact_id, state, reason, created_at, sent_at, acted_by from mail where resend_of = $1 order by id",
        mail_id,
    )
    return [dict(row) for row in rows]


async def of_contact(conn: Connection, *, contact_id: UUID) -> list[dict[str, Any]]:
    """The mails of one person, oldest first: their part of the log."""
    rows = await conn.fetch(
        """
        select id as mail_id, kind, state, reason, created_at, due_at, sent_at, attempts, message_id
        from mail where contact_id = $1 order by id
        """,
        contact_id,
    )
    return [dict(row) for row in rows]


async def editions(conn: Connection, *, days: Callable[[date, date], str]) -> list[tuple[UUID, str]]:
    """Every edition that is known, the latest first; those that share a name are told apart by their days, as `days` writes them."""
    rows = await conn.fetch(
        """
        select edition_id, name, first_day, last_day, count(*) over (partition by name) > 1 as shared
        from edition order by first_day desc, edition_id
        """
    )
    return [
        (
            row["edition_id"],
            f"{row['name']} ({days(row['first_day'], row['last_day'])})" if row["shared"] else row["name"],
        )
        for row in rows
    ]


def _clauses(narrowing: Narrowing) -> tuple[list[str], list[Any]]:
    clauses: list[str] = []
    values: list[Any] = []

    def add(clause: str, value: Any) -> None:
        values.append(value)
        clauses.append(clause.format(f"${len(values)}"))

    if narrowing.failed:
        clauses.append("m.state in ('failed', 'dropped')")
    if narrowing.state in STATES:
        # Written out, for the planner to see which partial index holds it.
        clauses.append(f"m.state = '{narrowing.state}'")
    if narrowing.kind is not None:
        add("m.kind = {}", narrowing.kind)
    if narrowing.party is not None:
        add("m.party = {}", narrowing.party)
    if narrowing.edition_id is not None:
        add("m.edition_id = {}", narrowing.edition_id)
    if narrowing.about is not None:
        add("(m.contact_id = {0} or m.participant_id = {0} or m.placement_id = {0})", narrowing.about)
    return clauses, values
