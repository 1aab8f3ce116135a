"""The published report as a page: sentences with their base, drawings with their tables, years side by side, both languages."""

import json
import re
import uuid

import pytest
from evaluation.facts import World, browser
from evaluation.rounds import answered_round, publish, put_report
from rig import Rig


@pytest.fixture
async def danish(rig: Rig, world: World) -> str:
    """The page of a round with 25 interns and 6 hosts."""
    await answered_round(rig, world)
    await publish(rig, world)
    return await page(rig, f"/evaluation/reports/{world.edition_id}")


async def page(rig: Rig, address: str) -> str:
    async with browser(rig) as client:
        shown = await client.get(address)
    assert shown.status_code == 200, shown.text
    return shown.text


async def test_the_classic_shares_are_sentences_with_all_one_must_know(danish: str) -> None:
    assert "84 % svarer ja. Vi har fået 31 svar." in danish  # 26 of 31
    assert "Vil du anbefale Innovationspraktik til andre?" in danish
    assert "Til praktikant: Har du haft konkret nytte af praktikken?" in danish
    assert "»Ja, i nogen grad«" in danish
    assert "31 ud af 50 har svaret (62 %)" in danish
    assert "3 ud af 4 (COI&#39;s tal, gengivet i 2018)" in danish
    assert "Der er for få svar til at vise et tal." in danish


async def test_every_drawing_has_its_table_and_every_municipality_is_on_the_map(danish: str) -> None:
    drawings = re.findall(r"<svg class=\"drawing .*?</svg>", danish, re.DOTALL)
    figures = re.findall(r"<figure.*?</figure>", danish, re.DOTALL)
    assert len(drawings) == len(figures) > 5
    assert all("<table" in figure for figure in figures)
    assert "style=" not in danish
    [tiles] = [one for one in drawings if "drawing-map" in one]
    assert len(re.findall(r"<title>[^<]+: ", tiles)) == 98
    assert "<title>Aarhus: 21 deltagere</title>" in tiles
    assert "<title>Bornholm: Var med, men tallet vises ikke</title>" in tiles
    assert "<title>Tønder: 0 deltagere</title>" in tiles


async def test_a_small_group_is_in_no_table_either(danish: str) -> None:
    assert re.search(r'<th scope="row">Bornholm</th><td class="number">vises ikke \(for få\)</td>', danish)
    assert "for få svar" in danish


async def test_the_same_in_english(rig: Rig, world: World, danish: str) -> None:
    english = await page(rig, f"/evaluation/reports/{world.edition_id}?lang=en")
    assert '<html lang="en">' in english
    assert "84 % say yes. We have got 31 answers." in english
    assert "Participants by municipality" in english
    assert "Sådan tæller vi" not in english


async def test_years_stand_side_by_side_with_what_all_of_them_have(rig: Rig, world: World) -> None:
    await answered_round(rig, world, stays=8)
    await publish(rig, world)
    alone = await page(rig, f"/evaluation/reports/{world.edition_id}")
    assert "År for år" not in alone
    other = World()
    await answered_round(rig, other, stays=6, hosts=0, name="Uge 36")
    await publish(rig, other)
    both = await page(rig, f"/evaluation/reports/{world.edition_id}")
    table = re.search(r'<caption id="table-years">.*?</table>', both, re.DOTALL)
    assert table is not None
    assert "Uge 36" in table[0]
    assert re.search(
        r'Gennemførte praktikker</th><td class="number">6</td><td class="number">8</td>', table[0]
    )
    assert "100 % af 6 svar" in table[0]
    assert "Har haft kontakt" not in table[0]


async def test_the_list_leads_to_every_report(rig: Rig, world: World) -> None:
    assert "Der er ingen rapporter endnu." in await page(rig, "/evaluation/reports")
    await answered_round(rig, world, stays=5, hosts=0)
    await publish(rig, world)
    listed = await page(rig, "/evaluation/reports")
    assert f'href="/evaluation/reports/{world.edition_id}"' in listed
    assert "5 praktikker, 10 deltagere" in listed


async def test_a_revision_from_before_kinds_were_counted_still_shows(rig: Rig, world: World) -> None:
    await answered_round(rig, world, stays=6)
    body = (await publish(rig, world)).json()
    old = {key: body[key] for key in ("figures", "responses", "distributions")}
    old["indicators"] = [
        {key: one[key] for key in ("code", "n", "yes", "share")} for one in body["indicators"]
    ]
    await put_report(rig, edition_id=world.edition_id, revision=7, body=json.dumps(old))
    for ending in ("", ".pdf", ".csv"):
        async with browser(rig) as client:
            shown = await client.get(f"/evaluation/reports/{world.edition_id}{ending}?revision=7")
            api = await client.get(f"/evaluation/api/v1/editions/{world.edition_id}/report?revision=7")
        assert shown.status_code == 200
        assert api.json()["taking_part"] is None
    assert "drawing-map" not in await page(rig, f"/evaluation/reports/{world.edition_id}?revision=7")
    assert "drawing-map" in await page(rig, f"/evaluation/reports/{world.edition_id}?revision=1")


async def test_an_unknown_report_is_a_page_that_says_so(rig: Rig) -> None:
    async with browser(rig) as client:
        for address in (
            f"/evaluation/reports/{uuid.uuid4()}",
            f"/evaluation/reports/{uuid.uuid4()}.pdf",
            f"/evaluation/reports/{uuid.uuid4()}.csv",
        ):
            missing = await client.get(address)
            assert (missing.status_code, "Der er ingen rapport endnu" in missing.text) == (404, True)
        assert (await client.get("/evaluation/reports/nonsense")).status_code == 404
