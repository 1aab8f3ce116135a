"""The page that thanks tells what the others say, once enough have answered, and the same until twice as many have."""

import asyncio
from fractions import Fraction

from evaluation.facts import World, browser, evaluation_id, link_for
from evaluation.rounds import answer
from rig import Rig

from ipraktik_contracts.events import InternshipCompleted
from ipraktik_evaluation.store.told import Told, told_indicators


async def thanks(rig: Rig, stay: InternshipCompleted) -> str:
    asked = evaluation_id(stay, "intern", "after")
    token = await link_for(rig, evaluation=asked, participant_id=stay.intern_id)
    async with browser(rig, token=token) as client:
        return (await client.get(f"/evaluation/evaluations/{asked}")).text


async def test_others_are_told_of_when_enough_have_answered_and_seldom_anew(rig: Rig, world: World) -> None:
    stays = [world.completed() for _ in range(16)]
    await rig.tell(world.edition(), *stays)
    told = []
    for number, stay in enumerate(stays, 1):
        recommends = "yes" if number < 9 else "no"
        await answer(rig, stay, "intern", would_recommend=recommends)
        told.append("Sådan svarer praktikanter og værter" in await thanks(rig, stays[0]))
    # six and twelve are worked out: six tell nothing, of twelve two thirds are beyond doubt
    assert told == [number >= 12 for number in range(1, 17)]
    page = await thanks(rig, stays[-1])
    assert "mindst 2 ud af 3" in page
    assert "anbefale" not in page


async def test_nothing_is_told_on_the_way_that_changes_the_report(rig: Rig, world: World) -> None:
    stays = [world.completed() for _ in range(13)]
    await rig.tell(world.edition(), *stays)
    for stay in stays:
        await answer(rig, stay, "intern")
    async with browser(rig, token=rig.coordinator()) as client:
        report = (await client.post(f"/evaluation/api/v1/editions/{world.edition_id}/report")).json()
    assert {one["code"]: one["n"] for one in report["indicators"]}["concrete_use"] == 13
    page = await thanks(rig, stays[0])
    assert "13 ud af 13" in page
    assert "Læs rapporten om runden" in page


async def test_many_who_answer_at_once_make_no_two_groups(rig: Rig, world: World) -> None:
    stays = [world.completed() for _ in range(12)]
    await rig.tell(world.edition(), *stays)
    await asyncio.gather(*(answer(rig, stay, "intern") for stay in stays))
    async with rig.database.reading() as conn:
        known = {one.code: one for one in await told_indicators(conn, edition_id=world.edition_id)}
    assert known["concrete_use"] == Told("concrete_use", 12, Fraction(2, 3))
    assert set(known) == {"concrete_use", "would_recommend"}
