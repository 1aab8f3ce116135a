"""Taking records in: every effect once, order per key, and nothing lost to a record that cannot be taken."""

import asyncio
import logging
import uuid
from collections.abc import Sequence
from dataclasses import replace

import asyncpg
import pytest
from chassis.facts import accepted, contact, declined, expired, proposed
from chassis.listening import fault, heard, intake_of, mend, parked
from chassis.tally.work import WAIT_LOCK, Broken
from chassis.waiting import until
from chassis.wire import wired
from rig import Rig

from ipraktik_chassis.intake import ATTEMPTS, Intake
from ipraktik_chassis.metrics import ConsumerMetrics, new_registry
from ipraktik_chassis.parked import RawRecord
from ipraktik_chassis.replaying import replay
from ipraktik_chassis.subscriptions import Locking
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import ContactChanged, EvaluationRequested
from ipraktik_contracts.topics import CONTACTS, PLACEMENTS


async def test_an_event_that_comes_again_takes_effect_once(tally: Rig) -> None:
    placement = uuid.uuid4()
    record = tally.record(tally.envelope(proposed(placement)))
    await tally.intake.take([record])
    await tally.intake.take([record])
    await intake_of(tally).take([record])
    assert await heard(tally) == {str(placement): [1]}
    assert len(await tally.said(EvaluationRequested)) == 1


async def test_an_event_that_is_twice_in_one_batch_takes_effect_once(tally: Rig) -> None:
    placement = uuid.uuid4()
    record = tally.record(tally.envelope(accepted(placement)))
    await tally.intake.take([record, record])
    assert await heard(tally) == {str(placement): [1]}


async def test_two_replicas_that_take_the_same_batch_at_once_give_one_effect(tally: Rig) -> None:
    records = [tally.record(tally.envelope(accepted())) for _ in range(50)]
    await asyncio.gather(*(intake_of(tally).take(records) for _ in range(3)))
    assert sorted(len(numbers) for numbers in (await heard(tally)).values()) == [1] * 50
    assert await parked(tally) == []


async def test_different_kinds_of_one_key_take_effect_in_the_order_of_the_batch(tally: Rig) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    await tally.tell(
        proposed(first), accepted(first), accepted(second), accepted(first), declined(first), accepted(first)
    )
    assert await heard(tally) == {str(first): [1, 2, 3, 4, 5], str(second): [1]}


async def test_a_known_type_that_nobody_here_handles_is_skipped(tally: Rig) -> None:
    placement = uuid.uuid4()
    await tally.tell(accepted(placement), expired(placement), accepted(placement))
    assert await heard(tally) == {str(placement): [1, 3]}
    assert await parked(tally) == []


async def test_a_handler_that_fails_for_good_parks_its_key_and_no_other(tally: Rig) -> None:
    bad, good = uuid.uuid4(), uuid.uuid4()
    await fault(tally, bad)
    await tally.tell(accepted(good), accepted(bad), accepted(good), declined(bad), accepted(good))
    await tally.tell(proposed(bad), accepted(good))
    assert await heard(tally) == {str(good): [1, 2, 3, 4]}
    assert [(row["kind"], row["key"]) for row in await parked(tally)] == [
        ("failed", str(bad).encode()),
        ("behind", str(bad).encode()),
        ("behind", str(bad).encode()),
    ]
    assert await tally.said(EvaluationRequested) == []


async def test_a_parked_key_of_one_topic_does_not_hold_up_the_same_key_of_another(tally: Rig) -> None:
    same = uuid.uuid4()
    await fault(tally, same)
    await tally.tell(accepted(same))
    await mend(tally, same)
    await tally.tell(contact(same))
    assert [row["topic"] for row in await parked(tally)] == [PLACEMENTS.name]


async def test_what_a_failing_handler_did_before_it_failed_is_undone(tally: Rig) -> None:
    placement, other = uuid.uuid4(), uuid.uuid4()
    await fault(tally, other)
    # neighbours of a kind are handled at once: the whole call fails, then each is taken alone
    await tally.tell(accepted(placement), accepted(other))
    assert await heard(tally) == {str(placement): [1]}


async def test_a_tombstone_of_a_contact_leads_to_its_erasure(tally: Rig) -> None:
    kept, gone = uuid.uuid4(), uuid.uuid4()
    await tally.tell(contact(kept), contact(gone))
    await tally.erase(ContactChanged, gone)
    async with tally.database.reading() as conn:
        assert [row["contact_id"] for row in await conn.fetch("select contact_id from contacts")] == [kept]
    assert await parked(tally) == []


