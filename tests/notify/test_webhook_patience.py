"""A subscriber that fails: more and more time for about a day, then a pause and a mail; what is written down, and how it is forgotten."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from notify.agency import (
    WEBHOOKS,
    Agency,
    next_moment,
    placement,
    settled,
    time_passes,
    until,
)
from notify.conftest import Notify
from notify.receiver import Receiver, endless, receiving, redirecting_to, said

from ipraktik_notify.domain.backoff import DELAYS
from ipraktik_notify.jobs import ATTEMPTS_KEPT


@pytest.fixture
def notify_settings() -> dict[str, Any]:
    """Receivers listen on the loopback; what does not answer is given up soon."""
    return {"webhook_allow_networks": "127.0.0.0/8, ::1/128", "webhook_timeout_seconds": 2}


async def test_the_pauses_between_attempts_grow_for_a_day_then_it_is_paused_and_the_owner_gets_a_mail(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    (first, *_) = await placement(notify)
    await settled(notify)
    receiver.always = 500
    webhook = await agency.webhook(receiver.url + "&secret=hush", language="en")
    started = notify.rig.clock.now()
    await settled(notify)
    shown = await agency.shown(webhook)
    assert (shown["failed_attempts"], shown["state"]) == (1, "active")
    await time_passes(notify, started + timedelta(days=3))
    attempts = await agency.deliveries(webhook)
    moments = [datetime.fromisoformat(one["attempted_at"]) for one in attempts]
    assert [later - earlier for earlier, later in pairwise(moments)] == list(DELAYS)
    assert {one["message_id"] for one in attempts} == {first}
    assert [one["attempt"] for one in attempts] == list(range(1, len(DELAYS) + 2))
    assert {(one["outcome"], one["status"]) for one in attempts} == {("refused", 500)}
    shown = await agency.shown(webhook)
    assert (shown["state"], shown["reason"], shown["after"]) == ("paused", "failing", "0")

    (mail,) = notify.received("drift")
    assert mail["kind"] == "webhook_paused"
    assert mail["subject"] == f"The webhook to 127.0.0.1:{receiver.port} is paused"
    assert webhook["webhook_id"] in mail["text"]
    assert "Monday 9 April 2018 at 10:00" in mail["text"]
    assert "hush" not in str(notify.message(mail))  # what follows the host may be a secret
    assert notify.story.mark not in str(await notify.log())  # the address is not kept beside the mail


async def test_the_mail_is_written_in_danish_unless_asked_otherwise(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    receiver.always = 410
    await placement(notify)
    webhook = await agency.webhook(receiver.url)
    await settled(notify)
    shown = await agency.shown(webhook)
    assert (shown["state"], shown["reason"]) == ("paused", "gone")  # 410 is a word, not a mishap
    assert len(receiver.came) == 1
    (mail,) = notify.received("drift")
    assert "er sat på pause" in mail["subject"]


async def test_a_subscriber_that_asks_for_time_gets_it(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    ids = await placement(notify)
    receiver.answers = [said(b"HTTP/1.1 503 Busy\r\nretry-after: 3600\r\ncontent-length: 0\r\n\r\n")]
    webhook = await agency.webhook(receiver.url)
    started = notify.rig.clock.now()
    await settled(notify)
    shown = await agency.shown(webhook)
    assert datetime.fromisoformat(shown["next_try_at"]) == started + timedelta(hours=1)
    notify.rig.clock.advance(timedelta(minutes=59))
    await settled(notify)
    assert len(receiver.came) == 1
    notify.rig.clock.advance(timedelta(minutes=1))
    await settled(notify)
    assert receiver.ids == [ids[0], *ids]


@pytest.mark.parametrize(
    ("rude", "outcome"),
    [
        (said(b"nonsense\r\n\r\n"), "broken_answer"),
        (said(), "broken_answer"),
        (said(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000), "broken_answer"),
        (said(b"HTTP/1.1 200 OK\r\n", then=8), "timeout"),
        (said(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", then=8), "timeout"),
        (said(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"), "broken_answer"),
        (said(*[b"HTTP/1.1 102 Wait\r\n\r\n"] * 50, then=8), "timeout"),
        (endless, "delivered"),
        (said(b"HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n"), "refused"),
    ],
    ids=["no http", "nothing", "endless head", "slow head", "slow body", "torn body", "slow words", "endless", "999"],
)  # fmt: skip
async def test_whatever_a_receiver_does_is_an_outcome_in_bounded_time(
    notify: Notify, agency: Agency, receiver: Receiver, rude: Any, outcome: str
) -> None:
    webhook = await agency.webhook(receiver.url)
    receiver.always = rude
    async with asyncio.timeout(7):
        tested = await agency.act(webhook, "test")
    assert (tested["outcome"], tested["delivered"]) == (outcome, outcome == "delivered")
    assert tested["milliseconds"] < 6000


async def test_a_receiver_that_is_not_there_is_unreachable(notify: Notify, agency: Agency) -> None:
    async with receiving() as receiver:
        webhook = await agency.webhook(receiver.url)
    assert (await agency.act(webhook, "test"))["outcome"] == "unreachable"


async def test_no_redirect_is_followed(notify: Notify, agency: Agency, receiver: Receiver) -> None:
    async with receiving() as elsewhere:
        receiver.always = redirecting_to(elsewhere.url)
        await placement(notify)
        webhook = await agency.webhook(receiver.url)
        await settled(notify)
        assert (await agency.deliveries(webhook))[-1]["outcome"] == "redirected"
        assert len(receiver.came) == 1
        assert elsewhere.came == []


async def test_a_webhook_that_is_deleted_takes_its_owners_address_and_its_log_along(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    receiver.always = 410
    await placement(notify)
    webhook = await agency.webhook(receiver.url)
    (deliver,) = [job for job in notify.rig.work.jobs if job.name == "deliver to webhooks"]
    await deliver.run(notify.rig.database)

    async def paused() -> bool:
        return bool((await agency.shown(webhook))["state"] == "paused")

    await until(paused)
    path = f"{WEBHOOKS}/{webhook['webhook_id']}"
    assert (await agency.http.delete(path, headers=agency.as_agency)).status_code == 204
    assert (await agency.http.get(path, headers=agency.as_agency)).status_code == 404
    await settled(notify)
    assert notify.received("drift") == []  # the mail about the pause has nobody to go to any more
    async with notify.rig.database.reading() as conn:
        assert await conn.fetchval("select count(*) from webhook") == 0
        assert await conn.fetchval("select count(*) from webhook_attempt") == 0
        dropped = await conn.fetchrow("select state, reason from mail where kind = 'webhook_paused'")
    assert dropped["state"] == "dropped"


async def test_the_delivery_log_forgets_after_a_month_once_a_day(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    webhook = await agency.webhook(receiver.url)
    for _ in range(3):
        await placement(notify)
        await settled(notify)
        notify.rig.clock.advance(timedelta(hours=13))
    before = len(await agency.deliveries(webhook))
    moments = 0
    while await agency.deliveries(webhook):
        assert await next_moment(notify)
        moments += 1
        await settled(notify)
    assert before > 10
    assert moments < 10  # reminders of the stories among them
    assert notify.rig.clock.now() >= datetime(2018, 4, 9, tzinfo=UTC) + ATTEMPTS_KEPT
