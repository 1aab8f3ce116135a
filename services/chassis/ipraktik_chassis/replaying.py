"""Taking parked records in after all, in order, key by key. A key's line stops at the first record that still does not go."""

from collections.abc import Sequence

from . import parked
from .database import Database
from .intake import Intake
from .parked import ParkedRecord


async def replay(
    *, database: Database, intake: Intake, consumer: str, records: Sequence[ParkedRecord]
) -> dict[int, str | None]:
    """Replay these records and everything parked behind them. Per record id: None where it took effect, else why not."""
    outcomes: dict[int, str | None] = {}
    for topic, key in dict.fromkeys(
        (parked_record.record.topic, parked_record.record.key) for parked_record in records
    ):
        wanted = {parked_record.id for parked_record in records} if key is None else None
        # Asked again until nothing new is there: what arrives meanwhile is parked behind what is being replayed.
        while True:
            async with database.reading() as conn:
                line = await parked.line_of(conn, consumer=consumer, topic=topic, key=key)
            fresh = [one for one in line if one.id not in outcomes and (wanted is None or one.id in wanted)]
            if not fresh or not await _go(database, intake, fresh, outcomes, stop_at_first=key is not None):
                break
    return outcomes


async def _go(
    database: Database,
    intake: Intake,
    line: Sequence[ParkedRecord],
    outcomes: dict[int, str | None],
    *,
    stop_at_first: bool,
) -> bool:
    """Take a line in, one record after the other; False where it stopped before its end."""
    for parked_record in line:
        reason = outcomes[parked_record.id] = await intake.replay(parked_record.record)
        if reason is None:
            async with database.transaction() as tx:
                await parked.remove(tx.conn, id=parked_record.id)
        elif stop_at_first:
            return False
    return True


async def replay_what_is_known_now(*, database: Database, intake: Intake, consumer: str) -> int:
    """At start: replay what an older build parked because it did not know the type or major. Returns how many took effect."""
    async with database.reading() as conn:
        waiting = await parked.listed(
            conn, consumer=consumer, kinds=("unknown_type", "newer_major"), limit=10_000
        )
    outcomes = await replay(database=database, intake=intake, consumer=consumer, records=waiting)
    return sum(reason is None for reason in outcomes.values())
