"""The ways in which FastStream and aiokafka lose, repeat or stall, each with the test that holds it off.

Three more are held by reading the source, in tests/architecture/test_bus_pitfalls.py: no exception middleware (P2), no policy
that acknowledges what failed (P3, P4), no `publish_batch` (P6).
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from chassis.facts import accepted
from chassis.listening import Bus, consumer_of, heard, intake_of, listening, parked
from chassis.processes import TallyProcess
from chassis.waiting import until
from chassis.wire import Wire, wired
from faststream import AckPolicy
from rig import Rig

from ipraktik_chassis.consumer import Consumer
from ipraktik_chassis.intake import Intake
from ipraktik_chassis.parked import RawRecord


class FailingIntake(Intake):
    """An intake whose every batch fails in a way that nobody foresaw."""

    def __init__(self, *, failures: int) -> None:
        self.failures = failures
        self.attempts: list[float] = []
        self.first_positions: list[int] = []

    async def take(self, records: Sequence[RawRecord]) -> None:
        """Fail so many times, then not."""
        self.attempts.append(time.monotonic())
        self.first_positions.append(records[0].position)
        if len(self.attempts) <= self.failures:
            raise RuntimeError("MARKER of what came in")


def subscribers(consumer: Consumer) -> list[Any]:
    """All subscribers of a consumer's broker."""
    return list(consumer._broker.subscribers)


async def test_p01_a_null_or_undecodable_header_costs_only_its_own_record(tally: Rig, bus: Bus) -> None:
    key = uuid.uuid4()
    records = [wired(tally.envelope(accepted(key))) for _ in range(10)]
    other = wired(tally.envelope(accepted()))
    records[3:3] = [
        other.header("ce_id", None),
        other.header("nul", None),
        other.header("ce_id", b"\xff\xfe"),
    ]
    async with listening(tally, bus) as listener:
        await bus.publish(*records)
        await listener.caught_up()
    assert (await heard(tally))[str(key)] == list(range(1, 11))
    assert [row["kind"] for row in await parked(tally)] == ["malformed", "behind", "malformed"]


async def test_p02_no_middleware_stands_between_a_failure_and_its_acknowledgement(
    tally: Rig, bus: Bus
) -> None:
    consumer = consumer_of(tally, bus, tally.intake)
    assert not consumer._broker.middlewares


async def test_p03_every_subscriber_hands_back_what_failed(tally: Rig, bus: Bus) -> None:
    found = subscribers(consumer_of(tally, bus, tally.intake))
    assert [subscriber.ack_policy for subscriber in found] == [AckPolicy.NACK_ON_ERROR]


async def test_p04_a_batch_that_failed_is_not_committed(tally: Rig, bus: Bus) -> None:
    intake = FailingIntake(failures=2)
    await bus.tell(tally, *[accepted(uuid.uuid4())] * 3)
    consumer = consumer_of(tally, bus, intake)
    await consumer.start()
    try:
        await until(lambda: len(intake.attempts) >= 3, what="the batch comes again")
    finally:
        await consumer.stop(patience=20)
    assert set(intake.first_positions) == {0}
    await asyncio.sleep(0)
    again = FailingIntake(failures=0)
    consumer = consumer_of(tally, bus, again)
    await consumer.start()
    try:
        await until(lambda: consumer.joined, what="it has joined")
        assert await consumer.lag() is not None
        assert not again.attempts
    finally:
        await consumer.stop(patience=20)


async def test_p05_a_new_group_begins_with_the_first_record(tally: Rig, bus: Bus) -> None:
    for subscriber in subscribers(consumer_of(tally, bus, tally.intake)):
        assert subscriber._connection_args["auto_offset_reset"] == "earliest"
        assert subscriber._connection_args["enable_auto_commit"] is False
        assert subscriber.group_id == bus.namespace + "tally"


async def test_p07_what_is_once_is_told_by_the_events_id_and_nothing_else(tally: Rig) -> None:
    first, second = (wired(tally.envelope(accepted(uuid.uuid4()))) for _ in range(2))
    # FastStream's message id is offset and time, the same for records of two partitions
    await tally.intake.take([first.at(7, partition=0), second.at(7, partition=1)])
    # and the same event at another place is the same event
    await tally.intake.take([first.at(8, partition=0), second.at(9, partition=4)])
    assert list((await heard(tally)).values()) == [[1], [1]]


async def test_p08_what_fails_again_and_again_is_tried_with_pauses(tally: Rig, bus: Bus) -> None:
    intake = FailingIntake(failures=1_000_000)
    await bus.tell(tally, accepted())
    consumer = consumer_of(tally, bus, intake)
    await consumer.start()
    try:
        await until(lambda: len(intake.attempts) >= 3, what="it is tried three times")
    finally:
        await consumer.stop(patience=20)
    pauses = [later - earlier for earlier, later in pairwise(intake.attempts)]
    assert min(pauses) >= 0.5


