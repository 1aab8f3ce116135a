"""The event log: everything public, as it was said, once, at positions without a gap that no late commit slips behind."""

import asyncio
import json
from collections.abc import Sequence

import pytest
from notify.agency import logged, say
from notify.conftest import Notify
from notify.facts import Story

from ipraktik_chassis.parked import RawRecord
from ipraktik_contracts import events
from ipraktik_contracts.envelope import CloudEvent, encode, encode_structured
from ipraktik_contracts.registry import EVENT_CLASSES
from ipraktik_notify.domain.scope import Scope
from ipraktik_notify.events import subscriptions
from ipraktik_notify.store import event_log
from ipraktik_notify.usecases.keep_what_was_said import keep_what_was_said


def _heard(notify: Notify, count: int) -> Sequence[tuple[RawRecord, CloudEvent]]:
    told = [notify.rig.envelope(Story().registered("intern")) for _ in range(count)]
    return [(notify.rig.record(event), event) for event in told]


async def _positions(notify: Notify) -> list[int]:
    async with notify.rig.database.reading() as conn:
        return [row["position"] for row in await conn.fetch("select position from event_log order by 1")]


def test_every_public_event_is_heard_and_so_kept() -> None:
    heard = subscriptions(coordinators=[])
    assert heard.witness is keep_what_was_said
    assert [one for one in EVENT_CLASSES if one.AUDIENCE == "public" and not heard.handles(one)] == []


async def test_public_events_are_kept_in_the_order_of_taking_in_and_internal_ones_are_not(
    notify: Notify, story: Story
) -> None:
    told = await notify.rig.tell(*story.people(), story.proposed(), story.request(events.LinkRequested))
    public = [one for one in told if one.data.AUDIENCE == "public"]
    assert [one["id"] for one in await logged(notify)] == [str(one.id) for one in public]
    assert await _positions(notify) == list(range(1, len(public) + 1))
    text = json.dumps(await logged(notify))
    for private in (story.mark, "Søren", "Åse", "Hanne"):
        assert private not in text


async def test_what_a_newer_producer_adds_is_kept_byte_for_byte(notify: Notify, story: Story) -> None:
    made = encode(notify.rig.envelope(story.registered("intern")))
    body = b'{ "from_tomorrow" : 1.50 ,' + made.value[1:]
    headers = (*made.headers, ("ce_fromtomorrow", b"yes"))
    await notify.rig.intake.take([RawRecord(made.topic, 0, 1, made.key, headers, body)])
    async with notify.rig.database.reading() as conn:
        text = await conn.fetchval("select event from event_log")
    assert text.endswith(f',"data":{body.decode()}}}')
    assert json.loads(text)["fromtomorrow"] == "yes"


async def test_a_record_in_structured_mode_is_kept_as_it_came(notify: Notify, story: Story) -> None:
    made = encode_structured(notify.rig.envelope(story.registered("intern")))
    await notify.rig.intake.take([RawRecord(made.topic, 0, 1, made.key, made.headers, made.value)])
    async with notify.rig.database.reading() as conn:
        assert await conn.fetchval("select event from event_log") == made.value.decode()


async def test_a_body_that_is_no_json_for_others_is_parked_and_not_given_to_them(
    notify: Notify, story: Story
) -> None:
    made = encode(notify.rig.envelope(story.registered("intern")))
    body = b'{"from_tomorrow":NaN,' + made.value[1:]
    await notify.rig.intake.take([RawRecord(made.topic, 0, 1, made.key, made.headers, body)])
    assert await logged(notify) == []
    async with notify.rig.database.reading() as conn:
        assert await conn.fetchval("select count(*) from parked") == 1


async def test_an_event_is_kept_once_however_often_it_comes(notify: Notify, story: Story) -> None:
    told = [notify.rig.envelope(one) for one in (story.edition(), story.registered("intern"))]
    records = [notify.rig.record(one) for one in told]
    await notify.rig.intake.take([*records, *records])
    await notify.rig.intake.take(list(reversed(records)))
    assert [one["id"] for one in await logged(notify)] == [str(one.id) for one in told]
    assert await _positions(notify) == [1, 2]
    async with notify.rig.database.reading() as conn:
        assert await conn.fetchval("select count(*) from parked") == 0


