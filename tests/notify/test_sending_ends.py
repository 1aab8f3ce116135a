"""A sender that ends in the middle: told to stop, cut off from the database, or unable to note what it sent."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest
from notify.agency import another_process, message_ids, until
from notify.conftest import Notify
from notify.facts import Story
from prometheus_client import CollectorRegistry

from ipraktik_chassis.jobs import Job, JobRunner
from ipraktik_chassis.metrics import JobMetrics
from ipraktik_local.mail import MailSink
from ipraktik_notify.store import queue

MAILS = 50


@pytest.fixture(autouse=True)
def _a_server_without_faults_afterwards(clear_faults: Callable[[], None]) -> Iterator[None]:
    yield
    clear_faults()


async def _ready(notify: Notify, story: Story) -> None:
    """So many mails are ready, each to a person of their own, and all of one slice: one batch has them."""
    events = [story.edition()]
    for number in range(MAILS):
        one = Story(mark=f"{story.mark}{number:02d}", edition_id=story.edition_id)
        one.intern_contact = UUID(bytes=one.intern_contact.bytes[:15] + b"\0")
        events += [one.contact("intern"), one.registered("intern")]
    await notify.rig.tell(*events)
    await notify.rig.work.jobs[0].run(notify.rig.database)
    assert len(await notify.log(state="pending")) == MAILS


def _sending(notify: Notify) -> Job:
    return notify.rig.work.jobs[-1]


def _came(notify: Notify, story: Story) -> list[str]:
    """The Message-IDs of what the server has taken."""
    return message_ids(notify.sink, story.mark)


@asynccontextmanager
async def _runner(notify: Notify, job: Job) -> AsyncIterator[asyncio.Event]:
    """The job, run as a process does; the block ends when the runner has."""
    runner = JobRunner(
        jobs=[job],
        database=notify.rig.database,
        clock=notify.rig.clock,
        metrics=JobMetrics(CollectorRegistry()),
        poll_seconds=0.02,
    )
    stop = asyncio.Event()
    running = asyncio.create_task(runner.run(stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(running, 20)


async def _some_sent(notify: Notify) -> bool:
    return bool(await notify.log(state="sent"))


async def test_told_to_stop_a_sender_ends_what_is_under_way_and_hands_back_the_rest(
    notify: Notify, story: Story, mail_sink: MailSink
) -> None:
    await _ready(notify, story)
    mail_sink.fault("delay", match=story.mark, times=None, seconds=0.2)
    async with _runner(notify, _sending(notify)) as stop:
        await until(lambda: _some_sent(notify))
        began = asyncio.get_running_loop().time()
        stop.set()
    assert asyncio.get_running_loop().time() - began < 2

    assert await notify.log(state="sending") == []
    left = await notify.log(state="pending")
    assert len(left) >= MAILS / 2
    assert {(mail["attempts"], mail["resent"], mail["reason"]) for mail in left} == {(0, 0, None)}
    assert len(_came(notify, story)) == MAILS - len(left)

    mail_sink.clear_faults()
    async with _runner(notify, another_process(notify).jobs[-1]):
        await until(lambda: _all_sent(notify), seconds=20)
    assert len(_came(notify, story)) == len(set(_came(notify, story))) == MAILS
    assert {(mail["attempts"], mail["resent"]) for mail in await notify.log(state="sent")} == {(1, 0)}


async def _all_sent(notify: Notify) -> bool:
    return len(await notify.log(state="sent")) == MAILS


async def test_a_sender_whose_session_has_ended_begins_no_other_mail(
    notify: Notify, story: Story, mail_sink: MailSink
) -> None:
    await _ready(notify, story)
    mail_sink.fault("delay", match=story.mark, times=None, seconds=0.2)
    sending = asyncio.ensure_future(_sending(notify).run(notify.rig.database))
    await until(lambda: _some_sent(notify))
    async with notify.rig.database.reading() as conn:
        assert await conn.fetchval(
            "select count(pg_terminate_backend(pid)) from (select distinct pid from pg_locks where classid = $1) theirs",
            queue.SLICE_LOCK,
        )
    mail_sink.clear_faults()
    other = another_process(notify).jobs[-1]
    await until(lambda: other.run(notify.rig.database))  # has the locks now, and what was in doubt with them
    with pytest.raises(asyncpg.InterfaceError):
        await sending

    await until(lambda: _all_sent(notify), seconds=20)
    came = _came(notify, story)
    assert len(set(came)) == MAILS
    # twice at most what was under way when the session ended; the other would have sent all of them again
    assert len(came) - MAILS <= 2 * notify.rig.context.settings.mail_connections


async def test_a_sender_that_cannot_note_what_it_sent_begins_no_other_mail(
    notify: Notify, story: Story, mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _ready(notify, story)
    mail_sink.fault("delay", match=story.mark, times=None, seconds=0.05)

    async def broken(*_: object, **__: object) -> None:
        raise asyncpg.ConnectionDoesNotExistError("MARKER")

    with monkeypatch.context() as patched:
        patched.setattr(queue, "settle", broken)
        with pytest.raises(asyncpg.ConnectionDoesNotExistError):
            await _sending(notify).run(notify.rig.database)
    assert len(_came(notify, story)) <= 3 * notify.rig.context.settings.mail_connections

    async def sent_by_the_next() -> bool:
        await (
            notify.rig.run_jobs()
        )  # as often as a process would: the broken one's session may take a moment to end
        return await _all_sent(notify)

    await until(sent_by_the_next, seconds=20)
    assert len(set(_came(notify, story))) == MAILS
