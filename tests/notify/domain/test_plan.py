"""The plan covers every event, and the kinds cover every mail."""

from typing import Any

import pytest

from ipraktik_contracts.registry import EVENT_CLASSES
from ipraktik_notify.domain.kinds import KINDS
from ipraktik_notify.domain.plan import NO_MAIL, PLAN, mails_for
from ipraktik_notify.domain.reminders import _BEFORE, LISTS
from ipraktik_notify.events import subscriptions

_REMINDERS = {kind for kind, _, _ in _BEFORE.values()} | {"last_day", "prepare_after", *LISTS}


def test_every_event_leads_to_mails_or_has_a_reason_why_not() -> None:
    names = {event.__name__ for event in EVENT_CLASSES}
    assert set(PLAN) | set(NO_MAIL) == names
    assert not set(PLAN) & set(NO_MAIL)
    assert all(NO_MAIL.values())


def test_every_event_with_a_mail_is_listened_to() -> None:
    heard = subscriptions(coordinators=[])
    assert {event.__name__ for event in EVENT_CLASSES if heard.handles(event)} >= set(PLAN)


def test_every_kind_comes_from_a_fact_or_a_reminder_and_no_other() -> None:
    planned = {rule.kind for rules in PLAN.values() for rule in rules} | _REMINDERS
    of_webhooks = {"webhook_paused"}  # comes from a delivery that failed, not from an event
    assert planned | of_webhooks == set(KINDS)


@pytest.mark.parametrize(
    ("event", "facts", "expected"),
    [
        ("MatchProposed", {"origin": "matched"}, {("proposal", "intern"), ("proposal", "host")}),
        ("MatchProposed", {"origin": "self_found"}, set()),
        ("MatchAccepted", {"party": "host", "both": False}, {("accepted_wait", "intern")}),
        ("MatchAccepted", {"party": "host", "both": True}, set()),
        ("MatchDeclined", {"party": "intern"}, {("declined", "host")}),
        ("MatchWithdrawn", {"reason": "host_withdrew"}, {("proposal_withdrawn", "intern")}),
        ("MatchNotFound", {"final": True}, {("not_found", "own")}),
        ("MatchNotFound", {"final": False}, {("still_looking", "own")}),
        (
            "AgreementDrafted",
            {"version": 2},
            {("agreement_changed", p) for p in ("intern", "manager", "host")},
        ),
        (
            "AgreementRefused",
            {"party": "manager"},
            {("agreement_refused", "intern"), ("agreement_refused", "host")},
        ),
        (
            "InternshipNotHeld",
            {"by": "coordinator"},
            {("not_held", p) for p in ("intern", "manager", "host")},
        ),
        ("EvaluationRequested", {"party": "manager"}, {("evaluation_wanted", "manager")}),
        ("AgreementApproved", {"party": "host"}, set()),
        (
            "AgreementSigned",
            {},
            {("agreement_signed", p) for p in ("intern", "manager", "host", "reserve")},
        ),
        (
            "AgreementCancelled",
            {"reserve_knows": False},
            {("agreement_cancelled", p) for p in ("intern", "manager", "host")},
        ),
        (
            "AgreementCancelled",
            {"reserve_knows": True},
            {("agreement_cancelled", p) for p in ("intern", "manager", "host", "reserve")},
        ),
    ],
)
def test_a_fact_is_told_to_those_who_do_not_know_it_yet(
    event: str, facts: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    assert set(mails_for(event, facts)) == expected
