"""What if? Both plans are shown beside each other; nothing is stored and nobody is told."""

import re
from typing import Any
from uuid import UUID

import pytest
from matching.board_visits import Visits, hidden, words_of
from matching.cast import Cast
from matching.puzzle.puzzles import host, intern, puzzle
from matching.running import solved
from rig import Rig

from ipraktik_contracts.events import MatchProposed
from ipraktik_contracts.fields import Wishes
from ipraktik_matching.policies import RunPolicy, read
from ipraktik_matching.web.board import asking
from ipraktik_matching.web.board.supposing import supposed


async def _counted(rig: Rig) -> tuple[int, int, int]:
    async with rig.database.reading() as conn:
        return (
            await conn.fetchval("select count(*) from runs"),
            await conn.fetchval("select count(*) from placements"),
            len(await rig.said(MatchProposed)),
        )


def test_whoever_may_be_moved_is_no_longer_fixed_and_would_rather_stay() -> None:
    sent = (("a", "h"), ("b", "k"))
    whole = puzzle(intern("a"), intern("b"), host("h"), host("k"), fixed=sent)
    found = supposed(whole, {"free": [("a", "h")]})
    assert (found.fixed, found.open) == ((("b", "k"),), (("a", "h"),))
    gone = supposed(whole, {"free": [("a", "h")], "seats": {"h": 0}})
    assert (gone.fixed, gone.open, [one.id for one in gone.hosts]) == ((("b", "k"),), (), ["k"])


