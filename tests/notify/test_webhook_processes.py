"""Many subscribers and many processes: nobody holds up another, nobody is called by two at once, and what is under way is known."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from notify.agency import (
    WEBHOOKS,
    Agency,
    another_process,
    logged,
    next_moment,
    placement,
    set_out,
    settled,
    until,
)
from notify.conftest import Notify
from notify.receiver import Receiver, receiving
from prometheus_client import CollectorRegistry

from ipraktik_notify.metrics import WebhookMetrics
from ipraktik_notify.store import deliveries


@pytest.fixture
def notify_settings() -> dict[str, Any]:
    """Receivers listen on the loopback, and may be held for as long as a busy machine needs."""
    return {"webhook_allow_networks": "127.0.0.0/8", "webhook_timeout_seconds": 20}


async def test_a_slow_subscriber_holds_up_nobody_else(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    receiver.hold = asyncio.Event()
    await agency.webhook(receiver.url)
    async with receiving() as prompt:
        await agency.webhook(prompt.url)
        ids: list[str] = []

        async def all_came() -> bool:
            await notify.rig.run_jobs()
            return prompt.ids == ids

        for _ in range(2):
            ids += await placement(notify)
            await until(all_came)  # sooner than the slow one is given up
        assert len(receiver.came) == 1
        receiver.hold.set()
        await settled(notify)
        assert list(dict.fromkeys(receiver.ids)) == ids


async def test_two_processes_never_deliver_to_one_subscriber_at_once(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    webhook = await agency.webhook(receiver.url)
    ids = [id for _ in range(5) for id in await placement(notify)]
    other = another_process(notify)
    assert other.closing is not None
    try:
        receiver.hold = asyncio.Event()
        begun = [await set_out(notify, notify.rig.work), await set_out(notify, other)]
        assert begun == [1, 0]
        await until(lambda: receiver.came)
        receiver.hold.set()

        async def all_came() -> bool:
            await set_out(notify, notify.rig.work)
            await set_out(notify, other)
            return len(receiver.came) >= len(ids)

        await until(all_came, seconds=20)
        await settled(notify)
        assert receiver.ids == ids
        assert receiver.most_at_once == 1
        assert [one["attempt"] for one in await agency.deliveries(webhook)] == [1] * len(ids)
    finally:
        await other.closing()


async def test_a_process_that_loses_its_session_can_note_nothing_and_another_goes_on(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    ids = await placement(notify)
    await agency.webhook(receiver.url)
    receiver.hold = asyncio.Event()
    assert await set_out(notify, notify.rig.work) == 1
    await until(lambda: receiver.came)
    other = another_process(notify)
    assert other.closing is not None
    try:
        assert await set_out(notify, other) == 0
        async with notify.rig.database.reading() as conn:
            gone = await conn.fetch(
                "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 4717"
            )
        assert len(gone) == 1
        await until(lambda: set_out(notify, other))
        receiver.hold.set()
        await until(lambda: receiver.ids[-1] == ids[-1])
        await settled(notify)
    finally:
        await other.closing()
    assert receiver.ids == [
        ids[0],
        *ids,
    ]  # the first one twice, under the same id; none missing, none out of order


async def test_a_process_that_is_told_to_end_finishes_what_is_under_way(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    ids = await placement(notify)
    await agency.webhook(receiver.url)
    receiver.hold = asyncio.Event()
    other = another_process(notify)
    assert await set_out(notify, other) == 1
    await until(lambda: receiver.came)
    assert other.closing is not None
    closing = asyncio.ensure_future(other.closing())
    await asyncio.sleep(0.05)
    assert not closing.done()
    receiver.hold.set()
    await closing
    assert receiver.ids == ids[:1]
    await settled(notify)
    assert receiver.ids == ids  # the first one was noted: it does not come again


async def test_what_is_under_way_and_what_is_due_is_unfinished_work_and_what_waits_is_not(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    async def unfinished() -> tuple[int, int]:
        assert notify.rig.work.pending is not None
        async with notify.rig.database.reading() as conn:
            moments = [await job.next_due(conn) for job in notify.rig.work.jobs]
            due = sum(moment is not None and moment <= notify.rig.clock.now() for moment in moments)
            return due, await notify.rig.work.pending(conn)

    await placement(notify)
    await settled(notify)
    assert await unfinished() == (0, 0)
    receiver.always = 500
    webhook = await agency.webhook(receiver.url)
    assert await unfinished() == (1, 0)
    receiver.hold = asyncio.Event()
    await set_out(notify, notify.rig.work)
    assert await unfinished() == (0, 1)
    receiver.hold.set()
    await settled(notify)
    assert await unfinished() == (0, 0)  # it waits for its next attempt, and time may go there
    moment = datetime.fromisoformat((await agency.shown(webhook))["next_try_at"])
    assert await next_moment(notify)
    assert notify.rig.clock.now() == moment


async def test_what_somebody_changes_under_a_delivery_is_not_undone_by_it(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    ids = await placement(notify)
    webhook = await agency.webhook(receiver.url)
    receiver.hold = asyncio.Event()
    receiver.answers = [500]
    await set_out(notify, notify.rig.work)
    await until(lambda: receiver.came)
    await agency.act(webhook, "pause")
    receiver.hold.set()
    await settled(notify)
    shown = await agency.shown(webhook)
    assert (shown["state"], shown["reason"], shown["failed_attempts"]) == ("paused", "owner", 0)
    assert receiver.ids == ids[:1]


async def test_a_failure_does_not_count_against_what_was_mended_meanwhile(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    ids = await placement(notify)
    webhook = await agency.webhook(receiver.url)
    receiver.hold = asyncio.Event()
    receiver.answers = [500]
    await set_out(notify, notify.rig.work)
    await until(lambda: receiver.came)
    path = f"{WEBHOOKS}/{webhook['webhook_id']}"
    mended = {"url": receiver.url + "&mended=1"}
    assert (await agency.http.patch(path, json=mended, headers=agency.as_agency)).status_code == 200
    receiver.hold.set()
    await settled(notify)
    assert receiver.ids == [ids[0], *ids]  # tried again at once, at the new address, and as the first time
    assert ["mended" in one.target for one in receiver.came] == [False] + [True] * len(ids)
    assert {one["attempt"] for one in await agency.deliveries(webhook)} == {1}


async def test_a_webhook_that_is_moved_back_under_a_delivery_begins_again_where_it_was_moved_to(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    ids = await placement(notify)
    receiver.answers = [204, 503]
    webhook = await agency.webhook(receiver.url)
    await settled(notify)
    assert receiver.ids == ids[:2]  # the first was taken, the second waits for its next attempt
    receiver.hold = asyncio.Event()
    await next_moment(notify)
    await set_out(notify, notify.rig.work)
    await until(lambda: len(receiver.came) == 3)
    path = f"{WEBHOOKS}/{webhook['webhook_id']}"
    assert (await agency.http.patch(path, json={"after": "0"}, headers=agency.as_agency)).status_code == 200
    receiver.hold.set()
    await settled(notify)
    assert receiver.ids[3:] == ids


async def test_the_figures_of_each_agency_are_shown(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    await placement(notify)
    await agency.webhook(receiver.url)
    async with receiving() as failing:
        failing.always = 500
        await agency.webhook(failing.url, headers=agency.as_coordinator, agency="atp")
        await settled(notify)
    notify.rig.clock.advance(timedelta(seconds=3))
    attempts = {
        (one.labels["agency"], one.labels["outcome"]): one.value
        for family in notify.rig.context.registry.collect()
        for one in family.samples
        if one.name == "innovationspraktik_webhook_attempts_total"
    }
    count = len(await logged(notify))
    assert attempts == {("skat", "delivered"): count, ("atp", "refused"): 1}

    registry = CollectorRegistry()
    async with notify.rig.database.reading() as conn:
        WebhookMetrics(registry).show(await deliveries.behind(conn), now=notify.rig.clock.now())
    shown = {
        (one.name.removeprefix("innovationspraktik_webhook"), one.labels["agency"]): int(one.value)
        for family in registry.collect()
        for one in family.samples
    }
    assert shown == {
        ("s", "skat"): 1,
        ("_lag_events", "skat"): 0,
        ("_lag_seconds", "skat"): 0,
        ("s", "atp"): 1,
        ("_lag_events", "atp"): count,
        ("_lag_seconds", "atp"): 3,
    }
