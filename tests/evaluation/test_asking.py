"""Each party is asked once in each wave, whatever comes first and however often."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from evaluation.facts import AFTER_THE_STAY, FOLLOW_UP_AT, World, evaluation_id
from rig import Rig

from ipraktik_contracts.events import EvaluationRequested, Event


def asked(events: list[EvaluationRequested]) -> list[tuple[str, str]]:
    return sorted((event.wave, event.party) for event in events)


ALL_AFTER = [("after", "host"), ("after", "intern"), ("after", "manager")]
ALL_FOLLOW_UP = [("follow_up", "host"), ("follow_up", "intern"), ("follow_up", "manager")]


async def test_a_completed_stay_asks_all_three_parties_at_once(rig: Rig, world: World) -> None:
    stay = world.completed()
    await rig.tell(world.edition(), stay)
    said = await rig.said(EvaluationRequested)
    assert asked(said) == ALL_AFTER
    assert {event.evaluation_id for event in said} == {
        evaluation_id(stay, "intern", "after"),
        evaluation_id(stay, "manager", "after"),
        evaluation_id(stay, "host", "after"),
    }
    assert {(event.edition_id, event.placement_id, event.question_set_version) for event in said} == {
        (world.edition_id, stay.placement_id, 1)
    }


async def test_answers_are_taken_to_the_end_of_the_twenty_first_local_day(rig: Rig, world: World) -> None:
    await rig.tell(world.completed())
    assert {event.answer_by for event in await rig.said(EvaluationRequested)} == {
        datetime(2018, 10, 8, 21, 59, tzinfo=UTC)
    }
    rig.clock.instant = datetime(
        2018, 10, 9, 22, 30, tzinfo=UTC
    )  # the 10th in Denmark, and winter time on the 31st
    await rig.tell(world.completed())
    assert {event.answer_by for event in await rig.said(EvaluationRequested)} == {
        datetime(2018, 10, 31, 22, 59, tzinfo=UTC)
    }


async def test_the_same_stay_told_again_asks_nobody_again(rig: Rig, world: World) -> None:
    stay = world.completed()
    [told] = await rig.tell(stay)
    await rig.said()
    await rig.intake.take([rig.record(told)])  # redelivered
    await rig.tell(stay)  # said anew under another event id
    await rig.tell(world.edition())
    rig.clock.instant = FOLLOW_UP_AT
    await rig.run_jobs()
    assert asked(await rig.said(EvaluationRequested)) == ALL_FOLLOW_UP
    await rig.tell(stay, world.edition(follow_up=1))
    await rig.run_jobs()
    assert await rig.said(EvaluationRequested) == []


@pytest.mark.parametrize("in_one_batch", [True, False])
@pytest.mark.parametrize("order", list(itertools.permutations(["edition", "stay", "intern", "host"])))
async def test_any_order_of_arrival_asks_the_same(
    rig: Rig, world: World, order: tuple[str, ...], in_one_batch: bool
) -> None:
    stay = world.completed()
    facts: dict[str, Event] = {
        "edition": world.edition(),
        "stay": stay,
        "intern": world.registered(stay.intern_id),
        "host": world.registered(stay.host_id, role="host"),
    }
    if in_one_batch:
        await rig.tell(*(facts[name] for name in order))
    else:
        for name in order:
            await rig.tell(facts[name])
    assert asked(await rig.said(EvaluationRequested)) == ALL_AFTER
    rig.clock.instant = FOLLOW_UP_AT
    await rig.run_jobs()
    assert asked(await rig.said(EvaluationRequested)) == ALL_FOLLOW_UP


@pytest.mark.parametrize(
    ("last_day", "due"),
    [
        (date(2018, 9, 14), datetime(2018, 12, 14, 8, 0, tzinfo=UTC)),  # summer time to winter time
        (date(2018, 12, 28), datetime(2019, 3, 28, 8, 0, tzinfo=UTC)),  # three days before summer time
        (date(2018, 12, 31), datetime(2019, 3, 31, 7, 0, tzinfo=UTC)),  # the very day
        (date(2018, 11, 30), datetime(2019, 2, 28, 8, 0, tzinfo=UTC)),  # a shorter month
        (date(2019, 11, 30), datetime(2020, 2, 29, 8, 0, tzinfo=UTC)),  # a leap year
    ],
)
async def test_the_follow_up_is_due_at_nine_local_time(
    rig: Rig, world: World, last_day: date, due: datetime
) -> None:
    await rig.tell(
        world.edition(), world.completed(first_day=last_day - timedelta(days=4), last_day=last_day)
    )
    await rig.said()
    rig.clock.instant = due - timedelta(minutes=1)
    await rig.run_jobs()
    assert await rig.said(EvaluationRequested) == []
    rig.clock.instant = due
    await rig.run_jobs()
    said = await rig.said(EvaluationRequested)
    assert asked(said) == ALL_FOLLOW_UP
    assert {event.answer_by.date() for event in said} == {due.date() + timedelta(days=21)}


async def test_an_edition_that_comes_late_makes_the_follow_up_due_at_once(rig: Rig, world: World) -> None:
    await rig.tell(world.completed())
    await rig.said()
    rig.clock.instant = FOLLOW_UP_AT + timedelta(days=60)
    await rig.run_jobs()
    assert await rig.said(EvaluationRequested) == []
    await rig.tell(world.edition())
    await rig.run_jobs()
    said = await rig.said(EvaluationRequested)
    assert asked(said) == ALL_FOLLOW_UP
    assert min(event.answer_by for event in said) > rig.clock.now() + timedelta(days=20)


async def test_a_changed_edition_moves_the_follow_up(rig: Rig, world: World) -> None:
    await rig.tell(world.edition(follow_up=3), world.completed(), world.edition(follow_up=4))
    await rig.said()
    rig.clock.instant = FOLLOW_UP_AT
    await rig.run_jobs()
    assert await rig.said(EvaluationRequested) == []
    rig.clock.instant = datetime(2019, 1, 14, 8, 0, tzinfo=UTC)
    await rig.run_jobs()
    assert asked(await rig.said(EvaluationRequested)) == ALL_FOLLOW_UP


async def test_many_follow_ups_are_all_asked(rig: Rig, world: World) -> None:
    stays: list[Any] = [world.completed() for _ in range(230)]
    await rig.tell(world.edition(), *stays)
    await rig.said()
    rig.clock.instant = FOLLOW_UP_AT
    await rig.run_jobs()
    said = await rig.said(EvaluationRequested)
    assert len({event.evaluation_id for event in said}) == len(said) == 690


async def test_the_next_due_moment_is_the_earliest_of_all(rig: Rig, world: World) -> None:
    await rig.tell(world.edition(), world.completed())
    async with rig.database.reading() as conn:
        due = [await job.next_due(conn) for job in rig.work.jobs]
    assert due == [FOLLOW_UP_AT, datetime(2018, 10, 8, 21, 59, tzinfo=UTC)]
    assert min(moment for moment in due if moment) > AFTER_THE_STAY
