"""Must and never: entered with a reason, refused where they contradict what is known, kept by runs and releases, undone by name."""

import asyncio
import uuid
from typing import Any

import pytest
from matching.board_visits import Visits, hidden, words_of
from matching.cast import Cast, Person
from rig import Rig

from ipraktik_contracts.events import MatchProposed, ParticipantErased, ParticipantWithdrawn
from ipraktik_contracts.fields import Days, Period, Workplace
from ipraktik_matching.store import pair_rules
from ipraktik_matching.store.pair_rules import PairRule

WORK = {
    "organisation_name": "Aarhus Kommune",
    "sector": "municipal",
    "ownership": "public",
    "municipality_code": "0751",
    "country": "DK",
    "ministerial_area": None,
}


async def _rule(
    board: Visits,
    cast: Cast,
    intern: Person,
    host: Person,
    *,
    kind: str = "must",
    status: int = 303,
    **more: Any,
) -> str:
    form = {
        "rule_id": uuid.uuid4(),
        "edition": cast.edition_id,
        "intern": intern.participant_id,
        "host": host.participant_id,
        "kind": kind,
        "reason": "agreed" if kind == "must" else "conflict",
        "comment": "",
    }
    return (await board.send("/rules", status=status, **(form | more))).text


async def _in_force(rig: Rig, cast: Cast) -> list[PairRule]:
    async with rig.database.reading() as conn:
        return await pair_rules.in_force(conn, edition_id=cast.edition_id)


async def _run(rig: Rig, cast: Cast) -> list[MatchProposed]:
    """The real solver lays the puzzle, and what it proposes is sent out."""
    run_id = (await cast.coordinator("POST", f"editions/{cast.edition_id}/runs")).json()["run_id"]
    await rig.run_jobs()
    assert (await cast.run(uuid.UUID(run_id))).state == "solved"
    await rig.said()
    await cast.releases(uuid.UUID(run_id))
    return await rig.said(MatchProposed)


async def test_in_three_steps_to_a_rule_that_the_next_run_keeps(rig: Rig, cast: Cast, board: Visits) -> None:
    host, other = await cast.joins("host"), await cast.joins("host")
    intern = await cast.joins("intern", host_in_mind_id=other.participant_id)
    find = await board.find("/rules/new", q="navn self int")
    assert f"intern={intern.participant_id}" in find
    find = await board.find(f"/rules/new?intern={intern.participant_id}", q="navn self")
    assert f"host={host.participant_id}" in find
    ask = await board.get("/rules/new", intern=intern.participant_id, host=host.participant_id)
    made = await board.send(
        "/rules",
        rule_id=hidden(ask, "rule_id"),
        edition=hidden(ask, "edition"),
        intern=hidden(ask, "intern"),
        host=hidden(ask, "host"),
        kind="must",
        reason="special_needs",
        comment="Har lovet <b>det</b>",
    )
    listed = await board.follow(made)
    assert "Skal til værten" in listed
    assert "Kim Koordinator" in listed
    assert "Har lovet <b>det</b>" not in (await board.answer("/rules")).text
    assert "1 fastlåst og 0 par forbudt" in await board.get("/runs")
    (proposed,) = await _run(rig, cast)
    assert proposed.host_id == host.participant_id
    assert "blandt planer, der følger jeres fastlåste par" in await board.get(f"/runs/{proposed.run_id}")
    assert "Parret har fået et forslag" in await board.get("/rules")


