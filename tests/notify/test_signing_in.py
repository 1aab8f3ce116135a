"""Coordinators sign in by a link that works once and for half an hour; what is in the mail, or in the table, is no session by itself."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from notify.conftest import Notify
from notify.facts import Story

from ipraktik_chassis.links import LinkRefused, LinkVerifier
from ipraktik_contracts import events
from ipraktik_notify.domain.lifetimes import SIGN_IN, SIGN_IN_LINK
from ipraktik_notify.domain.sign_in_link import digest_of, halves_of, whole
from ipraktik_notify.settings import coordinator_id
from ipraktik_notify.usecases.when_asked_to_sign_in import MOST_AN_HOUR
from ipraktik_notify.web.app import create

SESSION = "ipraktik-board"


def _sign_in(story: Story, coordinator: UUID) -> events.Event:
    return story.request(
        events.SignInRequested,
        participant_id=coordinator,
        contact_id=coordinator,
        aggregate_id=coordinator,
        respond_by=None,
    )


@pytest.fixture
async def browser(notify: Notify) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that nobody is signed in with, at a notify that checks with the key that mails are signed with."""
    context = replace(notify.rig.context, links=LinkVerifier(notify.public_key))
    transport = httpx.ASGITransport(create(context))
    async with httpx.AsyncClient(transport=transport, base_url="http://notify") as made:
        yield made


async def mailed(notify: Notify, story: Story) -> str:
    """What stands in the link of a coordinator who has asked just now."""
    await notify.tell(_sign_in(story, coordinator_id(story.address("koordinator").upper())))
    mail = notify.received("koordinator")[-1]
    base, _, token = mail["links"][0].partition("?t=")
    assert (mail["kind"], base.partition("/notify")[2]) == ("sign_in", "/sign-in")
    return str(token)


def test_two_halves_are_a_session_and_one_is_chance() -> None:
    one, other = halves_of("session"), halves_of("session")
    assert one.mailed != other.mailed
    assert one.kept != other.kept
    assert whole(one.mailed, one.kept) == "session"
    assert digest_of(one.mailed) != digest_of(other.mailed)


async def test_the_link_is_exchanged_once_for_a_session_of_twelve_hours(
    notify: Notify, story: Story, browser: httpx.AsyncClient
) -> None:
    token = await mailed(notify, story)
    answer = await browser.post("/notify/sign-in", data={"t": token})
    assert (answer.status_code, answer.headers["location"].endswith("/matching/board")) == (303, True)
    cookie = answer.headers["set-cookie"]
    assert "httponly" in cookie.lower()
    session = cookie.removeprefix(f"{SESSION}=").partition(";")[0]
    coordinator = LinkVerifier(notify.public_key).coordinator(session, now=notify.rig.clock.now())
    assert coordinator.name == f"koordinator.{story.mark}"
    assert (
        coordinator.expires_at
        == notify.rig.clock.now() + SIGN_IN
        == notify.rig.clock.now() + timedelta(hours=12)
    )
    assert (await browser.get("/notify/mails")).status_code == 200
    browser.cookies.clear()  # somebody else, with the mail
    again = await browser.post("/notify/sign-in", data={"t": token})
    assert (again.status_code, "set-cookie" in again.headers) == (410, False)
    assert "/registration/sign-in" in again.text
    assert (await browser.get("/notify/sign-in", params={"t": token})).status_code == 410


async def test_a_program_that_opens_every_link_of_a_mail_uses_nothing_up(
    notify: Notify, story: Story, browser: httpx.AsyncClient
) -> None:
    token = await mailed(notify, story)
    for _ in range(3):
        page = await browser.get("/notify/sign-in", params={"t": token})
        assert (page.status_code, "set-cookie" in page.headers) == (200, False)
        assert f"Log ind som koordinator.{story.mark}" in page.text
        assert "virker én gang" in page.text
        assert (await browser.head("/notify/sign-in", params={"t": token})).status_code == 200
    assert (await browser.post("/notify/sign-in", data={"t": token})).status_code == 303


