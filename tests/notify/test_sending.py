"""Handing mails in: never twice for one fact, again when the server wants time, never silently again after a no."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from notify.agency import another_process, message_ids
from notify.conftest import Notify
from notify.facts import Story
from rig import Databases, rig_of

from ipraktik_local.mail import MailSink
from ipraktik_notify.mailing.message import message_id
from ipraktik_notify.main import SERVICE
from ipraktik_notify.store import queue


@pytest.fixture(autouse=True)
def _a_server_without_faults_afterwards(clear_faults: Callable[[], None]) -> Iterator[None]:
    yield
    clear_faults()


async def _until_settled(notify: Notify) -> None:
    """Run the jobs until nothing is left to send; the pauses between attempts are real and short here."""
    async with asyncio.timeout(20):
        while True:
            await notify.rig.run_jobs()
            async with notify.rig.database.reading() as conn:
                if not await queue.unsettled(conn):
                    return
            await asyncio.sleep(0.02)


async def test_the_same_event_again_gives_no_second_mail(notify: Notify, story: Story) -> None:
    told = await notify.rig.tell(story.edition(), story.contact("intern"), story.registered("intern"))
    await notify.rig.run_jobs()
    await notify.rig.intake.take([notify.rig.record(event) for event in told])
    await notify.rig.run_jobs()
    assert len(notify.received("intern")) == 1


async def test_the_same_fact_planned_again_past_the_inbox_gives_no_second_mail(
    notify: Notify, story: Story
) -> None:
    told = await notify.rig.tell(story.edition(), story.contact("intern"), story.registered("intern"))
    await notify.rig.run_jobs()
    async with notify.rig.database.transaction() as tx:
        await tx.conn.execute("delete from inbox")
    await notify.rig.intake.take([notify.rig.record(event) for event in told])
    await notify.rig.run_jobs()
    assert len(notify.received("intern")) == 1


async def test_two_senders_at_once_send_each_mail_once(notify: Notify, story: Story) -> None:
    await notify.rig.tell(*story.people(), story.proposed())
    for job in notify.rig.work.jobs[:1]:
        await job.run(notify.rig.database)
    sending = notify.rig.work.jobs[-1]
    await asyncio.gather(*(sending.run(notify.rig.database) for _ in range(3)))
    await notify.rig.run_jobs()

    received = notify.received("intern") + notify.received("host")
    assert len(received) == len({mail["message_id"] for mail in received}) == 4
    assert {row["attempts"] for row in await notify.log(state="sent")} == {1}


def _stories_in_every_slice(mark: str) -> list[Story]:
    """One person each, and together every slice of the queue has a mail."""
    made = []
    for number in range(queue.SLICES):
        one = Story(mark=f"{mark}{number:02d}")
        one.intern_contact = UUID(bytes=one.intern_contact.bytes[:15] + bytes([number]))
        made.append(one)
    return made


async def _one_mail_per_slice(notify: Notify, story: Story) -> None:
    for one in _stories_in_every_slice(story.mark):
        await notify.rig.tell(one.edition(), one.contact("intern"), one.registered("intern"))
    await notify.rig.work.jobs[0].run(notify.rig.database)  # they are ready, and nobody has sent them yet
    assert len(await notify.log(state="pending")) == queue.SLICES


async def test_two_replicas_send_at_the_same_time_and_each_mail_goes_once(
    notify: Notify, story: Story, mail_sink: MailSink
) -> None:
    await _one_mail_per_slice(notify, story)
    mail_sink.fault("delay", match=story.mark, times=None, seconds=0.1)
    replicas = [notify.rig.work.jobs[-1], another_process(notify).jobs[-1]]
    shares = await asyncio.gather(*(sending.run(notify.rig.database) for sending in replicas))
    await notify.rig.run_jobs()

    assert all(share >= queue.SLICES_AT_ONCE for share in shares)
    assert {(mail["attempts"], mail["resent"]) for mail in await notify.log(state="sent")} == {(1, 0)}
    came = message_ids(mail_sink, story.mark)
    assert len(came) == len(set(came)) == queue.SLICES


async def test_what_another_sender_has_in_hand_is_left_to_it_and_the_rest_goes(
    notify: Notify, story: Story
) -> None:
    await _one_mail_per_slice(notify, story)
    sending = notify.rig.work.jobs[-1]
    async with notify.rig.database.reading() as conn, queue.may_send(conn) as free:
        assert free
        async with queue.own_slices(conn, but=[]) as theirs:
            assert len(theirs) == queue.SLICES_AT_ONCE
            assert await sending.run(notify.rig.database) == queue.SLICES - len(theirs)
            left = await notify.log(state="pending")
            assert sorted(mail["contact_id"].bytes[15] for mail in left) == sorted(theirs)
    await notify.rig.run_jobs()

    assert {(mail["attempts"], mail["resent"]) for mail in await notify.log(state="sent")} == {(1, 0)}
    assert len(await notify.log(state="sent")) == queue.SLICES


async def test_a_claim_is_in_doubt_only_once_its_sender_has_let_go_of_its_slice(
    notify: Notify, story: Story
) -> None:
    await _one_mail_per_slice(notify, story)
    sending = notify.rig.work.jobs[-1]
    async with notify.rig.database.reading() as conn, queue.own_slices(conn, but=[]) as theirs:
        claimed = await queue.claim(conn, slices=theirs, but=[], limit=10, domain="example.org")
        await sending.run(notify.rig.database)
        assert {mail["id"] for mail in await notify.log(state="sending")} == {mail.id for mail in claimed}
    await notify.rig.run_jobs()

    assert sorted(mail["resent"] for mail in await notify.log(state="sent")) == sorted(
        [0] * (queue.SLICES - len(claimed)) + [1] * len(claimed)
    )


async def test_a_release_that_sends_alone_and_one_that_shares_wait_for_each_other(
    notify: Notify, story: Story
) -> None:
    await notify.rig.tell(story.edition(), story.contact("intern"), story.registered("intern"))
    await notify.rig.work.jobs[0].run(notify.rig.database)
    sending = notify.rig.work.jobs[-1]
    alone = "select pg_try_advisory_lock(4715, 1)"
    async with notify.rig.database.reading() as before:
        assert await before.fetchval(alone)
        assert await sending.run(notify.rig.database) == 0
        await before.execute("select pg_advisory_unlock(4715, 1)")
        async with notify.rig.database.reading() as conn, queue.may_send(conn):
            assert not await before.fetchval(alone)
    assert await sending.run(notify.rig.database) == 1


async def test_the_locks_of_senders_hold_up_nobody_who_takes_events_in(notify: Notify, story: Story) -> None:
    slices = list(range(queue.SLICES))
    async with notify.rig.database.reading() as conn:
        mine = "select bool_and(pg_try_advisory_lock($1, slice)) from unnest($2::int[]) slice"
        assert await conn.fetchval(mine, queue.SLICE_LOCK, slices)
        try:
            async with asyncio.timeout(10):
                await notify.rig.tell(*story.people(), story.proposed(), story.signed())
        finally:
            await conn.execute("select pg_advisory_unlock_all()")


async def test_a_server_that_wants_time_gets_it_and_the_mail_comes(
    notify: Notify, story: Story, mail_sink: MailSink
) -> None:
    mail_sink.fault("tempfail", match=story.mark, times=2)
    await notify.rig.tell(story.edition(), story.contact("intern"), story.registered("intern"))
    await notify.rig.run_jobs()
    (row,) = await notify.log()
    assert (row["state"], row["code"], row["reason"]) == ("pending", 451, "deferred")
    async with notify.rig.database.reading() as conn:
        assert notify.rig.work.pending is not None
        assert await notify.rig.work.pending(conn) == 1  # a simulated clock waits for it

    await _until_settled(notify)
    (row,) = await notify.log()
    assert (row["state"], row["attempts"], row["resent"]) == ("sent", 3, 0)
    assert len(notify.received("intern")) == 1


async def test_a_refused_mail_is_marked_and_not_tried_again(
    notify: Notify, story: Story, mail_sink: MailSink
) -> None:
    mail_sink.fault("reject", match=story.address("intern"), times=1)
    await notify.tell(*story.people(), story.proposed())
    await _until_settled(notify)

    (failed,) = await notify.log(state="failed")
    assert (failed["code"], failed["reason"], failed["attempts"]) == (550, "refused", 1)
    assert len(await notify.log(state="sent")) == 3
    notify.rig.clock.advance(timedelta(days=1))
    await notify.rig.run_jobs()
    assert len(await notify.log(state="failed")) == 1


async def test_a_mail_in_doubt_is_sent_again_as_the_same_message(
    notify: Notify, story: Story, mail_sink: MailSink
) -> None:
    mail_sink.fault("accept_then_drop", match=story.mark, times=1)
    await notify.rig.tell(story.edition(), story.contact("intern"), story.registered("intern"))
    await _until_settled(notify)

    (row,) = await notify.log()
    assert (row["state"], row["resent"], row["attempts"]) == ("sent", 1, 2)
    received = notify.received("intern")
    assert [mail["message_id"] for mail in received] == [received[0]["message_id"]] * 2


async def test_a_mail_left_by_a_sender_that_died_is_sent_again_as_the_same_message(
    notify: Notify, story: Story
) -> None:
    await notify.tell(story.edition(), story.contact("intern"), story.registered("intern"))
    async with notify.rig.database.transaction() as tx:  # the server took it, the commit never came
        await tx.conn.execute("update mail set state = 'sending', sent_at = null")
    await notify.rig.run_jobs()

    (row,) = await notify.log()
    assert (row["state"], row["resent"], row["attempts"]) == ("sent", 1, 2)
    first, second = notify.received("intern")
    assert first["message_id"] == second["message_id"]


async def test_an_absent_server_costs_no_mail_an_attempt(
    databases: Databases, key_pair: tuple[Path, bytes], story: Story, tmp_path: Path
) -> None:
    sink = MailSink(home=tmp_path / "late")  # it has an address before it runs
    settings = {"link_private_key_file": key_pair[0], "smtp_url": sink.smtp_url, "mail_retry_seconds": 0.05}
    try:
        async with rig_of(SERVICE, databases, **settings) as rig:
            notify = Notify(rig, sink, key_pair[1], settings, story)
            await notify.tell(story.edition(), story.contact("intern"), story.registered("intern"))
            (row,) = await notify.log()
            assert (row["state"], row["attempts"], row["reason"]) == ("pending", 0, "server_away")

            sink.start()
            await _until_settled(notify)
            (row,) = await notify.log()
            assert (row["state"], row["attempts"], row["reason"]) == ("sent", 1, None)
    finally:
        sink.close()


async def test_the_message_id_follows_from_fact_kind_and_recipient(notify: Notify, story: Story) -> None:
    await notify.tell(story.edition(), story.contact("intern"), story.registered("intern"))
    (row,) = await notify.log()
    expected = message_id(
        fact_id=row["fact_id"], kind="registered", contact_id=story.intern_contact, domain="example.org"
    )
    assert row["message_id"] == expected == notify.message(notify.received("intern")[0])["Message-ID"]
    other = message_id(
        fact_id=row["fact_id"], kind="registered", contact_id=UUID(int=1), domain="example.org"
    )
    assert other != expected


async def test_headers_say_what_the_mail_is_and_a_name_cannot_add_any(notify: Notify, story: Story) -> None:
    name = "Søren Æbleskive-Ødegård\r\nBcc: alle@example.org"
    await notify.tell(story.edition(), story.contact("intern", name=name), story.registered("intern"))
    message = notify.message(notify.received("intern")[0])

    assert message["Bcc"] is None
    shown = message["To"].addresses[0].display_name  # the parser puts spaces around dots
    assert shown.replace(" ", "") == "SørenÆbleskive-ØdegårdBcc:alle@example.org"
    assert len(message["To"].addresses) == 1
    assert message["To"].addresses[0].addr_spec == story.address("intern")
    assert message["X-Innovationspraktik-Kind"] == "registered"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "da"
    assert message["Date"].datetime == notify.rig.clock.now()
    parts = [part.get_content_type() for part in message.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]


@pytest.mark.parametrize(
    "address", ["", "a b@example.org", "uden-snabel-a", "x@example.org\r\nRCPT TO:<y@example.org>"]
)
async def test_an_address_that_cannot_be_written_to_fails_without_stopping_the_others(
    notify: Notify, story: Story, address: str
) -> None:
    await notify.tell(*story.people()[:1], story.contact("intern", email=address), story.contact("host"))
    await notify.tell(story.registered("intern"), story.registered("host"))
    (failed,) = await notify.log(state="failed")
    assert failed["reason"] == "bad_address"
    assert len(notify.received("host")) == 1


async def test_a_link_carries_the_contacts_epoch_and_outlives_its_deadline(
    notify: Notify, story: Story
) -> None:
    await notify.tell(*story.people(), story.contact("host", epoch=3), story.proposed())
    mail = next(mail for mail in notify.received("host") if mail["kind"] == "proposal")
    link = notify.link(mail)
    assert link.epoch == 3
    assert link.expires_at == notify.rig.clock.now() + timedelta(days=14 + 7)


async def test_neither_address_nor_text_is_kept(notify: Notify, story: Story) -> None:
    await notify.tell(*story.people(), story.proposed(), story.signed())
    async with notify.rig.database.reading() as conn:
        rows = " ".join(await conn.fetchval("select array_agg(mail::text) from mail"))
    for private in (story.mark, "Søren", "Hanne", "link?t=", "Vejle"):
        assert private not in rows


async def test_coordinators_hear_of_the_report(notify: Notify, story: Story) -> None:
    await notify.tell(story.edition(hold_mails=True), story.report())
    (mail,) = notify.received("koordinator")
    assert mail["kind"] == "report_published"
    assert mail["links"][0].endswith(f"/evaluation/reports/{story.edition_id}")
