"""How far a sign-up has come, from what was heard: who is asked, what can be done, whom it waits for, which stage it is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from ipraktik_registration.domain import course
from ipraktik_registration.domain.course import Entry, Evaluation, Party, Placement
from ipraktik_registration.domain.standing import Code, Standing, standing

NOW = datetime(2018, 6, 1, 10, tzinfo=UTC)
TODAY = NOW.date()
LATER = NOW + timedelta(days=5)
FIRST, LAST = date(2018, 9, 10), date(2018, 9, 12)
ABOUT = UUID(int=1)


def heard(*kinds: tuple[str, dict[str, Any]]) -> tuple[Entry, ...]:
    return tuple(Entry(ABOUT, number, kind, NOW, **more) for number, (kind, more) in enumerate(kinds, 1))


def placement(state: str, *kinds: tuple[str, dict[str, Any]], **changes: Any) -> Placement:
    given: dict[str, Any] = {"first_day": FIRST, "last_day": LAST, "respond_by": LATER} | changes
    return Placement(ABOUT, state, other_organisation="Vejle Kommune", entries=heard(*kinds), **given)


def evaluation(state: str = "requested", **changes: Any) -> Evaluation:
    return Evaluation(uuid4(), ABOUT, "after", state, **({"respond_by": LATER} | changes))


PROPOSED: tuple[str, dict[str, Any]] = ("MatchProposed", {})
DRAFTED: tuple[str, dict[str, Any]] = ("AgreementDrafted", {"version": 1})


def accepted(party: Party) -> tuple[str, dict[str, Any]]:
    return ("MatchAccepted", {"party": party})


def approved(party: Party, version: int = 1) -> tuple[str, dict[str, Any]]:
    return ("AgreementApproved", {"party": party, "version": version})


def acts(party: Party, *placements: Placement, today: date = TODAY, **more: Any) -> list[str]:
    found = course.tasks(
        party=party, placements=placements, evaluations=more.get("evaluations", ()), now=NOW, today=today
    )
    return [one.act for one in found]


def test_who_has_answered_a_proposal_is_not_asked_again() -> None:
    asked = placement("proposed", PROPOSED)
    assert (acts("intern", asked), acts("host", asked), acts("manager", asked)) == (
        ["answer"],
        ["answer"],
        [],
    )
    answered = placement("proposed", PROPOSED, accepted("intern"))
    assert acts("intern", answered) == []
    assert [one.parties for one in course.waits(party="intern", placements=[answered], today=TODAY)] == [
        ("host",)
    ]


def test_an_approval_belongs_to_its_version() -> None:
    first = placement("drafted", DRAFTED, approved("intern"), approved("host"))
    assert course.asked(first) == ("manager",)
    second = placement("drafted", DRAFTED, approved("intern"), ("AgreementDrafted", {"version": 2}))
    assert course.asked(second) == ("intern", "manager", "host")
    amended = placement(
        "amended", DRAFTED, ("AgreementAmended", {"version": 2}), approved("host", 1), approved("host", 2)
    )
    assert course.asked(amended) == ("intern", "manager")


def test_a_refused_agreement_asks_every_party_to_mend_it() -> None:
    refused = placement("refused", DRAFTED, ("AgreementRefused", {"party": "host", "version": 1}))
    for party in ("intern", "manager", "host"):
        assert acts(party, refused) == ["mend"]


def test_a_stay_that_is_completed_asks_for_nothing_and_is_waited_for_no_more() -> None:
    done = placement("completed", DRAFTED, ("AgreementSigned", {"version": 1}), ("InternshipCompleted", {}))
    for party in ("intern", "manager", "host"):
        assert acts(party, done) == []
        assert acts(party, done, today=LAST) == []
        assert course.waits(party=party, placements=[done], today=TODAY) == []


def test_what_is_past_its_deadline_is_not_asked_for() -> None:
    assert acts("intern", placement("proposed", PROPOSED, respond_by=NOW)) == []
    late = evaluation(respond_by=NOW)
    assert acts("intern", placement("completed"), evaluations=[late]) == []


@pytest.mark.parametrize("state", ["declined", "expired", "withdrawn", "lapsed", "cancelled", "not_held"])
def test_a_placement_that_came_to_nothing_asks_for_nothing(state: str) -> None:
    ended = placement(state, PROPOSED)
    for party in ("intern", "manager", "host"):
        assert acts(party, ended) == []
        assert course.waits(party=party, placements=[ended], today=TODAY) == []
    assert course.stage(registered=True, placements=[ended], evaluations=[]) == "proposal"


def test_an_agreed_stay_may_have_needs_before_and_a_word_from_its_first_day() -> None:
    signed = placement("signed", respond_by=None)
    assert acts("intern", signed) == ["needs"]
    assert acts("manager", signed) == []
    assert acts("intern", signed, today=FIRST) == ["stay"]
    assert [one.day for one in course.waits(party="host", placements=[signed], today=TODAY)] == [FIRST]
    assert course.waits(party="host", placements=[signed], today=FIRST) == []


def test_what_others_wait_for_comes_first_and_the_nearest_deadline_before_others() -> None:
    soon = NOW + timedelta(days=1)
    found = course.tasks(
        party="host",
        placements=[
            placement("signed"),
            placement("drafted", DRAFTED),
            placement("proposed", respond_by=soon),
        ],
        evaluations=[evaluation(respond_by=NOW + timedelta(days=3))],
        now=NOW,
        today=TODAY,
    )
    assert [one.act for one in found] == ["answer", "evaluate", "approve", "needs"]
    assert [one.must for one in found] == [True, True, True, False]


@pytest.mark.parametrize(
    ("states", "stage"),
    [
        ([], "proposal"),
        (["proposed"], "proposal"),
        (["declined", "accepted"], "proposal"),
        (["proposed", "drafted"], "agreement"),
        (["refused"], "agreement"),
        (["signed", "drafted"], "stay"),
        (["amended"], "stay"),
        (["completed"], "evaluation"),
    ],
)
def test_the_stage_is_that_of_the_placement_furthest_on(states: list[str], stage: str) -> None:
    placements = [placement(state) for state in states]
    assert course.stage(registered=True, placements=placements, evaluations=[]) == stage
    assert course.stage(registered=False, placements=[], evaluations=[]) == "signed_up"


def test_when_every_evaluation_is_in_the_last_stage_is_behind() -> None:
    done = [placement("completed")]
    assert course.stage(registered=True, placements=done, evaluations=[evaluation()]) == "evaluation"
    assert course.stage(registered=True, placements=done, evaluations=[evaluation("submitted")]) is None


@pytest.mark.parametrize(
    ("told", "state", "respond_by"),
    [
        ([("MatchProposed", LATER)], "proposed", LATER),
        ([("MatchProposed", LATER), ("MatchAccepted", None)], "proposed", LATER),
        ([("MatchProposed", LATER), ("AgreementDrafted", NOW), ("AgreementApproved", None)], "drafted", NOW),
        ([("MatchProposed", LATER), ("AgreementDrafted", NOW), ("AgreementRefused", None)], "refused", None),
        ([("MatchProposed", LATER), ("AgreementSigned", None), ("AgreementAmended", NOW)], "amended", NOW),
        ([("MatchProposed", LATER), ("MatchDeclined", None)], "declined", None),
        ([("AgreementSigned", None), ("InternshipCompleted", None)], "completed", None),
    ],
)
def test_a_placement_stands_as_its_history_tells(
    told: list[tuple[str, datetime | None]], state: str, respond_by: datetime | None
) -> None:
    known = placement("unknown", *((kind, {"respond_by": until}) for kind, until in told))
    standing = course.as_heard(known)
    assert (standing.state, standing.respond_by) == (state, respond_by)


def test_two_of_two_accept_and_a_found_pair_needs_nobody_to() -> None:
    both = placement("accepted", PROPOSED, accepted("host"), accepted("intern"), respond_by=None)
    assert course.as_heard(both).state == "accepted"
    found = placement("proposed", ("MatchProposed", {"note": course.SELF_FOUND, "respond_by": LATER}))
    assert course.as_heard(found).state == "accepted"
    assert acts("intern", course.as_heard(found)) == []


def test_an_amendment_that_is_refused_or_lapses_leaves_the_stay_agreed() -> None:
    signed = (DRAFTED, ("AgreementSigned", {"version": 1}), ("AgreementAmended", {"version": 2}))
    refused = course.as_heard(placement("refused", *signed, ("AgreementRefused", {"version": 2})))
    assert course.stage(registered=True, placements=[refused], evaluations=[]) == "stay"
    assert acts("intern", refused) == ["mend", "needs"]
    lapsed = course.as_heard(placement("signed", *signed, ("AgreementLapsed", {"note": course.STANDING})))
    assert lapsed.state == "signed"
    gone = course.as_heard(placement("lapsed", DRAFTED, ("AgreementLapsed", {})))
    assert (gone.state, gone.agreed) == ("lapsed", False)


def test_where_the_beginning_was_not_heard_the_last_word_stands() -> None:
    late = Placement(ABOUT, "drafted", FIRST, LAST, LATER, "", (Entry(ABOUT, 3, "AgreementApproved", NOW),))
    assert course.as_heard(late) == late


def stands(party: Party, *placements: Placement, today: date = TODAY, **more: Any) -> Standing:
    given: dict[str, Any] = {"evaluations": (), "no_place": None, "last_day": LAST} | more
    return standing(party=party, placements=placements, now=NOW, today=today, **given)


SIGNED = placement("signed", DRAFTED, ("AgreementSigned", {"version": 1}), respond_by=None)
AMENDED = placement(
    "amended", DRAFTED, ("AgreementSigned", {"version": 1}), ("AgreementAmended", {"version": 2})
)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("searching", stands("intern")),
        ("searching", stands("intern", placement("declined", PROPOSED))),
        ("still_searching", stands("host", no_place=False)),
        ("no_place", stands("intern", no_place=True, today=LAST + timedelta(days=1))),
        ("searching", stands("intern", today=LAST)),
        ("over", stands("intern", placement("not_held", PROPOSED), today=LAST + timedelta(days=1))),
        ("answer", stands("host", placement("proposed", PROPOSED), no_place=False)),
        ("late", stands("host", placement("proposed", PROPOSED, respond_by=NOW))),
        ("approve", stands("manager", placement("drafted", DRAFTED))),
        ("late", stands("manager", placement("drafted", DRAFTED, respond_by=NOW))),
        ("mend", stands("manager", placement("refused", DRAFTED))),
        ("approve_change", stands("intern", AMENDED)),
        ("stay", stands("intern", replace(AMENDED, respond_by=NOW), today=FIRST)),
        ("stay", stands("intern", SIGNED, today=LAST)),
        ("ended", stands("intern", SIGNED, today=LAST + timedelta(days=1))),
        ("evaluate", stands("host", placement("completed"), evaluations=[evaluation()])),
        ("completed", stands("host", placement("completed"), evaluations=[evaluation("expired")])),
        (
            "thanks",
            stands(
                "host", placement("completed"), evaluations=[evaluation("submitted"), evaluation("expired")]
            ),
        ),
    ],
)
def test_what_waits_for_the_reader_tells_where_they_stand(code: Code, found: Standing) -> None:
    assert found == Standing(code)


def test_who_is_waited_for_and_the_first_day_stand_with_it() -> None:
    answered = placement("proposed", PROPOSED, accepted("host"))
    assert stands("host", answered) == Standing("proposed", parties=("intern",))
    assert stands("manager", placement("proposed", PROPOSED)).parties == ("intern", "host")
    assert stands("host", placement("drafted", DRAFTED, approved("host"))) == Standing(
        "approved", parties=("intern", "manager")
    )
    assert stands("intern", SIGNED) == Standing("agreed", day=FIRST)


def test_of_several_stays_what_waits_counts_and_else_the_one_furthest_on() -> None:
    asked = placement("proposed", PROPOSED)
    assert stands("host", SIGNED, asked, asked) == Standing("several", n=2)
    assert stands("host", SIGNED, asked) == Standing("answer")
    answered = placement("proposed", PROPOSED, accepted("host"))
    assert stands("host", answered, SIGNED) == Standing("agreed", day=FIRST)
    together = course.stage(registered=True, placements=[answered, SIGNED], evaluations=[])
    assert together == course.stage_of(SIGNED)
