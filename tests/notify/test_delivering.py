"""Webhooks: every event once and in order, from wherever one begins, however long one was away; signed by a secret that can change."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from notify.agency import (
    WEBHOOKS,
    Agency,
    logged,
    next_moment,
    placement,
    settled,
    time_passes,
)
from notify.conftest import Notify
from notify.receiver import Receiver, fingerprint, receiving, said
from standardwebhooks import Webhook as Signer

from ipraktik_contracts.events import AgreementSigned, MatchProposed
from ipraktik_contracts.topics import PARTICIPANTS

SIGNED, PROPOSED = AgreementSigned.ce_type(), MatchProposed.ce_type()


@pytest.fixture
def notify_settings() -> dict[str, Any]:
    """Receivers listen on the loopback."""
    return {"webhook_allow_networks": "127.0.0.0/8, ::1/128"}


async def test_everything_from_the_first_event_on_comes_in_order_and_then_what_is_new(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    early = await placement(notify)
    webhook = await agency.webhook(receiver.url)
    await settled(notify)
    assert receiver.ids == early
    late = await placement(notify)
    await settled(notify)
    assert receiver.ids == early + late
    assert [one.event for one in receiver.came] == await logged(notify)
    assert receiver.came[0].target == "/in?of=skat"
    assert receiver.came[0].headers["content-type"].startswith("application/cloudevents+json")
    shown = await agency.shown(webhook)
    assert (shown["state"], shown["behind"], shown["failed_attempts"]) == ("active", 0, 0)
    assert shown["after"] == (await agency.read()).headers["feed-cursor"]


async def test_a_delivery_is_signed_so_that_the_library_accepts_it(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    notify.rig.clock.instant = datetime.now(UTC)  # the library judges the time by the system's clock
    agency.as_coordinator, agency.as_agency = agency.as_coordinator, await agency.headers()
    webhook = await agency.webhook(receiver.url)
    await placement(notify)
    await settled(notify)
    (first, *_) = receiver.came
    assert Signer(webhook["secret"]).verify(first.body, first.headers) == first.event
    assert first.id == first.event["id"]
    with pytest.raises(Exception, match="No matching signature"):
        Signer(webhook["secret"]).verify(first.body + b" ", first.headers)
    with pytest.raises(Exception, match="No matching signature"):
        Signer("whsec_" + "A" * 44).verify(first.body, first.headers)


async def test_only_the_wanted_types_come_and_from_the_wanted_cursor_on(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    await placement(notify)
    cursor = (await agency.read()).headers["feed-cursor"]
    await agency.webhook(receiver.url, topics=[PARTICIPANTS.name], types=[SIGNED], after=cursor)
    await placement(notify)
    await settled(notify)
    wanted = [
        one
        for one in (await logged(notify))[int(cursor.partition(".")[0]) :]
        if one["type"] == SIGNED or "Participant" in one["type"] or "Edition" in one["type"]
    ]
    assert [one.event for one in receiver.came] == wanted
    assert 0 < len(wanted) < len(await logged(notify)) // 2


async def test_a_subscriber_that_is_down_for_a_week_catches_up_and_equals_ours(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    """It is down when the webhook is made, is paused after a day, misses a week, and is resumed: nothing is lost, nothing is new."""
    receiver.always = 503
    webhook = await agency.webhook(receiver.url)
    for _ in range(7):
        await placement(notify)
        await time_passes(notify, notify.rig.clock.now() + timedelta(days=1))
    assert (await agency.shown(webhook))["state"] == "paused"
    assert set(receiver.ids) == {(await logged(notify))[0]["id"]}
    receiver.always = 204
    receiver.came.clear()
    await settled(notify)
    assert receiver.came == []  # paused means paused

    await agency.act(webhook, "resume")
    await settled(notify)
    await placement(notify)
    await settled(notify)
    ours = await logged(notify)
    assert fingerprint(one.event for one in receiver.came) == fingerprint(ours)
    assert fingerprint(await agency.read_all()) == fingerprint(ours)
    for key in {one["subject"] for one in ours}:
        for prefix in {one["type"].split(".")[2][:5] for one in ours}:
            numbers = [
                int(one.event["sequence"])
                for one in receiver.came
                if one.event["subject"] == key and one.event["type"].split(".")[2].startswith(prefix)
            ]
            assert numbers == sorted(numbers)


async def test_order_holds_under_failures_and_a_repetition_has_the_same_id(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    ids = await placement(notify) + await placement(notify)
    torn = said(b"HTTP/1.1 204")  # taken, but we never hear it
    receiver.answers = [204, 500, 204, torn, 404, 204, 204, said(), 503, 429, 204, 302]
    await agency.webhook(receiver.url)
    for _ in range(40):
        await settled(notify)
        if len(set(receiver.ids)) == len(ids) and not receiver.answers:
            break
        await next_moment(notify)
    assert list(dict.fromkeys(receiver.ids)) == ids
    assert len(receiver.ids) > len(ids)
    for earlier, later in pairwise(receiver.ids):
        assert ids.index(later) - ids.index(earlier) in (
            0,
            1,
        )  # again, or the next: never back, never past one


async def test_a_new_secret_signs_beside_the_old_one_for_as_long_as_was_said(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    webhook = await agency.webhook(receiver.url)
    old = webhook["secret"]
    new = (await agency.act(webhook, "secret", overlap_hours=48))["secret"]
    assert new != old
    signed = []
    for hours in (0, 47, 1):
        notify.rig.clock.advance(timedelta(hours=hours))
        receiver.came.clear()
        await placement(notify)
        await settled(notify)
        signed.append((receiver.came[0].signed_by(new), receiver.came[0].signed_by(old)))
    assert signed == [(True, True), (True, True), (True, False)]

    newest = (await agency.act(webhook, "secret", overlap_hours=0))["secret"]
    receiver.came.clear()
    await placement(notify)
    await settled(notify)
    assert receiver.came[0].signed_by(newest)
    assert not receiver.came[0].signed_by(new)
    assert len(receiver.came[0].headers["webhook-signature"].split()) == 1


async def test_who_pauses_and_resumes_goes_on_where_they_were(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    webhook = await agency.webhook(receiver.url)
    first = await placement(notify)
    await settled(notify)
    assert (await agency.act(webhook, "pause"))["reason"] == "owner"
    second = await placement(notify)
    await settled(notify)
    assert receiver.ids == first
    assert (await agency.act(webhook, "resume"))["state"] == "active"
    await settled(notify)
    assert receiver.ids == first + second
    assert notify.received("drift") == []  # who pauses knows it


async def test_a_webhook_can_be_moved_back_and_to_another_address(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    ids = await placement(notify)
    webhook = await agency.webhook(receiver.url)
    await settled(notify)
    async with receiving() as other:
        answer = await agency.http.patch(
            f"{WEBHOOKS}/{webhook['webhook_id']}",
            json={"url": other.url, "after": "0"},
            headers=agency.as_agency,
        )
        assert (answer.status_code, answer.json()["after"]) == (200, "0")
        await settled(notify)
        assert (receiver.ids, other.ids) == (ids, ids)


async def test_a_test_event_comes_at_once_signed_and_moves_nothing(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    webhook = await agency.webhook(receiver.url)
    await agency.act(webhook, "pause")
    tested = await agency.act(webhook, "test")
    assert (tested["delivered"], tested["status"]) == (True, 204)
    (came,) = receiver.came
    assert came.id == came.event["id"] == tested["message_id"]
    assert came.signed_by(webhook["secret"])
    assert came.event["subject"] == webhook["webhook_id"]
    assert await logged(notify) == []
    shown = await agency.shown(webhook)
    assert (shown["state"], shown["after"]) == ("paused", "0")
    (attempt,) = await agency.deliveries(webhook)
    assert (attempt["kind"], attempt["outcome"], attempt["position"]) == ("test", "delivered", None)
