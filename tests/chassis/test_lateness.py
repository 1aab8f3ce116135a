"""How late a consumer is: the age of the oldest record that it has not taken in, which offsets alone do not say."""

import time
import uuid
from dataclasses import dataclass

import asyncpg
from chassis.facts import accepted
from chassis.listening import Bus, fault, listening
from chassis.tally.work import WAIT_LOCK
from chassis.waiting import until
from rig import Rig

from ipraktik_chassis.lateness import MOST_LOOKS, Lag, Lateness

HOUR_MS = 3_600_000


@dataclass
class Hands:
    """A clock that is turned by hand; both its faces go on together."""

    seconds: float = 0.0

    def monotonic(self) -> float:
        """Real seconds."""
        return 1000.0 + self.seconds

    def wall_ms(self) -> int:
        """The time of day."""
        return 1_800_000_000_000 + int(self.seconds * 1000)


def watched() -> tuple[Lateness, Hands]:
    hands = Hands()
    return Lateness(monotonic=hands.monotonic, wall_ms=hands.wall_ms), hands


def test_who_has_everything_is_not_late_however_long_nothing_comes() -> None:
    lateness, hands = watched()
    lateness.taking("p", stamp_ms=hands.wall_ms() - HOUR_MS)
    for _ in range(5):
        hands.seconds += 600
        assert lateness.look("p", position=7, end=7) == 0


def test_a_record_that_waits_gets_older_while_more_come_behind_it() -> None:
    lateness, hands = watched()
    lateness.look("p", position=7, end=7)
    ages = []
    for end in (8, 12, 20, 40):
        ages.append(lateness.look("p", position=7, end=end))
        hands.seconds += 10
    assert ages == [0, 10, 20, 30]


def test_who_keeps_pace_behind_the_end_is_as_late_as_the_record_at_hand_and_no_later() -> None:
    lateness, hands = watched()
    lateness.look("p", position=0, end=0)
    for tick in range(1, 50):
        assert lateness.look("p", position=tick * 100 - 100, end=tick * 100) == 0
        hands.seconds += 10


def test_a_backlog_found_at_the_start_is_as_old_as_its_records_say() -> None:
    lateness, hands = watched()
    lateness.taking("p", stamp_ms=hands.wall_ms() - HOUR_MS)
    assert lateness.look("p", position=0, end=1000) == 3600
    lateness.taking("p", stamp_ms=hands.wall_ms() - HOUR_MS // 2)
    assert lateness.look("p", position=500, end=1000) == 1800


def test_after_catching_up_a_first_record_in_a_long_while_is_young() -> None:
    lateness, hands = watched()
    lateness.taking("p", stamp_ms=hands.wall_ms())
    assert lateness.look("p", position=1, end=1) == 0
    hands.seconds += 86_400
    assert lateness.look("p", position=1, end=2) == 0
    hands.seconds += 10
    assert lateness.look("p", position=1, end=2) == 10


def test_partitions_that_were_shared_out_anew_are_looked_at_anew() -> None:
    lateness, hands = watched()
    lateness.look("p", position=0, end=5)
    hands.seconds += 60
    lateness.forget()
    assert lateness.look("p", position=0, end=5) == 0


def test_standing_still_for_long_fills_no_memory_and_keeps_the_oldest() -> None:
    lateness, hands = watched()
    lateness.look("p", position=0, end=0)
    for end in range(1, 10 * MOST_LOOKS):
        lateness.look("p", position=0, end=end)
        hands.seconds += 10
    assert lateness.look("p", position=0, end=10 * MOST_LOOKS) == hands.seconds
    (line,) = lateness._lines.values()
    assert len(line.looks) <= MOST_LOOKS


async def test_on_a_real_bus_a_record_that_is_stuck_gets_older_and_is_forgotten_once_it_is_taken_in(
    tally: Rig, bus: Bus
) -> None:
    stuck = uuid.uuid4()
    await fault(tally, stuck, "waits")
    holder = await asyncpg.connect(tally.database_url)
    try:
        await holder.execute("select pg_advisory_lock($1)", WAIT_LOCK)
        async with listening(tally, bus) as listener:
            await listener.assigned()
            await bus.tell(tally, accepted(stuck))
            await until(lambda: listener.intake.busy, what="it is being taken in")

            async def late() -> list[Lag]:
                return [lag for lag in await listener.consumer.lags() or [] if lag.messages]

            (first,) = await late()
            assert (first.topic, first.messages) == ("innovationspraktik.placements.v1", 1)

            async def older() -> bool:
                return (await late())[0].seconds > first.seconds + 0.3

            await until(older, what="it gets older")
            await holder.execute("select pg_advisory_unlock($1)", WAIT_LOCK)
            await listener.caught_up()
            lags = await listener.consumer.lags()
            assert lags is not None
            assert len(lags) == listener.consumer.partitions
            assert {(lag.messages, lag.seconds) for lag in lags} == {(0, 0.0)}
            polled = listener.consumer.polled_at
            assert polled is not None
            assert abs(time.time() - polled) < 30
    finally:
        await holder.close()
