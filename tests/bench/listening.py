"""What the listening side of the benchmarks does: one set-based state change per event, on a database like a service's."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, cast
from uuid import UUID

from ipraktik_chassis import schema
from ipraktik_chassis.clock import SystemClock
from ipraktik_chassis.database import Database
from ipraktik_chassis.ids import new_id
from ipraktik_chassis.subscriptions import Subscriptions
from ipraktik_chassis.transaction import Origin, Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import ParticipantUpdated
from ipraktik_contracts.examples import example_envelopes
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.service_database import ServiceDatabase

MIGRATIONS = Path(__file__).parent / "migrations"
ORIGIN = Origin("urn:innovationspraktik:coi:registration")

_SEE = """
insert into participant_seen as seen (participant_id, sequence, edition_id, role, field, municipality_code, body, seen_at)
select u.*, $8 from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::json[]) u
on conflict (participant_id) do update set sequence = excluded.sequence, edition_id = excluded.edition_id,
    role = excluded.role, field = excluded.field, municipality_code = excluded.municipality_code, body = excluded.body,
    seen_at = excluded.seen_at
where seen.sequence < excluded.sequence
"""


def participant_updated(participant_id: UUID, *, sequence: int) -> CloudEvent:
    """A whole event as registration says it, with all thirteen headers."""
    example = next(one for one in example_envelopes() if isinstance(one.data, ParticipantUpdated))
    now = SystemClock().now()
    id = new_id(now)
    return CloudEvent(
        id=id,
        source=ORIGIN.source,
        time=now,
        sequence=sequence,
        data=example.data.model_copy(update={"participant_id": participant_id}),
        correlation_id=example.correlation_id,
        causation_id=str(id),
        traceparent=example.traceparent,
    )


async def see(tx: Transaction, events: Sequence[CloudEvent]) -> None:
    """Keep what the events say, the last of each participant, in one statement."""
    latest = {event.key: event for event in events}
    columns: list[tuple[Any, ...]] = []
    for event in latest.values():
        data = cast(ParticipantUpdated, event.data)
        columns.append(
            (
                data.participant_id,
                event.sequence,
                data.edition_id,
                data.role,
                data.field,
                data.workplace.municipality_code,
                data.model_dump_json(),
            )
        )
    await tx.conn.execute(_SEE, *(list(column) for column in zip(*columns, strict=True)), tx.now)


def subscriptions() -> Subscriptions:
    """Listens to one kind of event and takes neighbours at once."""
    listens = Subscriptions()
    listens.on_many(ParticipantUpdated, see)
    return listens


def bench_database(postgres: PostgresServer, name: str) -> ServiceDatabase:
    """A database with the chassis' tables and the benchmarks'."""
    made = postgres.create_service_database(name)
    schema.apply_migrations(url=made.migration_url, folders=[schema.CHASSIS_MIGRATIONS, MIGRATIONS])
    asyncio.run(schema.grant_running_role(owner_url=made.migration_url, app_url=made.url))
    return made


class TimedDatabase(Database):
    """Adds up how long its transactions take, commit included."""

    seconds = 0.0

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """As the real one."""
        started = perf_counter()
        try:
            async with super().transaction() as tx:
                yield tx
        finally:
            self.seconds += perf_counter() - started


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[TimedDatabase]:
    """The database with a pool as a service has it."""
    database = TimedDatabase(url=url, clock=SystemClock(), origin=ORIGIN)
    await database.open()
    try:
        yield database
    finally:
        await database.close()