async def test_an_erasure_takes_effect_although_an_earlier_record_of_the_contact_is_parked(
    tally: Rig,
) -> None:
    gone = uuid.uuid4()
    await tally.tell(contact(gone, name="first"))
    spoilt = wired(tally.envelope(contact(gone, name="second"))).header("ce_sequence", b"not a number")
    await tally.intake.take([spoilt.at(100)])
    await tally.tell(contact(gone, name="third"))
    assert [row["kind"] for row in await parked(tally)] == ["malformed", "behind"]
    await tally.erase(ContactChanged, gone)
    async with tally.database.reading() as conn:
        assert await conn.fetchval("select count(*) from contacts") == 0
    # what is parked of an erased contact is personal data too, and must not come back by a replay
    assert await parked(tally) == []


async def test_an_erasure_in_the_batch_of_the_bad_record_takes_effect_too(tally: Rig) -> None:
    gone = uuid.uuid4()
    await tally.tell(contact(gone, name="first"))
    spoilt = wired(tally.envelope(contact(gone, name="second"))).header("ce_id", None)
    tombstone = RawRecord(CONTACTS.name, 0, 102, str(gone).encode(), (), None)
    await tally.intake.take([spoilt.at(101), tombstone])
    async with tally.database.reading() as conn:
        assert await conn.fetchval("select count(*) from contacts") == 0
    assert await parked(tally) == []


async def test_a_batch_whose_session_is_ended_is_taken_again_and_nothing_is_parked(tally: Rig) -> None:
    waits, other = uuid.uuid4(), uuid.uuid4()
    await fault(tally, waits, "waits")
    holder = await asyncpg.connect(tally.database_url)
    try:
        await holder.execute("select pg_advisory_lock($1)", WAIT_LOCK)
        taking = asyncio.create_task(tally.tell(declined(other), declined(waits), declined(other)))
        # the same role may end its own sessions
        ended = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not granted"

        async def was_ended() -> bool:
            return bool(
                await holder.fetch(
                    ended + " and database = (select oid from pg_database where datname = current_database())"
                )
            )

        await until(was_ended, what="the batch waits and its session is ended")
        assert not taking.done()
        await holder.execute("select pg_advisory_unlock($1)", WAIT_LOCK)
        await asyncio.wait_for(taking, 20)
    finally:
        await holder.close()
    assert await heard(tally) == {str(other): [1, 2], str(waits): [1]}
    assert await parked(tally) == []


async def test_a_deadlock_is_retried_and_nothing_is_parked(tally: Rig) -> None:
    one, two = sorted(str(uuid.uuid4()) for _ in range(2))
    await tally.tell(accepted(uuid.UUID(one)), accepted(uuid.UUID(two)))
    rival = await asyncpg.connect(tally.database_url)
    update = "update tallies set count = count where key = $1"
    try:
        trade = rival.transaction()
        await trade.start()
        await rival.execute(update, two)
        taking = asyncio.create_task(tally.tell(accepted(uuid.UUID(one)), accepted(uuid.UUID(two))))

        async def waits() -> bool:
            return bool(await rival.fetchval("select count(*) from pg_locks where not granted"))

        await until(waits, what="the batch waits for the rival")
        try:
            await rival.execute(update, one)
            await trade.commit()
        except asyncpg.DeadlockDetectedError:
            await trade.rollback()
        await asyncio.wait_for(taking, 20)
    finally:
        await rival.close()
    assert await heard(tally) == {one: [1, 2], two: [1, 2]}
    assert await parked(tally) == []


async def test_what_events_share_is_locked_before_any_of_them_takes_effect(tally: Rig) -> None:
    one, two, behind, bad = (uuid.uuid4() for _ in range(4))
    before = tally.record(tally.envelope(accepted(one)))
    await tally.intake.take([before])
    await fault(tally, behind)
    await tally.tell(accepted(behind))
    await fault(tally, bad)
    asked: list[tuple[list[str], int]] = []

    async def locking(tx: Transaction, events: Sequence[CloudEvent]) -> None:
        asked.append(([event.key for event in events], await tx.conn.fetchval("select count(*) from heard")))

    tally.intake = _locking(tally, locking)
    await tally.intake.take(
        [before, *(tally.record(tally.envelope(accepted(key))) for key in (two, behind, one))]
    )
    # neither what took effect already, nor what is parked, nor what nobody handles
    await tally.tell(expired(one), contact(two))
    assert asked == [([str(two), str(one)], 1), ([str(two)], 3)]
    asked.clear()
    await tally.tell(accepted(two), accepted(bad))
    assert asked[0] == ([str(two), str(bad)], 4)
    # then each in a transaction of its own
    assert [keys for keys, _ in asked[1:]] == [[str(two)]] + [[str(bad)]] * ATTEMPTS


