"""The plain pages: a link, a form, a receipt, a report. No script, no token in an address that is kept."""

import re
import uuid
from datetime import UTC, datetime

import httpx
import pytest
from evaluation.facts import World, browser, evaluation_id, link_for, send
from rig import Rig

from ipraktik_contracts.events import EvaluationSubmitted, InternshipCompleted

FORM = {
    "concrete_use": "yes_much",
    "would_recommend": "yes",
    "match": "good",
    "preparation": "dont_know",
    "outcomes.keep_doing": "on",
    "outcomes.do_better": "on",
    "advice": "Mere\r\ntid",
}


@pytest.fixture
async def stay(rig: Rig, world: World) -> InternshipCompleted:
    """A stay whose parties have been asked."""
    made = world.completed()
    await rig.tell(world.edition(), made)
    await rig.said()
    return made


async def through_the_link(client: httpx.AsyncClient, token: str) -> httpx.Response:
    shown = await client.get("/evaluation/link", params={"t": token})
    assert shown.status_code == 200
    return await client.post("/evaluation/link", data={"t": token})


async def test_from_the_mail_to_the_receipt(rig: Rig, stay: InternshipCompleted) -> None:
    asked = evaluation_id(stay, "intern", "after")
    token = await link_for(rig, evaluation=asked, participant_id=stay.intern_id)
    async with browser(rig) as client:
        shown = await client.get("/evaluation/link", params={"t": token})
        assert "Alma Prøve" in shown.text
        led = await through_the_link(client, token)
        assert (led.status_code, led.headers["location"]) == (303, f"/evaluation/evaluations/{asked}")
        page = await client.get(led.headers["location"])
        assert "Svar senest 8. oktober 2018" in page.text
        assert "Send mine svar" in page.text
        assert "<script" not in page.text
        assert await rig.said() == []
        sent = await client.post(led.headers["location"], data=FORM)
        assert sent.status_code == 303
        receipt = await client.get(sent.headers["location"])
        assert "Tak for dine svar" in receipt.text
        again = await client.post(led.headers["location"], data=FORM)
        assert again.status_code == 303
        other = await client.post(led.headers["location"], data=FORM | {"would_recommend": "no"})
        assert other.status_code == 409
        assert "Dit første svar gælder" in other.text
    assert len(await rig.said(EvaluationSubmitted)) == 1


async def test_form_and_json_are_the_same_answer(rig: Rig, stay: InternshipCompleted) -> None:
    asked = evaluation_id(stay, "intern", "after")
    token = await link_for(rig, evaluation=asked, participant_id=stay.intern_id)
    async with browser(rig) as client:
        await through_the_link(client, token)
        await client.post(f"/evaluation/evaluations/{asked}", data=FORM)
    async with browser(rig, token=token) as client:
        same = await client.post(
            f"/evaluation/api/v1/evaluations/{asked}/answers",
            json={
                "answers": {
                    "concrete_use": "yes_much",
                    "would_recommend": "yes",
                    "match": "good",
                    "preparation": "dont_know",
                    "outcomes": ["keep_doing", "do_better"],
                    "advice": "Mere\ntid",
                }
            },
        )
    assert same.status_code == 200


async def test_a_missing_answer_is_named_and_what_was_chosen_stays(
    rig: Rig, stay: InternshipCompleted
) -> None:
    asked = evaluation_id(stay, "intern", "after")
    token = await link_for(rig, evaluation=asked, participant_id=stay.intern_id)
    async with browser(rig) as client:
        await through_the_link(client, token)
        partly = {name: value for name, value in FORM.items() if name != "match"}
        page = await client.post(f"/evaluation/evaluations/{asked}", data=partly)
    assert page.status_code == 422
    assert 'href="#match"' in page.text
    assert "Vælg ét af svarene." in page.text
    assert re.search(r'name="concrete_use" value="yes_much" checked', page.text)
    assert re.search(r'name="outcomes.keep_doing" value="on" checked', page.text)
    assert "Mere\ntid" in page.text.replace("\r\n", "\n")


