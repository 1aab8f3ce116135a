"""Sending a plan out from the board: seen beforehand, once, and only as long as it is the newest."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from matching.board_visits import Visits, hidden, words_of
from matching.cast import Cast
from rig import Rig

from ipraktik_contracts.events import MatchNotFound, MatchProposed, ParticipantWithdrawn


async def test_two_coordinators_who_send_out_at_once_send_once_and_both_see_it(rig: Rig, cast: Cast) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    run_id = await cast.solved_run()
    both = [Visits(cast, name=name) for name in ("Kim", "Robin")]
    answers = await asyncio.gather(*(one.send(f"/runs/{run_id}/release", final="no") for one in both))
    pages = [await one.follow(answer) for one, answer in zip(both, answers, strict=True)]
    seen = {re.search(r"(Kim|Robin) sendte den ud", page)[0] for page in pages}  # type: ignore[index]  # one of them did
    assert len(seen) == 1
    assert len(await rig.said(MatchProposed)) == 1


async def test_sending_out_otherwise_than_somebody_else_just_did_is_refused_with_a_way_on(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    await cast.joins("intern")
    run_id = await cast.solved_run()
    await board.send(f"/runs/{run_id}/release", final="no")
    late = await board.send(f"/runs/{run_id}/release", status=409, final="yes")
    assert "Se, hvad der gælder nu" in late.text
    (missed,) = await rig.said(MatchNotFound)
    assert not missed.final
    led = await board.answer(f"/runs/{run_id}/release")
    assert led.status_code == 303


async def test_whether_it_is_the_last_run_must_be_said(rig: Rig, cast: Cast, board: Visits) -> None:
    await cast.joins("intern")
    run_id = await cast.solved_run()
    asked = await board.send(f"/runs/{run_id}/release", status=422)
    assert "Vælg, om det er den sidste beregning i runden" in asked.text
    assert "<title>Fejl:" in asked.text
    assert await rig.said(MatchNotFound) == []


async def test_an_old_page_of_a_superseded_run_sends_nothing(rig: Rig, cast: Cast, board: Visits) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    older = await cast.solved_run()
    rig.clock.advance(timedelta(minutes=1))
    newer = await cast.solved_run()
    await board.get(f"/runs/{older}/release")
    await board.send(f"/runs/{newer}/release", final="no")
    await rig.said()
    refused = await board.send(f"/runs/{older}/release", status=409, final="no")
    assert "Beregningen er forældet" in refused.text
    assert "Beregningen er forældet" in await board.get(f"/runs/{older}")
    assert await rig.said() == []


async def test_the_page_before_sending_out_tells_what_no_longer_holds_and_writes_nothing(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    await cast.joins("host")
    intern = await cast.joins("intern")
    run_id = await cast.solved_run()
    await rig.tell(
        ParticipantWithdrawn(
            participant_id=intern.participant_id, edition_id=cast.edition_id, reason="new_job"
        )
    )
    page = words_of(await board.get(f"/runs/{run_id}/release"))
    assert "Forslag, der bliver sendt 0" in page
    assert "Praktikanten har trukket sig" in page
    assert (await cast.run(run_id)).state == "solved"
    assert await rig.said() == []
    await board.send(f"/runs/{run_id}/release", final="yes")
    assert "Praktikanten har trukket sig" in await board.get(f"/runs/{run_id}")


async def test_a_plan_that_moves_a_proposal_without_an_answer_says_so_before_and_after(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    await cast.joins("host", field="health")
    await cast.joins("intern", wishes={"fields": ["law"]})
    await cast.proposed()
    await cast.joins("host", field="law")
    page = await board.get("/runs")
    form: dict[str, Any] = {"run_id": hidden(page, "run_id"), "edition": cast.edition_id}
    await board.send("/runs", **form, move_open="yes", keep_open=0)
    await rig.run_jobs()
    run = f"/runs/{form['run_id']}"
    assert "Forslag uden svar må flyttes" in await board.get(run)
    asked = words_of(await board.get(f"{run}/release"))
    assert "1 af dem har et forslag uden svar et andet sted. Det trækkes tilbage samtidig." in asked
    done = words_of(await board.follow(await board.send(f"{run}/release", final="no")))
    assert "1 forslag uden svar blev flyttet." in done
    assert "Flyttet til en anden vært" in await board.get("/cases")


async def test_who_may_still_come_is_told_before_a_run_is_called_the_last(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    await cast.joins("intern")
    run_id = await cast.solved_run()
    said = "Folk kan tilmelde sig til 8. juni 2018."
    assert said in words_of(await board.get(f"/runs/{run_id}/release"))
    rig.clock.advance(datetime(2018, 6, 8, 22, tzinfo=UTC) - rig.clock.now())
    assert said not in words_of(await board.get(f"/runs/{run_id}/release"))
