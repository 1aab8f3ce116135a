"""A new run after a few changes moves few people: what was answered stands, what was not may be moved only where that was asked for,
and a plan that nobody was told of yet is kept as far as it can be."""

import asyncio
import json
import uuid
from uuid import UUID

import pytest
from matching.cast import Cast, Person
from rig import Rig

from ipraktik_contracts.events import MatchNotFound, MatchProposed, MatchWithdrawn, ParticipantUpdated
from ipraktik_contracts.fields import Wishes
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.policies import USUAL, RunPolicy
from ipraktik_matching.puzzle import from_json
from ipraktik_matching.store import participants, runs
from ipraktik_matching.store.board import plans
from ipraktik_matching.store.placements import seats
from ipraktik_matching.usecases.release_run import preview_release
from ipraktik_matching.usecases.request_run import request_run
from ipraktik_matching.usecases.solve_next_run import solve_next_run

MOVING = RunPolicy(move_open=True)


async def solved(rig: Rig, cast: Cast, policy: RunPolicy = USUAL) -> UUID:
    """A run that the engine itself has solved."""
    async with rig.database.transaction() as tx:
        run_id = await request_run(tx, edition_id=cast.edition_id, requested_by="coordinator", policy=policy)
    await solve_next_run(rig.database)
    assert (await cast.run(run_id)).state == "solved"
    return run_id


async def places(rig: Rig, run_id: UUID) -> dict[UUID, UUID]:
    async with rig.database.reading() as conn:
        return {one.intern_id: one.host_id for one in await plans.placed(conn, run_id=run_id)}


async def standing(cast: Cast) -> dict[UUID, Placement]:
    return {one.intern_id: one for one in await cast.placements() if one.state in ("proposed", "drafted")}


async def one_or_the_other(cast: Cast) -> tuple[Person, Person, Person]:
    """Somebody who fits either host, the host that fits better, and the other."""
    intern = await cast.joins("intern", wishes=Wishes(fields=("libraries",)))
    better = await cast.joins("host", field="libraries")
    other = await cast.joins("host", field="primary_schools")
    return intern, better, other


async def test_a_plan_that_nobody_was_told_of_is_kept_where_a_better_one_is_hardly_better(
    rig: Rig, cast: Cast
) -> None:
    intern = await cast.joins("intern", wishes=Wishes(fields=("libraries",), areas=("municipality:0751",)))
    first = await cast.joins("host", field="libraries", wishes=Wishes(sectors=("private",)))
    run_id = await solved(rig, cast)
    assert await places(rig, run_id) == {intern.participant_id: first.participant_id}
    better = await cast.joins("host", field="libraries")
    kept = await solved(rig, cast)
    assert await places(rig, kept) == {intern.participant_id: first.participant_id}
    async with rig.database.reading() as conn:
        (row,) = await plans.placed(conn, run_id=kept)
        puzzle = from_json(await runs.puzzle_of(conn, run_id=kept) or "")
    assert row.parts["kept"] == 50
    assert puzzle.drafts == ((str(intern.participant_id), str(first.participant_id)),)
    freely = await solved(rig, cast, RunPolicy(keep_draft=0))
    assert await places(rig, freely) == {intern.participant_id: better.participant_id}


async def test_a_plan_from_before_the_last_release_is_nothing_to_keep(rig: Rig, cast: Cast) -> None:
    await one_or_the_other(cast)
    drafted = await solved(rig, cast)
    released = await solved(rig, cast)
    await cast.releases(released)
    async with rig.database.reading() as conn:
        assert await runs.drafted(conn, edition_id=cast.edition_id) == []
    assert (await cast.run(drafted)).state == "solved"


async def test_what_was_sent_stands_unless_moving_was_asked_for(rig: Rig, cast: Cast) -> None:
    intern, better, other = await one_or_the_other(cast)
    await cast.releases(await solved(rig, cast))
    assert (await standing(cast))[intern.participant_id].host_id == better.participant_id
    late = await cast.joins("intern", field="libraries", wishes=Wishes(fields=("libraries",)))
    run_id = await solved(rig, cast)
    assert await places(rig, run_id) == {late.participant_id: other.participant_id}


