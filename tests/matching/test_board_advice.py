"""Advice on the board: what would place whoever is left, which host to look for, the ways in for a latecomer; proof as files."""

import json
from uuid import uuid4

import pytest
from matching.board_visits import Visits, words_of
from matching.cast import Cast
from matching.running import solved
from rig import Rig

from ipraktik_contracts.fields import Days, Wishes
from ipraktik_matching.puzzle import check, from_json, plan_from_json
from ipraktik_matching.puzzle.certificate import verify
from ipraktik_matching.web.board import asking
from ipraktik_matching.web.board.asking import Counsel


async def test_whoever_is_left_is_told_what_alone_would_place_them(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    await cast.joins("host", days=Days(min=4, max=5))
    intern = await cast.joins("intern", days=Days(min=2, max=3))
    run_id = await solved(rig, cast)
    assert "Flere eller færre dage" in await board.get(f"/runs/{run_id}")
    assert "Flere eller færre dage" in await board.get(f"/runs/{run_id}/left")
    assert "Flere eller færre dage" in (await board.answer(f"/runs/{run_id}/plan.csv")).text
    why = words_of(await board.get(f"/runs/{run_id}/interns/{intern.participant_id}"))
    assert "Hver af disse ting alene ville give en plads: Flere eller færre dage" in why


async def test_where_nothing_helps_only_another_host_is_named(rig: Rig, cast: Cast, board: Visits) -> None:
    await cast.joins("host")
    for _ in range(2):
        await cast.joins("intern")
    run_id = await solved(rig, cast)
    assert "Kun en vært mere hjælper" in await board.get(f"/runs/{run_id}")


async def test_a_plan_without_the_engines_proof_promises_no_advice(cast: Cast, board: Visits) -> None:
    await cast.joins("intern")
    page = await board.get(f"/runs/{await cast.solved_run()}")
    assert "Rådene regnes ud" not in page
    assert "har intet bevis, som andre kan tjekke" in page


async def test_parts_of_a_fit_are_told_in_words_and_points(rig: Rig, cast: Cast, board: Visits) -> None:
    await cast.joins("host", field="law")
    await cast.joins("intern", wishes=Wishes(fields=("law",)))
    first = words_of(await board.get(f"/runs/{await solved(rig, cast)}"))
    assert "Fag 260, Sted 160" in first
    again = words_of(await board.get(f"/runs/{await solved(rig, cast)}"))
    assert "Bliver, hvor et forslag har dem 50" in again


async def test_puzzle_and_plan_are_files_that_anybody_can_check(rig: Rig, cast: Cast, board: Visits) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    run_id = await solved(rig, cast)
    page = await board.get(f"/runs/{run_id}")
    assert "python -m ipraktik_matching.puzzle check puzzle.json plan.json" in page
    files = [await board.answer(f"/runs/{run_id}/{name}") for name in ("puzzle.json", "plan.json")]
    assert all("attachment" in one.headers["content-disposition"] for one in files)
    puzzle, plan = from_json(files[0].text), plan_from_json(files[1].text)
    assert check(puzzle, plan) == []
    assert verify(puzzle, plan) == []
    assert "Navn" not in files[0].text + files[1].text
    for name in ("puzzle.json", "plan.json", "left", "what-if"):
        await board.get(f"/runs/{uuid4()}/{name}", status=404)


async def test_hosts_to_look_for_are_told_before_any_run(rig: Rig, cast: Cast, board: Visits) -> None:
    assert "Ingen vært mere ville gøre en forskel lige nu." in await board.get("/hosts-wanted")
    await cast.joins("intern", wishes=Wishes(fields=("law",), areas=("region:midtjylland",)))
    assert "/hosts-wanted" in await board.get("/balance")
    page = words_of(await board.get("/hosts-wanted"))
    assert "Rådet er regnet ud fra tilmeldingerne, som de er nu." in page
    assert "Det er præcist." in page
    assert page.partition("Point, højst")[2].strip().startswith("Jura og tilsyn Alle Region Midtjylland 1")
    file = (await board.answer("/hosts-wanted.csv")).text.splitlines()
    assert file[0] == "\ufeffFag;Sektor;Region;Flere med plads;Point, højst"
    assert len(file) > 500


async def test_where_there_are_too_many_for_a_page_the_last_runs_advice_is_shown(
    rig: Rig, cast: Cast, board: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cast.joins("host")
    for _ in range(2):
        await cast.joins("intern")
    monkeypatch.setattr(asking, "_CELLS", 0)
    assert "Der er for mange tilmeldinger" in await board.get("/hosts-wanted")
    await solved(rig, cast)
    assert "Rådet er fra beregningen" in await board.get("/hosts-wanted")


async def test_a_latecomer_has_three_ways_in_each_with_its_price(rig: Rig, cast: Cast, board: Visits) -> None:
    law, health = await cast.joins("host", field="law"), await cast.joins("host", field="health", days=_SHORT)
    first = await cast.joins("intern", wishes=Wishes(fields=("law",)), days=Days(min=2, max=5))
    await solved(rig, cast)
    late = await cast.joins("intern", wishes=Wishes(fields=("law",)), days=Days(min=4, max=5))
    assert f"/interns/{late.participant_id}/ways" in await board.get("", kind="unplaced")
    raw = await board.get(f"/interns/{late.participant_id}/ways")
    page = words_of(raw)
    assert "Ingen flytter Findes ikke." in page
    assert "Højst én flytter" in page
    assert f"intern={late.participant_id}&host={law.participant_id}" in raw
    assert f"intern={first.participant_id}&host={health.participant_id}" in raw


_SHORT = Days(min=2, max=3)


async def test_who_has_a_place_or_a_companion_is_told_so(rig: Rig, cast: Cast, board: Visits) -> None:
    host = await cast.joins("host", capacity=3)
    placed = await cast.joins("intern")
    await cast.proposed()
    one, other = uuid4(), uuid4()
    await cast.joins("intern", participant_id=one, companion_id=other)
    await cast.joins("intern", participant_id=other, companion_id=one)
    assert "Praktikanten har en plads." in await board.get(f"/interns/{placed.participant_id}/ways")
    assert "Praktikanten rejser med en anden." in await board.get(f"/interns/{one}/ways")
    await board.get(f"/interns/{host.participant_id}/ways", status=404)
    await board.get(f"/interns/{uuid4()}/ways", status=404)


async def test_ways_in_of_an_edition_too_large_for_a_page_lead_to_a_run(
    rig: Rig, cast: Cast, board: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cast.joins("host")
    late = await cast.joins("intern")
    monkeypatch.setattr(asking, "_CELLS", 0)
    assert "Runden er for stor" in await board.get(f"/interns/{late.participant_id}/ways")


async def test_a_question_asked_again_is_answered_from_what_is_kept() -> None:
    asked: list[str] = []

    async def answer(text: str) -> str:
        asked.append(text)
        return json.dumps(len(asked))

    counsel = Counsel(answer)
    for _ in range(2):
        assert await counsel.asked({"ask": "hosts"}, "one") == 1
    assert await counsel.asked({"ask": "hosts"}, "other") == 2
    for number in range(asking.MOST_KEPT):
        await counsel.asked({"ask": number}, "one")
    assert await counsel.asked({"ask": "hosts"}, "one") == asking.MOST_KEPT + 3
