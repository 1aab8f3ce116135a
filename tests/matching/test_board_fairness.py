"""Whoever has fewest points: how high everybody could be, what it costs, who moves, and the proof's word, on the board."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from matching.board_visits import Visits, words_of
from matching.cast import Cast, Person
from matching.running import solved
from rig import Rig

from ipraktik_contracts.events import MatchProposed
from ipraktik_contracts.fields import Wishes
from ipraktik_matching.puzzle import from_json, plan_from_json
from ipraktik_matching.puzzle.fairest import fairest
from ipraktik_matching.web.board import asking, fair_page
from ipraktik_matching.web.board.asking import Counsel


async def _uneven(cast: Cast) -> tuple[Person, Person, Person, Person]:
    """Two interns and two hosts; the best plan in all gives one much and one little."""
    sought = await cast.joins("host", field="law", workplace=_of(cast, "state"))
    spare = await cast.joins("host", field="culture", workplace=_of(cast, "municipal"))
    much = await cast.joins("intern", wishes=Wishes(fields=("law",)), host_in_mind_id=sought.participant_id)
    little = await cast.joins("intern", wishes=Wishes(fields=("law",), sectors=("state",)))
    return sought, spare, much, little


def _of(cast: Cast, sector: str) -> Any:
    work = cast.body(Person(role="host")).workplace
    return work.model_copy(update={"sector": sector})


async def _counted(rig: Rig) -> tuple[int, int, int]:
    async with rig.database.reading() as conn:
        return (
            await conn.fetchval("select count(*) from runs"),
            await conn.fetchval("select count(*) from placements"),
            len(await rig.said(MatchProposed)),
        )


async def test_what_the_lowest_could_have_its_price_and_who_moves_are_told_with_the_proof(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    _, _, much, little = await _uneven(cast)
    run_id = await solved(rig, cast)
    before = await _counted(rig)
    assert f"/runs/{run_id}/fair" in await board.get(f"/runs/{run_id}")

    raw = await board.get(f"/runs/{run_id}/fair")
    page = words_of(raw)

    files = [(await board.answer(f"/runs/{run_id}/{name}")).text for name in ("puzzle.json", "plan.json")]
    plan = plan_from_json(files[1])
    found = fairest(from_json(files[0]), plan)
    assert found.now is not None
    assert found.least is not None
    assert found.now < found.least
    assert f"Den med færrest point har {found.now}. Alle kan få mindst {found.least}" in page
    assert f"Færrest point {found.now} {found.least} +{found.least - found.now}" in page
    cost = plan.stats.total_fit - found.plan.stats.total_fit
    assert cost > 0
    assert re.search(rf"Point i alt \S+ \S+ \N{{MINUS SIGN}}{cost}\b", page)
    assert "Får en plads 2 2 0" in page
    assert "Personer, der har en anden plads 2" in page
    assert (
        f"Skulle alle have mindst {found.next_value} point, kunne højst 1 få en plads. Nu får 2 en." in page
    )
    assert "Planer og bevis er regnet efter for sig, uden søgningen. De holder." in page
    moves = page.partition("Hvem flytter?")[2]
    assert moves.count("Navn self intern") == 2
    lowest = raw.partition('id="lowest"')[2].partition("</ul>")[0]
    assert f"/interns/{little.participant_id}" in lowest
    assert f"/interns/{much.participant_id}" not in lowest
    assert await _counted(rig) == before


async def test_the_weights_that_the_page_leads_to_raise_the_lowest(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    await _uneven(cast)
    run_id = await solved(rig, cast)
    page = await board.get(f"/runs/{run_id}/fair")
    least = re.search(r"Alle kan få mindst (\d+)", words_of(page))
    led = re.search(r'href="(/matching/board/runs/[^"]*what-if[^"]*)"', page)
    assert least is not None
    assert led is not None
    tried = words_of(await board.get(led[1].removeprefix("/matching/board")))
    assert re.search(rf"Færrest point \d+ {least[1]} \+", tried)
    assert "Start en beregning med vægtene" in tried


async def test_where_nobody_could_have_more_that_is_said_and_nothing_is_offered(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    run_id = await solved(rig, cast)
    page = words_of(await board.get(f"/runs/{run_id}/fair"))
    assert "Mere kan alle ikke få, uden at færre får en plads." in page
    assert "Ja. Ingen har en vært, der giver mere." in page
    assert "Hvem flytter?" not in page
    assert "fradrag" not in page


async def test_a_plan_without_places_has_nobody_to_compare(rig: Rig, cast: Cast, board: Visits) -> None:
    await cast.joins("intern")
    run_id = await solved(rig, cast)
    assert "Planen giver ingen en plads, som den selv har valgt." in await board.get(f"/runs/{run_id}/fair")
    await board.get(f"/runs/{uuid4()}/fair", status=404)


async def test_an_answer_that_does_not_stand_up_to_its_check_is_none(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    await _uneven(cast)
    run_id = await solved(rig, cast)
    async with rig.database.transaction() as tx:  # the plan is said to be of another puzzle
        await tx.conn.execute(
            "update runs set plan = jsonb_set(plan::jsonb, '{stats,input_digest}', $2::jsonb)::text where run_id = $1",
            run_id,
            json.dumps("0" * 64),
        )
    page = words_of(await board.get(f"/runs/{run_id}/fair"))
    assert "Det kunne ikke regnes ud" in page
    assert "Alle kan få mindst" not in page


async def test_what_is_not_proven_is_not_said_to_be(
    rig: Rig, cast: Cast, board: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _uneven(cast)
    run_id = await solved(rig, cast)
    told = {
        "now": 300, "least": 400, "next_value": 410, "placed": 2, "fit": [1000, 900], "most_beyond": 2,
        "proven": False, "better": True, "lowest": [], "moves": [],
    }  # fmt: skip

    async def unsure(_: str) -> str:
        return json.dumps(told)

    monkeypatch.setattr(fair_page, "counsel", lambda _: Counsel(unsure))
    page = words_of(await board.get(f"/runs/{run_id}/fair"))
    assert "Nej. Søgningen nåede sin grænse" in page
    assert "De holder." not in page
    assert "kunne højst" not in page


async def test_a_run_too_large_for_a_page_says_how_to_work_it_out(
    rig: Rig, cast: Cast, board: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _uneven(cast)
    run_id = await solved(rig, cast)
    monkeypatch.setattr(asking, "_CELLS", 0)
    page = await board.get(f"/runs/{run_id}/fair")
    assert "Runden er for stor til at regne det ud på en side." in page
    assert f"/runs/{run_id}/plan.json" in page
    assert "python -m ipraktik_matching.puzzle fair puzzle.json plan.json" in page


async def test_it_is_told_in_english(rig: Rig, cast: Cast, board: Visits) -> None:
    await _uneven(cast)
    run_id = await solved(rig, cast)
    page = words_of(await board.get(f"/runs/{run_id}/fair", lang="en"))
    assert "Can the person with the fewest points have more?" in page
    assert "checked on their own, apart from the search" in page
