"""A coordinator publishes; everybody reads the same numbers ever after."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest
from documents import undescribed
from evaluation.facts import FOLLOW_UP_AT, World, browser, send
from rig import Rig

from ipraktik_contracts.events import (
    InternshipCompleted,
    ParticipantUpdated,
    ParticipantWithdrawn,
    ReportPublished,
)


def path(world: World) -> str:
    return f"/evaluation/api/v1/editions/{world.edition_id}/report"


async def publish(rig: Rig, world: World) -> httpx.Response:
    async with browser(rig, token=rig.coordinator()) as client:
        return await client.post(path(world))


async def answered(rig: Rig, stays: list[InternshipCompleted], **changes: Any) -> None:
    for stay in stays:
        assert await send(rig, stay=stay, party="intern", wave="after", **changes) == 200


@pytest.fixture
async def stays(rig: Rig, world: World) -> list[InternshipCompleted]:
    """Seven completed stays at one host of three interns and four hosts of one."""
    big = uuid.uuid4()
    made = [world.completed(host_id=big) for _ in range(3)] + [world.completed() for _ in range(4)]
    await rig.tell(world.edition(), *made)
    codes = ["0101", "0751", "0751", "0265", "0461", "0851", "0101"]
    for stay, code in zip(made, codes, strict=True):
        await rig.tell(world.registered(stay.intern_id, workplace={"municipality_code": code}))
    for host_id in {stay.host_id for stay in made}:
        await rig.tell(
            world.registered(
                host_id, role="host", workplace={"sector": "state", "ministerial_area": "health"}
            )
        )
    await rig.said()
    return made


async def test_the_report_counts_who_took_part(
    rig: Rig, world: World, stays: list[InternshipCompleted]
) -> None:
    at_home = world.registered(uuid.uuid4())
    gone = world.registered(uuid.uuid4(), role="host")
    await rig.tell(
        at_home,
        gone,
        ParticipantWithdrawn(
            participant_id=gone.participant_id, edition_id=world.edition_id, reason="own_wish"
        ),
        World().registered(uuid.uuid4()),
    )
    response = await publish(rig, world)
    assert response.status_code == 201
    report = response.json()
    assert report["figures"] == {
        "signed_up_interns": 8,
        "signed_up_hosts": 5,
        "participants": 12,
        "interns": 7,
        "hosts": 5,
        "stays": 7,
        "workplaces": 12,
        "organisations": 12,
        "municipalities": 5,
        "regions": 5,
        "region_codes": ["hovedstaden", "midtjylland", "nordjylland", "sjaelland", "syddanmark"],
        "ministerial_areas": 1,
    }
    assert (report["edition_name"], report["revision"]) == ("Uge 37", 1)
    assert report["published_at"] == "2018-09-17T10:00:00Z"


async def test_an_updated_workplace_counts_as_it_stands(rig: Rig, world: World) -> None:
    stay = world.completed()
    before = world.registered(stay.intern_id, workplace={"municipality_code": "0101"})
    await rig.tell(world.edition(), stay, before)
    moved = before.model_dump() | {"workplace": before.workplace.model_dump() | {"municipality_code": "0851"}}
    await rig.tell(ParticipantUpdated(**moved))
    assert (await publish(rig, world)).json()["figures"]["region_codes"] == ["nordjylland"]


async def test_indicators_stand_beside_the_programmes_own_with_their_base(
    rig: Rig, world: World, stays: list[InternshipCompleted]
) -> None:
    await answered(rig, stays[:4], concrete_use="yes_some")
    await answered(rig, stays[4:], concrete_use="too_early", would_recommend="maybe")
    await send(rig, stay=stays[0], party="manager", wave="after", concrete_use="no")
    report = (await publish(rig, world)).json()
    found = {one["code"]: one for one in report["indicators"]}
    assert (found["concrete_use"]["n"], found["concrete_use"]["share"]) == (7, 0.5714)
    assert found["concrete_use"]["published"]["en"] == "3 of 4"
    assert found["would_recommend"]["yes"] == 4
    assert (found["in_contact_afterwards"]["n"], found["in_contact_afterwards"]["share"]) == (0, None)
    [said] = await rig.said(ReportPublished)
    assert {one.code: (one.n, one.share) for one in said.indicators} == {
        "concrete_use": (7, 0.5714),
        "would_recommend": (7, 0.5714),
        "in_contact_afterwards": (0, None),
        "concrete_use_later": (0, None),
    }
    rates = {(one["party"], one["wave"]): one for one in report["responses"]}
    assert rates["intern", "after"]["share"] == 1.0
    assert (rates["manager", "after"]["submitted"], rates["manager", "after"]["share"]) == (1, 0.1429)


async def test_contact_afterwards_is_a_matter_of_the_follow_up(
    rig: Rig, world: World, stays: list[InternshipCompleted]
) -> None:
    rig.clock.instant = FOLLOW_UP_AT
    await rig.run_jobs()
    for stay, contact in zip(stays, ["yes", "yes", "no", "yes", "no", "yes", "yes"], strict=True):
        assert (
            await send(rig, stay=stay, party="intern", wave="follow_up", in_contact_afterwards=contact) == 200
        )
    found = {one["code"]: one for one in (await publish(rig, world)).json()["indicators"]}
    assert (found["in_contact_afterwards"]["n"], found["in_contact_afterwards"]["share"]) == (7, 0.7143)


async def test_nothing_is_said_of_fewer_than_five(
    rig: Rig, world: World, stays: list[InternshipCompleted]
) -> None:
    await answered(rig, stays[:4])
    report = (await publish(rig, world)).json()
    assert {one["share"] for one in report["indicators"]} == {None}
    assert {one["yes"] for one in report["indicators"]} == {None}
    assert {cell["count"] for one in report["distributions"] for cell in one["options"]} == {None}


async def test_publishing_again_with_nothing_new_is_the_same_revision(
    rig: Rig, world: World, stays: list[InternshipCompleted]
) -> None:
    await answered(rig, stays[:5])
    first = await publish(rig, world)
    again = await publish(rig, world)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(await rig.said(ReportPublished)) == 1


async def test_a_revision_stands_as_it_was_published(
    rig: Rig, world: World, stays: list[InternshipCompleted]
) -> None:
    async with browser(rig) as reader:
        assert (await reader.get(path(world))).status_code == 404
        first = (await publish(rig, world)).json()
        await answered(rig, stays)
        assert (await reader.get(path(world))).json() == first
        second = await publish(rig, world)
        assert (second.status_code, second.json()["revision"]) == (201, 2)
        assert (await reader.get(path(world))).json() == second.json()
        assert (await reader.get(path(world), params={"revision": 1})).json() == first
        assert (await reader.get(path(world), params={"revision": 3})).status_code == 404
        assert (await reader.get(path(world), params={"revision": "9" * 99})).status_code == 422
    assert [event.revision for event in await rig.said(ReportPublished)] == [1, 2]


async def test_two_revisions_do_not_give_a_single_answer_away(
    rig: Rig, world: World, stays: list[InternshipCompleted]
) -> None:
    await answered(rig, stays[:5], would_recommend="yes")
    await publish(rig, world)
    await answered(rig, stays[5:6], would_recommend="no")
    report = (await publish(rig, world)).json()
    found = {one["code"]: one for one in report["indicators"]}
    assert report["revision"] == 2  # the response rate is new, the indicator stands
    assert (found["would_recommend"]["n"], found["would_recommend"]["share"]) == (5, 1.0)


async def test_two_coordinators_at_once_make_one_revision(
    rig: Rig, world: World, stays: list[InternshipCompleted]
) -> None:
    found = await asyncio.gather(*(publish(rig, world) for _ in range(4)))
    assert sorted(one.status_code for one in found) == [200, 200, 200, 201]
    assert {one.json()["revision"] for one in found} == {1}


async def test_only_a_coordinator_publishes_and_only_a_known_edition(rig: Rig, world: World) -> None:
    async with browser(rig) as client:
        assert (await client.post(path(world))).status_code == 401
    link = rig.link(contact_id=uuid.uuid4(), participant_id=uuid.uuid4(), acts=["evaluate"], aggregates=[])
    async with browser(rig, token=link) as client:
        assert (await client.post(path(world))).status_code == 403
    assert (await publish(rig, world)).status_code == 404
    await rig.tell(world.completed())  # the edition itself has not been heard of
    assert (await publish(rig, world)).status_code == 404


async def test_counts_stay_after_an_erasure(rig: Rig, world: World, stays: list[InternshipCompleted]) -> None:
    await answered(rig, stays)
    before = (await publish(rig, world)).json()
    await rig.tell(*(world.erased(stay.intern_id) for stay in stays))
    after = await publish(rig, world)
    assert (after.status_code, after.json()) == (200, before)


async def test_a_coordinator_reads_what_was_written_and_nobody_else(
    rig: Rig, world: World, stays: list[InternshipCompleted]
) -> None:
    for number, stay in enumerate(stays[:3]):
        await send(rig, stay=stay, party="intern", wave="after", advice=f"Råd {number}")
    address = f"/evaluation/api/v1/editions/{world.edition_id}/comments"
    async with browser(rig, token=rig.coordinator()) as client:
        first = (await client.get(address, params={"limit": 2})).json()
        rest = (await client.get(address, params={"after": first[-1]["evaluation_id"]})).json()
    assert {one["texts"]["advice"] for one in [*first, *rest]} == {"Råd 0", "Råd 1", "Råd 2"}
    assert (len(first), len(rest)) == (2, 1)
    async with browser(rig) as client:
        assert (await client.get(address)).status_code == 401
    assert "Råd" not in (await publish(rig, world)).text


async def test_no_field_and_no_parameter_of_the_api_is_left_to_guess(rig: Rig) -> None:
    async with browser(rig) as client:
        described = (await client.get("/evaluation/openapi.json")).json()
    assert "/evaluation/api/v1/editions/{edition_id}/report" in described["paths"]
    assert undescribed(described) == []
