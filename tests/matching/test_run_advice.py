"""What the engine says beside a plan: which hosts to look for and what would place those who are left, kept with the run."""

import json
from uuid import UUID

import pytest
from matching.cast import Cast, first_come
from rig import Rig

from ipraktik_contracts.fields import Days, Wishes
from ipraktik_matching import solver
from ipraktik_matching.puzzle import plan_from_json
from ipraktik_matching.store.board import advice, plans
from ipraktik_matching.usecases.advise_on_next_run import advise_on_next_run
from ipraktik_matching.usecases.request_run import request_run
from ipraktik_matching.usecases.solve_next_run import solve_next_run


async def solved(rig: Rig, cast: Cast) -> UUID:
    """A run that the engine itself has solved."""
    async with rig.database.transaction() as tx:
        run_id = await request_run(tx, edition_id=cast.edition_id, requested_by="coordinator")
    await solve_next_run(rig.database)
    return run_id


async def advice_of(rig: Rig, run_id: UUID) -> advice.Advice | None:
    async with rig.database.reading() as conn:
        return await advice.of_run(conn, run_id=run_id)


async def test_a_solved_run_is_told_what_would_place_whom_and_which_host_to_look_for(
    rig: Rig, cast: Cast
) -> None:
    await cast.joins("host", days=Days(min=2, max=2))
    await cast.joins("host", days=Days(min=2, max=2), capacity=1)
    for _ in range(2):
        await cast.joins("intern", days=Days(min=2, max=2))
    short = await cast.joins("intern", days=Days(min=5, max=5))
    run_id = (await cast.coordinator("POST", f"editions/{cast.edition_id}/runs")).json()["run_id"]
    await rig.run_jobs()
    found = await advice_of(rig, UUID(run_id))
    assert found is not None
    assert found.sentence is None
    assert found.helps.keys() == {short.participant_id}
    assert found.wanted[0].places == 1
    assert all(one.places or one.fit for one in found.wanted)


async def test_the_smallest_wish_that_would_place_somebody_is_named(rig: Rig, cast: Cast) -> None:
    await cast.joins("host", days=Days(min=2, max=2))
    stubborn = await cast.joins("intern", days=Days(min=5, max=5))
    run_id = await solved(rig, cast)
    assert await advise_on_next_run(rig.database) == 1
    found = await advice_of(rig, run_id)
    assert found is not None
    assert found.helps[stubborn.participant_id] == ("days",)
    assert await advise_on_next_run(rig.database) == 0


async def test_advice_that_cannot_be_had_leaves_a_sentence_and_the_plan_as_it_is(
    rig: Rig, cast: Cast
) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    run_id = await solved(rig, cast)

    async def fails(_: str) -> str:
        raise solver.SolverFailed("The solver was ended by signal 9.")

    assert await advise_on_next_run(rig.database, advise=fails) == 1
    assert await advice_of(rig, run_id) == advice.Advice((), {}, "The solver was ended by signal 9.")
    assert (await cast.releases(run_id)).proposed == 1


async def test_advice_that_is_cut_off_again_and_again_is_given_up(rig: Rig, cast: Cast) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    run_id = await solved(rig, cast)

    async def cut_off(_: str) -> str:
        raise ConnectionResetError

    for _ in range(advice.MOST_ATTEMPTS):
        with pytest.raises(ConnectionResetError):
            await advise_on_next_run(rig.database, advise=cut_off)
    async with rig.database.reading() as conn:
        assert await advice.next_due(conn) is None
    assert await advise_on_next_run(rig.database, advise=cut_off) == 0
    assert await advice_of(rig, run_id) is None


async def test_a_run_without_a_certificate_is_of_an_older_version_and_not_advised_on(
    rig: Rig, cast: Cast
) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    run_id = await cast.solved_run()
    asked: list[str] = []

    async def listens(text: str) -> str:
        asked.append(text)
        return await first_come(text)

    assert await advise_on_next_run(rig.database, advise=listens) == 0
    assert asked == []
    assert await advice_of(rig, run_id) is None


async def test_the_engine_is_asked_with_the_plan_and_its_puzzle(rig: Rig, cast: Cast) -> None:
    await cast.joins("host")
    interns = {str((await cast.joins("intern")).participant_id) for _ in range(2)}
    await solved(rig, cast)
    asked: list[str] = []

    async def listens(text: str) -> str:
        asked.append(text)
        return '{"wanted": [], "helps": {}}'

    await advise_on_next_run(rig.database, advise=listens)
    plan, _, puzzle = asked[0].partition("\n")
    told = plan_from_json(plan)
    assert len(told.unplaced) == 1
    assert {one.intern_id for one in told.unplaced} | {one.intern_id for one in told.placements} == interns
    assert {one["id"] for one in json.loads(puzzle)["interns"]} == interns


async def test_what_it_costs_that_people_stay_is_told_where_somebody_stood_somewhere(
    rig: Rig, cast: Cast
) -> None:
    await cast.joins("intern", wishes=Wishes(fields=("libraries",)))
    await cast.joins("host", field="libraries", wishes=Wishes(sectors=("private",)))
    first = await solved(rig, cast)
    await advise_on_next_run(rig.database)
    await cast.joins("host", field="libraries")
    second = await solved(rig, cast)
    await advise_on_next_run(rig.database)
    told = [await advice_of(rig, run_id) for run_id in (first, second)]
    assert told[0] is not None
    assert told[0].kept is None
    assert told[1] is not None
    # 40 points: the host that is kept wishes for somebody of another sector
    assert told[1].kept is not None
    assert told[1].kept == advice.Kept(
        stood=1, stay=1, would_stay=0, points=40, of_points=told[1].kept.of_points
    )
    async with rig.database.reading() as conn:
        (row,) = await plans.placed(conn, run_id=second)
    assert row.fit - row.parts["kept"] + 40 == told[1].kept.of_points
