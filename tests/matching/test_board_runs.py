"""Runs on the board: started once, looked at, compared, sent out once; whoever comes second sees what was done."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from matching.board_visits import Visits, hidden, run_in, words_of
from matching.cast import FRIDAY, MONDAY, Cast, Person
from rig import Rig

from ipraktik_contracts.events import MatchProposed, ParticipantWithdrawn
from ipraktik_contracts.fields import Days
from ipraktik_matching.policies import RunPolicy, read
from ipraktik_matching.puzzle import Fit
from ipraktik_matching.puzzle.plan import Stats
from ipraktik_matching.store.board.plans import Placed
from ipraktik_matching.usecases.solve_next_run import solve_next_run
from ipraktik_matching.web.board.laid_out import Alternative
from ipraktik_matching.web.board.run_words import proof
from ipraktik_matching.web.board.why_page import verdict


async def _start(board: Visits, cast: Cast) -> uuid.UUID:
    page = await board.get("/runs")
    started = await board.send("/runs", run_id=hidden(page, "run_id"), edition=cast.edition_id)
    return run_in(started)


async def test_from_the_button_to_the_proposals(rig: Rig, cast: Cast, board: Visits) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    await cast.joins("intern")
    run_id = await _start(board, cast)
    waiting = await board.get(f"/runs/{run_id}")
    assert "Beregningen venter på at blive taget op." in waiting
    assert 'hx-trigger="every 2s"' in waiting
    await rig.run_jobs()
    shown = words_of(await board.get(f"/runs/{run_id}"))
    assert "Får en plads 1" in shown
    assert "Får ikke en plads 1" in shown
    assert "Flere kan ikke få plads, og ingen plan med lige så mange passer bedre. Det er bevist." in shown
    assert "De værter, der passer, har ikke flere pladser." in shown
    asked = words_of(await board.get(f"/runs/{run_id}/release"))
    assert "Forslag, der bliver sendt 1" in asked
    assert "Mails med forslag (til praktikant og vært) 2" in asked
    assert "Mails til dem, der ikke får en plads nu 1" in asked
    done = words_of(await board.follow(await board.send(f"/runs/{run_id}/release", final="no")))
    assert "Kim Koordinator sendte den ud 9. april 2018 kl. 10.00. 1 forslag er sendt." in done
    assert len(await rig.said(MatchProposed)) == 1


async def test_a_run_that_somebody_else_started_is_said_before_ones_own_slips(
    cast: Cast, board: Visits
) -> None:
    form = {"run_id": hidden(await board.get("/runs"), "run_id"), "edition": cast.edition_id}
    await _start(board, cast)
    answer = await board.send("/runs", status=409, **form, weight_field="meget")
    assert "En beregning er i gang" in answer.text
    assert "error-summary" not in answer.text


async def test_a_run_started_twice_by_the_same_form_is_one_run(rig: Rig, cast: Cast, board: Visits) -> None:
    page = await board.get("/runs")
    form: dict[str, Any] = {"run_id": hidden(page, "run_id"), "edition": cast.edition_id}
    first, second = [run_in(await board.send("/runs", **form)) for _ in range(2)]
    assert first == second
    async with rig.database.reading() as conn:
        assert await conn.fetchval("select count(*) from runs") == 1


async def test_of_two_tabs_that_start_a_run_the_second_is_told_that_one_is_under_way(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    one, other = [hidden(await board.get("/runs"), "run_id") for _ in range(2)]
    assert one != other
    await board.send("/runs", run_id=one, edition=cast.edition_id)
    refused = await board.send("/runs", status=409, run_id=other, edition=cast.edition_id)
    assert "En beregning er i gang" in refused.text
    async with rig.database.reading() as conn:
        assert await conn.fetchval("select count(*) from runs") == 1


async def test_progress_is_asked_for_again_only_while_there_is_something_to_wait_for(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    await cast.joins("intern")
    run_id = await _start(board, cast)
    piece = await board.get(f"/runs/{run_id}/progress")
    assert "<html" not in piece
    assert "hx-get" in piece
    await board.get(f"/runs/{run_id}/progress", shown="queued", status=204)
    assert f"/matching/board/runs/{run_id}/progress" in await board.get("/runs")
    await rig.run_jobs()
    piece = await board.get(f"/runs/{run_id}/progress", shown="queued")
    assert "hx-get" not in piece
    assert "Beregningen er færdig." in piece
    assert f'href="/matching/board/runs/{run_id}"' in piece
    await board.get(f"/runs/{uuid.uuid4()}/progress", status=404)


async def test_a_run_is_stopped_by_a_button_and_says_who_did_so(rig: Rig, cast: Cast, board: Visits) -> None:
    await cast.joins("intern")
    run_id = await _start(board, cast)
    assert "Stop beregningen" in await board.get(f"/runs/{run_id}")
    page = words_of(await board.follow(await board.send(f"/runs/{run_id}/cancel")))
    assert "Kim Koordinator stoppede den" in page
    assert "Beregningen er stoppet." in await board.get(f"/runs/{run_id}/progress", shown="queued")
    assert "Stoppet" in words_of(await board.get("/runs"))
    await rig.run_jobs()
    assert "Ingen plan er lagt" in await board.get(f"/runs/{run_id}")
    done = await _start(board, cast)
    await rig.run_jobs()
    assert "Uden plads" in await board.follow(await board.send(f"/runs/{done}/cancel"))
    await board.send(f"/runs/{uuid.uuid4()}/cancel", status=404)


async def test_how_far_a_run_is_is_told_at_each_stage(rig: Rig, cast: Cast, board: Visits) -> None:
    await cast.joins("intern")
    run_id = await _start(board, cast)
    async with rig.database.transaction() as tx:
        await tx.conn.execute("update runs set state = 'running', stage = 'prove', work = 12")
    piece = words_of("<main" + await board.get(f"/runs/{run_id}/progress", shown="running-lay") + "</main>")
    assert "Regner beviset efter. Regnet i 12 sekunder." in piece
    await board.get(f"/runs/{run_id}/progress", shown="running-prove", status=204)
    async with rig.database.transaction() as tx:
        await tx.conn.execute("update runs set work = 14")
    await board.get(f"/runs/{run_id}/progress", shown="running-prove", status=204)


async def test_a_run_with_weights_that_are_no_numbers_is_not_started(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    page = await board.get("/runs")
    form: dict[str, Any] = {"run_id": hidden(page, "run_id"), "edition": cast.edition_id}
    asked = await board.send("/runs", status=422, **form, weight_field="-1")
    assert "Fag: Skriv et helt tal fra 0 til 1000" in asked.text
    assert hidden(asked.text, "run_id") == form["run_id"]
    await board.send("/runs", **form, weight_field="100", move_open="yes")
    run = await cast.run(uuid.UUID(form["run_id"]))
    assert read(run.policy) == RunPolicy(weights={"field": 100}, move_open=True)


async def test_a_run_that_failed_says_so(rig: Rig, cast: Cast, board: Visits) -> None:
    run_id = await _start(board, cast)

    async def fails(_: str) -> str:
        raise ValueError("No such piece.")

    await solve_next_run(rig.database, solve=fails)
    page = await board.get(f"/runs/{run_id}")
    assert "Beregningen gik i stå" in page
    assert "No such piece." in page
    assert (await board.answer(f"/runs/{run_id}/release")).status_code == 409
    assert (await board.answer(f"/runs/{run_id}/plan.csv")).status_code == 404


async def test_comparing_two_runs_names_who_changes_host_gains_and_loses(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    first, second = await cast.joins("host"), await cast.joins("host")
    stays, moves = await cast.joins("intern"), await cast.joins("intern")
    before = await cast.solved_run()
    rig.clock.advance(timedelta(minutes=1))
    gone = min((first, second), key=lambda host: host.participant_id.int)
    await rig.tell(
        ParticipantWithdrawn(
            participant_id=gone.participant_id, edition_id=cast.edition_id, reason="capacity"
        )
    )
    after = await cast.solved_run()
    listed = await board.get("/runs")
    assert f'value="{before}"' in listed
    page = words_of(await board.get("/runs/compare", before=before, after=after))
    assert "Mister sin plads: 1" in page
    back = words_of(await board.get("/runs/compare", before=after, after=before))
    assert "Får en plads: 1" in back
    same = await board.get("/runs/compare", before=before, after=before)
    assert "De to planer giver de samme pladser." in same
    assert {stays.role, moves.role} == {"intern"}
    for query in ({}, {"before": "x", "after": after}, {"before": uuid.uuid4(), "after": after}):
        await board.get("/runs/compare", status=404, **query)


async def test_why_somebody_has_no_place_is_told_host_by_host(rig: Rig, cast: Cast, board: Visits) -> None:
    await cast.joins("host")
    await cast.joins("host", days=Days(min=4, max=5))
    lucky = await cast.joins("intern", lot="f" * 64, days=Days(min=2, max=3))
    unlucky = await cast.joins("intern", days=Days(min=2, max=3))
    run_id = await _start(board, cast)
    await rig.run_jobs()
    pages = [
        words_of(await board.get(f"/runs/{run_id}/interns/{one.participant_id}")) for one in (lucky, unlucky)
    ]
    told = next(page for page in pages if "Ingen plads i denne plan" in page)
    placed = next(page for page in pages if "Plads hos" in page)
    assert "De værter, der passer, har ikke flere pladser." in told
    assert "1 af 1 optaget" in told
    assert "Ingen. Pladserne gik til andre" in told
    assert "Antallet af dage passer ikke sammen" in told
    assert "Parret har" in placed
    assert "Antallet af dage passer ikke sammen" in placed
    assert "gik til andre" not in placed
    await board.get(f"/runs/{run_id}/interns/{uuid.uuid4()}", status=404)
    await board.get(f"/runs/{uuid.uuid4()}/interns/{lucky.participant_id}", status=404)


def test_of_a_host_that_was_not_chosen_only_what_is_true_of_it_is_said(board_speech: object) -> None:
    placed = Placed(
        intern_id=uuid.uuid4(),
        host_id=uuid.uuid4(),
        companion_id=None,
        days=3,
        first_day=MONDAY,
        last_day=FRIDAY,
        fit=40,
        parts={},
        reasons=(),
    )

    def said(total: int, *, taken: int, given: Placed | None = placed) -> str:
        one = Alternative(uuid.uuid4(), Fit(total, {}, ()), (), taken, 1)
        return verdict(board_speech, one, given)  # type: ignore[arg-type]  # the fixture's speech

    assert said(30, taken=1) == "Ingen. Pladserne gik til andre"
    assert "ledig plads, men værten passer dårligere" in said(30, taken=0)
    assert "ledig plads, men planen valgte en anden" in said(40, taken=0)
    assert said(30, taken=0, given=None) == "Ingen. Her er en ledig plads"


async def test_a_plan_of_many_is_shown_a_page_at_a_time_and_whole_in_the_file(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    for _ in range(20):
        host = Person(role="host")
        await rig.tell(cast.contact(host, "self"), cast.body(host, capacity=3))
    interns = [Person(role="intern") for _ in range(55)]
    await rig.tell(*(cast.body(one) for one in interns))
    run_id = await cast.solved_run()
    first, second = await board.get(f"/runs/{run_id}"), await board.get(f"/runs/{run_id}", page=2)
    assert (first.count("Hvorfor?<span"), second.count("Hvorfor?<span")) == (50, 5)
    assert "Side 1 af 2" in first
    await board.get(f"/runs/{run_id}", page=99999)
    await board.get(f"/runs/{run_id}", page="-1")
    file = await board.answer(f"/runs/{run_id}/plan.csv")
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert file.text.startswith("\ufeffPraktikant;")
    assert len(file.text.strip().splitlines()) == 56


def test_what_is_proven_is_said_in_plain_words(board_speech: object) -> None:
    figures: dict[str, object] = dict.fromkeys(Stats.__dataclass_fields__, 0)
    figures |= {
        "solver": "",
        "input_digest": "",
        "placed": 7,
        "count_bound": 9,
        "fit_bound": 5000,
        "total_fit": 4000,
    }

    def said(*, pins: int = 0, unplaced: int = 0, **flags: bool) -> str:
        flags = {"count_proven": False, "fit_proven": False, "unique": False} | flags
        return " ".join(proof(board_speech, Stats(**(figures | flags)), pins=pins, unplaced=unplaced))  # type: ignore[arg-type]  # a table of figures

    assert "aldrig over 9" in said()
    assert "aldrig over 5.000" in said(count_proven=True)
    assert "Det er højst 1.000 point mere (20 %)." in said(count_proven=True)
    assert "ingen plan med lige så mange passer bedre" in said(count_proven=True, fit_proven=True)
    assert "lodtrækningen" in said(count_proven=True, fit_proven=True, unique=True)
    among, more = "blandt planer, der følger jeres fastlåste par", "kunne flere måske få en plads"
    for proven in (False, True):
        assert among not in said(unplaced=1, count_proven=proven)
        pinned = said(pins=1, count_proven=proven)
        assert pinned.startswith("Alt her gælder " + among)
        assert more not in pinned
        assert more in said(pins=1, unplaced=1, count_proven=proven)


@pytest.fixture
def board_speech() -> object:
    from ipraktik_matching.web.page_routes import PAGES

    return PAGES.speech("da")


async def test_ids_that_are_none_are_not_found(cast: Cast, board: Visits) -> None:
    for path in ("/runs/x", "/cases/x", "/runs/1/release", "/cases/1/withdrawal", f"/runs/{uuid.uuid4()}"):
        await board.get(path, status=404)
    await board.send("/runs", status=404, run_id="x", edition=cast.edition_id)
    await board.send("/runs", status=404, run_id=uuid.uuid4(), edition=uuid.uuid4())
    await board.send(f"/runs/{uuid.uuid4()}/release", status=404, final="no")