async def test_p08_a_failure_is_handed_back_without_the_words_of_its_error(
    tally: Rig, bus: Bus, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    intake = FailingIntake(failures=1)
    await bus.tell(tally, accepted())
    consumer = consumer_of(tally, bus, intake)
    with caplog.at_level(logging.INFO):
        await consumer.start()
        try:
            await until(lambda: len(intake.attempts) >= 2, what="it is tried again")
        finally:
            await consumer.stop(patience=20)
    assert "RuntimeError" in caplog.text
    assert "MARKER" not in "".join(record.getMessage() for record in caplog.records)
    out, err = capfd.readouterr()
    assert "MARKER" not in out + err


async def test_p08_a_database_that_is_away_is_asked_less_and_less_often(tally: Rig) -> None:
    await tally.database.close()
    tally.database._pool = _Refusing()
    taking = asyncio.create_task(intake_of(tally).take([tally.record(tally.envelope(accepted()))]))
    refusing = tally.database._pool
    await until(lambda: len(refusing.asked) >= 5, what="it was asked five times")
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    pauses = [later - earlier for earlier, later in pairwise(refusing.asked)]
    assert pauses[0] >= 0.02
    assert pauses[3] >= 0.19


class _Refusing:
    """A pool of a database that is not there."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def acquire(self) -> Any:
        self.asked.append(time.monotonic())
        raise ConnectionRefusedError

    async def close(self) -> None:
        """Nothing to close."""


async def test_p09_one_bad_body_spoils_neither_its_batch_nor_what_follows(tally: Rig, bus: Bus) -> None:
    key = uuid.uuid4()
    records = [wired(tally.envelope(accepted(key))) for _ in range(6)]
    bad = replace(wired(tally.envelope(accepted())), value=b"\xff{]")
    async with listening(tally, bus) as listener:
        await bus.publish(*records[:3], bad, *records[3:])
        await listener.caught_up()
    assert await heard(tally) == {str(key): [1, 2, 3, 4, 5, 6]}
    assert [row["kind"] for row in await parked(tally)] == ["malformed"]


async def test_p09_no_record_whatever_it_holds_makes_the_intake_raise(tally: Rig) -> None:
    good = wired(tally.envelope(accepted()))
    odd: list[bytes | None] = [
        None,
        b"",
        b"\x00",
        b"\xff\xfe",
        "²".encode(),
        b"9" * 5000,
        b"-1",
        b"1e5",
        b"dk.innovationspraktik.\x00.v2",
        "dk.innovationspraktik.MatchAccepted.v²".encode(),
        b"dk.innovationspraktik.MatchAccepted.v" + b"9" * 5000,
        b"0001-01-01T00:00:00+23:59",
        b"9999-12-31T23:59:59-23:59",
    ]
    spoilt: list[Wire] = [
        good.header(name, value)
        for name in ("ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "ce_sequence")
        for value in odd
    ]
    spoilt += [replace(good, value=value) for value in (*odd, b"[" * 60_000, b'{"a":' * 9_000)]
    spoilt += [good.header("odd\x00name", b"\x00").header("ce_id", None), replace(good, headers=())]
    records = [
        replace(record.at(place), key=str(place).encode() if place % 2 else record.key)
        for place, record in enumerate(spoilt)
    ]
    await tally.intake.take(records)
    assert len(await parked(tally)) + len(await heard(tally)) >= len(records) // 2
    last = uuid.uuid4()
    await tally.tell(accepted(last))
    assert (await heard(tally))[str(last)] == [1]


async def test_p10_work_is_not_ready_before_the_group_has_given_it_its_share(
    tally: Rig, bus: Bus, tmp_path: Any
) -> None:
    settings = {
        "DATABASE_URL": tally.database_url,
        "KAFKA_BOOTSTRAP": bus.bootstrap,
        "TOPIC_NAMESPACE": bus.namespace,
        "LOCAL_STACK": "1",
    }
    with TallyProcess(tmp_path, "work", **settings) as process:
        seen: list[Any] = []

        async def is_ready() -> bool:
            answer = await process.answer("/readyz")
            if answer is None:
                return False
            metrics = await process.answer("/metrics")
            assert metrics is not None
            held = next(
                float(line.split()[-1])
                for line in metrics.text.splitlines()
                if line.startswith("innovationspraktik_consumer_assigned_partitions ")
            )
            seen.append((answer.status_code, held))
            return answer.status_code == 200

        await until(is_ready, what="it is ready", every=0.01)
    assert seen[-1] == (200, 24.0)


async def test_p10_a_consumer_that_has_not_joined_says_so(tally: Rig, bus: Bus) -> None:
    consumer = consumer_of(tally, bus, tally.intake)
    assert not consumer.joined
    assert await consumer.lag() is None
    await consumer.start()
    try:
        await until(lambda: consumer.joined, what="it has joined")
        assert consumer.partitions == 24
    finally:
        await consumer.stop(patience=20)


async def test_p12_a_stable_name_goes_with_one_member_per_process(tally: Rig, bus: Bus) -> None:
    (subscriber,) = subscribers(consumer_of(tally, bus, tally.intake, instance="tally-0"))
    assert subscriber._connection_args["group_instance_id"] == f"{bus.namespace}tally-tally-0"
    assert "Concurrent" not in type(subscriber).__name__


async def test_p23_listening_makes_no_topic(tally: Rig, bus: Bus) -> None:
    consumer = consumer_of(tally, bus, tally.intake)
    assert consumer._broker.config.broker_config.allow_auto_create_topics is False