async def moved_for_a_latecomer(rig: Rig, cast: Cast) -> tuple[Person, Person, Person, Person]:
    """An unanswered proposal; then a newcomer of the other host's unit, who can only go where the first was proposed."""
    intern, better, other = await one_or_the_other(cast)
    await cast.releases(await solved(rig, cast))
    await rig.said()
    unit = (await body_of(rig, other)).workplace
    late = await cast.joins("intern", workplace=unit)
    return intern, better, other, late


async def body_of(rig: Rig, person: Person) -> ParticipantUpdated:
    async with rig.database.reading() as conn:
        return (await participants.find(conn, participant_ids=[person.participant_id]))[person.participant_id]


async def test_an_unanswered_proposal_is_moved_where_that_places_one_more(rig: Rig, cast: Cast) -> None:
    intern, better, other, late = await moved_for_a_latecomer(rig, cast)
    old = (await standing(cast))[intern.participant_id]
    assert await places(rig, await solved(rig, cast)) == {}
    run_id = await solved(rig, cast, MOVING)
    async with rig.database.transaction() as tx:
        foreseen = await preview_release(tx, run_id=run_id)
    released = await cast.releases(run_id)
    assert (released.proposed, released.moved, released.left_out) == (2, 1, ())
    assert (foreseen.proposed, foreseen.moved) == (2, 1)
    now = await standing(cast)
    assert {one: placement.host_id for one, placement in now.items()} == {
        intern.participant_id: other.participant_id,
        late.participant_id: better.participant_id,
    }
    ended = await cast.placement(old.placement_id)
    assert (ended.state, ended.ended_by, ended.ended_reason) == ("withdrawn", "coordinator", "moved")
    kinds = [type(one) for one in await rig.said(MatchWithdrawn, MatchProposed, MatchNotFound)]
    assert kinds == [MatchWithdrawn, MatchProposed, MatchProposed]
    assert (await cast.releases(run_id)).moved == 1
    async with rig.database.reading() as conn:
        tried = {seat.placement_id for seat in await seats(conn, edition_id=cast.edition_id) if seat.forbids}
    assert tried == set()


async def test_who_answers_before_the_release_stays(rig: Rig, cast: Cast) -> None:
    intern, better, _, late = await moved_for_a_latecomer(rig, cast)
    run_id = await solved(rig, cast, MOVING)
    old = (await standing(cast))[intern.participant_id]
    answer = await cast.does(cast.token(intern, old.placement_id), old.placement_id, "answer", accept=True)
    assert answer.status_code == 200
    released = await cast.releases(run_id)
    assert (released.proposed, released.moved) == (0, 0)
    assert {one["reason"] for one in released.left_out} == {"intern_placed", "no_free_place"}
    assert (await standing(cast))[intern.participant_id].host_id == better.participant_id
    (missed,) = await rig.said(MatchNotFound)
    assert missed.participant_id == late.participant_id


async def test_an_answer_in_the_very_moment_of_the_release_is_never_lost(rig: Rig, cast: Cast) -> None:
    intern, _, _, _ = await moved_for_a_latecomer(rig, cast)
    run_id = await solved(rig, cast, MOVING)
    old = (await standing(cast))[intern.participant_id]
    token = cast.token(intern, old.placement_id)
    answer, released = await asyncio.gather(
        cast.does(token, old.placement_id, "answer", accept=True), cast.releases(run_id)
    )
    now = await cast.placement(old.placement_id)
    if answer.status_code == 200:
        assert (now.state, released.moved) == ("proposed", 0)
        assert now.accepted == {"intern"}
    else:
        assert (answer.status_code, now.state, released.moved) == (409, "withdrawn", 1)


async def test_a_proposal_is_not_taken_back_where_the_new_place_no_longer_holds(rig: Rig, cast: Cast) -> None:
    intern, better, other, late = await moved_for_a_latecomer(rig, cast)
    run_id = await solved(rig, cast, MOVING)
    friend = await cast.joins("intern")
    await rig.tell(
        cast.updated(cast.body(friend), self_found_with=other.participant_id),
        cast.updated(cast.body(other), self_found_with=friend.participant_id),
    )
    released = await cast.releases(run_id)
    assert (released.proposed, released.moved) == (0, 0)
    assert {one["intern_id"] for one in released.left_out} == {
        str(intern.participant_id),
        str(late.participant_id),
    }
    assert (await standing(cast))[intern.participant_id].host_id == better.participant_id


