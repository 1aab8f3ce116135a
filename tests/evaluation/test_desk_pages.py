"""Coordinators' pages: how many have answered, the report before it is out, the act that publishes it, what was written."""

import uuid
from datetime import UTC, datetime

from evaluation.facts import World, browser
from evaluation.rounds import answer, answered_round, publish
from rig import Rig

from ipraktik_contracts.events import ReportPublished
from ipraktik_contracts.fields import Window

DESK = "/evaluation/desk"


async def test_nobody_but_a_coordinator_comes_in(rig: Rig, world: World) -> None:
    await rig.tell(world.edition())
    here = f"{DESK}/{world.edition_id}"
    async with browser(rig) as client:
        for address in (DESK, here, f"{here}/preview", f"{here}/comments", f"{here}/published"):
            led = await client.get(address)
            assert (led.status_code, "/registration/sign-in" in led.headers["location"]) == (303, True)
        assert (await client.post(here, data={"unfinished": "yes"})).status_code == 401
    assert await rig.said(ReportPublished) == []


async def test_the_list_shows_how_far_each_edition_has_come(rig: Rig, world: World) -> None:
    async with browser(rig, token=rig.coordinator()) as client:
        assert "Der er ingen runder endnu." in (await client.get(DESK)).text
        await answered_round(rig, world, stays=6)
        listed = (await client.get(DESK)).text
    assert f'href="{DESK}/{world.edition_id}"' in listed
    assert '<td class="number">18</td><td class="number">12</td><td class="number">6</td>' in listed
    assert "Ikke udgivet" in listed


async def test_publishing_is_one_act_and_pressed_twice_makes_one_revision(rig: Rig, world: World) -> None:
    await answered_round(rig, world, stays=6)
    here = f"{DESK}/{world.edition_id}"
    async with browser(rig, token=rig.coordinator()) as client:
        before = await client.get(here)
        assert "6 mangler at svare. Om 6 praktikker spørger vi igen senere." in before.text
        refused = await client.post(here, data={"unfinished": ""})
        assert refused.status_code == 422
        assert 'href="#unfinished"' in refused.text
        assert await rig.said(ReportPublished) == []
        done = await client.post(here, data={"unfinished": "yes"})
        assert done.status_code == 303
        assert "Udgave 1 er nu offentlig." in (await client.get(done.headers["location"])).text
        again = await client.post(here, data={"unfinished": "yes"})
        assert "Udgave 1 gælder stadig." in (await client.get(again.headers["location"])).text
        after = await client.get(here)
        assert f'href="/evaluation/reports/{world.edition_id}.csv?revision=1"' in after.text
    assert len(await rig.said(ReportPublished)) == 1


async def test_the_preview_is_the_report_as_it_would_be_and_publishes_nothing(rig: Rig, world: World) -> None:
    await answered_round(rig, world, stays=6)
    async with browser(rig, token=rig.coordinator()) as client:
        preview = (await client.get(f"{DESK}/{world.edition_id}/preview")).text
        assert "Rapporten er ikke udgivet" in preview
        assert (await client.get(f"/evaluation/reports/{world.edition_id}")).status_code == 404
        await publish(rig, world)
        report = (await client.get(f"/evaluation/reports/{world.edition_id}")).text
    begin, end = '<section aria-labelledby="shares">', "</main>"
    assert preview.partition(begin)[2].partition(end)[0] == report.partition(begin)[2].partition(end)[0]


async def test_a_campaign_that_takes_sign_ups_has_no_report_and_a_rolling_one_may(
    rig: Rig, world: World
) -> None:
    rig.clock.instant = datetime(2018, 6, 1, tzinfo=UTC)
    await rig.tell(world.edition())
    here = f"{DESK}/{world.edition_id}"
    async with browser(rig, token=rig.coordinator()) as client:
        assert "Runden tager stadig imod tilmeldinger." in (await client.get(here)).text
        assert (await client.post(here, data={"unfinished": "yes"})).status_code == 409
        assert (await publish(rig, world)).status_code == 409
        rig.clock.instant = datetime(2018, 6, 8, tzinfo=UTC)
        assert (await client.post(here, data={"unfinished": "yes"})).status_code == 303
        always = World()
        window = Window(opens_at=datetime(2018, 1, 1, tzinfo=UTC), closes_at=None)
        await rig.tell(always.edition().model_copy(update={"mode": "rolling", "window": window}))
        assert (await publish(rig, always)).status_code == 201


async def test_what_was_written_is_read_a_page_at_a_time_and_in_no_report(rig: Rig, world: World) -> None:
    stays = [world.completed() for _ in range(51)]
    await rig.tell(world.edition(), *stays)
    for number, stay in enumerate(stays):
        await answer(rig, stay, "intern", advice=f"<b>Råd {number}.</b>")
    here = f"{DESK}/{world.edition_id}/comments"
    async with browser(rig, token=rig.coordinator()) as client:
        first = (await client.get(here)).text
        following = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        rest = (await client.get(following)).text
        preview = (await client.get(f"{DESK}/{world.edition_id}/preview")).text
    assert (first.count("&lt;b&gt;Råd"), rest.count("&lt;b&gt;Råd")) == (50, 1)
    assert 'rel="next"' not in rest
    assert "Råd" not in preview.replace("Gode råd", "")


async def test_an_unknown_edition_is_said_to_be_unknown(rig: Rig) -> None:
    async with browser(rig, token=rig.coordinator()) as client:
        missing = await client.get(f"{DESK}/{uuid.uuid4()}")
        assert (missing.status_code, "Runden findes ikke" in missing.text) == (404, True)
        assert (await client.get(f"{DESK}/nonsense")).status_code == 404
