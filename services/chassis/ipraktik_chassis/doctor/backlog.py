"""What waits in the database: events that nobody has heard of yet, records that could not be taken in."""

from typing import Any, Final

import asyncpg

from ipraktik_chassis import outbox, outbox_dead
from ipraktik_chassis.doctor.database import connected
from ipraktik_chassis.doctor.examining import Patient
from ipraktik_chassis.doctor.finding import Finding, age, by_limits, fail, ok
from ipraktik_contracts.counted import counted

_OUTBOX_WARN: Final = 60.0
_OUTBOX_FAIL: Final = 600.0
_PARKED_FAIL: Final = 24 * 3600.0
_PARKED = """
select count(*) as rows, min(parked_at) as oldest, array_agg(distinct kind order by kind) filter (where kind <> 'behind') as kinds
from parked where consumer = $1
"""


async def examine_backlog(patient: Patient) -> list[Finding]:
    """Ages are by the programme's clock, as the rows are."""
    try:
        async with connected(patient) as conn:
            return [await _outbox(conn, patient), *await _dead(conn), await _parked(conn, patient)]
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError):
        return [fail("backlog", "the tables could not be read", "See what is said of the database")]


async def _outbox(conn: Any, patient: Patient) -> Finding:
    waiting = await outbox.backlog(conn)
    if waiting.oldest_created_at is None:
        return ok("outbox", "empty")
    seconds = (patient.settings.clock().now() - waiting.oldest_created_at).total_seconds()
    return by_limits(
        "outbox",
        f"{counted(waiting.rows, 'event waits', 'events wait')} to be sent, the oldest for {age(seconds)}",
        seconds=seconds,
        warn_over=_OUTBOX_WARN,
        fail_over=_OUTBOX_FAIL,
        do="Is a `work` running, and what does its log say? See docs/operations/outbox-stuck.md",
    )


async def _dead(conn: Any) -> list[Finding]:
    rows = await outbox_dead.count(conn)
    return (
        [
            fail(
                "outbox",
                f"Kafka refuses {counted(rows, 'event', 'events')} for good, and what follows under the same key waits",
                "Mend the cause, then retry: see docs/operations/outbox-stuck.md",
            )
        ]
        if rows
        else []
    )


async def _parked(conn: Any, patient: Patient) -> Finding:
    row = await conn.fetchrow(_PARKED, patient.service.name)
    if not row["rows"]:
        return ok("parked", "none")
    seconds = (patient.settings.clock().now() - row["oldest"]).total_seconds()
    return by_limits(
        "parked",
        f"{counted(row['rows'], 'record', 'records')} could not be taken in ({', '.join(row['kinds'] or ['behind'])}), "
        f"the oldest {age(seconds)} ago; everything later under the same key waits",
        seconds=max(seconds, 0),
        warn_over=-1,
        fail_over=_PARKED_FAIL,
        do=f"python -m ipraktik_{patient.service.name} parked list; see docs/operations/parked-events.md",
    )