async def test_a_link_runs_out_after_half_an_hour_and_is_swept(
    notify: Notify, story: Story, browser: httpx.AsyncClient
) -> None:
    token = await mailed(notify, story)
    mail = notify.received("koordinator")[-1]
    assert timedelta(minutes=30) == SIGN_IN_LINK  # as the mail and the pages say
    assert "Linket virker én gang og i 30 minutter." in mail["text"]
    notify.rig.clock.advance(SIGN_IN_LINK - timedelta(seconds=1))
    await notify.rig.run_jobs()
    assert (await browser.get("/notify/sign-in", params={"t": token})).status_code == 200
    notify.rig.clock.advance(timedelta(seconds=1))
    for answer in (
        await browser.get("/notify/sign-in", params={"t": token}),
        await browser.post("/notify/sign-in", data={"t": token}),
    ):
        assert (answer.status_code, "i 30 minutter" in answer.text) == (410, True)
    await notify.rig.run_jobs()
    async with notify.rig.database.reading() as conn:
        assert await conn.fetchval("select count(*) from sign_in") == 0


async def test_who_is_signed_in_and_presses_twice_is_on_the_board(
    notify: Notify, story: Story, browser: httpx.AsyncClient
) -> None:
    token = await mailed(notify, story)
    await browser.post("/notify/sign-in", data={"t": token})
    twice = await browser.post("/notify/sign-in", data={"t": token})
    opened = await browser.get("/notify/sign-in", params={"t": token})
    for answer in (twice, opened):
        assert (answer.status_code, answer.headers["location"].endswith("/matching/board")) == (303, True)


async def test_neither_the_mail_nor_the_table_holds_a_session(
    notify: Notify, story: Story, browser: httpx.AsyncClient
) -> None:
    token = await mailed(notify, story)
    verifier, now = LinkVerifier(notify.public_key), notify.rig.clock.now()
    async with notify.rig.database.reading() as conn:
        (row,) = await conn.fetch("select * from sign_in")
    assert token.encode() not in bytes(row["kept"])
    for half in (token, bytes(row["kept"]).decode("latin-1")):
        with pytest.raises(LinkRefused):
            verifier.coordinator(half, now=now)
    answer = await browser.get("/notify/mails", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401


@pytest.mark.parametrize("token", ["", "x", "æøå", "a.b.c", "=" * 5000])
async def test_what_is_no_link_opens_nothing(notify: Notify, browser: httpx.AsyncClient, token: str) -> None:
    assert (await browser.get("/notify/sign-in", params={"t": token})).status_code == 410
    assert (await browser.post("/notify/sign-in", data={"t": token})).status_code == 410


async def test_an_address_that_is_no_coordinators_leaves_nothing_behind(notify: Notify, story: Story) -> None:
    await notify.tell(story.contact("intern"), _sign_in(story, story.intern_contact))
    await notify.tell(_sign_in(story, coordinator_id("nobody@example.org")))
    assert await notify.log() == []
    assert notify.received("intern") == []


async def test_an_address_that_is_typed_often_gets_a_few_links_an_hour(notify: Notify, story: Story) -> None:
    coordinator = coordinator_id(story.address("koordinator"))
    for _ in range(MOST_AN_HOUR + 3):
        await notify.tell(_sign_in(story, coordinator))
    assert len(notify.received("koordinator")) == MOST_AN_HOUR
    notify.rig.clock.advance(timedelta(hours=1, seconds=1))
    await notify.tell(_sign_in(story, coordinator))
    assert len(notify.received("koordinator")) == MOST_AN_HOUR + 1


async def test_a_sign_in_that_was_asked_for_long_ago_is_not_answered_late(
    notify: Notify, story: Story
) -> None:
    old = notify.rig.envelope(_sign_in(story, coordinator_id(story.address("koordinator"))))
    notify.rig.clock.advance(SIGN_IN_LINK)
    await notify.rig.intake.take([notify.rig.record(old)])
    await notify.rig.run_jobs()
    assert await notify.log() == []
