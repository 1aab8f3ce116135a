"""When reminders are due and what makes them pointless."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ipraktik_notify.domain.reminders import planned_by, settled_by

ASKED = datetime(2018, 5, 1, 10, 0, tzinfo=UTC)


def _in(days: float) -> str:
    return (ASKED + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("event", "facts", "kind", "to", "due_in"),
    [
        ("ConsentRequested", {"respond_by": _in(14)}, "consent_reminder", ("asked",), 11),
        (
            "MatchProposed",
            {"answer_by": _in(14), "origin": "matched"},
            "answer_reminder",
            ("intern", "host"),
            12,
        ),
        ("AgreementDrafted", {"sign_by": _in(30)}, "sign_reminder", ("intern", "manager", "host"), 27),
        ("AgreementAmended", {"sign_by": _in(10)}, "sign_reminder", ("intern", "manager", "host"), 7),
        (
            "EvaluationRequested",
            {"answer_by": _in(21), "party": "host"},
            "evaluation_reminder",
            ("host",),
            18,
        ),
    ],
)
def test_a_reminder_is_due_some_days_before_the_deadline(
    event: str, facts: dict[str, Any], kind: str, to: tuple[str, ...], due_in: int
) -> None:
    planned = planned_by(event, facts, now=ASKED)
    assert tuple(reminder.to for reminder in planned) == to
    assert {(reminder.kind, reminder.due_at) for reminder in planned} == {
        (kind, ASKED + timedelta(days=due_in))
    }


def test_nobody_is_reminded_on_the_heels_of_the_question() -> None:
    assert planned_by("MatchProposed", {"answer_by": _in(2.5), "origin": "matched"}, now=ASKED) == ()
    assert planned_by("ConsentRequested", {}, now=ASKED) == ()


def test_a_self_found_pair_is_not_reminded_of_a_proposal_it_never_got() -> None:
    assert planned_by("MatchProposed", {"answer_by": _in(14), "origin": "self_found"}, now=ASKED) == ()


@pytest.mark.parametrize(
    ("last_day", "noon"),
    [
        ("2018-09-14", datetime(2018, 9, 14, 10, 0, tzinfo=UTC)),  # summer time
        ("2018-10-28", datetime(2018, 10, 28, 11, 0, tzinfo=UTC)),  # the day the clocks go back
        ("2019-03-31", datetime(2019, 3, 31, 10, 0, tzinfo=UTC)),  # the day they go forward
    ],
)
def test_the_last_day_is_asked_about_at_noon_in_denmark(last_day: str, noon: datetime) -> None:
    planned = planned_by("AgreementSigned", {"first_day": last_day, "last_day": last_day}, now=ASKED)
    asked = [(reminder.to, reminder.due_at) for reminder in planned if reminder.kind == "last_day"]
    assert asked == [("intern", noon), ("host", noon)]


@pytest.mark.parametrize(
    ("event", "facts", "settled"),
    [
        ("ConsentGiven", {}, (("consent_reminder",), None)),
        ("MatchAccepted", {"party": "host", "both": False}, (("answer_reminder",), "host")),
        ("MatchAccepted", {"party": "host", "both": True}, (("answer_reminder",), None)),
        ("AgreementApproved", {"party": "manager"}, (("sign_reminder",), "manager")),
        ("AgreementLapsed", {"standing_version": 1}, (("sign_reminder",), None)),
        ("EvaluationSubmitted", {}, (("evaluation_reminder",), None)),
        ("EditionChanged", {}, ((), None)),
    ],
)
def test_who_has_answered_is_not_reminded(
    event: str, facts: dict[str, Any], settled: tuple[tuple[str, ...], str | None]
) -> None:
    assert settled_by(event, facts) == settled


def test_the_end_of_a_placement_ends_every_reminder_of_it() -> None:
    for event in ("AgreementCancelled", "InternshipCompleted", "InternshipNotHeld"):
        kinds, party = settled_by(event, {"by": "host"})
        assert set(kinds) == {
            "answer_reminder",
            "sign_reminder",
            "last_day",
            "prepare_before",
            "prepare_during",
        }
        assert party is None
    assert "last_day" in settled_by("AgreementLapsed", {})[0]
