"""Runs are solved from one snapshot and released by a person, once; what no longer holds is left out."""

import asyncio
import os
import sys
import uuid
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matching.cast import Cast, Person, first_come
from rig import Rig

from ipraktik_contracts.events import MatchNotFound, MatchProposed, ParticipantWithdrawn
from ipraktik_contracts.fields import Days
from ipraktik_matching import solver
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.usecases.release_run import Released
from ipraktik_matching.usecases.request_run import request_run
from ipraktik_matching.usecases.solve_next_run import solve_next_run


async def test_two_coordinators_who_release_at_the_same_time_release_once(rig: Rig, cast: Cast) -> None:
    await cast.joins("host", capacity=3)
    for _ in range(3):
        await cast.joins("intern")
    run_id = await cast.solved_run()
    outcomes = await asyncio.gather(*(cast.releases(run_id) for _ in range(4)))
    assert len({outcome.proposed for outcome in outcomes}) == 1
    assert len(await rig.said(MatchProposed)) == 3


async def test_of_two_runs_released_at_the_same_time_one_is_superseded(rig: Rig, cast: Cast) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    runs = [await cast.solved_run() for _ in range(2)]
    outcomes = await asyncio.gather(*(cast.releases(run) for run in runs), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Released, Refused}
    assert len(await rig.said(MatchProposed)) == 1


async def test_a_run_asked_for_after_a_release_in_the_same_instant_can_be_released(cast: Cast) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    await cast.releases(await cast.solved_run())
    assert (await cast.releases(await cast.solved_run())).proposed == 0


async def test_who_withdraws_while_a_run_is_solved_is_left_out_with_the_companion(
    rig: Rig, cast: Cast
) -> None:
    await cast.joins("host", capacity=2)
    one, two = Person(role="intern"), Person(role="intern")
    await rig.tell(
        cast.body(one, companion_id=two.participant_id), cast.body(two, companion_id=one.participant_id)
    )

    async def meanwhile(puzzle: str) -> str:
        await rig.tell(
            ParticipantWithdrawn(
                participant_id=one.participant_id, edition_id=cast.edition_id, reason="new_job"
            )
        )
        return await first_come(puzzle)

    async with rig.database.transaction() as tx:
        run_id = await request_run(tx, edition_id=cast.edition_id, requested_by="coordinator")
    await solve_next_run(rig.database, solve=meanwhile)
    released = await cast.releases(run_id)
    assert released.proposed == 0
    assert {left["reason"] for left in released.left_out} == {"intern_left"}
    (missed,) = await rig.said(MatchNotFound)
    assert missed.participant_id == two.participant_id


async def test_a_seat_given_away_since_the_snapshot_is_not_given_again(rig: Rig, cast: Cast) -> None:
    host = Person(role="host")
    await rig.tell(cast.body(host))
    await cast.joins("intern")
    run_id = await cast.solved_run()
    friend = Person(role="intern")
    await rig.tell(
        cast.body(friend, self_found_with=host.participant_id),
        cast.updated(cast.body(host), self_found_with=friend.participant_id),
    )
    released = await cast.releases(run_id)
    assert (released.proposed, [left["reason"] for left in released.left_out]) == (0, ["no_free_place"])


async def test_a_run_that_is_not_solved_is_not_released(rig: Rig, cast: Cast) -> None:
    async with rig.database.transaction() as tx:
        run_id = await request_run(tx, edition_id=cast.edition_id, requested_by="coordinator")
    assert (await cast.coordinator("POST", f"runs/{run_id}/release", final=False)).status_code == 409


async def test_no_transaction_is_open_while_the_solver_works(rig: Rig, cast: Cast) -> None:
    seen: list[int] = []

    async def looking(puzzle: str) -> str:
        async with rig.database.reading() as conn:
            seen.append(
                await conn.fetchval(
                    "select count(*) from pg_stat_activity where datname = current_database()"
                    " and state like 'idle in transaction%'"
                )
            )
        return await first_come(puzzle)

    async with rig.database.transaction() as tx:
        await request_run(tx, edition_id=cast.edition_id, requested_by="coordinator")
    await solve_next_run(rig.database, solve=looking)
    assert seen == [0]


async def test_a_run_that_was_cut_off_is_taken_up_again_but_not_for_ever(rig: Rig, cast: Cast) -> None:
    async def cut_off(_: str) -> str:
        raise asyncio.CancelledError

    async with rig.database.transaction() as tx:
        run_id = await request_run(tx, edition_id=cast.edition_id, requested_by="coordinator")
    for _ in range(3):
        with pytest.raises(asyncio.CancelledError):
            await solve_next_run(rig.database, solve=cut_off)
        assert (await cast.run(run_id)).state == "running"
    await solve_next_run(rig.database, solve=first_come)
    run = await cast.run(run_id)
    assert (run.state, run.attempts) == ("failed", 4)
    assert "again and again" in (run.sentence or "")


