"""Notify: the booklet for everybody, and the coordinators' pages about mails, each full, empty, done and refused.

No mail server stands here, so the scene says itself what became of the mails. What a stop sends is refused or was sent before.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

from browser.stops import Stop
from notify.facts import NOW, Story
from playwright.async_api import Page
from rig import Rig, link_keys

from ipraktik_contracts import events
from ipraktik_notify.domain.sign_in_link import digest_of, halves_of
from ipraktik_notify.store import sign_ins

SERVICE = "notify"
_KEYS: Final = TemporaryDirectory(prefix="notify-keys-")
_KEY: Final = Path(_KEYS.name) / "links.pem"
_KEY.write_bytes(link_keys()[0])
SETTINGS = {"link_private_key_file": _KEY, "coordinator_addresses": "koordinator@example.org"}
LONG: Final = "Wolfeschlegelsteinhausenbergerdorff-Ærøskøbing af Nørrebro og Omegn"
SOON: Final = NOW + timedelta(days=2)


async def sorted_out(rig: Rig) -> None:
    """Let what is planned become complete, without a mail server."""
    await rig.work.jobs[0].run(rig.database)


async def held_round(rig: Rig, *, mails: int = 2) -> Story:
    """An edition that holds its mails, with so many people in it."""
    story = Story()
    people = [event for event in story.people() if not isinstance(event, events.EditionChanged)]
    await rig.tell(story.edition(hold_mails=True), *people)
    for _ in range(mails - 2):
        other = Story(edition_id=story.edition_id)
        await rig.tell(other.contact("intern"), other.registered("intern"))
    await sorted_out(rig)
    return story


async def taken(rig: Rig, *, at: datetime = NOW) -> None:
    """The mail server has taken what was ready."""
    async with rig.database.transaction() as tx:
        await tx.conn.execute(
            """
            update mail set state = 'sent', sent_at = $1, attempts = 1, message_id = '<' || md5(id::text) || '@example.org>'
            where state = 'pending'
            """,
            at,
        )


async def failed(rig: Rig, mail_id: UUID, *, reason: str = "refused", code: int | None = 550) -> None:
    """The mail server has refused this one, at the second try."""
    async with rig.database.transaction() as tx:
        await tx.conn.execute(
            "update mail set state = 'failed', reason = $2, code = $3, attempts = 2, sent_at = null where id = $1",
            mail_id,
            reason,
            code,
        )
        await tx.conn.execute(
            """
            insert into mail_trouble (mail_id, at, reason, code, doubt)
            values ($1, $2, 'deferred', 451, false), ($1, $2, $3, $4, false)
            """,
            mail_id,
            NOW,
            reason,
            code,
        )


async def mail_of(rig: Rig, story: Story, kind: str, party: str) -> UUID:
    """The mail of that kind to that party of the story."""
    async with rig.database.reading() as conn:
        found: UUID = await conn.fetchval(
            """
            select id from mail where kind = $1 and party = $2 and $3 in (participant_id, intern_id, host_id)
            order by id limit 1
            """,
            kind,
            party,
            story.host_id if party == "host" else story.intern_id,
        )
    return found


async def sign_in_link(rig: Rig) -> str:
    """What a coordinator's mail has in its link, good for longer than any visit."""
    made = halves_of(rig.coordinator())
    async with rig.database.transaction() as tx:
        await sign_ins.keep(
            tx.conn, kept=[(digest_of(made.mailed), made.kept)], expires_at=SOON + timedelta(days=1)
        )
    return made.mailed


async def stops(rig: Rig) -> Sequence[Stop]:
    """A round that runs, one that is held, and what went wrong."""
    story, lost = Story(), Story()
    await rig.tell(
        *story.people(),
        story.contact("host", name=LONG, email=f"{'lang.' * 12}adresse@example.org"),
        story.contact("reserve"),
        story.proposed(),
        story.of_placement(events.AgreementDrafted),
        *lost.people(),
        lost.proposed(),
    )
    await sorted_out(rig)
    await taken(rig)
    refused = await mail_of(rig, lost, "registered", "self")
    await failed(rig, refused)
    odd = await mail_of(rig, lost, "proposal", "intern")
    await failed(rig, odd, reason="bad_address", code=None)
    erased = Story()
    await rig.tell(*erased.people())
    await sorted_out(rig)
    await taken(rig)
    await rig.erase(events.ContactChanged, erased.intern_contact)
    held = await held_round(rig, mails=3)
    await rig.tell(held.request(events.ConsentRequested, to="manager"))
    await sorted_out(rig)
    rig.clock.instant = SOON
    sent = await mail_of(rig, story, "proposal", "host")
    waiting = await mail_of(rig, story, "sign_reminder", "host")
    gone = await mail_of(rig, erased, "registered", "self")
    kept = await mail_of(rig, held, "registered", "self")

    def desk(name: str, path: str, **more: object) -> Stop:
        return Stop(name, f"/notify/{path}", coordinator=True, **more)  # type: ignore[arg-type]

    async def nobody(page: Page) -> None:
        await page.locator("#who").fill("zzz")
        await page.locator("form[role=search] button").click()

    async def several(page: Page) -> None:
        await page.locator("#who").fill("søren")
        await page.locator("form[role=search] button").click()

    async def drop_without_reason(page: Page) -> None:
        await page.locator("form[action*='/drop'] button").click()

    return [
        Stop("booklet-choose", "/notify/preparation"),
        Stop("booklet-host", "/notify/preparation/host"),
        Stop("booklet-intern-during", "/notify/preparation/intern/during"),
        Stop("booklet-workplace-after", "/notify/preparation/workplace/after"),
        Stop("booklet-print", "/notify/preparation/print"),
        Stop("booklet-print-host", "/notify/preparation/host/print"),
        Stop("booklet-nowhere", "/notify/preparation/intern/never", status=404),
        Stop("sign-in-link", f"/notify/sign-in?t={await sign_in_link(rig)}"),
        Stop("sign-in-link-used", "/notify/sign-in?t=used-long-ago", status=410),
        desk("mails", "mails"),
        desk("mails-failed", "mails?failed=yes"),
        desk("mails-none", f"mails?edition={UUID(int=1)}"),
        desk("mails-of-one", f"mails?about={story.host_contact}"),
        desk("mails-nobody-found", "mails", act=nobody, status=422),
        desk("mails-several-found", "mails", act=several),
        desk("mail-sent", f"mails/{sent}"),
        desk("mail-refused", f"mails/{refused}"),
        desk("mail-planned", f"mails/{waiting}"),
        desk("mail-of-somebody-erased", f"mails/{gone}"),
        desk("mail-held-no-reason", f"mails/{kept}", act=drop_without_reason),
        desk("mail-nowhere", f"mails/{UUID(int=1)}", status=404),
        desk("held", "held"),
        desk("held-sure", f"held/{held.edition_id}/release?newest=2030-01-01T00:00:00Z"),
        desk("nudges", "nudges"),
        desk("nudges-none", "nudges?about=evaluation"),
        desk("templates", "templates"),
        desk("template", "templates/agreement_signed"),
        desk("template-of-one-party", "templates/report_published"),
    ]
