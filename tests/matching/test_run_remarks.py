"""What is odd about a run's input is remarked and stops nothing; what is no puzzle fails the run with every problem of it."""

import uuid

import pytest
from matching.board_visits import Visits, words_of
from matching.cast import FRIDAY, MONDAY, OPENS, Cast, Person, first_come
from matching.running import asked
from rig import Rig

from ipraktik_contracts.events import ParticipantWithdrawn
from ipraktik_matching.domain.pair_rules import Kind
from ipraktik_matching.puzzle import limits
from ipraktik_matching.store import editions
from ipraktik_matching.store.pair_rules import PairRule
from ipraktik_matching.store.runs import Remark
from ipraktik_matching.usecases.lay_out_puzzle import puzzle_of
from ipraktik_matching.usecases.rule_on_pair import rule_on_pair
from ipraktik_matching.usecases.solve_next_run import solve_next_run


async def must(rig: Rig, cast: Cast, intern: Person, host: Person) -> None:
    async with rig.database.transaction() as tx:
        await rule_on_pair(
            tx,
            rule_id=uuid.uuid4(),
            edition_id=cast.edition_id,
            intern_id=intern.participant_id,
            host_id=host.participant_id,
            kind="must",
            reason="agreed",
            comment="",
            by="coordinator",
        )


async def test_words_of_coordinators_that_cannot_be_kept_are_remarked_and_stop_nothing(
    rig: Rig, cast: Cast
) -> None:
    host, other = await cast.joins("host", capacity=3), await cast.joins("host")
    seated, gone, free = [await cast.joins("intern") for _ in range(3)]
    await must(rig, cast, gone, host)
    await must(rig, cast, seated, host)
    await rig.tell(
        ParticipantWithdrawn(
            participant_id=gone.participant_id, edition_id=cast.edition_id, reason="own_wish"
        ),
        # the two find each other after the coordinator's word
        cast.updated(cast.body(seated), self_found_with=other.participant_id),
        cast.updated(cast.body(other), self_found_with=seated.participant_id),
        cast.updated(cast.body(free), companion_id=seated.participant_id),
    )
    run_id = await asked(rig, cast)
    await solve_next_run(rig.database)
    run = await cast.run(run_id)
    assert run.state == "solved"
    assert {one.code: one.ids for one in run.remarks if one.code != "said"} == {
        "must_of_seated": (seated.participant_id, host.participant_id),
        "must_of_left": (gone.participant_id, host.participant_id),
    }
    said = [one for one in run.remarks if one.code == "said"]
    assert any(str(free.participant_id) in one.text and "companion" in one.text for one in said)


async def test_a_never_wins_against_a_must_for_the_same_pair_and_is_remarked(rig: Rig, cast: Cast) -> None:
    intern, host = Person(role="intern"), Person(role="host")
    async with rig.database.reading() as conn:
        edition = await editions.find(conn, edition_id=cast.edition_id)
    assert edition is not None
    pair = (intern.participant_id, host.participant_id)

    def rule(kind: Kind) -> PairRule:
        return PairRule(uuid.uuid4(), cast.edition_id, *pair, kind, "agreed", "", "coordinator", OPENS)

    bodies = {one.participant_id: cast.updated(cast.body(one)) for one in (intern, host)}
    laid = puzzle_of(
        edition=edition,
        dates=(MONDAY, FRIDAY),
        bodies=bodies,
        seats=(),
        rules=(rule("must"), rule("never")),
    )
    assert laid.remarks == (Remark("must_and_never", pair),)
    assert laid.puzzle.pinned == ()
    assert laid.puzzle.forbidden == {(str(pair[0]), str(pair[1]))}


async def test_input_that_is_no_puzzle_fails_the_run_with_every_problem_of_it(rig: Rig, cast: Cast) -> None:
    """No sign-up that registration lets through is like that; the contract alone does not forbid it."""
    people = [Person(role="intern"), Person(role="intern")]
    await rig.tell(*(cast.body(one, companion_id=one.participant_id) for one in people))
    run_id = await asked(rig, cast)
    await solve_next_run(rig.database, solve=first_come)
    run = await cast.run(run_id)
    assert run.state == "failed"
    assert {one.code for one in run.remarks} == {"problem"}
    for person in people:
        assert any(str(person.participant_id) in told.text for told in run.remarks)


async def test_an_edition_too_large_for_a_puzzle_fails_its_run_with_what_to_do(
    rig: Rig, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never_asked(_: str) -> str:
        raise AssertionError("nothing was to be solved")

    for role in ("intern", "intern", "host", "host"):
        await cast.joins(role)
    monkeypatch.setattr(limits, "MOST_CELLS", 3)
    run_id = await asked(rig, cast)
    await solve_next_run(rig.database, solve=never_asked)
    run = await cast.run(run_id)
    assert run.state == "failed"
    assert run.sentence is not None
    assert run.sentence.startswith("There are 2 interns and 2 hosts, too many for one puzzle")
    page = words_of(await Visits(cast).get(f"/runs/{run_id}"))
    assert "Her er 2 praktikanter og 2 værter. Det er for mange til én beregning. Del runden i flere." in page
    assert "Det stoppede beregningen." in page
    assert "Start en ny beregning." not in page
    monkeypatch.setattr(limits, "MOST_CELLS", 4)
    again = await asked(rig, cast)
    await solve_next_run(rig.database, solve=first_come)
    assert (await cast.run(again)).state == "solved"