async def test_a_host_more_is_shown_beside_the_plan_there_is_and_stored_nowhere(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    await cast.joins("intern")
    run_id = await solved(rig, cast)
    before = await _counted(rig)
    asked: dict[str, Any] = {
        "new_field": "law",
        "new_sector": "state",
        "new_region": "midtjylland",
        "new_seats": "1",
        "try": 1,
    }
    page = words_of(await board.get(f"/runs/{run_id}/what-if", **asked))
    assert "Får en plads 1 2 +1" in page
    assert "Får ikke en plads 1 0 \N{MINUS SIGN}1" in page
    assert "Den nye vært" in page
    assert await _counted(rig) == before
    assert "Får en plads" not in words_of(await board.get(f"/runs/{run_id}/what-if"))


async def test_a_host_that_goes_takes_its_places_with_it(rig: Rig, cast: Cast, board: Visits) -> None:
    host, _ = await cast.joins("host"), await cast.joins("intern")
    run_id = await solved(rig, cast)
    page = words_of(
        await board.get(f"/runs/{run_id}/what-if", **{"try": 1}, host=host.participant_id, seats=0)
    )
    assert "Får en plads 1 0 \N{MINUS SIGN}1" in page
    assert "Mister sin plads" in page
    more = words_of(
        await board.get(f"/runs/{run_id}/what-if", **{"try": 1}, host=host.participant_id, seats=3)
    )
    assert "De to planer giver de samme pladser." in more


async def test_a_host_keeps_seats_for_those_who_have_one(rig: Rig, cast: Cast, board: Visits) -> None:
    host = await cast.joins("host", capacity=2)
    for _ in range(2):
        await cast.joins("intern")
    await cast.proposed()
    await cast.joins("intern")
    run_id = await solved(rig, cast)
    path = f"/runs/{run_id}/what-if"
    page = await board.get(path, status=422, **{"try": 1}, host=host.participant_id, seats=1)
    assert "Værten har 2 pladser, der er givet væk" in page
    gone = words_of(await board.get(path, **{"try": 1}, host=host.participant_id, seats=0))
    assert "Får en plads 2 0 \N{MINUS SIGN}2" in gone


async def test_other_weights_are_tried_and_a_real_run_is_started_with_them(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    for field in ("law", "health"):
        await cast.joins("host", field=field, workplace=_in(cast, "0751" if field == "law" else "0360"))
    await cast.joins("intern", wishes=Wishes(fields=("law",), areas=("municipality:0360",)))
    run_id = await solved(rig, cast)
    page = await board.get(f"/runs/{run_id}/what-if", **{"try": 1}, weight_field=0)
    assert "Skifter vært" in words_of(page)
    form: dict[str, Any] = {"run_id": hidden(page, "run_id"), "edition": cast.edition_id, "weight_field": 0}
    await board.send("/runs", **form)
    assert read((await cast.run(UUID(hidden(page, "run_id")))).policy) == RunPolicy(weights={"field": 0})
    await rig.run_jobs()
    assert "Fag: 0 (ellers 260)" in await board.get(f"/runs/{hidden(page, 'run_id')}")
    wrong = await board.get(f"/runs/{run_id}/what-if", status=422, **{"try": 1}, weight_field=2000)
    assert "Fag: Skriv et helt tal fra 0 til 1.000" in wrong.replace("1000", "1.000")


def _in(cast: Cast, municipality: str) -> object:
    from matching.cast import Person

    work = cast.body(Person(role="host")).workplace
    return work.model_copy(update={"municipality_code": municipality})


async def test_the_next_best_is_what_comes_of_it_when_the_pair_must_not_meet(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    best = await cast.joins("host", field="law")
    await cast.joins("host", field="health")
    intern = await cast.joins("intern", wishes=Wishes(fields=("law",)))
    run_id = await solved(rig, cast)
    why = await board.get(f"/runs/{run_id}/interns/{intern.participant_id}")
    assert "Hvad ville være det næstbedste?" in why
    page = words_of(
        await board.get(
            f"/runs/{run_id}/what-if",
            **{"try": 1},
            intern=intern.participant_id,
            never=best.participant_id,
        )
    )
    assert "Får en plads 1 1 0" in page
    assert "Det næstbedste er Navn self host." in page
    assert "Skifter vært" in page


async def test_the_price_of_leaving_people_where_they_are_is_shown(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    stays = await cast.joins("host", field="health")
    await cast.joins("intern", wishes=Wishes(fields=("law",)))
    await cast.proposed()
    await cast.joins("host", field="law")
    run_id = await solved(rig, cast)
    assert "keep_open=0" in await board.get(f"/runs/{run_id}")
    page = words_of(
        await board.get(f"/runs/{run_id}/what-if", **{"try": 1}, keep_open=0, keep_draft=0, move_open="yes")
    )
    assert "Ellers ville 1 person have en anden plads." in page
    assert "Personer, der har en anden plads 1" in page
    assert re.search(r"Point i alt \d+ \d+ \+260", page)
    assert stays.role == "host"


async def test_what_cannot_be_supposed_is_told_field_by_field(rig: Rig, cast: Cast, board: Visits) -> None:
    host = await cast.joins("host")
    run_id = await solved(rig, cast)
    for query, words in (
        ({}, "Vælg mindst én ting, der skal være anderledes"),
        ({"seats": 2}, "Vælg, hvilken vært det gælder"),
        ({"host": host.participant_id}, "Vælg, hvor mange pladser værten skal have"),
        ({"host": "x", "seats": 1}, "Vælg en vært på listen"),
        ({"new_field": "law"}, "Vælg den nye værts region"),
        ({"keep_open": "mange"}, "Skriv et helt tal"),
    ):
        page = await board.get(f"/runs/{run_id}/what-if", status=422, **{"try": 1}, **query)
        assert words in page
        assert "<title>Fejl:" in page


async def test_a_run_too_large_for_a_page_says_where_it_can_be_tried(
    rig: Rig, cast: Cast, board: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    run_id = await solved(rig, cast)
    monkeypatch.setattr(asking, "_CELLS", 0)
    page = await board.get(f"/runs/{run_id}/what-if", **{"try": 1}, keep_open=0)
    assert "Runden er for stor til at prøve på en side." in page
    assert f"/runs/{run_id}/puzzle.json" in page
