"""What tests of a service stand on: a migrated database of its own, a clock that stands still, events in and events out.

Events go in through the real intake (inbox, parking, transaction) and are read back from the real outbox; only Kafka is left
out. Tests of the bus itself use the `kafka` fixture.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from spare_databases import SpareDatabases

from ipraktik_chassis import schema
from ipraktik_chassis.clock import FixedClock
from ipraktik_chassis.composition import imported
from ipraktik_chassis.database import Database
from ipraktik_chassis.ids import new_id
from ipraktik_chassis.intake import Intake
from ipraktik_chassis.links import Coordinator, Link, LinkMinter, LinkVerifier
from ipraktik_chassis.metrics import ConsumerMetrics, new_registry
from ipraktik_chassis.parked import RawRecord
from ipraktik_chassis.service import Context, Service, Work
from ipraktik_chassis.transaction import Origin
from ipraktik_contracts.envelope import CloudEvent, decode, encode, source_urn
from ipraktik_contracts.events import Event

E = TypeVar("E", bound=Event)
START = datetime(2018, 4, 9, 8, 0, tzinfo=UTC)


@dataclass
class Databases:
    """One migrated template per service and server; each test gets a copy, which is far cheaper than migrating."""

    server: Any
    templates: dict[str, tuple[str, str]] = field(default_factory=dict)

    async def fresh(self, service: Service) -> tuple[str, str]:
        """Addresses of a new, migrated, empty database: running role, owner role."""
        if service.name not in self.templates:
            made = self.server.create_service_database(f"template_{service.name}_{uuid.uuid4().hex[:6]}")
            folders = [schema.CHASSIS_MIGRATIONS, service.migrations]
            await asyncio.to_thread(schema.apply_migrations, url=made.migration_url, folders=folders)
            await schema.grant_running_role(owner_url=made.migration_url, app_url=made.url)
            self.templates[service.name] = (made.url, made.migration_url)
        app, owner = self.templates[service.name]
        template = urlsplit(app).path.removeprefix("/")
        name = await self.spare.take(template=template, owner=urlsplit(owner).username or "")
        return _with_database(app, name), _with_database(owner, name)

    async def drop(self, url: str) -> None:
        """Give a copy back."""
        self.spare.drop(urlsplit(url).path.removeprefix("/"))

    @property
    def spare(self) -> SpareDatabases:
        """The server's, shared by all who copy on it."""
        url = self.server.admin_url
        if url not in _SPARE:
            _SPARE[url] = SpareDatabases(url)
        return _SPARE[url]


_SPARE: dict[str, SpareDatabases] = {}


def close_spare(admin_url: str) -> None:
    """Before a server stops for good, also one of a test's own: nobody makes or drops databases on it any more."""
    if (spare := _SPARE.pop(admin_url, None)) is not None:
        spare.close()


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@dataclass
class Rig:
    """A service without its process: what goes in, what comes out, what time it is."""

    service: Service
    context: Context
    clock: FixedClock
    work: Work
    intake: Intake
    minter: LinkMinter
    database_url: str
    positions: int = 0
    sequences: dict[tuple[str, str], int] = field(default_factory=dict)
    read_to: int = 0

    @property
    def database(self) -> Database:
        """The service's database."""
        return self.context.database

    async def tell(self, *events: Event) -> list[CloudEvent]:
        """Let the service hear these events, in one batch, and give back their envelopes."""
        told = [self.envelope(event) for event in events]
        await self.intake.take([self.record(event) for event in told])
        return told

    def envelope(self, event: Event) -> CloudEvent:
        """The event as some other service would say it, next in its aggregate's line."""
        place = (event.TOPIC, event.key)
        self.sequences[place] = self.sequences.get(place, 0) + 1
        return CloudEvent(
            id=new_id(self.clock.now()),
            source=source_urn("coi", event.OWNER),
            time=self.clock.now(),
            sequence=self.sequences[place],
            data=event,
        )

    def record(self, event: CloudEvent) -> RawRecord:
        """The event as it comes from Kafka."""
        made = encode(event)
        self.positions += 1
        return RawRecord(made.topic, 0, self.positions, made.key, made.headers, made.value)

    async def erase(self, event_class: type[Event], *keys: uuid.UUID) -> None:
        """Let the service hear tombstones."""
        for key in keys:
            self.positions += 1
            await self.intake.take(
                [RawRecord(event_class.TOPIC, 0, self.positions, str(key).encode(), (), None)]
            )

    async def said(self, *kinds: type[E]) -> list[E]:
        """What the service has said since the last time this was asked, in order; only these kinds where some are named."""
        async with self.database.reading() as conn:
            rows = await conn.fetch(
                "select id, headers, body from outbox where id > $1 order by id", self.read_to
            )
        events: list[Any] = []
        for row in rows:
            self.read_to = row["id"]
            if row["body"] is None:
                continue
            parts = bytes(row["headers"]).split(b"\0")
            headers = [(name.decode(), value) for name, value in zip(parts[::2], parts[1::2], strict=False)]
            events.append(decode(headers, row["body"]).data)
        return [event for event in events if not kinds or isinstance(event, kinds)]

    async def run_jobs(self) -> int:
        """Do everything that is due now, as the job runner would; how many things were done."""
        done = 0
        moved = True
        while moved:
            moved = False
            for job in self.work.jobs:
                async with self.database.reading() as conn:
                    due = await job.next_due(conn)
                if due is not None and due <= self.clock.now():
                    did = await job.run(self.database)
                    done += did
                    moved = moved or bool(did)
        return done

    def link(
        self,
        *,
        contact_id: uuid.UUID,
        participant_id: uuid.UUID,
        acts: Sequence[str],
        aggregates: Sequence[uuid.UUID],
        expires_at: datetime | None = None,
        epoch: int = 1,
    ) -> str:
        """A signed link token."""
        return self.minter.link(
            Link(
                contact_id,
                participant_id,
                tuple(acts),
                tuple(aggregates),
                expires_at or datetime(2100, 1, 1, tzinfo=UTC),
                epoch,
            )
        )

    def coordinator(self, name: str = "coordinator") -> str:
        """A coordinator's token."""
        return self.minter.coordinator(Coordinator(name, datetime(2100, 1, 1, tzinfo=UTC)))


def link_keys() -> tuple[bytes, bytes]:
    """A fresh Ed25519 pair as PEM: private, public."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public


@asynccontextmanager
async def rig_of(service: Service, databases: Databases, **settings: Any) -> AsyncIterator[Rig]:
    """A service on a fresh database. `settings` override the service's settings by their field names."""
    url, owner_url = await databases.fresh(service)
    private, public = link_keys()
    clock = FixedClock(START)
    made = service.settings(database_url=url, migration_database_url=owner_url, local_stack=True, **settings)
    context = Context(
        service=service.name,
        settings=made,
        clock=clock,
        database=Database(url=url, clock=clock, origin=Origin(source_urn("coi", service.name)), size=6),
        registry=new_registry(service=service.name, version="test"),
        links=LinkVerifier(public),
    )
    await context.database.open()
    try:
        work: Work = imported(service.work)(context)
        intake = Intake(
            database=context.database,
            consumer=service.name,
            subscriptions=work.subscriptions,
            clock=clock,
            metrics=ConsumerMetrics(context.registry),
        )
        yield Rig(service, context, clock, work, intake, LinkMinter(private), url)
    finally:
        await context.database.close()
        await databases.drop(url)
