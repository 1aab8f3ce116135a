"""What notify shows of its mails: how many, since when, how long handing in takes, and nothing of anybody."""

from datetime import timedelta

from notify.conftest import Notify
from notify.facts import Story
from prometheus_client import generate_latest
from rig import START

from ipraktik_notify.domain.kinds import KINDS
from ipraktik_notify.store import queue


async def shown(notify: Notify) -> dict[str, float]:
    """The figures of a scrape."""
    assert notify.rig.work.show is not None
    async with notify.rig.database.reading() as conn:
        await notify.rig.work.show(conn, notify.rig.clock.now())
    lines = generate_latest(notify.rig.context.registry).decode().splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name.removeprefix("innovationspraktik_"): float(number) for name, number in pairs}


async def test_mails_that_are_sent_are_timed_from_the_moment_they_could_go(
    notify: Notify, story: Story
) -> None:
    await notify.tell(story.edition(), story.contact("intern"), story.registered("intern"))
    figures = await shown(notify)
    sent = len(notify.received("intern"))
    assert sent
    assert figures["smtp_send_duration_seconds_count"] == sent
    assert figures['mail_delay_seconds_bucket{le="1.0"}'] == sent
    assert {figures[f'mails_unsent{{state="{state}"}}'] for state in ("pending", "sending", "failed")} == {0}


async def test_a_mail_that_lacks_its_address_is_as_old_as_it_has_waited(notify: Notify, story: Story) -> None:
    await notify.tell(story.edition(), story.registered("intern"))
    notify.rig.clock.instant = START + timedelta(hours=7)
    figures = await shown(notify)
    assert figures['mails_unsent{state="waiting"}'] >= 1
    assert figures['mails_unsent_oldest_age_seconds{state="waiting"}'] == 7 * 3600
    assert figures['mails_unsent_oldest_age_seconds{state="failed"}'] == 0


async def test_a_reminder_waits_from_the_moment_it_is_due_and_not_since_it_was_planned(
    notify: Notify, story: Story
) -> None:
    await notify.tell(story.edition(), story.registered("intern"))
    async with (
        notify.rig.database.transaction() as tx
    ):  # planned three weeks ahead, due an hour ago, its address unknown
        await tx.conn.execute("update mail set state = 'waiting', due_at = $1", START + timedelta(days=21))
    notify.rig.clock.instant = START + timedelta(days=21, hours=1)
    figures = await shown(notify)
    assert figures['mails_unsent{state="waiting"}'] >= 1
    assert figures['mails_unsent_oldest_age_seconds{state="waiting"}'] == 3600


async def test_what_is_asked_for_a_scrape_is_answered_by_indexes(notify: Notify) -> None:
    async with notify.rig.database.transaction() as tx:
        await tx.conn.execute(
            "insert into mail (id, fact_id, kind, party, recipient, subject_id, facts, names, bodies, awaits, needs_placement, "
            "needs_erased, needs_aggregate, holdable, give_up_at, state, created_at) "
            "select gen_random_uuid(), gen_random_uuid(), 'confirm', 'self', 'self', gen_random_uuid(), '{}', '{}', '{}', '{}', false, "
            "false, false, false, $1, 'sent', $1 from generate_series(1, 3000)",
            START,
        )
        await tx.conn.execute("analyze mail")
        explained = await tx.conn.fetch(f"explain {queue.STANDING}")
    plan = "\n".join(row[0] for row in explained)
    assert "Seq Scan on mail" not in plan, plan


async def test_every_way_a_mail_can_fail_stands_at_nothing_before_the_first_one_does(notify: Notify) -> None:
    figures = await shown(notify)
    for kind in KINDS:
        for outcome in ("refused", "gave_up", "bad_address", "unwritable"):
            assert figures[f'mails_total{{kind="{kind}",outcome="{outcome}"}}'] == 0
