"""What tally listens to and does by the clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from ipraktik_chassis.database import Database
from ipraktik_chassis.ids import derived_id
from ipraktik_chassis.jobs import Job
from ipraktik_chassis.service import Context, Work
from ipraktik_chassis.subscriptions import Subscriptions
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import (
    ContactChanged,
    EvaluationRequested,
    MatchAccepted,
    MatchDeclined,
    MatchProposed,
)

WAIT_LOCK: Final = 424_242
"""The advisory lock that a key with the fault 'waits' waits for."""


class Broken(Exception):
    """A handler's own failure, which no second try mends."""


def work(context: Context) -> Work:
    """MatchExpired and the others are left out on purpose: known, and nothing is done about them."""
    subscriptions = Subscriptions()
    subscriptions.on(MatchProposed, when_proposed)
    subscriptions.on(MatchDeclined, when_declined)
    subscriptions.on_many(MatchAccepted, when_accepted)
    subscriptions.on(ContactChanged, when_contact_changed)
    subscriptions.on_erasure(ContactChanged, when_erased)
    return Work(subscriptions=subscriptions, jobs=(reminders(context),))


async def when_proposed(tx: Transaction, event: CloudEvent) -> None:
    """Note it, and ask for an evaluation, so that something comes out because something came in."""
    assert isinstance(event.data, MatchProposed)
    await _note(tx, [event])
    await tx.emit(
        EvaluationRequested(
            evaluation_id=derived_id("evaluation", event.key),
            edition_id=event.data.edition_id,
            placement_id=event.data.placement_id,
            party="intern",
            wave="after",
            question_set_version=1,
            answer_by=tx.now + timedelta(days=14),
        )
    )


async def when_declined(tx: Transaction, event: CloudEvent) -> None:
    """Note it."""
    await _note(tx, [event])


async def when_accepted(tx: Transaction, events: Sequence[CloudEvent]) -> None:
    """Note them all at once."""
    await _note(tx, events)


async def when_contact_changed(tx: Transaction, event: CloudEvent) -> None:
    """Keep the latest."""
    data = event.data
    assert isinstance(data, ContactChanged)
    await _note(tx, [event])
    await tx.conn.execute(
        "insert into contacts values ($1, $2, $3, $4) on conflict (contact_id) do update "
        "set name = excluded.name, language = excluded.language, epoch = excluded.epoch",
        data.contact_id,
        data.name,
        data.language,
        data.epoch,
    )


async def when_erased(tx: Transaction, keys: Sequence[str]) -> None:
    """Forget them."""
    await tx.conn.execute("delete from contacts where contact_id = any($1)", [UUID(key) for key in keys])


async def _note(tx: Transaction, events: Sequence[CloudEvent]) -> None:
    keys = [event.key for event in events]
    faults = {row["kind"] for row in await tx.conn.fetch("select kind from faults where key = any($1)", keys)}
    if "fails" in faults:
        raise Broken(f"no tally for {keys}")
    if "waits" in faults:
        await tx.conn.execute("select pg_advisory_xact_lock_shared($1)", WAIT_LOCK)
    await tx.conn.execute(
        "insert into heard (key, kind, sequence, event_id) select key, kind, sequence, id "
        "from unnest($1::text[], $2::text[], $3::bigint[], $4::uuid[]) "
        "with ordinality e (key, kind, sequence, id, place) order by place",
        keys,
        [type(event.data).__name__ for event in events],
        [event.sequence for event in events],
        [event.id for event in events],
    )
    await tx.conn.execute(
        "insert into tallies as t select key, count(*) from unnest($1::text[]) key group by key order by key "
        "on conflict (key) do update set count = t.count + excluded.count",
        keys,
    )


def reminders(context: Context) -> Job:
    """Each reminder is due once; how often it was given is counted."""

    async def next_due(conn: Any) -> datetime | None:
        moment: datetime | None = await conn.fetchval("select min(due) from reminders where times = 0")
        return moment

    async def run(database: Database) -> int:
        async with database.transaction() as tx:
            done = await tx.conn.fetch(
                "update reminders set times = times + 1 where due <= $1 and times = 0 returning id", tx.now
            )
        return len(done)

    return Job(name=f"{context.service} reminders", next_due=next_due, run=run)