async def test_a_forbidden_pair_is_not_proposed_until_the_rule_is_undone(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    host, intern = await cast.joins("host"), await cast.joins("intern")
    await _rule(board, cast, intern, host, kind="never")
    assert await _run(rig, cast) == []
    (rule,) = await _in_force(rig, cast)
    robin = Visits(cast, name="Robin")
    for visit in (robin, board):
        await visit.send(f"/rules/{rule.rule_id}/undo")
    page = words_of(await board.get("/rules"))
    assert "Robin" in page.partition("Fjernet")[2]
    assert len(await _run(rig, cast)) == 1


async def test_a_form_sent_twice_is_one_rule_and_so_are_two_coordinators_at_once(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    host, intern = await cast.joins("host"), await cast.joins("intern")
    rule_id = uuid.uuid4()
    for _ in range(2):
        await _rule(board, cast, intern, host, rule_id=rule_id)
    await asyncio.gather(*(_rule(Visits(cast, name=name), cast, intern, host) for name in ("Kim", "Robin")))
    assert [rule.rule_id for rule in await _in_force(rig, cast)] == [rule_id]


async def test_two_coordinators_do_not_pin_two_interns_to_one_seat(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    host = await cast.joins("host")
    interns = [await cast.joins("intern") for _ in range(3)]

    async def pin(intern: Person) -> int:
        answer = await cast.web.post(
            "/matching/board/rules",
            data={
                "rule_id": str(uuid.uuid4()),
                "edition": str(cast.edition_id),
                "intern": str(intern.participant_id),
                "host": str(host.participant_id),
                "kind": "must",
                "reason": "agreed",
            },
            headers={"cookie": f"ipraktik-board={rig.coordinator()}", "accept": "text/html"},
        )
        return answer.status_code

    assert sorted(await asyncio.gather(*map(pin, interns))) == [303, 409, 409]
    assert len(await _in_force(rig, cast)) == 1


async def test_a_must_that_cannot_be_kept_is_refused_with_the_reason(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    house, unit = uuid.uuid4(), uuid.uuid4()

    def at(workplace_id: uuid.UUID) -> Workplace:
        return Workplace(organisation_id=house, workplace_id=workplace_id, **WORK)  # type: ignore[arg-type]  # a table of texts

    host = await cast.joins("host", workplace=at(unit), days=Days(min=2, max=3))
    same_unit = await cast.joins("intern", workplace=at(unit))
    same_house = await cast.joins("intern", workplace=at(uuid.uuid4()))
    too_long = await cast.joins("intern", days=Days(min=4, max=5))
    away = await cast.joins(
        "intern", available=(Period.model_validate({"first_day": "2018-08-06", "last_day": "2018-08-10"}),)
    )
    refusals = {
        same_unit.participant_id: "De er fra samme enhed",
        same_house.participant_id: "De er fra samme organisation",
        too_long.participant_id: "De har ingen dage til fælles",
        away.participant_id: "De har ingen dage til fælles",
    }
    for person in (same_unit, same_house, too_long, away):
        page = await _rule(board, cast, person, host, status=409)
        assert refusals[person.participant_id] in page
        assert "<title>Fejl:" in page
    assert "Det er ikke en praktikant" in await _rule(board, cast, host, same_unit, status=409)
    assert "Det er ikke en vært" in await _rule(board, cast, same_unit, away, status=409)
    assert await _in_force(rig, cast) == []
    asked = await cast.joins("intern", workplace=at(uuid.uuid4()), wishes={"own_organisation": True})
    await _rule(board, cast, asked, host)


async def test_rules_that_contradict_each_other_are_refused(cast: Cast, board: Visits) -> None:
    host, other = await cast.joins("host"), await cast.joins("host", capacity=2)
    one, two = await cast.joins("intern"), await cast.joins("intern")
    await _rule(board, cast, one, host)
    assert "den modsatte regel" in await _rule(board, cast, one, host, kind="never", status=409)
    assert "fastlåst til en anden vært" in await _rule(board, cast, one, other, status=409)
    assert "Værten har ikke plads" in await _rule(board, cast, two, host, status=409)
    await _rule(board, cast, two, other, kind="never")
    assert "den modsatte regel" in await _rule(board, cast, two, other, status=409)


async def test_companions_are_pinned_to_one_host_with_room_for_both(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    one, two = Person(role="intern"), Person(role="intern")
    await rig.tell(
        cast.body(one, companion_id=two.participant_id), cast.body(two, companion_id=one.participant_id)
    )
    small, large, larger = [await cast.joins("host", capacity=seats) for seats in (1, 2, 3)]
    assert "Værten har ikke plads" in await _rule(board, cast, one, small, status=409)
    await _rule(board, cast, one, large)
    assert "Rejsefællen skal et andet sted hen" in await _rule(board, cast, two, larger, status=409)
    assert {proposed.host_id for proposed in await _run(rig, cast)} == {large.participant_id}


async def test_whoever_has_a_proposal_is_not_pinned_and_a_pair_that_was_tried_neither(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    host, intern = await cast.joins("host"), await cast.joins("intern")
    await _rule(board, cast, intern, host)
    (placement,) = await cast.proposed()
    other = await cast.joins("host")
    assert "har et forslag eller en aftale" in await _rule(
        board, cast, intern, other, status=409, kind="must"
    )
    await cast.does(
        cast.token(intern, placement.placement_id),
        placement.placement_id,
        "answer",
        accept=False,
        reason="dates",
    )
    assert "reglen virker ikke mere" in await board.get("/rules")
    assert "Fjern den lås først" in await _rule(board, cast, intern, other, status=409)
    third = await cast.joins("intern")
    await _rule(board, cast, third, host)
    said = {one.intern_id: one.host_id for one in await _run(rig, cast)}
    assert said == {intern.participant_id: other.participant_id, third.participant_id: host.participant_id}


async def test_a_pin_that_the_world_has_overtaken_is_reported_by_the_run(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    host, intern = Person(role="host"), await cast.joins("intern")
    await rig.tell(cast.contact(host, "self"), cast.body(host))
    await _rule(board, cast, intern, host)
    friend = Person(role="intern")
    await rig.tell(
        cast.body(friend, self_found_with=host.participant_id),
        cast.updated(cast.body(host), self_found_with=friend.participant_id),
    )
    run_id = (await cast.coordinator("POST", f"editions/{cast.edition_id}/runs")).json()["run_id"]
    await rig.run_jobs()
    assert "Praktikanten er fastlåst til en vært, der ikke kan tage imod." in await board.get(
        f"/runs/{run_id}"
    )
    why = await board.get(f"/runs/{run_id}/interns/{intern.participant_id}")
    assert "Pladserne var givet væk før beregningen" in why


@pytest.mark.parametrize(
    ("kind", "said"), [("never", "har forbudt parret imens"), ("must", "til en anden vært imens")]
)
async def test_a_rule_made_after_the_run_was_solved_holds_at_its_release(
    rig: Rig, cast: Cast, board: Visits, kind: str, said: str
) -> None:
    host, intern = await cast.joins("host"), await cast.joins("intern")
    run_id = await cast.solved_run()
    other = host if kind == "never" else await cast.joins("host")
    await _rule(board, cast, intern, other, kind=kind)
    assert said in await board.get(f"/runs/{run_id}/release")
    assert (await cast.releases(run_id)).proposed == 0


async def test_a_host_that_left_takes_its_pins_along(rig: Rig, cast: Cast, board: Visits) -> None:
    host, other, intern = await cast.joins("host"), await cast.joins("host"), await cast.joins("intern")
    await _rule(board, cast, intern, host)
    await rig.tell(
        ParticipantWithdrawn(
            participant_id=host.participant_id, edition_id=cast.edition_id, reason="capacity"
        )
    )
    assert "En af de to er ikke med mere" in await board.get("/rules")
    assert [one.host_id for one in await _run(rig, cast)] == [other.participant_id]


async def test_comments_go_when_somebody_is_erased(rig: Rig, cast: Cast, board: Visits) -> None:
    host, intern = await cast.joins("host"), await cast.joins("intern")
    await _rule(board, cast, intern, host, kind="never", comment="De var gift")
    await rig.tell(ParticipantErased(participant_id=intern.participant_id, edition_id=cast.edition_id))
    (rule,) = await _in_force(rig, cast)
    assert (rule.comment, rule.made_by) == ("", "Kim Koordinator")
    assert "Slettet tilmelding" in await board.get("/rules")


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({"kind": ""}, "Vælg, om praktikanten skal til værten eller ikke må"),
        ({"reason": ""}, "Vælg en grund, der passer til reglen"),
        ({"reason": "conflict"}, "Vælg en grund, der passer til reglen"),
        ({"comment": "x" * 501}, "Skriv højst 500 tegn i bemærkningen"),
    ],
)
async def test_what_is_missing_is_said_and_what_was_written_is_kept(
    cast: Cast, board: Visits, different: dict[str, str], said: str
) -> None:
    host, intern = await cast.joins("host"), await cast.joins("intern")
    form = {"comment": "Husk dette"} | different
    page = await _rule(board, cast, intern, host, status=422, **form)
    assert said in page
    assert form["comment"] in page


async def test_nobody_is_ruled_on_who_is_not_there(cast: Cast, board: Visits) -> None:
    nobody, host = Person(role="intern"), await cast.joins("host")
    await board.get("/rules/new", intern=nobody.participant_id, host=host.participant_id, status=404)
    await board.send(f"/rules/{uuid.uuid4()}/undo", status=404)
    await board.send("/rules", status=404, rule_id="x")
    assert "Ingen i runden passer" in await board.find("/rules/new", q="100%")


async def test_who_was_ruled_about_can_read_what_was_said(rig: Rig, cast: Cast, board: Visits) -> None:
    intern, host, other = await cast.joins("intern"), await cast.joins("host"), await cast.joins("intern")
    await _rule(board, cast, intern, host, kind="never", comment="Kender hinanden")
    said = []
    for person in (intern, host, other):
        headers = {"authorization": f"Bearer {cast.token(person, person.participant_id)}"}
        said.append((await cast.web.get("/matching/my-data", headers=headers)).json()["ruled_about_you"])
    assert [(one["kind"], one["comment"]) for one in said[0]] == [("never", "Kender hinanden")]
    assert said[1:] == [said[0], []]
