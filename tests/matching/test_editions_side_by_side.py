"""A batch beside another replica's batch or beside a job: each waits for the other where it must, never both for each other."""

import asyncio
import uuid
from collections.abc import Callable

import asyncpg
import pytest
from chassis.waiting import until
from matching.cast import Cast, Person
from rig import Rig

from ipraktik_chassis.database import Database
from ipraktik_chassis.intake import Intake
from ipraktik_chassis.metrics import ConsumerMetrics, new_registry
from ipraktik_chassis.transaction import Origin
from ipraktik_contracts.envelope import source_urn
from ipraktik_contracts.events import Event, ParticipantErased, ParticipantWithdrawn

_WAITING = """
select count(distinct pid) from pg_stat_activity join pg_locks using (pid)
where not granted and datname = current_database()
"""
_HELD = "insert into participants (participant_id, edition_id, state) values ($1, $2, 'withdrawn')"


class Replica:
    """An intake with connections and figures of its own, as another process has them."""

    def __init__(self, rig: Rig) -> None:
        self.registry = new_registry(service=rig.service.name, version="test")
        self.database = Database(
            url=rig.database_url, clock=rig.clock, origin=Origin(source_urn("coi", rig.service.name)), size=2
        )
        self.intake = Intake(
            database=self.database,
            consumer=rig.service.name,
            subscriptions=rig.work.subscriptions,
            clock=rig.clock,
            metrics=ConsumerMetrics(self.registry),
        )

    @property
    def retries(self) -> dict[str, float]:
        """How often a batch had to be tried again, by reason."""
        return {
            sample.labels["reason"]: sample.value
            for metric in self.registry.collect()
            for sample in metric.samples
            if sample.name == "innovationspraktik_consumer_retries_total"
        }


def _registered(cast: Cast, person: Person, edition_id: uuid.UUID) -> Event:
    return cast.body(person, edition_id=edition_id)


def _withdrawn(_: Cast, person: Person, edition_id: uuid.UUID) -> Event:
    return ParticipantWithdrawn(
        participant_id=person.participant_id, edition_id=edition_id, reason="own_wish"
    )


def _erased(_: Cast, person: Person, edition_id: uuid.UUID) -> Event:
    return ParticipantErased(participant_id=person.participant_id, edition_id=edition_id)


def _edition(cast: Cast, _: Person, edition_id: uuid.UUID) -> Event:
    return cast.edition(edition_id=edition_id)


async def _wait(rig: Rig, so_many: int) -> bool:
    async with rig.database.reading() as conn:
        return bool(await conn.fetchval(_WAITING) == so_many)


@pytest.mark.parametrize("says", [_registered, _withdrawn, _erased, _edition])
async def test_two_replicas_whose_batches_meet_in_two_editions_do_not_deadlock(
    rig: Rig, cast: Cast, says: Callable[[Cast, Person, uuid.UUID], Event]
) -> None:
    one, two = uuid.uuid4(), uuid.uuid4()
    await rig.tell(cast.edition(edition_id=one), cast.edition(edition_id=two))
    first = [(Person(role="intern"), one), (Person(role="host"), two)]
    second = [(Person(role="intern"), two), (Person(role="host"), one)]
    batches = [
        [
            rig.record(rig.envelope(_registered(cast, *beginning))),
            rig.record(rig.envelope(says(cast, *following))),
        ]
        for beginning, following in (first, second)
    ]
    replicas = [Replica(rig), Replica(rig)]
    await asyncio.gather(*(replica.database.open() for replica in replicas))
    rival = await asyncpg.connect(rig.database_url)
    try:
        # A row that is not yet committed: a batch stands still in its first event, and holds what it has locked for it.
        hold = rival.transaction()
        await hold.start()
        await rival.executemany(_HELD, [(p.participant_id, edition) for p, edition in (first[0], second[0])])
        takes = [
            asyncio.create_task(replica.intake.take(batch))
            for replica, batch in zip(replicas, batches, strict=True)
        ]

        await until(lambda: _wait(rig, 2), what="both batches wait")
        await hold.rollback()
        await asyncio.wait_for(asyncio.gather(*takes), 20)
    finally:
        await rival.close()
        await asyncio.gather(*(replica.database.close() for replica in replicas))
    assert [replica.retries for replica in replicas] == [{}, {}]
    async with rig.database.reading() as conn:
        known = {row["participant_id"] for row in await conn.fetch("select participant_id from participants")}
        assert await conn.fetchval("select count(*) from parked") == 0
    assert known >= {person.participant_id for person, _ in (first[0], second[0])}


async def test_a_batch_in_which_several_leave_and_the_clock_do_not_deadlock(rig: Rig, cast: Cast) -> None:
    for _ in range(2):
        await cast.joins("host")
        await cast.joins("intern")
    lower, upper = sorted(await cast.proposed(), key=lambda placement: placement.placement_id)
    rig.clock.instant = max(lower.answer_by, upper.answer_by)
    leave = [
        rig.record(
            rig.envelope(
                ParticipantWithdrawn(
                    participant_id=placement.intern_id, edition_id=cast.edition_id, reason="own_wish"
                )
            )
        )
        for placement in (upper, lower)
    ]
    replica = Replica(rig)
    await replica.database.open()
    rival = await asyncpg.connect(rig.database_url)
    try:
        # The second who leaves is held back, so the batch stands still with the first's placement locked.
        hold = rival.transaction()
        await hold.start()
        await rival.execute("select from participants where participant_id = $1 for update", lower.intern_id)
        taking = asyncio.create_task(replica.intake.take(leave))
        await until(lambda: _wait(rig, 1), what="the batch waits")
        passing = asyncio.create_task(rig.run_jobs())
        await until(lambda: _wait(rig, 2), what="the clock waits for the batch")
        await hold.rollback()
        await asyncio.wait_for(asyncio.gather(taking, passing), 20)
    finally:
        await rival.close()
        await replica.database.close()
    assert replica.retries == {}
    ended = [await cast.placement(placement.placement_id) for placement in (lower, upper)]
    assert [placement.state for placement in ended] == ["expired", "expired"]
