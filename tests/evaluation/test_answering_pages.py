"""Answering on pages: from the mail to the receipt, a page at a time, with a pause, in two windows, too late, twice."""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from evaluation.facts import World, browser, evaluation_id, link_for, open_link
from rig import Rig

from ipraktik_contracts.events import EvaluationSubmitted, InternshipCompleted

STAY = {"concrete_use": "yes_much", "would_recommend": "yes", "match": "good", "preparation": "dont_know"}
OUTCOME = {"outcomes": ["keep_doing", "do_better"]}
WORDS = {"take_home": "", "advice": "Mere\r\ntid"}


@pytest.fixture
async def stay(rig: Rig, world: World) -> InternshipCompleted:
    """A stay whose parties have been asked."""
    made = world.completed()
    await rig.tell(world.edition(), made)
    await rig.said()
    return made


@dataclass
class Answering:
    """A browser that has come through the link."""

    client: httpx.AsyncClient
    asked: UUID

    @property
    def here(self) -> str:
        return f"/evaluation/evaluations/{self.asked}"

    async def look(self, step: str = "") -> httpx.Response:
        return await self.client.get(f"{self.here}/{step}" if step else self.here)

    async def save(
        self, step: str, fields: dict[str, str] | dict[str, list[str]], **more: str
    ) -> httpx.Response:
        return await self.client.post(f"{self.here}/{step}", data={**fields, **more})

    async def send(self, revision: str = "99") -> httpx.Response:
        """Press the check page's button."""
        return await self.client.post(self.here, data={"checked": revision})

    async def revision(self, step: str) -> str:
        found = re.search(r'name="(?:revision|checked)" value="(\d+)"', (await self.look(step)).text)
        assert found is not None
        return found[1]

    async def fill(self) -> None:
        await self.save("stay", STAY)
        await self.save("outcome", OUTCOME)
        await self.save("words", WORDS)


async def answering(rig: Rig, stay: InternshipCompleted, **changes: object) -> Answering:
    asked = evaluation_id(stay, "intern", "after")
    token = await link_for(rig, evaluation=asked, participant_id=stay.intern_id, **changes)
    made = Answering(browser(rig), asked)
    assert await open_link(made.client, token) == made.here
    return made


async def test_from_the_mail_to_the_receipt(rig: Rig, stay: InternshipCompleted) -> None:
    visit = await answering(rig, stay)
    led = await visit.look()
    assert (led.status_code, led.headers["location"]) == (303, f"{visit.here}/stay")
    page = await visit.look("stay")
    assert "Det handler om praktikken 10.–14. september 2018." in page.text
    assert "Svar senest 8. oktober 2018." in page.text
    assert "Trin 1 af 4" in page.text
    assert await rig.said() == []
    first = await visit.save("stay", STAY)
    assert (first.status_code, first.headers["location"]) == (303, f"{visit.here}/outcome")
    assert (await visit.save("outcome", OUTCOME)).headers["location"] == f"{visit.here}/words"
    assert (await visit.save("words", WORDS)).headers["location"] == f"{visit.here}/check"
    check = await visit.look("check")
    assert "Blive ved med noget, vi gør i dag" in check.text
    assert "Ikke besvaret" in check.text
    assert f"{visit.here}/stay?back=check#match" in check.text
    assert await rig.said() == []
    sent = await visit.send()
    assert (sent.status_code, sent.headers["location"]) == (303, visit.here)
    assert "Tak for dine svar" in (await visit.look()).text
    assert len(await rig.said(EvaluationSubmitted)) == 1


async def test_form_and_json_are_the_same_answer(rig: Rig, stay: InternshipCompleted) -> None:
    visit = await answering(rig, stay)
    await visit.fill()
    await visit.send()
    token = await link_for(rig, evaluation=visit.asked, participant_id=stay.intern_id)
    async with browser(rig, token=token) as client:
        same = await client.post(
            f"/evaluation/api/v1/evaluations/{visit.asked}/answers",
            json={"answers": STAY | OUTCOME | {"advice": "Mere\ntid"}},
        )
    assert same.status_code == 200


async def test_pressed_twice_is_sent_once(rig: Rig, stay: InternshipCompleted) -> None:
    visit = await answering(rig, stay)
    await visit.fill()
    assert [(await visit.send()).status_code for _ in range(2)] == [303, 303]
    assert len(await rig.said(EvaluationSubmitted)) == 1


async def test_what_another_window_changed_after_the_check_is_shown_before_it_is_sent(
    rig: Rig, stay: InternshipCompleted
) -> None:
    visit = await answering(rig, stay)
    await visit.fill()
    seen = await visit.revision("check")
    await (await answering(rig, stay)).save("stay", STAY | {"match": "bad"}, revision=seen)
    refused = await visit.send(seen)
    assert refused.status_code == 409
    assert "Du har rettet et svar i et andet vindue" in refused.text
    assert "Dårligt" in refused.text
    assert await rig.said(EvaluationSubmitted) == []
    assert (await visit.send(await visit.revision("check"))).status_code == 303


