"""Questions that people were asked by mail and have not answered, the reminders of each, and reminding now.

Invariant: a fact that answers marks the question's mails as settled in the transaction that takes it in, so what is listed here
is open as far as notify has heard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_chassis.transaction import Connection


@dataclass(frozen=True, slots=True)
class Question:
    """A question without an answer: who was asked when, until when it can be answered, how often and when next they are reminded."""

    mail_id: UUID
    kind: str
    party: str
    state: str
    subject_id: UUID
    participant_id: UUID | None
    placement_id: UUID | None
    edition_id: UUID | None
    useless_after: datetime
    asked_at: datetime | None
    name: str | None
    email: str | None
    reminded: int
    reminded_at: datetime | None
    next_at: datetime | None


_OPEN = """
select q.id as mail_id, q.kind, q.party, q.state, q.subject_id, q.participant_id, q.placement_id, q.edition_id, q.useless_after,
       q.sent_at as asked_at, c.name, c.email, r.reminded, r.reminded_at, r.next_at
from mail q
left join contact c on c.contact_id = q.contact_id and not c.erased
cross join lateral (
    select count(*) filter (where k.sent_at is not null) as reminded, max(k.sent_at) as reminded_at,
           min(k.due_at) filter (where k.state = 'scheduled') as next_at
    from mail k
    where k.subject_id = q.subject_id and k.party = q.party and k.settled_at is null and k.useless_after is not null
      and k.kind = $1::jsonb ->> q.kind
) r
"""


async def settle(
    conn: Connection, *, subject_id: UUID, kinds: Sequence[str], party: str | None, now: datetime
) -> None:
    """The questions of these kinds are answered."""
    await conn.execute(
        """
        update mail set settled_at = $4
        where subject_id = $1 and settled_at is null and useless_after is not null and kind = any($2::text[])
          and ($3::text is null or party = $3)
        """,
        subject_id,
        list(kinds),
        party,
        now,
    )


async def open_questions(
    conn: Connection,
    *,
    reminders: str,
    kinds: Sequence[str],
    now: datetime,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Question]:
    """Those whose time runs out first come first. `reminders` is the reminder's kind by the question's, as JSON."""
    rows = await conn.fetch(
        f"""
        {_OPEN}
        where q.settled_at is null and q.useless_after > $2 and q.kind = any($3::text[])
          and q.state not in ('scheduled', 'dropped') and q.resend_of is null
          and ($4::timestamptz is null or (q.useless_after, q.id) > ($4, $5::uuid))
        order by q.useless_after, q.id limit $6
        """,
        reminders,
        now,
        list(kinds),
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )
    return [Question(**dict(row)) for row in rows]


async def question(conn: Connection, *, reminders: str, mail_id: UUID) -> tuple[Question, bool] | None:
    """One question, and whether it is answered; its row is locked until the end of the transaction."""
    settled: Any = await conn.fetchrow("select settled_at from mail where id = $1 for update", mail_id)
    if settled is None:
        return None
    row = await conn.fetchrow(f"{_OPEN} where q.id = $2 and q.useless_after is not null", reminders, mail_id)
    return None if row is None else (Question(**dict(row)), settled["settled_at"] is not None)


async def written_since(
    conn: Connection, *, subject_id: UUID, party: str, kinds: Sequence[str], since: datetime
) -> bool:
    """Whether one of these mails went out since then, or is on its way."""
    return bool(
        await conn.fetchval(
            """
            select exists (
                select from mail
                where subject_id = $1 and party = $2 and kind = any($3::text[]) and settled_at is null
                  and useless_after is not null
                  and (sent_at >= $4 or (sent_at is null and ready_at >= $4) or state in ('waiting', 'pending', 'sending')
                       or (state = 'scheduled' and acted_by is not null)))
            """,
            subject_id,
            party,
            list(kinds),
            since,
        )
    )


async def bring_forward(
    conn: Connection, *, subject_id: UUID, party: str, kind: str, acted_by: str, now: datetime
) -> bool:
    """Make the planned reminder due now; whether there was one."""
    rows = await conn.fetch(
        """
        update mail set due_at = $4, acted_by = $5
        where state = 'scheduled' and subject_id = $1 and party = $2 and kind = $3 returning id
        """,
        subject_id,
        party,
        kind,
        now,
        acted_by,
    )
    return bool(rows)
