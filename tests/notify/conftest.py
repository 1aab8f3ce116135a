"""Notify on a database of its own, with a signing key of its own, handing its mails to the run's mail server."""

import email
import email.policy
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from notify.agency import Agency, agency_of
from notify.facts import Story
from notify.receiver import Receiver, receiving
from rig import Databases, Rig, link_keys, rig_of

from ipraktik_chassis.links import Link, LinkVerifier
from ipraktik_local.mail import MailRecord, MailSink
from ipraktik_local.postgres import PostgresServer
from ipraktik_notify.main import SERVICE
from ipraktik_notify.web.app import create


@dataclass
class Notify:
    """The service without its process, and what came of its mails."""

    rig: Rig
    sink: MailSink
    public_key: bytes
    settings: dict[str, Any] = field(default_factory=dict)
    story: Story = field(default_factory=Story)

    async def tell(self, *events: Any) -> None:
        """Let it hear these events and do everything that is due."""
        await self.rig.tell(*events)
        await self.rig.run_jobs()

    async def log(self, *, state: str | None = None) -> list[dict[str, Any]]:
        """The mail rows, oldest first."""
        async with self.rig.database.reading() as conn:
            rows = await conn.fetch(
                "select * from mail where $1::text is null or state = $1 order by kind, recipient", state
            )
        return [dict(row) for row in rows]

    async def kinds(self, state: str = "sent") -> list[tuple[str, str]]:
        """(kind, recipient) of the mails in a state."""
        return sorted((row["kind"], row["party"]) for row in await self.log(state=state))

    def received(self, who: str) -> list[MailRecord]:
        """What came to intern, manager, host, … of the story."""
        return self.sink.mails(to=self.story.address(who))

    def message(self, record: MailRecord) -> EmailMessage:
        """The mail itself."""
        found = [
            path
            for path in Path(self.sink.mail_dir).rglob("*.eml")
            if record["message_id"].encode() in path.read_bytes()
        ]
        message = email.message_from_bytes(found[0].read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def link(self, record: MailRecord) -> Link:
        """What the link in a mail opens."""
        token = record["links"][0].partition("?t=")[2]
        return LinkVerifier(self.public_key).link(token, now=self.rig.clock.now())


@pytest.fixture(scope="session")
def databases(postgres: PostgresServer) -> Databases:
    """Where tests get a migrated database of their own."""
    return Databases(postgres)


@pytest.fixture
def story() -> Story:
    """People that no other test knows."""
    return Story()


@pytest.fixture
def key_pair(tmp_path: Path) -> tuple[Path, bytes]:
    """The file of a signing key, and its public half."""
    private, public = link_keys()
    path = tmp_path / "links.pem"
    path.write_bytes(private)
    return path, public


@pytest.fixture
def notify_settings() -> dict[str, Any]:
    """Settings a module may override."""
    return {}


@pytest.fixture
async def notify(
    databases: Databases,
    mail_sink: MailSink,
    key_pair: tuple[Path, bytes],
    story: Story,
    notify_settings: dict[str, Any],
) -> AsyncIterator[Notify]:
    """Notify without its process."""
    settings = {
        "link_private_key_file": key_pair[0],
        "smtp_url": mail_sink.smtp_url,
        "coordinator_addresses": f"koordinator.{story.mark}@example.org",
        "mail_retry_seconds": 0.05,
        **notify_settings,
    }
    async with rig_of(SERVICE, databases, **settings) as rig:
        yield Notify(rig, mail_sink, key_pair[1], settings, story)
        if rig.work.closing is not None:
            await rig.work.closing()


@pytest.fixture
def clear_faults(mail_sink: MailSink) -> Callable[[], None]:
    """A way back to a mail server that does nothing wrong."""
    return mail_sink.clear_faults


@pytest.fixture
async def agency(notify: Notify) -> AsyncIterator[Agency]:
    """An agency whose token opens everything public."""
    async with agency_of(notify) as made:
        yield made


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A subscriber that takes everything unless told otherwise."""
    async with receiving() as made:
        yield made


@pytest.fixture
async def desk(notify: Notify) -> AsyncIterator[httpx.AsyncClient]:
    """A signed-in coordinator's browser."""
    transport = httpx.ASGITransport(create(notify.rig.context))
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://notify",
        headers={"accept": "text/html"},
        cookies={"ipraktik-board": notify.rig.coordinator()},
    ) as made:
        yield made