async def test_after_sending_every_way_back_leads_to_the_receipt(rig: Rig, stay: InternshipCompleted) -> None:
    visit = await answering(rig, stay)
    await visit.fill()
    await visit.send()
    for step in ("stay", "outcome", "words", "check", "saved"):
        led = await visit.look(step)
        assert (led.status_code, led.headers["location"]) == (303, visit.here)
    late = await visit.save("stay", STAY)
    assert late.status_code == 409
    assert "Dit første svar gælder" in late.text


async def test_the_same_link_goes_on_where_the_person_left(rig: Rig, stay: InternshipCompleted) -> None:
    visit = await answering(rig, stay)
    await visit.save("stay", STAY)
    elsewhere = await answering(rig, stay)
    assert (await elsewhere.look()).headers["location"] == f"{visit.here}/outcome"
    assert re.search(r'value="good" checked', (await elsewhere.look("stay")).text)
    await elsewhere.save("outcome", OUTCOME)
    await elsewhere.save("words", {"advice": "Nej"})
    assert (await visit.look()).headers["location"] == f"{visit.here}/check"


async def test_half_a_page_can_be_kept_for_later(rig: Rig, stay: InternshipCompleted) -> None:
    visit = await answering(rig, stay)
    saved = await visit.save("stay", {"match": "bad"}, later="yes")
    assert saved.headers["location"] == f"{visit.here}/saved"
    assert "Dine svar er gemt" in (await visit.look("saved")).text
    again = await answering(rig, stay)
    assert (await again.look()).headers["location"] == f"{visit.here}/stay"
    page = (await again.look("stay")).text
    assert "Vi har gemt det, du har svaret" in page
    assert re.search(r'name="match" class="form-radio" value="bad" checked', page)


async def test_two_windows_on_different_pages_lose_nothing(rig: Rig, stay: InternshipCompleted) -> None:
    one, other = await answering(rig, stay), await answering(rig, stay)
    await other.save("words", {"advice": "Fra det andet vindue"}, revision="0")
    await one.save("stay", STAY, revision="0")
    await one.save("outcome", OUTCOME, revision="0")
    check = (await one.look("check")).text
    assert "Fra det andet vindue" in check
    assert "Godt" in check


async def test_what_another_window_saved_is_not_overwritten_unseen(
    rig: Rig, stay: InternshipCompleted
) -> None:
    one, other = await answering(rig, stay), await answering(rig, stay)
    based_on = await one.revision("words")
    await other.save("words", {"advice": "Først"}, revision=based_on)
    refused = await one.save("words", {"advice": "Sidst"}, revision=based_on)
    assert refused.status_code == 409
    assert "Du svarede noget andet i et andet vindue." in refused.text
    assert "<dd>Først</dd>" in refused.text.replace('<ul class="nobullet-list"><li>', "").replace(
        "</li></ul>", ""
    )
    assert "Sidst</textarea>" in refused.text
    seen = re.search(r'name="revision" value="(\d+)"', refused.text)
    assert seen is not None
    assert (await one.save("words", {"advice": "Sidst"}, revision=seen[1])).status_code == 303
    assert "Sidst" in (await one.look("words")).text


async def test_the_same_page_sent_twice_is_no_quarrel(rig: Rig, stay: InternshipCompleted) -> None:
    visit = await answering(rig, stay)
    assert [(await visit.save("stay", STAY, revision="0")).status_code for _ in range(2)] == [303, 303]


async def test_an_answer_that_was_changed_on_the_way_back_leads_to_the_check(
    rig: Rig, stay: InternshipCompleted
) -> None:
    visit = await answering(rig, stay)
    await visit.fill()
    page = await visit.client.get(f"{visit.here}/stay", params={"back": "check"})
    assert 'name="back" value="check"' in page.text
    changed = await visit.save("stay", STAY | {"match": "bad"}, revision="3", back="check")
    assert changed.headers["location"] == f"{visit.here}/check"
    assert "Dårligt" in (await visit.look("check")).text


async def test_a_missing_answer_is_named_and_what_was_chosen_stays(
    rig: Rig, stay: InternshipCompleted
) -> None:
    visit = await answering(rig, stay)
    page = await visit.save("stay", {name: value for name, value in STAY.items() if name != "match"})
    assert page.status_code == 422
    assert "<title>Fejl:" in page.text
    assert 'href="#match"' in page.text
    assert "Vælg ét af svarene: Hvor godt passede værten til det, du ville se?" in page.text
    assert re.search(r'name="concrete_use" class="form-radio" value="yes_much" checked', page.text)
    alone = await visit.save("outcome", {"outcomes": ["none", "do_better"]})
    assert (alone.status_code, "kan ikke vælges sammen" in alone.text) == (422, True)


async def test_sending_too_early_leads_to_the_page_that_misses_an_answer(
    rig: Rig, stay: InternshipCompleted
) -> None:
    visit = await answering(rig, stay)
    await visit.save("stay", STAY)
    assert (await visit.look("check")).headers["location"] == f"{visit.here}/outcome"
    sent = await visit.send()
    assert sent.status_code == 422
    assert 'href="#outcomes"' in sent.text
    assert await rig.said(EvaluationSubmitted) == []