async def test_a_solver_that_fails_leaves_a_sentence(rig: Rig, cast: Cast) -> None:
    async def child(_: str) -> str:
        return await solver.solve(
            "{}", command=[sys.executable, "-c", "import sys; sys.exit('No such piece.')"]
        )

    async with rig.database.transaction() as tx:
        run_id = await request_run(tx, edition_id=cast.edition_id, requested_by="coordinator")
    await solve_next_run(rig.database, solve=child)
    run = await cast.run(run_id)
    assert (run.state, run.sentence) == ("failed", "No such piece.")


async def test_a_solver_whose_caller_is_stopped_is_stopped_too(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    hangs = f"import os, pathlib, time; pathlib.Path({str(note)!r}).write_text(str(os.getpid()) + '.'); time.sleep(600)"
    calling = asyncio.create_task(solver.solve("{}", command=[sys.executable, "-c", hangs]))
    async with asyncio.timeout(20):
        while not (note.exists() and note.read_text().endswith(".")):  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.01)
    child = int(note.read_text().rstrip("."))
    assert os.getpriority(os.PRIO_PROCESS, child) > os.getpriority(os.PRIO_PROCESS, 0)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


async def test_a_run_of_an_edition_that_is_over_is_refused(rig: Rig, cast: Cast) -> None:
    await rig.tell(cast.edition(mode="rolling", dates={"first_day": "2018-01-02", "last_day": "2018-03-01"}))
    answer = await cast.coordinator("POST", f"editions/{cast.edition_id}/runs")
    assert answer.status_code == 409
    assert (await cast.coordinator("POST", f"editions/{uuid.uuid4()}/runs")).status_code == 404


async def test_a_rolling_edition_leaves_time_to_answer_and_sign(rig: Rig, cast: Cast) -> None:
    await rig.tell(cast.edition(mode="rolling", dates={"first_day": "2018-01-02", "last_day": "2018-12-20"}))
    await cast.joins("host")
    await cast.joins("intern")
    (placement,) = await cast.proposed()
    assert str(placement.first_day) == "2018-05-24"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_released_proposals_never_exceed_capacity(rig: Rig, cast: Cast, data: st.DataObject) -> None:
    cast.edition_id = uuid.uuid4()
    await rig.tell(cast.edition())
    people = [Person(role="intern") for _ in range(data.draw(st.integers(1, 5)))]
    hosts = [(Person(role="host"), data.draw(st.integers(1, 3))) for _ in range(2)]
    for number, (host, seats) in enumerate(hosts):
        await rig.tell(cast.body(host, capacity=seats, lot=f"{number:064x}"))
    for number, person in enumerate(people):
        companion = data.draw(st.sampled_from([None, *(one for one in people if one is not person)]))
        named = None if companion is None else companion.participant_id
        await rig.tell(
            cast.contact(person, "self"),
            cast.body(person, companion_id=named, days=Days(min=2, max=3), lot=f"{number:064x}"),
        )
    for _ in range(2):
        placed = {placement.intern_id: placement for placement in await cast.proposed()}
        for person in people:
            placement = placed.get(person.participant_id)
            if placement is not None and data.draw(st.booleans()):
                token = cast.token(person, placement.placement_id)
                await cast.does(token, placement.placement_id, "answer", accept=False)
        taken = Counter(one.host_id for one in await cast.placements() if one.state == "proposed")
        assert all(taken[host.participant_id] <= seats for host, seats in hosts)


async def test_the_solver_itself_is_given_companions_what_stands_and_what_was_tried(
    rig: Rig, cast: Cast
) -> None:
    pair, single = [Person(role="intern"), Person(role="intern")], Person(role="intern")
    two_seats = await cast.joins("host", capacity=2)
    one_seat = await cast.joins("host")
    for person, companion in ((pair[0], pair[1]), (pair[1], pair[0]), (single, None)):
        named = None if companion is None else companion.participant_id
        await rig.tell(
            cast.contact(person, "self"),
            cast.body(person, companion_id=named, host_in_mind_id=one_seat.participant_id),
        )
    for expected in (3, 0):
        run_id = (await cast.coordinator("POST", f"editions/{cast.edition_id}/runs")).json()["run_id"]
        await rig.run_jobs()
        released = await cast.releases(uuid.UUID(run_id))
        assert (released.proposed, released.left_out) == (expected, ())
    said = {proposed.intern_id: proposed for proposed in await rig.said(MatchProposed)}
    assert {said[person.participant_id].host_id for person in pair} == {two_seats.participant_id}
    proposed = said[single.participant_id]
    assert (proposed.host_id, proposed.origin) == (one_seat.participant_id, "host_in_mind")
    assert "host_in_mind" in proposed.reasons
    await cast.does(cast.token(single, proposed.placement_id), proposed.placement_id, "answer", accept=False)
    run_id = (await cast.coordinator("POST", f"editions/{cast.edition_id}/runs")).json()["run_id"]
    await rig.run_jobs()
    await rig.said(MatchProposed)
    assert (await cast.releases(uuid.UUID(run_id))).proposed == 0
    (missed,) = await rig.said(MatchNotFound)
    assert missed.participant_id == single.participant_id