async def test_a_record_whose_locks_cannot_be_told_is_parked_and_no_other(tally: Rig) -> None:
    bad, good = uuid.uuid4(), uuid.uuid4()

    async def locking(_: Transaction, events: Sequence[CloudEvent]) -> None:
        if str(bad) in {event.key for event in events}:
            raise Broken

    tally.intake = _locking(tally, locking)
    await tally.tell(accepted(good), accepted(bad), accepted(good))
    assert await heard(tally) == {str(good): [1, 2]}
    assert [(row["kind"], row["key"]) for row in await parked(tally)] == [("failed", str(bad).encode())]


def _locking(tally: Rig, locking: Locking) -> Intake:
    return Intake(
        database=tally.database,
        consumer="tally",
        subscriptions=replace(tally.work.subscriptions, locking=locking),
        clock=tally.clock,
        metrics=ConsumerMetrics(new_registry(service="tally", version="test")),
    )


async def test_an_event_is_counted_once_however_often_its_batch_is_tried(tally: Rig) -> None:
    bad = uuid.uuid4()
    await fault(tally, bad)
    registry = new_registry(service="tally", version="test")
    intake = Intake(
        database=tally.database,
        consumer="tally",
        subscriptions=tally.work.subscriptions,
        clock=tally.clock,
        metrics=ConsumerMetrics(registry),
    )
    told = [
        tally.record(tally.envelope(event)) for event in (accepted(), expired(), declined(bad), accepted())
    ]
    await intake.take(told)
    await intake.take(told[:2])
    counted = {
        (sample.labels["event_type"], sample.labels["outcome"]): sample.value
        for metric in registry.collect()
        for sample in metric.samples
        if sample.name == "innovationspraktik_events_processed_total"
    }
    assert counted == {
        ("MatchAccepted", "ok"): 2,
        ("MatchExpired", "skipped"): 2,
        ("unknown", "parked"): 1,
        ("MatchAccepted", "duplicate"): 1,
    }


async def test_no_word_of_a_record_or_of_an_error_reaches_the_log(
    tally: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    from ipraktik_chassis.logs import _Formatter

    bad = uuid.uuid4()
    await fault(tally, bad)
    with caplog.at_level(logging.DEBUG, logger="ipraktik_chassis"):
        await tally.tell(declined(bad))
        spoilt = wired(tally.envelope(contact(name="MARKER-NAME"))).header("ce_time", b"MARKER-TIME")
        await tally.intake.take([spoilt.at(9)])
    lines = [_Formatter("tally").format(record) for record in caplog.records]
    assert any("Broken" in line for line in lines)
    assert not [line for line in lines if "MARKER" in line or "no tally for" in line]
    assert not [row for row in await parked(tally) if "MARKER" in row["reason"]]


async def test_a_record_is_parked_once_and_another_at_the_same_place_is_parked_too(tally: Rig) -> None:
    one, other = (wired(tally.envelope(accepted())).header("ce_time", None) for _ in range(2))
    await tally.intake.take([one.at(1)])
    await tally.intake.take([one.at(1)])
    # a Kafka that was filled again from the history counts its places from zero
    await tally.intake.take([other.at(1)])
    assert [row["body"] for row in await parked(tally)] == [one.value, other.value]


async def test_a_replay_takes_the_line_of_a_key_in_its_order(tally: Rig) -> None:
    bad = uuid.uuid4()
    await fault(tally, bad)
    await tally.tell(accepted(bad), declined(bad))
    await tally.tell(proposed(bad))
    await mend(tally, bad)
    from ipraktik_chassis import parked as parking

    async with tally.database.reading() as conn:
        waiting = await parking.listed(conn, consumer="tally")
    outcomes = await replay(
        database=tally.database, intake=tally.intake, consumer="tally", records=waiting[:1]
    )
    assert list(outcomes.values()) == [None, None, None]
    assert await heard(tally) == {str(bad): [1, 2, 3]}
    assert await parked(tally) == []


async def test_a_replay_stops_at_the_first_record_that_still_does_not_go(tally: Rig) -> None:
    bad = uuid.uuid4()
    await fault(tally, bad)
    await tally.tell(accepted(bad), declined(bad))
    from ipraktik_chassis import parked as parking

    async with tally.database.reading() as conn:
        waiting = await parking.listed(conn, consumer="tally")
    outcomes = await replay(database=tally.database, intake=tally.intake, consumer="tally", records=waiting)
    assert list(outcomes.values()) == ["Broken in its handler"]
    assert [row["kind"] for row in await parked(tally)] == ["failed", "behind"]