async def test_a_draft_is_forgotten_when_it_is_sent_or_too_late(
    rig: Rig, world: World, stay: InternshipCompleted
) -> None:
    other = world.completed()
    await rig.tell(other)
    sent, late = await answering(rig, stay), await answering(rig, other)
    await sent.fill()
    await late.save("stay", STAY)
    await sent.send()
    assert await drafts(rig) == [late.asked]
    rig.clock.instant += timedelta(days=30)
    await rig.run_jobs()
    assert await drafts(rig) == []
    for response in (await late.look(), await late.look("stay"), await late.save("stay", STAY)):
        assert response.status_code == 410
        assert "Fristen for at svare er gået" in response.text


async def test_an_erased_persons_draft_goes_and_what_the_other_had_written_about_them(
    rig: Rig, world: World, stay: InternshipCompleted
) -> None:
    visit = await answering(rig, stay)
    await visit.fill()
    host = evaluation_id(stay, "host", "after")
    token = await link_for(rig, evaluation=host, participant_id=stay.host_id)
    other = Answering(browser(rig), host)
    await open_link(other.client, token)
    await other.save("words", {"advice": "Hun hedder Alma"})
    await other.save("outcome", OUTCOME)
    await rig.tell(world.erased(stay.intern_id))
    assert await drafts(rig) == [host]
    assert "Alma" not in (await other.look("check")).text
    assert (await other.look("words")).status_code == 303
    assert re.search(r'value="do_better" checked', (await other.look("outcome")).text)
    assert (await visit.look()).status_code == 410


async def test_the_page_speaks_the_persons_language(rig: Rig, stay: InternshipCompleted) -> None:
    visit = await answering(rig, stay, language="en")
    page = await visit.look("stay")
    assert '<html lang="en">' in page.text
    assert "Answer by 8 October 2018." in page.text
    assert "Step 1 of 4" in page.text
    rig.clock.instant = datetime(2018, 10, 9, tzinfo=UTC)
    late = await visit.look()
    assert (late.status_code, "The time to answer has run out" in late.text) == (410, True)


@pytest.mark.parametrize("party", ["intern", "manager", "host"])
async def test_every_form_can_be_sent_as_it_is_shown(
    rig: Rig, world: World, stay: InternshipCompleted, party: str
) -> None:
    participant_id = stay.host_id if party == "host" else stay.intern_id
    rig.clock.instant = datetime(2018, 12, 14, 8, 0, tzinfo=UTC)
    await rig.run_jobs()
    await rig.said()
    asked = evaluation_id(stay, party, "follow_up")  # type: ignore[arg-type]  # one of the three
    token = await link_for(rig, evaluation=asked, participant_id=participant_id)
    visit = Answering(browser(rig), asked)
    await open_link(visit.client, token)
    for _ in range(4):
        address = (await visit.look()).headers["location"]
        if address.endswith(("/check", "/words")):
            break
        page = (await visit.client.get(address)).text
        fields: dict[str, str] = {}
        for name, value in re.findall(
            r'type="(?:radio|checkbox)" id="[^"]+" name="([^"]+)" class="[^"]+" value="([^"]+)"', page
        ):
            fields.setdefault(name, value)
        assert (await visit.client.post(address, data=fields)).status_code == 303
    assert (await visit.send()).status_code == 303
    assert len(await rig.said(EvaluationSubmitted)) == 1


async def test_a_written_word_cannot_become_markup(rig: Rig, stay: InternshipCompleted) -> None:
    visit = await answering(rig, stay, name="<script>alert(1)</script>")
    await visit.save("words", {"advice": "</textarea><script>alert(1)</script>"})
    page = await visit.look("words")
    assert "<script>alert" not in page.text
    long = await visit.save("words", {"advice": "a" * 2001})
    assert (long.status_code, "Skriv højst 2000 tegn: Hvad skal vi gøre bedre?" in long.text) == (422, True)


async def test_a_stranger_an_unknown_address_and_nonsense_open_nothing(
    rig: Rig, stay: InternshipCompleted
) -> None:
    asked = evaluation_id(stay, "intern", "after")
    async with browser(rig) as client:
        for address in (f"/evaluation/evaluations/{asked}", f"/evaluation/evaluations/{asked}/stay"):
            assert (await client.get(address)).status_code == 401
        assert (await client.get(f"/evaluation/evaluations/{asked}/nonsense")).status_code == 404
    visit = await answering(rig, stay)
    assert (await visit.client.get(f"/evaluation/evaluations/{uuid.uuid4()}")).status_code == 403
    odd = await visit.save("stay", STAY, revision="9" * 30)
    assert odd.status_code == 303


async def drafts(rig: Rig) -> list[UUID]:
    async with rig.database.reading() as conn:
        return [
            row["evaluation_id"] for row in await conn.fetch("select evaluation_id from evaluation_draft")
        ]