async def test_companions_of_whom_one_has_answered_are_not_moved(rig: Rig, cast: Cast) -> None:
    host = await cast.joins("host", capacity=2)
    pair = [Person(role="intern"), Person(role="intern")]
    for one, two in (pair, pair[::-1]):
        await rig.tell(cast.contact(one, "self"), cast.body(one, companion_id=two.participant_id))
    await cast.releases(await solved(rig, cast))
    placed = await standing(cast)
    first = placed[pair[0].participant_id]
    await cast.does(cast.token(pair[0], first.placement_id), first.placement_id, "answer", accept=True)
    run_id = await solved(rig, cast, MOVING)
    async with rig.database.reading() as conn:
        puzzle = from_json(await runs.puzzle_of(conn, run_id=run_id) or "")
    assert puzzle.open == ()
    assert len(puzzle.fixed) == 2
    assert {host_id for _, host_id in puzzle.fixed} == {str(host.participant_id)}


async def test_companions_who_have_not_answered_are_moved_together(rig: Rig, cast: Cast) -> None:
    first = await cast.joins("host", capacity=2, field="libraries")
    pair = [Person(role="intern"), Person(role="intern")]
    for one, two in (pair, pair[::-1]):
        await rig.tell(cast.contact(one, "self"), cast.body(one, companion_id=two.participant_id))
    await cast.releases(await solved(rig, cast))
    second = await cast.joins("host", capacity=2)
    unit = (await body_of(rig, second)).workplace
    late = [await cast.joins("intern", workplace=unit) for _ in range(2)]
    released = await cast.releases(await solved(rig, cast, MOVING))
    assert (released.proposed, released.moved) == (4, 2)
    now = await standing(cast)
    assert {now[one.participant_id].host_id for one in pair} == {second.participant_id}
    assert {now[one.participant_id].host_id for one in late} == {first.participant_id}
    assert now[pair[0].participant_id].group_id == now[pair[1].participant_id].group_id is not None


async def test_after_a_no_the_rest_stay_where_they_were(rig: Rig, cast: Cast) -> None:
    """Declined, expired and withdrawn alike free one seat and one intern; nobody else is moved by the run that follows."""
    hosts = [await cast.joins("host", capacity=3) for _ in range(3)]
    for _ in range(5):
        await cast.joins("intern")
    await cast.releases(await solved(rig, cast))
    before = await standing(cast)
    leaver = next(iter(before))
    placement = before[leaver]
    person = Person(role="host", participant_id=placement.host_id)
    await rig.tell(cast.contact(person, "self", contact_id=person.self_id))
    answer = await cast.does(
        cast.token(person, placement.placement_id), placement.placement_id, "answer", accept=False
    )
    assert answer.status_code == 200, answer.text
    released = await cast.releases(await solved(rig, cast, MOVING))
    assert (released.proposed, released.moved) == (1, 0)
    after = await standing(cast)
    assert after.keys() == before.keys()
    assert {one: after[one].host_id for one in after if one != leaver} == {
        one: before[one].host_id for one in before if one != leaver
    }
    assert after[leaver].host_id != placement.host_id
    assert len(hosts) == 3
    assert json.loads((await cast.run(uuid.UUID(str(after[leaver].run_id)))).released or "{}")["moved"] == 0


@pytest.mark.parametrize("policy", [USUAL, MOVING])
async def test_a_run_that_changes_nothing_proposes_nothing(rig: Rig, cast: Cast, policy: RunPolicy) -> None:
    await one_or_the_other(cast)
    await cast.releases(await solved(rig, cast))
    await rig.said()
    released = await cast.releases(await solved(rig, cast, policy))
    assert (released.proposed, released.moved, released.left_out) == (0, 0, ())
    assert await rig.said(MatchProposed, MatchWithdrawn) == []