async def test_the_page_speaks_the_persons_language(rig: Rig, stay: InternshipCompleted) -> None:
    asked = evaluation_id(stay, "host", "after")
    token = await link_for(rig, evaluation=asked, participant_id=stay.host_id, language="en")
    async with browser(rig) as client:
        await through_the_link(client, token)
        page = await client.get(f"/evaluation/evaluations/{asked}")
        assert '<html lang="en">' in page.text
        assert "Answer by 8 October 2018" in page.text
        rig.clock.instant = datetime(2018, 10, 9, tzinfo=UTC)
        late = await client.get(f"/evaluation/evaluations/{asked}")
        assert (late.status_code, "The time to answer has run out" in late.text) == (410, True)
        posted = await client.post(f"/evaluation/evaluations/{asked}", data=FORM)
        assert posted.status_code == 410


async def test_every_form_can_be_sent_as_it_is_shown(rig: Rig, stay: InternshipCompleted) -> None:
    for party in ("intern", "manager", "host"):
        asked = evaluation_id(stay, party, "after")
        participant_id = stay.host_id if party == "host" else stay.intern_id
        token = await link_for(rig, evaluation=asked, participant_id=participant_id)
        async with browser(rig) as client:
            await through_the_link(client, token)
            page = await client.get(f"/evaluation/evaluations/{asked}")
            first: dict[str, str] = {}
            for name, value in re.findall(
                r'type="(?:radio|checkbox)" name="([^"]+)" value="([^"]+)"', page.text
            ):
                if not any(known.partition(".")[0] == name.partition(".")[0] for known in first):
                    first[name] = value
            sent = await client.post(f"/evaluation/evaluations/{asked}", data=first)
        assert sent.status_code == 303


async def test_a_written_word_cannot_become_markup(rig: Rig, stay: InternshipCompleted) -> None:
    asked = evaluation_id(stay, "intern", "after")
    token = await link_for(
        rig, evaluation=asked, participant_id=stay.intern_id, name="<script>alert(1)</script>"
    )
    async with browser(rig) as client:
        shown = await client.get("/evaluation/link", params={"t": token})
        assert "<script>" not in shown.text
        await through_the_link(client, token)
        page = await client.post(
            f"/evaluation/evaluations/{asked}", data={"advice": "</textarea><script>alert(1)</script>"}
        )
    assert page.status_code == 422
    assert "<script>" not in page.text


async def test_the_report_is_plain_tables_in_both_languages(rig: Rig, world: World) -> None:
    stays = [world.completed() for _ in range(25)]
    await rig.tell(world.edition(), *stays)
    for stay in stays:
        await rig.tell(world.registered(stay.intern_id), world.registered(stay.host_id, role="host"))
    for number, stay in enumerate(stays):
        await send(
            rig, stay=stay, party="intern", wave="after", would_recommend="yes" if number < 20 else "maybe"
        )
        if number < 6:
            await send(rig, stay=stay, party="host", wave="after", outcomes=["do_better"])
    address = f"/evaluation/reports/{world.edition_id}"
    async with browser(rig, token=rig.coordinator()) as client:
        missing = await client.get(address)
        assert (missing.status_code, "Der er ingen rapport endnu" in missing.text) == (404, True)
        await client.post(f"/evaluation/api/v1/editions/{world.edition_id}/report")
        danish = (await client.get(address)).text
        english = (await client.get(address, params={"lang": "en"})).text
        assert (await client.get(address, params={"lang": "de"})).status_code == 422
    assert "Rapport: Uge 37" in danish
    assert "3 ud af 4 (COI&#39;s tal, gengivet i 2018)" in danish
    assert "for få svar" in danish
    assert "84 %" in danish  # 26 of 31
    assert "6 of 6" in english
    assert "Region Midtjylland" in english
    assert "<script" not in danish


async def test_an_unknown_report_or_evaluation_is_a_page_too(rig: Rig) -> None:
    async with browser(rig) as client:
        assert (await client.get(f"/evaluation/reports/{uuid.uuid4()}")).status_code == 404
        unknown = await client.get(f"/evaluation/evaluations/{uuid.uuid4()}")
        assert unknown.status_code == 401
        assert unknown.headers["content-type"].startswith("text/html")
