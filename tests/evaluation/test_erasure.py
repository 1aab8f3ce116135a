"""An erased person leaves counts behind and no word."""

import uuid
from datetime import UTC, datetime

from evaluation.facts import (
    FOLLOW_UP_AT,
    World,
    answers,
    browser,
    contact,
    evaluation_id,
    link_for,
    send,
)
from rig import Rig

from ipraktik_contracts.events import (
    ContactChanged,
    EvaluationExpired,
    EvaluationRequested,
    EvaluationSubmitted,
)

EXPIRED = datetime(2018, 10, 8, 21, 59, tzinfo=UTC)


async def everything(rig: Rig) -> str:
    """All that the service's own tables hold, as text."""
    async with rig.database.reading() as conn:
        names = "contact participant stay evaluation evaluation_draft free_text told_indicator report parked outbox"
        tables = names.split()
        rows = [await conn.fetch(f"select t::text as line from {table} t") for table in tables]
    return "\n".join(row["line"] for found in rows for row in found)


async def test_texts_of_the_stay_go_and_choices_stay(rig: Rig, world: World) -> None:
    stay, other = world.completed(), world.completed()
    await rig.tell(world.edition(), stay, other)
    await send(rig, stay=stay, party="intern", wave="after", take_home="ordet-fra-praktikanten")
    await send(rig, stay=stay, party="manager", wave="after", advice="ordet-fra-lederen")
    await send(rig, stay=stay, party="host", wave="after", advice="ordet-om-praktikanten")
    await send(rig, stay=other, party="host", wave="after", advice="ordet-fra-en-anden")
    assert (await everything(rig)).count("ordet-") == 4
    await rig.tell(world.erased(stay.intern_id))
    left = await everything(rig)
    assert left.count("ordet-") == 1
    assert "ordet-fra-en-anden" in left
    async with rig.database.reading() as conn:
        assert await conn.fetchval("select count(*) from evaluation where answers is not null") == 4


async def test_an_erased_host_takes_the_words_of_all_its_stays(rig: Rig, world: World) -> None:
    host_id = uuid.uuid4()
    one, other = world.completed(host_id=host_id), world.completed(host_id=host_id)
    await rig.tell(one, other)
    await send(rig, stay=one, party="host", wave="after", advice="ordet-1")
    await send(rig, stay=other, party="intern", wave="after", advice="ordet-2")
    await rig.tell(world.erased(host_id))
    assert "ordet-" not in await everything(rig)


async def test_others_may_still_answer_but_their_words_are_not_kept(rig: Rig, world: World) -> None:
    stay = world.completed()
    await rig.tell(stay, world.erased(stay.intern_id))
    assert await send(rig, stay=stay, party="host", wave="after", advice="ordet") == 200
    assert await send(rig, stay=stay, party="host", wave="after", advice="ordet") == 200
    assert "ordet" not in await everything(rig)
    assert len(await rig.said(EvaluationSubmitted)) == 1


async def test_open_evaluations_of_the_erased_take_no_answer_and_expire_by_the_clock(
    rig: Rig, world: World
) -> None:
    stay = world.completed()
    await rig.tell(stay, world.erased(stay.intern_id))
    await rig.said()
    for party in ("intern", "manager"):
        assert await send(rig, stay=stay, party=party, wave="after") == 410
    assert await rig.said() == []
    rig.clock.instant = EXPIRED
    await rig.run_jobs()
    assert {event.party for event in await rig.said(EvaluationExpired)} == {"intern", "manager", "host"}


async def test_nobody_erased_is_asked_again(rig: Rig, world: World) -> None:
    stay = world.completed()
    await rig.tell(world.edition(), stay, world.erased(stay.intern_id))
    await rig.said()
    rig.clock.instant = FOLLOW_UP_AT
    await rig.run_jobs()
    assert [event.party for event in await rig.said(EvaluationRequested)] == ["host"]


async def test_an_erasure_that_comes_before_the_stay_is_heeded(rig: Rig, world: World) -> None:
    stay = world.completed()
    await rig.tell(world.erased(stay.host_id))
    await rig.tell(world.registered(stay.host_id, role="host"))
    await rig.tell(stay)
    assert {event.party for event in await rig.said(EvaluationRequested)} == {"intern", "manager"}
    assert await send(rig, stay=stay, party="intern", wave="after", advice="ordet") == 200
    assert "ordet" not in await everything(rig)


async def test_a_tombstone_forgets_the_contact_and_ends_its_links(rig: Rig, world: World) -> None:
    stay, contact_id = world.completed(), uuid.uuid4()
    await rig.tell(stay)
    asked = evaluation_id(stay, "host", "after")
    token = await link_for(
        rig, evaluation=asked, participant_id=stay.host_id, contact_id=contact_id, name="Bodil Prøve"
    )
    assert "Bodil" in await everything(rig)
    await rig.erase(ContactChanged, contact_id)
    assert "Bodil" not in await everything(rig)
    await rig.tell(contact(contact_id, stay.host_id, name="Bodil Prøve", epoch=7))
    assert "Bodil" not in await everything(rig)
    async with browser(rig, token=token) as client:
        response = await client.post(
            f"/evaluation/api/v1/evaluations/{asked}/answers", json={"answers": answers("host", "after")}
        )
    assert response.status_code == 410


async def test_no_address_and_no_words_of_the_sign_up_are_kept(rig: Rig) -> None:
    contact_id = uuid.uuid4()
    await rig.tell(contact(contact_id, uuid.uuid4(), motivation="hemmelig grund", job_title="Bibliotekar"))
    kept = await everything(rig)
    assert "alma@example.org" not in kept
    assert "hemmelig" not in kept
    assert "Bibliotekar" not in kept
    await rig.erase(ContactChanged, uuid.uuid4())