async def test_a_log_that_came_later_is_filled_by_reading_the_topics_again(
    notify: Notify, story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    told = await notify.rig.tell(
        story.edition(), story.registered("intern"), story.proposed(), story.signed()
    )
    assert not caplog.records
    async with notify.rig.database.transaction() as tx:
        await tx.conn.execute(
            "delete from event_log"
        )  # as it was before there was one: only the inbox knows them
    (late,) = await notify.rig.tell(story.withdrawn("intern"))
    assert "set the consumer group back" in caplog.text  # it says so itself that it is not whole
    async with notify.rig.database.transaction() as tx:
        await tx.conn.execute("delete from event_log")
    caplog.clear()
    await notify.rig.intake.take([notify.rig.record(one) for one in (*told, late)])
    assert [one["id"] for one in await logged(notify)] == [str(one.id) for one in (*told, late)]
    assert not caplog.records


async def test_a_parked_event_comes_into_the_log_when_it_is_replayed(notify: Notify, story: Story) -> None:
    broken = encode(notify.rig.envelope(story.registered("intern")))
    await notify.rig.intake.take([RawRecord(broken.topic, 0, 1, broken.key, broken.headers, b"{}")])
    behind = notify.rig.record(notify.rig.envelope(story.withdrawn("intern")))
    await notify.rig.intake.take([behind])
    assert await logged(notify) == []
    assert await notify.rig.intake.replay(behind) is None
    assert len(await logged(notify)) == 1


async def test_no_reader_can_pass_a_late_commit(notify: Notify) -> None:
    """A has taken its events in first and commits last; B waits for it, and readers see neither half."""
    first, second = _heard(notify, 2), _heard(notify, 3)
    may_commit, has_appended = asyncio.Event(), asyncio.Event()
    committed: list[str] = []

    async def late() -> None:
        async with notify.rig.database.transaction() as tx:
            await keep_what_was_said(tx, first)
            has_appended.set()
            await may_commit.wait()
        committed.append("late")

    async def prompt() -> None:
        await has_appended.wait()
        async with notify.rig.database.transaction() as tx:
            await keep_what_was_said(tx, second)
        committed.append("prompt")

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(late())
        group.create_task(prompt())
        await has_appended.wait()
        async with notify.rig.database.reading() as conn:
            while not await conn.fetchval(  # noqa: ASYNC110 - the database is where it is to be seen
                "select count(*) from pg_locks where locktype = 'advisory' and classid = 4716 and not granted"
            ):
                await asyncio.sleep(0.01)
        assert await _positions(notify) == []  # B's three are not to be seen before A's two
        may_commit.set()
    assert committed == ["late", "prompt"]
    wanted = [str(event.id) for _, event in (*first, *second)]
    assert [one["id"] for one in await logged(notify)] == wanted
    assert await _positions(notify) == [1, 2, 3, 4, 5]


async def test_a_transaction_that_is_rolled_back_leaves_no_gap(notify: Notify) -> None:
    await say(notify, Story().registered("intern"))

    async def fail() -> None:
        async with notify.rig.database.transaction() as tx:
            await keep_what_was_said(tx, _heard(notify, 5))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    await say(notify, Story().registered("intern"))
    assert await _positions(notify) == [1, 2]


async def test_a_reader_beside_many_writers_gets_everything_once_and_in_order(notify: Notify) -> None:
    """Six at a time append, some roll back; a reader goes by its cursor all the while."""
    batches = [_heard(notify, 1 + number % 4) for number in range(60)]
    kept = {str(event.id) for number, batch in enumerate(batches) if number % 5 for _, event in batch}
    queue = list(enumerate(batches))
    read: list[tuple[int, str]] = []

    async def write() -> None:
        while queue:
            number, batch = queue.pop()
            try:
                async with notify.rig.database.transaction() as tx:
                    await keep_what_was_said(tx, batch)
                    if number % 5 == 0:
                        raise KeyError
            except KeyError:
                continue

    async def follow() -> None:
        while len(read) < len(kept):
            async with notify.rig.database.reading() as conn:
                after = read[-1][0] if read else 0
                found, _ = await event_log.following(
                    conn, after=after, scope=Scope(), limit=7, most_bytes=10**9
                )
            read.extend((one.position, str(one.event_id)) for one in found)

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        group.create_task(follow())
        for _ in range(4):
            group.create_task(write())
    assert [position for position, _ in read] == list(range(1, len(kept) + 1))
    assert {id for _, id in read} == kept
