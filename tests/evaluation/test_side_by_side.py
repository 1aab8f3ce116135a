"""What two replicas do at the same moment, in transactions that have not seen each other."""

import asyncio

from evaluation.facts import AFTER_THE_STAY, FOLLOW_UP_AT, World, answers, evaluation_id
from rig import Rig

from ipraktik_contracts.events import EvaluationRequested, EvaluationSubmitted, InternshipCompleted
from ipraktik_evaluation.store.stays import CompletedStay
from ipraktik_evaluation.usecases.expire_evaluations import expire_evaluations
from ipraktik_evaluation.usecases.request_follow_ups import request_follow_ups
from ipraktik_evaluation.usecases.submit_evaluation import submit_evaluation
from ipraktik_evaluation.usecases.when_internship_completed import when_internship_completed

_WAITING = (
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
)


def as_stay(event: InternshipCompleted) -> CompletedStay:
    return CompletedStay(
        event.placement_id,
        event.edition_id,
        event.intern_id,
        event.host_id,
        event.first_day,
        event.last_day,
    )


async def waits_for_a_lock(rig: Rig) -> None:
    """Until one session waits for another, within a bound."""
    async with asyncio.timeout(10), rig.database.reading() as conn:
        while not await conn.fetchval(_WAITING):  # noqa: ASYNC110 - the fact is in the database
            await asyncio.sleep(0.01)


async def test_a_stay_and_its_edition_do_not_miss_each_other(rig: Rig, world: World) -> None:
    async with rig.database.transaction() as tx:
        await when_internship_completed(tx, stay=as_stay(world.completed()), answer_days=21)
        edition = asyncio.create_task(rig.tell(world.edition()))
        await waits_for_a_lock(rig)
    await edition
    await rig.said()
    rig.clock.instant = FOLLOW_UP_AT
    await rig.run_jobs()
    assert len(await rig.said(EvaluationRequested)) == 3


async def test_no_word_slips_in_behind_an_erasure(rig: Rig, world: World) -> None:
    stay = world.completed()
    await rig.tell(stay)
    async with rig.database.transaction() as tx:
        await submit_evaluation(
            tx,
            evaluation_id=evaluation_id(stay, "host", "after"),
            participant_id=stay.host_id,
            given=answers("host", "after", advice="ordet"),
        )
        erasure = asyncio.create_task(rig.tell(world.erased(stay.intern_id)))
        await waits_for_a_lock(rig)
    await erasure
    async with rig.database.reading() as conn:
        assert await conn.fetchval("select count(*) from free_text") == 0
        assert await conn.fetchval("select count(*) from evaluation where state = 'submitted'") == 1


async def test_two_replicas_share_due_work_and_do_none_of_it_twice(rig: Rig, world: World) -> None:
    await rig.tell(world.edition(), *(world.completed() for _ in range(150)))
    await rig.said()
    rig.clock.instant = FOLLOW_UP_AT
    async with rig.database.transaction() as one, rig.database.transaction() as other:
        assert await request_follow_ups(one, answer_days=21) == 100
        assert await request_follow_ups(other, answer_days=21) == 50
        assert await expire_evaluations(one) == 100
        assert await expire_evaluations(other) == 100
    assert len({event.evaluation_id for event in await rig.said(EvaluationRequested)}) == 450


async def test_an_answer_that_is_being_given_does_not_expire(rig: Rig, world: World) -> None:
    stay = world.completed()
    await rig.tell(stay)
    async with rig.database.transaction() as tx:
        await submit_evaluation(
            tx,
            evaluation_id=evaluation_id(stay, "host", "after"),
            participant_id=stay.host_id,
            given=answers("host", "after"),
        )
        rig.clock.instant = FOLLOW_UP_AT
        await rig.run_jobs()
        rig.clock.instant = AFTER_THE_STAY
    rig.clock.instant = FOLLOW_UP_AT
    await rig.run_jobs()
    assert len(await rig.said(EvaluationSubmitted)) == 1
    async with rig.database.reading() as conn:
        states = await conn.fetch("select party, state from evaluation order by party")
    assert [(row["party"], row["state"]) for row in states] == [
        ("host", "submitted"),
        ("intern", "expired"),
        ("manager", "expired"),
    ]
